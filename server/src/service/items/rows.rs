//! Rows of lists: what belongs to the items of a page is loaded for all of them at once.

use super::record::ItemRecord;
use crate::db::{Read, Sql};
use domain::{
    Result,
    customer::CustomerRef,
    id::{AgentId, CustomerId, ItemId, OrganizationId, TeamId},
    item::{Channel, Impact, ItemRow},
    organization::OrganizationRef,
    text::display_name,
    time::Timestamp,
};
use std::collections::HashMap;

/// The rows of these items, in their order.
///
/// # Errors
/// What the database says.
pub async fn rows(db: &mut impl Read, records: Vec<ItemRecord>) -> Result<Vec<ItemRow>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
    let mut agents = related(db, "agent_id", "item_agent", &ids).await?;
    let mut teams = related(db, "team_id", "item_team", &ids).await?;
    let mut tags = tags(db, &ids).await?;
    let customers = customer_refs(db, records.iter().filter_map(ItemRecord::requester)).await?;
    let organizations = organization_refs(db, records.iter().filter_map(ItemRecord::organization)).await?;
    Ok(records
        .into_iter()
        .map(|record| ItemRow {
            id: record.item_id(),
            number: record.item_number(),
            type_id: record.ticket_type(),
            status_id: record.status(),
            category: record.category(),
            priority: u8::try_from(record.priority).unwrap_or_default(),
            requester: record.requester().and_then(|id| customers.get(&id).cloned()),
            organization: record.organization().and_then(|id| organizations.get(&id).cloned()),
            agents: agents.remove(&record.id).unwrap_or_default().into_iter().map(AgentId).collect(),
            teams: teams.remove(&record.id).unwrap_or_default().into_iter().map(TeamId).collect(),
            tags: tags.remove(&record.id).unwrap_or_default(),
            created_at: Timestamp(record.created_at),
            updated_at: Timestamp(record.updated_at),
            last_message_at: record.last_message_at.map(Timestamp),
            last_message_by: record.last_message_party(),
            channel: Channel::from_key(&record.channel).unwrap_or_default(),
            impact: Impact::from_key(&record.impact).unwrap_or_default(),
            first_response_at: record.first_response_at.map(Timestamp),
            resolved_at: record.resolved_at.map(Timestamp),
            away: record.away(),
            version: record.version,
            title: record.title,
            product: record.product,
        })
        .collect())
}

/// The row of one item.
pub(super) async fn row(db: &mut impl Read, record: ItemRecord) -> Result<ItemRow> {
    rows(db, vec![record]).await?.pop().ok_or_else(domain::Error::internal)
}

/// Ids of a relation by item, in ascending order.
pub(super) async fn related(
    db: &mut impl Read,
    column: &'static str,
    table: &'static str,
    items: &[i64],
) -> Result<HashMap<i64, Vec<i64>>> {
    let mut sql = Sql::build("SELECT item_id, ");
    sql.push(column).push(" FROM ").push(table).push(" WHERE item_id");
    sql.push_in_ids(db.engine(), items.iter().copied()).push(" ORDER BY item_id, ").push(column);
    let pairs: Vec<(i64, i64)> = db.all(sql).await?;
    Ok(grouped(pairs))
}

/// The ids of one relation of one item, in ascending order.
pub(super) async fn related_to(db: &mut impl Read, column: &'static str, table: &'static str, item: ItemId) -> Result<Vec<i64>> {
    Ok(related(db, column, table, &[item.0]).await?.remove(&item.0).unwrap_or_default())
}

async fn tags(db: &mut impl Read, items: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let mut sql = Sql::build("SELECT item_id, tag FROM item_tag WHERE item_id");
    sql.push_in_ids(db.engine(), items.iter().copied()).push(" ORDER BY item_id, tag");
    let pairs: Vec<(i64, String)> = db.all(sql).await?;
    Ok(grouped(pairs))
}

/// The tags of one item, sorted.
pub(super) async fn tags_of(db: &mut impl Read, item: ItemId) -> Result<Vec<String>> {
    Ok(tags(db, &[item.0]).await?.remove(&item.0).unwrap_or_default())
}

fn grouped<T>(pairs: Vec<(i64, T)>) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for (item, value) in pairs {
        groups.entry(item).or_default().push(value);
    }
    groups
}

/// Customers by name and first address.
///
/// # Errors
/// What the database says.
pub async fn customer_refs(
    db: &mut impl Read,
    customers: impl Iterator<Item = CustomerId> + Send,
) -> Result<HashMap<CustomerId, CustomerRef>> {
    let mut ids: Vec<i64> = customers.map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::build(
        "SELECT id, first_name, last_name, \
         (SELECT email FROM address WHERE customer_id = customer.id ORDER BY position LIMIT 1) FROM customer WHERE id",
    );
    sql.push_in_ids(db.engine(), ids);
    let rows: Vec<(i64, String, String, Option<String>)> = db.all(sql).await?;
    Ok(rows
        .into_iter()
        .map(|(id, first, last, email)| {
            let name = display_name(&first, &last, email.as_deref());
            (CustomerId(id), CustomerRef { id: CustomerId(id), name, email })
        })
        .collect())
}

/// Organizations by name.
///
/// # Errors
/// What the database says.
pub async fn organization_refs(
    db: &mut impl Read,
    organizations: impl Iterator<Item = OrganizationId> + Send,
) -> Result<HashMap<OrganizationId, OrganizationRef>> {
    let mut ids: Vec<i64> = organizations.map(|id| id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::build("SELECT id, name FROM organization WHERE id");
    sql.push_in_ids(db.engine(), ids);
    let rows: Vec<(i64, String)> = db.all(sql).await?;
    Ok(rows.into_iter().map(|(id, name)| (OrganizationId(id), OrganizationRef { id: OrganizationId(id), name })).collect())
}
