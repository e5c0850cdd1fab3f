//! Filters as people type them and put them together.

use crate::{
    actor::Actor,
    error::Result,
    filter::{Named, Thing, Understood, Wording, text::Completion},
};
use async_trait::async_trait;

/// What the search box and the filter bar need to know. For agents.
#[async_trait]
pub trait Filters: Send + Sync {
    /// Reads a filter in one form and tells it in both. A text that is not understood is no error: the answer tells what is wrong.
    async fn understand(&self, actor: &Actor, wording: Wording) -> Result<Understood>;
    /// What could stand before the byte `at` of a text.
    async fn complete(&self, actor: &Actor, text: String, at: u32) -> Result<Completion>;
    /// Some things of a kind whose names begin so, or hold a word that does, the likeliest first, at most 20.
    async fn suggest(&self, actor: &Actor, thing: Thing, begin: String) -> Result<Vec<Named>>;
}
