//! Which items have words that few items have, on PostgreSQL. Its statistics know common words only: of a rare one, and of one that is
//! nowhere, it believes that a page will soon be full if it goes through the items in their order, and goes through all of them. So it
//! is asked first.

use super::ask::postgres_query;
use crate::db::{DbError, Read, Sql};
use domain::filter::words::Phrase;

/// Most items that are few: about as many as are read in the time of a search.
pub(crate) const FEW: usize = 10_000;
/// Items that are looked at to know whether the beginning of a word is common.
const SAMPLE: i64 = 200;
/// How many of them have it if it is.
const COMMON: i64 = 20;

/// The ids of the items that have these words, whoever may see them; `None` if they are more than [`FEW`]. In notes they are looked for
/// only if `notes` says so. Only for PostgreSQL.
///
/// # Errors
/// What the database says.
pub(crate) async fn few(db: &mut impl Read, text: &str, notes: bool) -> Result<Option<Vec<i64>>, DbError> {
    let Some(phrase) = Phrase::of(text) else { return Ok(Some(Vec::new())) };
    let query = postgres_query(&phrase);
    // The index collects all rows before the first one is there: of one word soon, of all words that begin alike late.
    if phrase.prefix && is_common(db, &query, notes).await? {
        return Ok(None);
    }
    // What is asked comes from another table, so that no statistics have a say: it takes the index, whatever is asked.
    let mut sql = Sql::build("SELECT found.item_id FROM (SELECT ");
    sql.bind(query).push("::tsquery AS words OFFSET 0) AS asked, LATERAL (SELECT item_words.item_id FROM item_words");
    sql.push(" WHERE item_words.words @@ asked.words").push(public(notes));
    sql.push(" LIMIT ").bind(i64::try_from(FEW).unwrap_or(i64::MAX).saturating_add(1)).push(") AS found");
    let rows: Vec<(i64,)> = db.all(sql).await?;
    if rows.len() > FEW {
        return Ok(None);
    }
    let mut ids: Vec<i64> = rows.into_iter().map(|(id,)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}

/// Whether many of some items have words, which are taken evenly from all.
async fn is_common(db: &mut impl Read, query: &str, notes: bool) -> Result<bool, DbError> {
    let mut sql = Sql::build("SELECT COUNT(*) FROM generate_series(1::bigint, ");
    sql.bind(SAMPLE).push(") AS steps (step), LATERAL (SELECT 1 FROM item_words WHERE item_words.item_id = ");
    sql.push("(SELECT MAX(id) FROM item) * steps.step / ").bind(SAMPLE);
    sql.push(" AND item_words.words @@ ").bind(query).push("::tsquery").push(public(notes)).push(" LIMIT 1) AS found");
    let (have,): (i64,) = db.one(sql).await?;
    Ok(have >= COMMON)
}

fn public(notes: bool) -> &'static str {
    if notes { "" } else { " AND NOT item_words.internal" }
}
