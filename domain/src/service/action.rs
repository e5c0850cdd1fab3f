//! What agents do with whole items.

use crate::{
    action::{LinkKind, NewMerge, NewSplit},
    actor::Actor,
    error::Result,
    id::ItemNumber,
    item::ItemDetail,
    time::Timestamp,
};
use async_trait::async_trait;

/// Putting items away and bringing them back, cloning, linking, splitting and merging them: for agents who work, on items that they
/// see. What is so already stays as it is.
#[async_trait]
pub trait Actions: Send + Sync {
    /// Deletes an item, or restores it. Customers do not see it while it is deleted, and nobody writes in it.
    async fn set_deleted(&self, actor: &Actor, number: ItemNumber, deleted: bool) -> Result<ItemDetail>;
    /// Says that an item is spam, or that it is not. Customers do not see it while it is.
    async fn set_spam(&self, actor: &Actor, number: ItemNumber, spam: bool) -> Result<ItemDetail>;
    /// Puts an item to sleep until a time, at most [`crate::limits::SNOOZE_DAYS`] away, or wakes it. A customer's reply wakes it too.
    async fn snooze(&self, actor: &Actor, number: ItemNumber, until: Option<Timestamp>) -> Result<ItemDetail>;
    /// Makes another item with the same fields, without conversation and files, and answers it. The same key again gives the same.
    async fn clone_item(&self, actor: &Actor, number: ItemNumber, idempotency_key: String) -> Result<ItemDetail>;
    /// Links an item to another that the actor sees, too. Only kinds that people choose ([`LinkKind::is_chosen`]).
    async fn link(&self, actor: &Actor, number: ItemNumber, other: ItemNumber, kind: LinkKind) -> Result<ItemDetail>;
    /// Takes such a link, of any kind, away.
    async fn unlink(&self, actor: &Actor, number: ItemNumber, other: ItemNumber, kind: LinkKind) -> Result<ItemDetail>;
    /// Makes an item of a message and answers it; the other one keeps a link to it.
    async fn split(&self, actor: &Actor, split: NewSplit) -> Result<ItemDetail>;
    /// Merges items into another and answers that. They are closed and lead there; nothing of them is lost, and who could not read them
    /// cannot now. A conflict if one is merged already, deleted, or a reply in it is about to be sent.
    async fn merge(&self, actor: &Actor, merge: NewMerge) -> Result<ItemDetail>;
    /// Takes back that items were merged, and answers the item that they were merged into. A conflict after
    /// [`crate::limits::UNMERGE_DAYS`]. What was written in the other since stays there.
    async fn unmerge(&self, actor: &Actor, items: Vec<ItemNumber>) -> Result<ItemDetail>;
}
