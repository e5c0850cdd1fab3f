//! What agents do with whole tickets.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    action::{LinkKind, NewMerge, NewSplit},
    id::ItemNumber,
    item::ItemDetail,
    time::Timestamp,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{agent_actor, desk};

/// Deletes an item, or restores it.
#[server(prefix = "/_fn", endpoint = "items/delete", input = StrictJson, output = StrictJson)]
pub async fn delete(number: ItemNumber, deleted: bool) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.set_deleted(&agent_actor()?, number, deleted).await?)
}

/// Says that an item is spam, or that it is not.
#[server(prefix = "/_fn", endpoint = "items/spam", input = StrictJson, output = StrictJson)]
pub async fn spam(number: ItemNumber, spam: bool) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.set_spam(&agent_actor()?, number, spam).await?)
}

/// Puts an item to sleep until a time; none wakes it.
#[server(prefix = "/_fn", endpoint = "items/snooze", input = StrictJson, output = StrictJson)]
pub async fn snooze(number: ItemNumber, until: Option<Timestamp>) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.snooze(&agent_actor()?, number, until).await?)
}

/// Makes another item with the same fields, and answers it. `key` is made once for one click.
#[server(prefix = "/_fn", endpoint = "items/clone", input = StrictJson, output = StrictJson)]
pub async fn clone_item(number: ItemNumber, key: String) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.clone_item(&agent_actor()?, number, key).await?)
}

/// Links an item to another.
#[server(prefix = "/_fn", endpoint = "items/link", input = StrictJson, output = StrictJson)]
pub async fn link(number: ItemNumber, other: ItemNumber, kind: LinkKind) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.link(&agent_actor()?, number, other, kind).await?)
}

/// Takes a link away.
#[server(prefix = "/_fn", endpoint = "items/unlink", input = StrictJson, output = StrictJson)]
pub async fn unlink(number: ItemNumber, other: ItemNumber, kind: LinkKind) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.unlink(&agent_actor()?, number, other, kind).await?)
}

/// Makes an item of a message, and answers it.
#[server(prefix = "/_fn", endpoint = "items/split", input = StrictJson, output = StrictJson)]
pub async fn split(split: NewSplit) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.split(&agent_actor()?, split).await?)
}

/// Merges items into another, and answers that.
#[server(prefix = "/_fn", endpoint = "items/merge", input = StrictJson, output = StrictJson)]
pub async fn merge(merge: NewMerge) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.merge(&agent_actor()?, merge).await?)
}

/// Takes back that items were merged, and answers the one that they were merged into.
#[server(prefix = "/_fn", endpoint = "items/unmerge", input = StrictJson, output = StrictJson)]
pub async fn unmerge(items: Vec<ItemNumber>) -> Result<ItemDetail, ApiError> {
    Ok(desk()?.actions.unmerge(&agent_actor()?, items).await?)
}
