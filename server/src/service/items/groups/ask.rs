//! The statement that counts.

use super::{
    Breadth, Kind, Level,
    all::{self, Stretch},
    days,
    order::Placed,
};
use crate::{
    db::{Db, Engine, Read, Sql, filter_sql},
    service::items::list::push_shown,
};
use domain::{
    Result,
    filter::{Expr, Value, Viewer},
    limits,
    view::{GroupSort, GroupsQuery, Number, Take},
};

/// What the database tells of a group.
#[derive(Debug, Default, sqlx::FromRow)]
pub(super) struct Told {
    /// Its key, if that is a number: days are counted from [`days::FIRST`].
    #[sqlx(default)]
    pub number: Option<i64>,
    /// Its key, if that is a text.
    #[sqlx(default)]
    pub text: Option<String>,
    /// The folded name by which it is in order, if it has one.
    #[sqlx(default)]
    pub name: Option<String>,
    /// How many items it holds.
    pub items: i64,
    /// The sum of each measure's numbers, and of how many items.
    #[sqlx(default)]
    pub sum_0: Option<f64>,
    #[sqlx(default)]
    pub of_0: i64,
    #[sqlx(default)]
    pub sum_1: Option<f64>,
    #[sqlx(default)]
    pub of_1: i64,
    #[sqlx(default)]
    pub sum_2: Option<f64>,
    #[sqlx(default)]
    pub of_2: i64,
    /// The same of all items that the list has.
    #[sqlx(default)]
    pub all_sum_0: Option<f64>,
    #[sqlx(default)]
    pub all_of_0: i64,
    #[sqlx(default)]
    pub all_sum_1: Option<f64>,
    #[sqlx(default)]
    pub all_of_1: i64,
    #[sqlx(default)]
    pub all_sum_2: Option<f64>,
    #[sqlx(default)]
    pub all_of_2: i64,
    /// How many groups there are, from where the page begins.
    pub groups: i64,
    /// How many items the list has in all.
    pub total: i64,
}

/// The columns of [`Told`] for each measure.
const NUMBERS: [[&str; 2]; limits::MEASURES] = [["sum_0", "of_0"], ["sum_1", "of_1"], ["sum_2", "of_2"]];
/// The same for the whole list.
const ALL_NUMBERS: [[&str; 2]; limits::MEASURES] =
    [["all_sum_0", "all_of_0"], ["all_sum_1", "all_of_1"], ["all_sum_2", "all_of_2"]];

/// The sum of a number of items, and of how many items, for the database.
pub(super) fn added_up(number: Number) -> [&'static str; 2] {
    match number {
        Number::Priority => ["SUM(CAST(NULLIF(item.priority, 0) AS DOUBLE PRECISION))", "COUNT(NULLIF(item.priority, 0))"],
        Number::FirstResponse => [
            "SUM(CAST(item.first_response_at - item.created_at AS DOUBLE PRECISION))",
            "COUNT(item.first_response_at - item.created_at)",
        ],
        Number::Resolution => {
            ["SUM(CAST(item.resolved_at - item.created_at AS DOUBLE PRECISION))", "COUNT(item.resolved_at - item.created_at)"]
        }
    }
}

/// A question for groups.
pub(super) struct Ask<'q> {
    pub engine: Engine,
    pub level: &'q Level,
    pub breadth: Breadth,
    pub query: &'q GroupsQuery,
    /// The group behind which the page begins.
    pub after: Option<&'q Placed>,
}

