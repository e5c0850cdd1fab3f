//! The row of an item as the database keeps it, and finding it: always through the permission of who asks.

use crate::db::{Engine, Read, Sql, Tx, push_filter};
use domain::{
    Result,
    action::Away,
    actor::{Actor, Party},
    filter::{Viewer, policy},
    id::{CustomerId, ItemId, ItemNumber, OrganizationId, StatusId, TypeId},
    time::Timestamp,
    types::Category,
};

/// All columns of [`ItemRecord`].
pub(super) const COLUMNS: &str = "item.id, item.number, item.title, item.title_key, item.type_id, item.status_id, item.category, \
    item.status_rank, item.priority, item.requester_id, item.requester_key, item.organization_id, item.channel, item.impact, \
    item.product, item.published, item.created_by_kind, item.created_by_id, item.created_by_name, item.created_at, \
    item.updated_at, item.first_response_at, item.resolved_at, item.last_message_at, item.last_message_by, \
    item.last_message_by_id, item.last_message_name, item.spam, item.deleted_at, item.snoozed_until, item.merged_into, item.version";

/// An item without its description.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ItemRecord {
    /// Database id.
    pub id: i64,
    /// The number that people see.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Title for sorting.
    pub title_key: String,
    /// Type.
    pub type_id: i64,
    /// Status.
    pub status_id: i64,
    /// Stable name of the category of the status.
    pub category: String,
    /// Order of the status.
    pub status_rank: i64,
    /// 0–5.
    pub priority: i64,
    /// Who asks.
    pub requester_id: Option<i64>,
    /// Name of who asks, for sorting.
    pub requester_key: Option<String>,
    /// Organization.
    pub organization_id: Option<i64>,
    /// Stable name of the channel.
    pub channel: String,
    /// Stable name of the impact.
    pub impact: String,
    /// Product.
    pub product: String,
    /// Whether customers can see it.
    pub published: bool,
    /// Kind of who made it.
    pub created_by_kind: String,
    /// Id of who made it.
    pub created_by_id: Option<i64>,
    /// Name of who made it.
    pub created_by_name: String,
    /// When it came in.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// When an agent first answered.
    pub first_response_at: Option<i64>,
    /// When it last became done.
    pub resolved_at: Option<i64>,
    /// When the last public message was written.
    pub last_message_at: Option<i64>,
    /// Kind of who wrote it.
    pub last_message_by: Option<String>,
    /// Id of who wrote it.
    pub last_message_by_id: Option<i64>,
    /// Name of who wrote it.
    pub last_message_name: String,
    /// Whether it is spam.
    pub spam: bool,
    /// When it was deleted.
    pub deleted_at: Option<i64>,
    /// Until when it sleeps.
    pub snoozed_until: Option<i64>,
    /// The number of the item that it was merged into; 0 for none.
    pub merged_into: i64,
    /// Counts changes.
    pub version: i64,
}

impl ItemRecord {
    /// Database id.
    #[must_use]
    pub fn item_id(&self) -> ItemId {
        ItemId(self.id)
    }
    /// The number that people see.
    #[must_use]
    pub fn item_number(&self) -> ItemNumber {
        ItemNumber(self.number)
    }
    /// Category of the status.
    #[must_use]
    pub fn category(&self) -> Category {
        Category::from_key(&self.category).unwrap_or(Category::Todo)
    }
    /// Type.
    #[must_use]
    pub fn ticket_type(&self) -> TypeId {
        TypeId(self.type_id)
    }
    /// Status.
    #[must_use]
    pub fn status(&self) -> StatusId {
        StatusId(self.status_id)
    }
    /// Who asks.
    #[must_use]
    pub fn requester(&self) -> Option<CustomerId> {
        self.requester_id.map(CustomerId)
    }
    /// Organization.
    #[must_use]
    pub fn organization(&self) -> Option<OrganizationId> {
        self.organization_id.map(OrganizationId)
    }
    /// Who wrote the last public message.
    #[must_use]
    pub fn last_message_party(&self) -> Option<Party> {
        self.last_message_by.as_deref().map(|kind| Party::from_columns(kind, self.last_message_by_id))
    }
    /// Whether it lies outside of ordinary lists, and why.
    #[must_use]
    pub fn away(&self) -> Away {
        Away {
            spam: self.spam,
            deleted_at: self.deleted_at.map(Timestamp),
            snoozed_until: self.snoozed_until.map(Timestamp),
            merged_into: (self.merged_into != 0).then_some(ItemNumber(self.merged_into)),
        }
    }
    /// When it last changed.
    #[must_use]
    pub fn updated(&self) -> Timestamp {
        Timestamp(self.updated_at)
    }
}

/// Begins `SELECT … FROM item WHERE `, to be followed by a condition.
#[must_use]
pub fn select_items() -> Sql {
    let mut sql = Sql::build("SELECT ");
    sql.push(COLUMNS).push(" FROM item WHERE ");
    sql
}

/// Appends the condition that the actor may see the item.
pub fn push_permission(sql: &mut Sql, engine: Engine, actor: &Actor, now: Timestamp) {
    push_filter(sql, engine, &policy::permission(actor), &Viewer::of(actor, now));
}

fn select_visible(engine: Engine, actor: &Actor, number: ItemNumber, now: Timestamp) -> Sql {
    let mut sql = select_items();
    sql.push("item.number = ").bind(number).push(" AND ");
    push_permission(&mut sql, engine, actor, now);
    sql
}

/// The item of this number, if the actor may see it.
///
/// # Errors
/// Not found if there is none or the actor may not see it.
pub async fn find(db: &mut impl Read, actor: &Actor, number: ItemNumber, now: Timestamp) -> Result<ItemRecord> {
    let sql = select_visible(db.engine(), actor, number, now);
    Ok(db.one(sql).await?)
}

/// The item of this number, if the actor may see it, locked until the transaction ends.
///
/// # Errors
/// Not found if there is none or the actor may not see it.
pub async fn lock(tx: &mut Tx, actor: &Actor, number: ItemNumber) -> Result<ItemRecord> {
    let mut sql = select_visible(tx.engine(), actor, number, tx.now);
    sql.push(tx.engine().for_update());
    Ok(tx.one(sql).await?)
}

/// The item of this id, locked until the transaction ends, whoever may see it.
///
/// # Errors
/// Not found if there is none.
pub async fn lock_by_id(tx: &mut Tx, item: ItemId) -> Result<ItemRecord> {
    let mut sql = select_items();
    sql.push("item.id = ").bind(item).push(tx.engine().for_update());
    Ok(tx.one(sql).await?)
}

/// The item of this id, whoever may see it: for who has just changed it.
pub(super) async fn by_id(db: &mut impl Read, item: ItemId) -> Result<ItemRecord> {
    let mut sql = select_items();
    sql.push("item.id = ").bind(item);
    Ok(db.one(sql).await?)
}

/// One line: control characters and line breaks become spaces, spaces at the ends go.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}
