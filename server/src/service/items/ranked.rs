//! The best first: what a search finds, in the order in which it fits ([why so](../../../../docs/decisions/0032-ranking.md)).
//!
//! The latest [`WINDOW`] items that are found are put in order by where the words stand in them; those before them follow as they last
//! changed. A cursor remembers where that window ends, so that each item comes once, also while others come in.

use super::{
    keyset,
    record::{COLUMNS, ItemRecord},
    sought::Sought,
};
use crate::db::{Db, Read, Sql};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Error, Result,
    filter::{
        Expr,
        words::{self, Phrase},
    },
    page::Cursor,
    view::Sort,
};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Items that are put in order: as many as are read in the time of a search, however common its words are.
const WINDOW: usize = 500;

/// Where a page of the window ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    /// Where the window ends: when its last item changed, and its id. `None`: it holds all that is found.
    end: Option<(i64, i64)>,
    /// How the last row fits, when it changed, and its id.
    row: (u32, i64, i64),
}

/// The words that a condition asks for, leaving out what must not be there.
pub(super) fn phrases(shown: &Expr) -> Vec<Phrase> {
    match shown {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().flat_map(phrases).collect(),
        Expr::Text(text) => Phrase::of(text).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// How well an item fits. Words that people see in the list come before what is only found inside; whole words before beginnings;
/// a title that says just what was asked before all.
fn fit(record: &ItemRecord, phrases: &[Phrase]) -> u32 {
    let title = words::words(&record.title);
    let requester = words::words(record.requester_key.as_deref().unwrap_or_default());
    let number = record.number.to_string();
    let of_one = |phrase: &Phrase| {
        let whole = Phrase { prefix: false, ..phrase.clone() };
        match () {
            () if phrase.words == [number.as_str()] => 40,
            () if whole.is_in(&title) => 4,
            () if phrase.is_in(&title) => 3,
            () if whole.is_in(&requester) => 2,
            () if phrase.is_in(&requester) => 1,
            () => 0,
        }
    };
    let together = Phrase {
        words: phrases.iter().flat_map(|phrase| phrase.words.clone()).collect(),
        prefix: phrases.last().is_some_and(|phrase| phrase.prefix),
    };
    let in_order = u32::from(phrases.len() > 1 && together.is_in(&title));
    let begins = |phrase: &Phrase| title.first() == phrase.words.first();
    let first = u32::from(phrases.iter().any(begins));
    phrases.iter().map(of_one).sum::<u32>() + 2 * in_order + first
}

/// A page of what a search for these words finds, the best first.
///
/// # Errors
/// Invalid if the cursor does not belong here; what the database says.
pub(super) async fn page(
    db: &mut Db,
    sought: &Sought,
    phrases: &[Phrase],
    after: Option<&Cursor>,
    limit: usize,
) -> Result<(Vec<ItemRecord>, Option<Cursor>)> {
    let begin = || sought.select(COLUMNS);
    let after = match after.map(|cursor| (cursor, read(cursor))) {
        None => None,
        Some((_, Some(position))) => Some(position),
        // Behind the window.
        Some((cursor, None)) => return keyset::page(db, begin, Sort::default(), Some(cursor), limit).await,
    };
    let (window, end) = match after {
        None => {
            let (window, next) = keyset::page(db, begin, Sort::default(), None, WINDOW).await?;
            let end = next.and(window.last()).map(|last| (last.updated_at, last.id));
            (window, end)
        }
        Some(Position { end, .. }) => (since(db, begin(), end).await?, end),
    };
    let mut ranked: Vec<((u32, i64, i64), ItemRecord)> =
        window.into_iter().map(|record| ((fit(&record, phrases), record.updated_at, record.id), record)).collect();
    ranked.sort_by_key(|(row, _)| Reverse(*row));
    if let Some(position) = after {
        ranked.retain(|(row, _)| *row < position.row);
    }
    let more = ranked.len() > limit;
    ranked.truncate(limit);
    let last = ranked.last().map(|(row, _)| *row);
    let mut records: Vec<ItemRecord> = ranked.into_iter().map(|(_, record)| record).collect();
    if let Some(row) = last.filter(|_| more) {
        return Ok((records, Some(write(Position { end, row })?)));
    }
    let Some((updated, id)) = end else { return Ok((records, None)) };
    // The window is over; the page goes on behind it.
    let from = keyset::behind(updated, id)?;
    if records.len() == limit {
        return Ok((records, Some(from)));
    }
    let (rest, next) = keyset::page(db, begin, Sort::default(), Some(&from), limit - records.len()).await?;
    records.extend(rest);
    Ok((records, next))
}

/// What is found down to the end of the window.
async fn since(db: &mut Db, mut sql: Sql, end: Option<(i64, i64)>) -> Result<Vec<ItemRecord>> {
    if let Some((updated, id)) = end {
        sql.push(" AND (item.updated_at, item.id) >= (").bind(updated).push(", ").bind(id).push(")");
    }
    // What has come in since is little; it must not fill the memory.
    sql.push(" ORDER BY item.updated_at DESC, item.id DESC LIMIT ").bind(i64::try_from(4 * WINDOW).unwrap_or(i64::MAX));
    Ok(db.all(sql).await?)
}

fn read(cursor: &Cursor) -> Option<Position> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&cursor.0).ok()?).ok()
}

fn write(position: Position) -> Result<Cursor> {
    Ok(Cursor(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&position).map_err(|_| Error::internal())?)))
}
