//! The words of what was there before: after the migration that brought the table, and after a restore.
//!
//! The counter `words` is the highest id of an item whose words are still to be found, with all below it; 0: all are found. It
//! goes down in the transactions that find them, so this can be cut off at any moment, and two servers do not get into each other's way.

use super::{index_new, store};
use crate::{
    args,
    db::{Db, DbError, Engine, Read, Sql, Tx},
};
/// Items of one transaction.
const BATCH: i64 = 200;

/// The statement that has everything found anew, for a restore.
pub(crate) fn again() -> &'static str {
    "UPDATE counter SET value = (SELECT COALESCE(MAX(id), 0) FROM item) WHERE name = 'words'"
}

/// Finds the words of what is still to be found. Memory: those of some hundred items.
///
/// # Errors
/// What the database says. What was found stays; the next time it goes on there.
pub(crate) async fn backfill(db: &Db) -> Result<(), DbError> {
    let mut told = 0_u64;
    loop {
        let found = db.write(|tx| Box::pin(async move { Ok(batch(tx).await?) })).await;
        let left = found.map_err(|error| DbError::Words(error.to_string()))?;
        if left == 0 {
            return Ok(());
        }
        told += 1;
        if told % 50 == 1 {
            tracing::info!(left, "finding the words of earlier tickets");
        }
    }
}

/// Answers the counter.
async fn batch(tx: &mut Tx) -> Result<i64, DbError> {
    if tx.engine() == Engine::Postgres {
        // As a migration does.
        tx.execute(Sql::new("SET LOCAL statement_timeout = 0", args![])).await?;
    }
    let mut sql = Sql::build("SELECT value FROM counter WHERE name = 'words'");
    sql.push(tx.engine().for_update());
    let (last,): (i64,) = tx.one(sql).await?;
    if last == 0 {
        return Ok(0);
    }
    let ids: Vec<(i64,)> =
        tx.all(Sql::new("SELECT id FROM item WHERE id <= $1 ORDER BY id DESC LIMIT $2", args![last, BATCH])).await?;
    let ids: Vec<i64> = ids.into_iter().map(|(id,)| id).collect();
    let left = match ids.last() {
        Some(first) => {
            // Somebody may have changed one of them since.
            store::forget_between(tx, *first, last).await?;
            index_new(tx, &ids).await?;
            first - 1
        }
        None => 0,
    };
    tx.execute(Sql::new("UPDATE counter SET value = $1 WHERE name = 'words'", args![left])).await?;
    Ok(left)
}
