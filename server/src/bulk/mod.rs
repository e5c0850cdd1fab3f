//! Many rows at once, for import and demo data: what the services do one by one, in statements of hundreds of rows. No
//! mails, no policies; who calls this has checked already.

mod items;
mod people;

pub use items::{BulkItem, BulkMessage, insert_items};
pub use people::{Found, Person, insert_customers, known_customers, organization_named, resolve};

use crate::db::{Arg, DbError, Read, Record, Sql, Tx};

/// Bound values of one statement. SQLite takes 32,766, but looks through all names for each `$n`: a thousand is quick, and
/// statements of one size are prepared once.
const VALUES: usize = 1_000;

/// Inserts rows; `head` is the statement up to and with `VALUES`.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, head: &'static str, rows: Vec<Vec<Arg>>) -> Result<(), DbError> {
    for sql in statements(head, rows, "") {
        tx.execute(sql).await?;
    }
    Ok(())
}

/// The same, answering what `tail` (`RETURNING …`) says.
async fn insert_returning<T: Record>(
    tx: &mut Tx,
    head: &'static str,
    rows: Vec<Vec<Arg>>,
    tail: &'static str,
) -> Result<Vec<T>, DbError> {
    let mut all = Vec::with_capacity(rows.len());
    for sql in statements(head, rows, tail) {
        all.extend(tx.all::<T>(sql).await?);
    }
    Ok(all)
}

fn statements(head: &'static str, rows: Vec<Vec<Arg>>, tail: &'static str) -> Vec<Sql> {
    let width = rows.first().map_or(1, Vec::len).max(1);
    let mut rows = rows.into_iter().peekable();
    let mut all = Vec::new();
    while rows.peek().is_some() {
        let mut sql = Sql::build(head);
        for (index, row) in rows.by_ref().take(VALUES / width).enumerate() {
            sql.push(if index == 0 { " (" } else { ", (" }).bind_all(row).push(")");
        }
        sql.push(tail);
        all.push(sql);
    }
    all
}
