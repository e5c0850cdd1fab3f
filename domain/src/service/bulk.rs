//! Changes of many items.

use crate::{
    actor::Actor,
    bulk::{BulkRun, NewBulk, Refusal},
    error::Result,
    id::{BulkId, ItemNumber},
};
use async_trait::async_trait;

/// Bulk changes. For agents who may change items; each sees their own runs only.
///
/// What may be changed is asked of each item at the moment of its turn, with the rights that the actor has by then. A run of somebody who is
/// locked out, or may change nothing any more, stops. A bulk change sets a field, whatever others do to other fields; nobody is told of a
/// conflict.
#[async_trait]
pub trait Bulk: Send + Sync {
    /// Begins a run. One of few items is over when this answers, if that takes no longer than a moment; others go on in the background.
    async fn start(&self, actor: &Actor, bulk: NewBulk) -> Result<BulkRun>;
    /// Where a run stands.
    async fn run(&self, actor: &Actor, run: BulkId) -> Result<BulkRun>;
    /// The items that a run has left as they are so far, and why: in the order of their numbers, those behind `after`, at most
    /// [`BULK_REFUSALS`](crate::limits::BULK_REFUSALS). A run that is under way may add to the end.
    async fn refusals(&self, actor: &Actor, run: BulkId, after: ItemNumber) -> Result<Vec<Refusal>>;
    /// The latest runs, the last one first; without their refusals.
    async fn runs(&self, actor: &Actor) -> Result<Vec<BulkRun>>;
    /// Stops a run: what was changed by then stays. One that is over stays as it is.
    async fn cancel(&self, actor: &Actor, run: BulkId) -> Result<BulkRun>;
    /// Takes a run back, in a run of its own: each change whose field still holds what was set. One that is being taken back, or was,
    /// answers the run that did so.
    async fn undo(&self, actor: &Actor, run: BulkId) -> Result<BulkRun>;
}
