//! Finding things of any kind by what somebody types.

use crate::{
    actor::Actor,
    customer::CustomerRef,
    error::Result,
    filter::text::{Completion, Problem},
    item::ItemRow,
    organization::OrganizationRef,
    view::View,
};
use async_trait::async_trait;

/// The first few of what was found of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Few<T> {
    /// At most [`crate::limits::FOUND`].
    pub list: Vec<T>,
    /// Whether there is more.
    pub more: bool,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { list: Vec::new(), more: false }
    }
}

impl<T> Few<T> {
    /// The first few of a list.
    #[must_use]
    pub fn of(mut list: Vec<T>) -> Self {
        let more = list.len() > crate::limits::FOUND;
        list.truncate(crate::limits::FOUND);
        Self { list, more }
    }
}

/// An agent, and the filter (as text) of the tickets that are assigned to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAgent {
    /// Full name.
    pub name: String,
    /// Sign-in e-mail address.
    pub email: String,
    /// What is theirs, in the filter language.
    pub text: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Items: the one whose number was typed, then those that the text as a filter shows, the latest first.
    pub items: Few<ItemRow>,
    /// Customers by name and address.
    pub customers: Few<CustomerRef>,
    /// Organizations by name and domain.
    pub organizations: Few<OrganizationRef>,
    /// Agents by name and address, the best first.
    pub agents: Few<FoundAgent>,
    /// All views that the actor has and does not hide, in their order: what those are called that every workspace has is a
    /// matter of the reader's language, so who shows them looks for the fitting ones.
    pub views: Vec<View>,
    /// What of the text is no filter. Then no items are found.
    pub problem: Option<Problem>,
    /// What could stand before the caret.
    pub completion: Option<Completion>,
}

/// Finding things. For agents; nobody finds what they may not see.
#[async_trait]
pub trait Finder: Send + Sync {
    /// What fits a text with a caret behind the byte `at`. Of an empty text only the views.
    async fn find(&self, actor: &Actor, text: String, at: u32) -> Result<Found>;
}
