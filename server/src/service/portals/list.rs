//! The customer's list: 25 rows a page, paged by keyset, filtered by what the portal offers.

use super::{REQUESTER_COLUMNS, REQUESTER_EMAIL, RequesterRow, STATUS_COLUMNS, StatusRow};
use crate::db::{Db, Read, Sql, push_filter};
use domain::{
    Error, Result,
    actor::Actor,
    filter::{Expr, Viewer, policy},
    id::{CustomerId, ItemNumber, TypeId},
    limits,
    page::{Cursor, Page},
    portal::{
        PortalQuery, PortalRow, PortalSort,
        rules::{Access, PortalFilter, PortalRules, Property},
    },
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
    created_at: i64,
    type_id: i64,
    read_at: Option<i64>,
}

/// In which order the rows come.
struct Order {
    /// When, of a row of `item`.
    at: &'static str,
    /// The same of a row of the page.
    told: &'static str,
    direction: &'static str,
}

impl Order {
    fn of(sort: PortalSort) -> Self {
        let (at, told) = match sort {
            // In the words of the indexes.
            PortalSort::Latest => ("COALESCE(item.last_message_at, item.created_at)", "item.last_at"),
            PortalSort::Newest | PortalSort::Oldest => ("item.created_at", "item.created_at"),
        };
        Self { at, told, direction: if sort == PortalSort::Oldest { " ASC" } else { " DESC" } }
    }

    /// Appends where the page begins, its order, and where it ends.
    fn push(&self, sql: &mut Sql, after: Option<&Cursor>) -> Result<()> {
        if let Some(after) = after {
            let (from, id) = position(after)?;
            sql.push(" AND (").push(self.at).push(", item.id) ").push(if self.direction == " ASC" { ">" } else { "<" });
            sql.push(" (").bind(from).push(", ").bind(id).push(")");
        }
        sql.push(" ORDER BY ").push(self.at).push(self.direction).push(", item.id").push(self.direction);
        sql.push(" LIMIT ").bind(ROWS as i64 + 1);
        Ok(())
    }
}

/// A page of the list.
pub async fn page(mut db: Db, actor: &Actor, query: PortalQuery) -> Result<Page<PortalRow>> {
    let customer = actor.customer()?;
    let rules = &customer.portal()?.rules;
    if query.search.chars().count() > limits::SEARCH {
        return Err(Error::field("search", "error_too_long").with("max", limits::SEARCH));
    }
    let mut sql = Sql::build("SELECT item.id AS id, item.number AS number, item.title AS title, ");
    sql.push(STATUS_COLUMNS).push(", ").push(REQUESTER_COLUMNS).push(REQUESTER_EMAIL);
    // First the page, then what belongs to its rows: an organization can have many more than a page shows.
    sql.push(
        ", item.last_at AS last_at, item.last_message_name AS last_message_name, item.created_by_name AS created_by_name, \
         item.created_at AS created_at, item.type_id AS type_id, read_mark.read_at AS read_at \
         FROM (SELECT item.id, item.number, item.title, item.status_id, item.requester_id, item.created_at, item.type_id, \
         COALESCE(item.last_message_at, item.created_at) AS last_at, item.last_message_name, item.created_by_name \
         FROM item WHERE ",
    );
    let order = Order::of(query.sort);
    let viewer = Viewer::of(actor, db.now());
    let ways = policy::ways(policy::permission(actor));
    let push_way = |sql: &mut Sql, way: &Expr| {
        push_filter(sql, db.engine(), way, &viewer);
        push_filters(sql, rules, customer.id, &query)?;
        push_search(sql, &db, &query.search);
        order.push(sql, query.after.as_ref())
    };
    // Each way in which an item can be theirs has an index in the order of the list: a page of each is enough, however many items
    // an organization has.
    for (place, way) in ways.iter().enumerate() {
        sql.push(if place == 0 { "item.id IN (" } else { " UNION " });
        sql.push("SELECT id FROM (SELECT item.id AS id FROM item WHERE ");
        push_way(&mut sql, way)?;
        sql.push(") AS way");
    }
    sql.push(") ");
    order.push(&mut sql, None)?;
    sql.push(
        ") AS item JOIN status ON status.id = item.status_id \
         LEFT JOIN customer AS requester ON requester.id = item.requester_id \
         LEFT JOIN read_mark ON read_mark.item_id = item.id AND read_mark.customer_id = ",
    );
    sql.bind(customer.id).push(" ORDER BY ").push(order.told).push(order.direction).push(", item.id").push(order.direction);
    let mut rows: Vec<Row> = db.all(sql).await?;
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let place = |row: &Row| if query.sort == PortalSort::Latest { row.last_at } else { row.created_at };
    let next = rows.last().filter(|_| more).map(|row| Cursor(format!("{}.{}", place(row), row.id)));
    let unread = unread(&mut db, customer.id, &rows).await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let shows = |property| rules.access(property, TypeId(row.type_id)) > Access::Hidden;
            let own = row.requester.requester_id == Some(customer.id.0);
            let requester = if own || shows(Property::Requester) { row.requester.name() } else { String::new() };
            // Who has written last is only somebody else than who asked if a message says so.
            let by_requester = if requester.is_empty() { String::new() } else { row.created_by_name };
            let last_by = [row.last_message_name, by_requester].into_iter().find(|name| !name.is_empty());
            PortalRow {
                number: ItemNumber(row.number),
                title: row.title,
                status: shows(Property::Status).then(|| row.status.status()),
                own,
                last_at: Timestamp(row.last_at),
                last_by: last_by.unwrap_or_else(|| requester.clone()),
                unread: unread.contains(&row.id),
                requester,
            }
        })
        .collect();
    Ok(Page { rows, next })
}

/// What the customer filters by. A filter that the portal does not offer is refused: its answers would tell what is hidden.
fn push_filters(sql: &mut Sql, rules: &PortalRules, me: CustomerId, query: &PortalQuery) -> Result<()> {
    let offered =
        |filter: PortalFilter, field| if rules.offers(filter) { Ok(()) } else { Err(Error::field(field, "error_portal_filter")) };
    if let Some(category) = query.category {
        offered(PortalFilter::Status, "category")?;
        sql.push(" AND item.category = ").bind(category.key());
    }
    if let Some(type_id) = query.type_id {
        offered(PortalFilter::Type, "type")?;
        sql.push(" AND item.type_id = ").bind(type_id);
    }
    if let Some(priority) = query.priority {
        offered(PortalFilter::Priority, "priority")?;
        sql.push(" AND item.priority = ").bind(i64::from(priority));
    }
    if let Some(impact) = query.impact {
        offered(PortalFilter::Impact, "impact")?;
        sql.push(" AND item.impact = ").bind(impact.key());
    }
    if let Some(own) = query.own {
        offered(PortalFilter::Requester, "own")?;
        sql.push(if own { " AND (item.requester_id = " } else { " AND (item.requester_id IS NULL OR item.requester_id <> " });
        sql.bind(me).push(")");
    }
    Ok(())
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
