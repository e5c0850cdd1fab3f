//! The customer's list: 25 rows a page, latest public change first, paged by keyset.

use super::{REQUESTER_COLUMNS, REQUESTER_EMAIL, RequesterRow, STATUS_COLUMNS, StatusRow};
use crate::{
    db::{Db, Read, Sql},
    service::items::push_permission,
};
use domain::{
    Error, Result,
    actor::Actor,
    id::{CustomerId, ItemNumber},
    limits,
    page::{Cursor, Page},
    portal::{PortalQuery, PortalRow},
    time::Timestamp,
};
use std::collections::HashSet;

/// Rows of a page.
const ROWS: usize = 25;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    number: i64,
    title: String,
    #[sqlx(flatten)]
    status: StatusRow,
    #[sqlx(flatten)]
    requester: RequesterRow,
    last_at: i64,
    last_message_name: String,
    created_by_name: String,
    read_at: Option<i64>,
}

/// A page of the list.
pub async fn page(mut db: Db, actor: &Actor, query: PortalQuery) -> Result<Page<PortalRow>> {
    let customer = actor.customer()?;
    if query.search.chars().count() > limits::SEARCH {
        return Err(Error::field("search", "error_too_long").with("max", limits::SEARCH));
    }
    let mut sql = Sql::build("SELECT item.id AS id, item.number AS number, item.title AS title, ");
    sql.push(STATUS_COLUMNS).push(", ").push(REQUESTER_COLUMNS).push(REQUESTER_EMAIL);
    // First the page, then what belongs to its rows: an organization can have many more than a page shows.
    sql.push(
        ", item.last_at AS last_at, item.last_message_name AS last_message_name, item.created_by_name AS created_by_name, \
         read_mark.read_at AS read_at FROM (SELECT item.id, item.number, item.title, item.status_id, item.requester_id, \
         COALESCE(item.last_message_at, item.created_at) AS last_at, item.last_message_name, item.created_by_name \
         FROM item WHERE ",
    );
    let now = db.now();
    push_permission(&mut sql, db.engine(), actor, now);
    if let Some(category) = query.category {
        sql.push(" AND item.category = ").bind(category.key());
    }
    push_search(&mut sql, &db, &query.search);
    if let Some(after) = &query.after {
        let (at, id) = position(after)?;
        sql.push(" AND (COALESCE(item.last_message_at, item.created_at), item.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    sql.push(" ORDER BY last_at DESC, item.id DESC LIMIT ").bind(ROWS as i64 + 1);
    sql.push(
        ") AS item JOIN status ON status.id = item.status_id \
         LEFT JOIN customer AS requester ON requester.id = item.requester_id \
         LEFT JOIN read_mark ON read_mark.item_id = item.id AND read_mark.customer_id = ",
    );
    sql.bind(customer.id).push(" ORDER BY item.last_at DESC, item.id DESC");
    let mut rows: Vec<Row> = db.all(sql).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let next = rows.last().filter(|_| more).map(|row| Cursor(format!("{}.{}", row.last_at, row.id)));
    let unread = unread(&mut db, customer.id, &rows).await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let requester = row.requester.name();
            let last_by = [row.last_message_name, row.created_by_name].into_iter().find(|name| !name.is_empty());
            PortalRow {
                number: ItemNumber(row.number),
                title: row.title,
                status: row.status.status(),
                own: row.requester.requester_id == Some(customer.id.0),
                last_at: Timestamp(row.last_at),
                last_by: last_by.unwrap_or_else(|| requester.clone()),
                unread: unread.contains(&row.id),
                requester,
            }
        })
        .collect();
    Ok(Page { rows, next })
}

/// Those of the rows in which an agent has written since the customer last looked.
async fn unread(db: &mut Db, customer: CustomerId, rows: &[Row]) -> Result<HashSet<i64>> {
    let news = |row: &&Row| row.read_at.is_none_or(|read_at| read_at < row.last_at);
    let ids: Vec<i64> = rows.iter().filter(news).map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let mut sql = Sql::build(
        "SELECT DISTINCT message.item_id FROM message LEFT JOIN read_mark ON read_mark.item_id = message.item_id \
         AND read_mark.customer_id = ",
    );
    sql.bind(customer).push(" WHERE message.kind = 'reply' AND message.author_kind = 'agent' ");
    sql.push("AND (read_mark.read_at IS NULL OR message.created_at > read_mark.read_at) AND message.item_id");
    sql.push_in_ids(db.engine(), ids);
    let found: Vec<(i64,)> = db.all(sql).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Every word must be in the title; a number finds its ticket.
fn push_search(sql: &mut Sql, db: &Db, search: &str) {
    let search = search.trim().replace('\0', "");
    if search.is_empty() {
        return;
    }
    sql.push(" AND (TRUE");
    for word in search.to_lowercase().split_whitespace() {
        sql.push(" AND ").push(db.engine().position()).push("(item.title_key, ").bind(word).push(") > 0");
    }
    if let Ok(number) = search.trim_start_matches('#').parse::<i64>() {
        sql.push(" OR item.number = ").bind(number);
    }
    sql.push(")");
}

fn position(cursor: &Cursor) -> Result<(i64, i64)> {
    let wrong = || Error::field("after", "error_cursor");
    let (at, id) = cursor.0.split_once('.').ok_or_else(wrong)?;
    Ok((at.parse().map_err(|_| wrong())?, id.parse().map_err(|_| wrong())?))
}
