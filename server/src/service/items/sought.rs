//! What a list shows, ready to be asked for: on PostgreSQL a search for words that few items have begins with those items, on SQLite one for
//! words that many have goes through the items in the order of the list.

use super::list::push_shown_in_order;
use crate::{
    args,
    db::{
        Db, Engine, Read, Sql,
        filter_sql::{self, Order},
    },
    search,
};
use domain::{
    Result,
    filter::{Expr, Field, Op, Value, Viewer, check::searchable},
    view::SortField,
};

/// Most conditions of a filter for which it is asked how many items they find.
const ASKED: usize = 6;
/// From how many rows on a condition is common.
const COMMON: i64 = 5_000;

/// The items that a list shows to somebody.
pub(super) struct Sought {
    engine: Engine,
    /// What must hold of them; of `few` what must hold besides.
    shown: Expr,
    viewer: Viewer,
    /// The only items that it can be, if they are few and known.
    few: Option<Vec<i64>>,
    /// Conditions that find much, where the items are asked for in an order.
    common: Vec<Expr>,
    /// Whether they are asked for by when they changed.
    by_updated: bool,
}

impl Sought {
    /// What a condition finds, which holds the permission.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn of(db: &mut Db, shown: Expr, viewer: Viewer) -> Result<Self> {
        let engine = db.engine();
        let mut all = Vec::new();
        if engine == Engine::Postgres {
            flatten(&shown, &mut all);
        }
        let searches: Vec<usize> =
            all.iter().enumerate().filter(|(_, part)| is_search(part)).map(|(place, _)| place).take(ASKED).collect();
        for place in searches {
            if let Some(few) = few(db, all[place], viewer.notes).await? {
                all.remove(place);
                let shown = Expr::All(all.into_iter().cloned().collect());
                return Ok(Self { engine, shown, viewer, few: Some(few), common: Vec::new(), by_updated: false });
            }
        }
        Ok(Self { engine, shown, viewer, few: None, common: Vec::new(), by_updated: false })
    }

    /// The same for who reads the first ones in this order, which an index has.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn in_order(mut self, db: &mut Db, by: SortField) -> Result<Self> {
        self.by_updated = matches!(by, SortField::Updated | SortField::Relevance);
        if self.engine == Engine::Sqlite {
            let mut all = Vec::new();
            flatten(&self.shown, &mut all);
            let candidates: Vec<Expr> =
                all.into_iter().flat_map(either).filter(|part| has_index(part)).take(ASKED).cloned().collect();
            for part in candidates {
                if is_common(db, &part, &self.viewer).await? {
                    self.common.push(part);
                }
            }
        }
        Ok(self)
    }

    /// Begins `SELECT columns FROM item WHERE …` up to the end of the condition.
    pub(super) fn select(&self, columns: &'static str) -> Sql {
        self.select_with(|sql| {
            sql.push(columns);
        })
    }

    /// The same with columns that are put together.
    pub(super) fn select_with(&self, push_columns: impl FnOnce(&mut Sql)) -> Sql {
        let mut sql = Sql::build("SELECT ");
        push_columns(&mut sql);
        self.push(&mut sql);
        sql
    }

    /// Appends ` FROM item WHERE …` up to the end of the condition.
    pub(super) fn push(&self, sql: &mut Sql) {
        sql.push(" FROM ");
        if let Some(few) = &self.few {
            // It shall not go through the items in their order to see whether they are among these.
            sql.push("(SELECT * FROM item WHERE item.id").push_in_ids(self.engine, few.iter().copied());
            sql.push(" OFFSET 0) AS item WHERE ");
            filter_sql::push_filter_of_few(sql, self.engine, &self.shown, &self.viewer);
        } else {
            sql.push("item WHERE ");
            let order = Order { common: &self.common, by_updated: self.by_updated };
            push_shown_in_order(sql, self.engine, &self.shown, &self.viewer, order);
        }
    }
}

/// The conditions all of which must hold.
fn flatten<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    match expr {
        Expr::All(parts) => parts.iter().for_each(|part| flatten(part, into)),
        one => into.push(one),
    }
}

/// What must hold one or the other.
fn either(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::Any(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

/// Whether a condition is a search for words, or for a number or words, as it is of what somebody types.
fn is_search(expr: &Expr) -> bool {
    let number = |part: &Expr| matches!(part, Expr::Compare { field: Field::Number, op: Op::Is, value: Value::Int(_) });
    let words = |part: &Expr| matches!(part, Expr::Text(text) if searchable(None, text));
    let parts = either(expr);
    parts.iter().any(words) && parts.iter().all(|part| words(part) || number(part))
}

/// Whether SQLite has an index that leads to what a condition finds, and would follow it however much that is.
fn has_index(expr: &Expr) -> bool {
    match expr {
        Expr::Text(text) => searchable(None, text),
        Expr::Related { .. } => true,
        Expr::Compare { field, op, .. } => matches!((field, op), (Field::Organization | Field::Requester, Op::IsEmpty)),
        _ => false,
    }
}

/// Whether a condition finds so much that it is faster to go through the items in their order. Only for SQLite.
async fn is_common(db: &mut Db, expr: &Expr, viewer: &Viewer) -> Result<bool> {
    let mut sql = Sql::build("SELECT COUNT(*) FROM (");
    match expr {
        Expr::Text(text) => return Ok(search::is_common(db, text, COMMON).await?),
        Expr::Related { .. } => {
            if !filter_sql::push_rows(&mut sql, db.engine(), viewer, expr) {
                return Ok(false);
            }
        }
        _ => {
            sql.push("SELECT 1 FROM item WHERE ");
            filter_sql::push_filter(&mut sql, db.engine(), expr, viewer);
        }
    }
    sql.push(" LIMIT ").bind(COMMON).push(")");
    let (rows,): (i64,) = db.one(sql).await?;
    Ok(rows >= COMMON)
}

/// The items that a search finds, if they are few.
async fn few(db: &mut Db, search: &Expr, notes: bool) -> Result<Option<Vec<i64>>> {
    let mut ids = Vec::new();
    for part in either(search) {
        match part {
            Expr::Text(text) => match search::few(db, text, notes).await? {
                Some(found) if ids.len() + found.len() <= search::FEW => ids.extend(found),
                _ => return Ok(None),
            },
            Expr::Compare { value: Value::Int(number), .. } => {
                let found: Option<(i64,)> =
                    db.optional(Sql::new("SELECT id FROM item WHERE number = $1", args![*number])).await?;
                ids.extend(found.map(|(id,)| id));
            }
            _ => return Ok(None),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}
