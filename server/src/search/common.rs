//! Which words many items have, on SQLite. It collects the items that have a word before it looks at them: where these are few it reads them and puts
//! them in order; where they are many it is faster to go through all items in the order of the list, until a page is full.

use super::ask::sqlite_query;
use crate::db::{DbError, Read, Sql};
use domain::filter::words::Phrase;

/// Whether so `many` rows have these words. Only for SQLite.
///
/// # Errors
/// What the database says.
pub(crate) async fn is_common(db: &mut impl Read, text: &str, many: i64) -> Result<bool, DbError> {
    let Some(phrase) = Phrase::of(text) else { return Ok(false) };
    // The whole word is soon known; for its beginnings all words that begin so are put together first.
    let whole = Phrase { prefix: false, ..phrase.clone() };
    Ok(has_many(db, &whole, many).await? || phrase.prefix && has_many(db, &phrase, many).await?)
}

async fn has_many(db: &mut impl Read, phrase: &Phrase, many: i64) -> Result<bool, DbError> {
    let mut sql = Sql::build("SELECT COUNT(*) FROM (SELECT 1 FROM item_words WHERE item_words MATCH ");
    sql.bind(sqlite_query(phrase)).push(" LIMIT ").bind(many).push(")");
    let (rows,): (i64,) = db.one(sql).await?;
    Ok(rows >= many)
}
