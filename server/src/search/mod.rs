//! Full-text search, behind one interface for both engines: `index` is told what changed, in the transaction that changes it, and
//! [`push_in_item`] asks. How words are told from each other is in [`domain::filter::words`]; here they are only kept.
//! The table `item_words` can be made again from the others at any time ([why](../../../docs/decisions/0019-words.md)).

mod ask;
mod backfill;
mod pieces;
mod store;

pub(crate) use ask::{push_in_item, push_in_message};
pub(crate) use backfill::{again, backfill};

use crate::db::{DbError, Tx};
use domain::id::{ItemId, MessageId};
use pieces::Part;

/// Whether a table is made of others, so that no backup holds it: `item_words`, and what SQLite keeps it in.
pub(crate) fn is_derived(table: &str) -> bool {
    table == "item_words" || table.starts_with("item_words_")
}

/// Finds the words of an item's title, description and their files anew.
///
/// # Errors
/// What the database says.
pub(crate) async fn index_item(tx: &mut Tx, item: ItemId) -> Result<(), DbError> {
    let pieces = pieces::of(tx, &[item.0], Part::Item).await?;
    store::forget(tx, item, MessageId(0)).await?;
    store::put(tx, pieces).await
}

/// Finds the words of a message and its files, which is new.
///
/// # Errors
/// What the database says.
pub(crate) async fn index_message(tx: &mut Tx, item: ItemId, message: MessageId) -> Result<(), DbError> {
    let pieces = pieces::of(tx, &[item.0], Part::Message(message)).await?;
    store::put(tx, pieces).await
}

/// Finds all words of these items and their messages, which are new.
///
/// # Errors
/// What the database says.
pub(crate) async fn index_new(tx: &mut Tx, items: &[i64]) -> Result<(), DbError> {
    let pieces = pieces::of(tx, items, Part::All).await?;
    store::put(tx, pieces).await
}
