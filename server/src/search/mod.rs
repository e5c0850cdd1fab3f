//! Full-text search, behind one interface for both engines: `index` is told what changed, in the transaction that changes it, and
//! [`push_in_item`] asks. How words are told from each other is in [`domain::filter::words`]; here they are only kept.
//! The table `item_words` can be made again from the others at any time ([why](../../../docs/decisions/0019-words.md)).

mod ask;
mod backfill;
mod common;
mod few;
mod pieces;
mod store;

pub(crate) use ask::{push_in_item, push_in_message};
pub(crate) use backfill::{again, backfill};
pub(crate) use common::is_common;
pub(crate) use few::{FEW, few};

use crate::db::{DbError, Tx};
use domain::id::{ItemId, MessageId};
use pieces::Part;

/// Items whose texts are read at once.
const AT_ONCE: usize = 200;

/// Whether a table is made of others, so that no backup holds it: `item_words`, and what SQLite keeps it in.
pub(crate) fn is_derived(table: &str) -> bool {
    table == "item_words" || table.starts_with("item_words_")
}

/// Finds the words of an item's title, requester, description and files anew.
///
/// # Errors
/// What the database says.
pub(crate) async fn index_item(tx: &mut Tx, item: ItemId) -> Result<(), DbError> {
    index_items(tx, &[item.0]).await
}

/// The same of many items.
///
/// # Errors
/// What the database says.
pub(crate) async fn index_items(tx: &mut Tx, items: &[i64]) -> Result<(), DbError> {
    for some in items.chunks(AT_ONCE) {
        let pieces = pieces::of(tx, some, Part::Item).await?;
        for item in some {
            store::forget(tx, ItemId(*item), MessageId(0)).await?;
        }
        store::put(tx, pieces).await?;
    }
    Ok(())
}

/// Finds the words of a message and its files, which is new.
///
/// # Errors
/// What the database says.
pub(crate) async fn index_message(tx: &mut Tx, item: ItemId, message: MessageId) -> Result<(), DbError> {
    let pieces = pieces::of(tx, &[item.0], Part::Message(message)).await?;
    store::put(tx, pieces).await
}

/// Forgets the words of a message of an item, which goes.
///
/// # Errors
/// What the database says.
pub(crate) async fn forget_message(tx: &mut Tx, item: ItemId, message: MessageId) -> Result<(), DbError> {
    store::forget(tx, item, message).await
}

/// Finds all words of these items and their messages, which are new.
///
/// # Errors
/// What the database says.
pub(crate) async fn index_new(tx: &mut Tx, items: &[i64]) -> Result<(), DbError> {
    let pieces = pieces::of(tx, items, Part::All).await?;
    store::put(tx, pieces).await
}
