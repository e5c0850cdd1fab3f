//! The statement that counts.

use super::{
    Breadth, Kind, Level,
    all::{self, Stretch},
    days,
};
use crate::{
    db::{Db, Engine, Read, Sql, filter_sql},
    service::items::list::push_shown,
};
use domain::{
    Result,
    filter::{Expr, Viewer},
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
    /// How many groups there are in all.
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
}

impl Ask<'_> {
    /// What the database tells: all groups, or the first ones in the asked order where there can be any number.
    pub(super) async fn told(&self, db: &Db, shown: &Expr, viewer: &Viewer) -> Result<Vec<Told>> {
        let mut db = db.clone();
        let stretches = match self.counts_all(shown) {
            Some(_) => all::stretches(&mut db, &self.query.by, &viewer.zone).await?,
            None => None,
        };
        Ok(db.all(self.statement(shown, viewer, stretches.as_deref())).await?)
    }

    fn statement(&self, shown: &Expr, viewer: &Viewer, stretches: Option<&[Stretch]>) -> Sql {
        let mut sql = Sql::build("SELECT told.place AS ");
        sql.push(if matches!(self.level.kind, Kind::Word | Kind::Text) { "text" } else { "number" });
        sql.push(", told.items");
        for [sum, of] in &NUMBERS[..self.query.measures.len()] {
            sql.push(", told.").push(sum).push(", told.").push(of);
        }
        sql.push(", COUNT(*) OVER () AS groups");
        let once = self.level.rows.is_none();
        for ([all_sum, all_of], [sum, of]) in ALL_NUMBERS.into_iter().zip(NUMBERS).take(self.query.measures.len()) {
            if once {
                sql.push(", SUM(told.").push(sum).push(") OVER () AS ").push(all_sum);
                sql.push(", CAST(SUM(told.").push(of).push(") OVER () AS BIGINT) AS ").push(all_of);
            } else {
                sql.push(", whole.").push(all_sum).push(", whole.").push(all_of);
            }
        }
        sql.push(if once { ", CAST(SUM(told.items) OVER () AS BIGINT) AS total" } else { ", whole.total" });
        sql.push(" FROM (");
        self.push_counts(&mut sql, shown, viewer, stretches);
        sql.push(") AS told");
        if !once {
            sql.push(" CROSS JOIN (");
            self.push_whole(&mut sql, shown, viewer);
            sql.push(") AS whole");
        }
        if let Kind::Named(table) = self.level.kind {
            sql.push(" LEFT JOIN ").push(table).push(" AS named ON named.id = told.place");
        }
        if matches!(self.level.kind, Kind::Named(_) | Kind::Text) {
            self.push_order(&mut sql);
            sql.push(" LIMIT ").bind(i64::try_from(limits::GROUPS).unwrap_or(i64::MAX));
        }
        sql
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

    fn push_order(&self, sql: &mut Sql) {
        sql.push(" ORDER BY (told.place IS NULL), ");
        let made = match self.query.measures.first().map(|measure| measure.take) {
            Some(Take::Sum) => Some("told.sum_0"),
            Some(Take::Average) => Some("told.sum_0 / told.of_0"),
            None => None,
        };
        match (self.query.sort, made) {
            (GroupSort::Most, _) => sql.push("told.items DESC, "),
            (GroupSort::Fewest, _) => sql.push("told.items, "),
            (GroupSort::Highest, Some(made)) => sql.push(made).push(" DESC NULLS LAST, "),
            (GroupSort::Lowest, Some(made)) => sql.push(made).push(" NULLS LAST, "),
            _ => sql,
        };
        let direction = if self.query.sort == GroupSort::Reverse { " DESC" } else { "" };
        let bytes = if self.level.kind == Kind::Text { self.engine.by_bytes() } else { "" };
        match self.level.kind {
            Kind::Named(_) => sql.push("named.name_key").push(direction),
            // The database knows no other letters, but this is the same on both engines.
            _ => sql.push("lower(told.place").push(bytes).push(")").push(direction),
        };
        sql.push(", told.place").push(bytes).push(direction);
    }
}
