//! Everything about items that a filter can ask for, for asking it in memory.

use super::{
    record::{ItemRecord, select_items},
    rows::{self, related},
};
use crate::db::{Db, Read, Sql};
use domain::{
    Result,
    filter::Facts,
    id::{AgentId, CustomerId},
    item::{Channel, Impact, ItemRow},
    time::Timestamp,
};
use std::collections::HashMap;

/// The facts of these items, in their order; `rows` are of the same items.
///
/// # Errors
/// What the database says.
async fn facts(db: &mut impl Read, records: &[ItemRecord], rows: &[ItemRow]) -> Result<Vec<Facts>> {
    let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
    let mut agents = related(db, "agent_id", "item_following_agent", &ids).await?;
    let mut customers = related(db, "customer_id", "item_following_customer", &ids).await?;
    Ok(records
        .iter()
        .zip(rows)
        .map(|(record, row)| Facts {
            number: row.number,
            title: row.title.clone(),
            type_id: row.type_id,
            status_id: row.status_id,
            category: row.category,
            priority: row.priority,
            requester: record.requester(),
            organization: record.organization(),
            channel: Channel::from_key(&record.channel).unwrap_or_default(),
            impact: Impact::from_key(&record.impact).unwrap_or_default(),
            product: record.product.clone(),
            published: record.published,
            created_at: row.created_at,
            updated_at: row.updated_at,
            first_response_at: record.first_response_at.map(Timestamp),
            resolved_at: record.resolved_at.map(Timestamp),
            last_message_at: row.last_message_at,
            last_message_by: row.last_message_by,
            away: row.away,
            agents: row.agents.clone(),
            teams: row.teams.clone(),
            following_agents: agents.remove(&record.id).unwrap_or_default().into_iter().map(AgentId).collect(),
            following_customers: customers.remove(&record.id).unwrap_or_default().into_iter().map(CustomerId).collect(),
            tags: row.tags.clone(),
            thread: None,
        })
        .collect())
}

/// These items by id, as lists show them and as filters ask for them, without what was written and attached. What is not there is
/// left out.
///
/// # Errors
/// What the database says.
pub async fn by_id(db: &Db, ids: Vec<i64>) -> Result<HashMap<i64, (ItemRow, Facts)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut db = db.clone();
    let mut sql: Sql = select_items();
    sql.push("item.id");
    sql.push_in_ids(db.engine(), ids);
    let records: Vec<ItemRecord> = db.all(sql).await?;
    let rows = rows::rows(&mut db, records.clone()).await?;
    let facts = facts(&mut db, &records, &rows).await?;
    Ok(rows.into_iter().zip(facts).map(|(row, facts)| (row.id.0, (row, facts))).collect())
}
