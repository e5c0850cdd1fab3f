//! Keyset paging of items: a cursor remembers the sort key and the id of the last row, so that a page is found by an index
//! and every row is visited once, also while rows come and go.
//!
//! Empty values come last in both directions. Only the requester can be empty in the database: a list by requester goes
//! through those that have one, then through the others by id. For priority, an expression puts "none" behind five stars.

use super::record::ItemRecord;
use crate::db::{Read, Sql};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Error, Result,
    page::Cursor,
    view::{Sort, SortField},
};
use serde::{Deserialize, Serialize};

/// What a cursor holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    /// The sort it belongs to.
    by: SortField,
    desc: bool,
    key: Key,
    id: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Key {
    Int(i64),
    Text(String),
    Empty,
}

fn column(sort: Sort) -> &'static str {
    match sort.by {
        SortField::Number => "item.number",
        SortField::Title => "item.title_key",
        SortField::Status => "item.status_rank",
        SortField::Priority if sort.descending => "item.priority",
        SortField::Priority => "(CASE WHEN item.priority = 0 THEN 6 ELSE item.priority END)",
        SortField::Requester => "item.requester_key",
        SortField::Created => "item.created_at",
        SortField::Updated | SortField::Relevance => "item.updated_at",
    }
}

fn key(sort: Sort, record: &ItemRecord) -> Key {
    match sort.by {
        SortField::Number => Key::Int(record.number),
        SortField::Title => Key::Text(record.title_key.clone()),
        SortField::Status => Key::Int(record.status_rank),
        SortField::Priority if !sort.descending && record.priority == 0 => Key::Int(6),
        SortField::Priority => Key::Int(record.priority),
        SortField::Requester => record.requester_key.clone().map_or(Key::Empty, Key::Text),
        SortField::Created => Key::Int(record.created_at),
        SortField::Updated | SortField::Relevance => Key::Int(record.updated_at),
    }
}

fn bad_cursor() -> Error {
    Error::invalid("error_cursor")
}

fn read_cursor(cursor: &Cursor, sort: Sort) -> Result<Position> {
    let bytes = URL_SAFE_NO_PAD.decode(&cursor.0).map_err(|_| bad_cursor())?;
    let position: Position = serde_json::from_slice(&bytes).map_err(|_| bad_cursor())?;
    let text = matches!(sort.by, SortField::Title | SortField::Requester);
    let fits = match position.key {
        Key::Text(_) => text,
        Key::Int(_) => !text,
        Key::Empty => sort.by == SortField::Requester,
    };
    if position.by == sort.by && position.desc == sort.descending && fits { Ok(position) } else { Err(bad_cursor()) }
}

fn write_cursor(sort: Sort, record: &ItemRecord) -> Result<Cursor> {
    written(&Position { by: sort.by, desc: sort.descending, key: key(sort, record), id: record.id })
}

/// Where the items begin that come, in the usual order, behind one that last changed then.
///
/// # Errors
/// Never.
pub(super) fn behind(updated: i64, id: i64) -> Result<Cursor> {
    let Sort { by, descending } = Sort::default();
    written(&Position { by, desc: descending, key: Key::Int(updated), id })
}

fn written(position: &Position) -> Result<Cursor> {
    let json = serde_json::to_vec(position).map_err(|_| Error::internal())?;
    Ok(Cursor(URL_SAFE_NO_PAD.encode(json)))
}

/// A page of the items that `begin` begins the statement for (up to the end of the condition), and where the next one begins.
///
/// # Errors
/// Invalid if the cursor does not belong to this sort.
pub async fn page(
    db: &mut impl Read,
    begin: impl Fn() -> Sql,
    sort: Sort,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<(Vec<ItemRecord>, Option<Cursor>)> {
    let after = after.map(|cursor| read_cursor(cursor, sort)).transpose()?;
    let wanted = limit + 1;
    let among_empty = matches!(after, Some(Position { key: Key::Empty, .. }));
    let mut records = Vec::new();
    if !among_empty {
        records = db.all(keyed(begin(), sort, after.as_ref(), wanted)).await?;
    }
    if sort.by == SortField::Requester && records.len() < wanted {
        let after = after.filter(|_| among_empty).map(|position| position.id);
        let rest: Vec<ItemRecord> = db.all(empty(begin(), sort, after, wanted - records.len())).await?;
        records.extend(rest);
    }
    let more = records.len() > limit;
    records.truncate(limit);
    let next = match records.last() {
        Some(last) if more => Some(write_cursor(sort, last)?),
        _ => None,
    };
    Ok((records, next))
}

/// The statement of the first page.
pub(super) fn first(begin: Sql, sort: Sort, limit: usize) -> Sql {
    keyed(begin, sort, None, limit + 1)
}

/// Rows that have a value in the sort column.
fn keyed(mut sql: Sql, sort: Sort, after: Option<&Position>, limit: usize) -> Sql {
    let column = column(sort);
    if sort.by == SortField::Requester {
        sql.push(" AND item.requester_key IS NOT NULL");
    }
    // Numbers are unique, so the id adds nothing there.
    let unique = sort.by == SortField::Number;
    if let Some(position) = after {
        sql.push(" AND (").push(column);
        if !unique {
            sql.push(", item.id");
        }
        sql.push(if sort.descending { ") < (" } else { ") > (" });
        match &position.key {
            Key::Int(key) => sql.bind(*key),
            Key::Text(key) => sql.bind(key),
            Key::Empty => sql.bind(None::<String>),
        };
        if !unique {
            sql.push(", ").bind(position.id);
        }
        sql.push(")");
    }
    let direction = if sort.descending { " DESC" } else { "" };
    sql.push(" ORDER BY ").push(column).push(direction);
    if !unique {
        sql.push(", item.id").push(direction);
    }
    push_limit(&mut sql, limit);
    sql
}

/// Rows that have none, by id.
fn empty(mut sql: Sql, sort: Sort, after: Option<i64>, limit: usize) -> Sql {
    sql.push(" AND item.requester_key IS NULL");
    if let Some(id) = after {
        sql.push(if sort.descending { " AND item.id < " } else { " AND item.id > " }).bind(id);
    }
    sql.push(" ORDER BY item.id").push(if sort.descending { " DESC" } else { "" });
    push_limit(&mut sql, limit);
    sql
}

fn push_limit(sql: &mut Sql, limit: usize) {
    sql.push(" LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
}