impl Ask<'_> {
    /// What the database tells: all groups, or a page of them in the asked order where there can be any number.
    pub(super) async fn told(&self, db: &Db, shown: &Expr, viewer: &Viewer) -> Result<Vec<Told>> {
        let mut db = db.clone();
        let stretches = match self.counts_all(shown) {
            Some(_) => all::stretches(&mut db, &self.query.by, &viewer.zone).await?,
            None => None,
        };
        Ok(db.all(self.statement(shown, viewer, stretches.as_deref())).await?)
    }

    /// Whether the database puts the groups in order.
    fn is_ordered(&self) -> bool {
        matches!(self.level.kind, Kind::Named(_) | Kind::Text)
    }

    /// Everything is counted first, so that a page tells the same of the whole as any other.
    fn statement(&self, shown: &Expr, viewer: &Viewer, stretches: Option<&[Stretch]>) -> Sql {
        let mut sql = Sql::build("SELECT told.*, COUNT(*) OVER () AS groups FROM (");
        self.push_told(&mut sql, shown, viewer, stretches);
        sql.push(") AS told");
        if self.is_ordered() {
            if let Some(after) = self.after {
                self.push_after(&mut sql, after);
            }
            self.push_order(&mut sql);
            sql.push(" LIMIT ").bind(i64::try_from(self.query.page()).unwrap_or(i64::MAX));
        }
        sql
    }

    /// Appends all groups, each with what is told of the whole list.
    fn push_told(&self, sql: &mut Sql, shown: &Expr, viewer: &Viewer, stretches: Option<&[Stretch]>) {
        sql.push("SELECT counted.place AS ").push(self.place()).push(", counted.items");
        let measures = self.query.measures.len();
        for [sum, of] in &NUMBERS[..measures] {
            sql.push(", counted.").push(sum).push(", counted.").push(of);
        }
        let once = self.level.rows.is_none();
        for ([all_sum, all_of], [sum, of]) in ALL_NUMBERS.into_iter().zip(NUMBERS).take(measures) {
            if once {
                sql.push(", SUM(counted.").push(sum).push(") OVER () AS ").push(all_sum);
                sql.push(", CAST(SUM(counted.").push(of).push(") OVER () AS BIGINT) AS ").push(all_of);
            } else {
                sql.push(", whole.").push(all_sum).push(", whole.").push(all_of);
            }
        }
        sql.push(if once { ", CAST(SUM(counted.items) OVER () AS BIGINT) AS total" } else { ", whole.total" });
        if let Kind::Named(_) = self.level.kind {
            sql.push(", named.name_key AS name");
        }
        sql.push(" FROM (");
        self.push_counts(sql, shown, viewer, stretches);
        sql.push(") AS counted");
        if !once {
            // PostgreSQL may take the groups for one, and would count the whole again for each.
            sql.push(" CROSS JOIN (WITH made AS MATERIALIZED (");
            self.push_whole(sql, shown, viewer);
            sql.push(") SELECT * FROM made) AS whole");
        }
        if let Kind::Named(table) = self.level.kind {
            sql.push(" LEFT JOIN ").push(table).push(" AS named ON named.id = counted.place");
        }
    }

    /// The column of [`Told`] that has the key.
    fn place(&self) -> &'static str {
        if matches!(self.level.kind, Kind::Word | Kind::Text) { "text" } else { "number" }
    }

    /// Whether items are only counted, and all of them; and if so, whether what lies outside of lists is left out.
    fn counts_all(&self, shown: &Expr) -> Option<bool> {
        all::leaves_out(shown).filter(|_| self.query.measures.is_empty())
    }

    fn push_counts(&self, sql: &mut Sql, shown: &Expr, viewer: &Viewer, stretches: Option<&[Stretch]>) {
        let push_place = |sql: &mut Sql| self.push_place(sql, viewer);
        if let Some(leaves_out) = self.counts_all(shown) {
            if let Some(stretches) = stretches {
                return all::push_stretches(sql, self.level.column, stretches, leaves_out, push_place);
            }
            if all::is_indexed(&self.query.by) {
                return all::push_counts(sql, self.level, &self.query.by, leaves_out, push_place);
            }
        }
        sql.push("SELECT ");
        self.push_place(sql, viewer);
        sql.push(" AS place, COUNT(*) AS items");
        self.push_numbers(sql, NUMBERS);
        sql.push(" FROM item");
        self.push_rows(sql);
        sql.push(" WHERE ");
        push_shown(sql, self.engine, shown, viewer);
        sql.push(" GROUP BY 1");
    }

    /// Appends the same for the whole list, where an item may stand in several groups.
    fn push_whole(&self, sql: &mut Sql, shown: &Expr, viewer: &Viewer) {
        if let Some(leaves_out) = self.counts_all(shown) {
            return all::push_total(sql, leaves_out);
        }
        sql.push("SELECT COUNT(*) AS total");
        self.push_numbers(sql, ALL_NUMBERS);
        sql.push(" FROM item");
        self.push_index(sql);
        sql.push(" WHERE ");
        push_shown(sql, self.engine, shown, viewer);
    }

    /// Appends the sum of each measure's numbers, and of how many items.
    fn push_numbers(&self, sql: &mut Sql, names: [[&'static str; 2]; limits::MEASURES]) {
        for ([sum, of], measure) in names.into_iter().zip(&self.query.measures) {
            let [summed, counted] = added_up(measure.of);
            sql.push(", ").push(summed).push(" AS ").push(sum).push(", ").push(counted).push(" AS ").push(of);
        }
    }

    /// Appends what groups are known by.
    fn push_place(&self, sql: &mut Sql, viewer: &Viewer) {
        let column = self.level.column;
        match self.level.kind {
            Kind::Day => days::push(sql, column, &viewer.zone, viewer.now),
            Kind::Text if self.level.rows.is_none() => {
                sql.push("NULLIF(").push(column).push(", '')");
            }
            _ if column == "item.published" => {
                sql.push("CAST(CASE WHEN item.published THEN 1 ELSE 0 END AS BIGINT)");
            }
            _ => {
                // SQLite would follow an index in the order of the groups through all items, to look at each for the condition.
                sql.push(if self.engine == Engine::Sqlite && self.breadth != Breadth::All { "+" } else { "" }).push(column);
            }
        }
    }

    /// Appends which index SQLite reads: it does not know how much wider the table is than the index that has all that is asked.
    fn push_index(&self, sql: &mut Sql) {
        match (self.engine, self.breadth) {
            // The rows of items lie in the order of the items.
            (Engine::Sqlite, Breadth::Open) if self.level.rows.is_some() => {
                sql.push(" INDEXED BY item_open_number");
            }
            (Engine::Sqlite, Breadth::Open | Breadth::OpenSome) => {
                sql.push(" INDEXED BY item_open_groups");
            }
            _ => {}
        }
    }

    /// Appends how the table is read, and the rows that stand in groups.
    fn push_rows(&self, sql: &mut Sql) {
        self.push_index(sql);
        match (self.level.rows, self.engine) {
            (None, _) => {}
            (Some(relation), Engine::Postgres) if self.breadth == Breadth::Open => {
                // What is not done is little of all. It would read the rows of all items, if it could.
                let (table, joined) = filter_sql::table(relation);
                sql.push(" LEFT JOIN LATERAL (SELECT * FROM ").push(table).push(" WHERE ").push(joined);
                sql.push(" OFFSET 0) AS ").push(table).push(" ON TRUE");
            }
            (Some(relation), _) => {
                let (table, joined) = filter_sql::table(relation);
                sql.push(" LEFT JOIN ").push(table).push(" ON ").push(joined);
            }
        }
    }

    /// Appends that groups come behind one: by what they are sorted by, then in their natural order. That of nothing is the last.
    fn push_after(&self, sql: &mut Sql, after: &Placed) {
        sql.push(" WHERE (told.").push(self.place()).push(" IS NULL OR ");
        let made = after.made();
        match (self.query.sort, self.made()) {
            (GroupSort::Most, _) => {
                sql.push("told.items < ").bind(after.group.count).push(" OR told.items = ").bind(after.group.count).push(" AND ");
            }
            (GroupSort::Fewest, _) => {
                sql.push("told.items > ").bind(after.group.count).push(" OR told.items = ").bind(after.group.count).push(" AND ");
            }
            (GroupSort::Highest | GroupSort::Lowest, Some(column)) => {
                sql.push(column);
                if let Some(made) = made {
                    let beyond = if self.query.sort == GroupSort::Highest { " < " } else { " > " };
                    sql.push(" IS NULL OR ").push(column).push(beyond).bind(made);
                    sql.push(" OR ").push(column).push(" = ").bind(made);
                } else {
                    sql.push(" IS NULL");
                }
                sql.push(" AND ");
            }
            _ => {}
        }
        let beyond = if self.query.sort == GroupSort::Reverse { ") < (" } else { ") > (" };
        let bytes = self.bytes();
        match &after.group.key {
            Value::Text(text) => {
                sql.push("(lower(told.text").push(bytes).push("), told.text").push(bytes).push(beyond);
                sql.push("lower(").bind(text).push(bytes).push("), ").bind(text).push(bytes);
            }
            Value::Id(id) => {
                sql.push("(told.name, told.number").push(beyond).bind(&after.place.1).push(", ").bind(*id);
            }
            _ => {
                sql.push("(0").push(beyond).push("0");
            }
        }
        sql.push("))");
    }

    /// What is made of the first measure.
    fn made(&self) -> Option<&'static str> {
        self.query.measures.first().map(|measure| match measure.take {
            Take::Sum => "told.sum_0",
            Take::Average => "told.sum_0 / told.of_0",
        })
    }

    /// Behind a text: how it is ordered.
    fn bytes(&self) -> &'static str {
        if self.level.kind == Kind::Text { self.engine.by_bytes() } else { "" }
    }

    fn push_order(&self, sql: &mut Sql) {
        let place = self.place();
        sql.push(" ORDER BY (told.").push(place).push(" IS NULL), ");
        match (self.query.sort, self.made()) {
            (GroupSort::Most, _) => sql.push("told.items DESC, "),
            (GroupSort::Fewest, _) => sql.push("told.items, "),
            (GroupSort::Highest, Some(made)) => sql.push(made).push(" DESC NULLS LAST, "),
            (GroupSort::Lowest, Some(made)) => sql.push(made).push(" NULLS LAST, "),
            _ => sql,
        };
        let direction = if self.query.sort == GroupSort::Reverse { " DESC" } else { "" };
        let bytes = self.bytes();
        match self.level.kind {
            Kind::Named(_) => sql.push("told.name").push(direction),
            // The database knows no other letters, but this is the same on both engines.
            _ => sql.push("lower(told.text").push(bytes).push(")").push(direction),
        };
        sql.push(", told.").push(place).push(bytes).push(direction);
    }
}
