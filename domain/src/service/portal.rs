//! What customers see and do.

use crate::{
    actor::Actor,
    error::Result,
    id::ItemNumber,
    page::Page,
    portal::{
        PortalChange, PortalForm, PortalInfo, PortalMe, PortalNewTicket, PortalProfilePatch, PortalQuery, PortalReply, PortalRow,
        PortalTicket,
    },
};
use async_trait::async_trait;

/// The ticket portals. Customers see published tickets, those that the rules of a portal show; of these only what is public. Those who
/// do something are within a portal ([`Actor::in_portal`]), but for their profile.
#[async_trait]
pub trait Portals: Send + Sync {
    /// A portal by slug. Anybody.
    async fn info(&self, slug: &str) -> Result<PortalInfo>;
    /// The portal of a workspace with one portal, for addresses without a slug. Anybody.
    async fn default_portal(&self) -> Result<PortalInfo>;
    /// The customer who is signed in.
    async fn me(&self, actor: &Actor) -> Result<PortalMe>;
    /// Changes the customer's own data.
    async fn change_profile(&self, actor: &Actor, patch: PortalProfilePatch) -> Result<PortalMe>;
    /// A page of tickets.
    async fn list(&self, actor: &Actor, query: PortalQuery) -> Result<Page<PortalRow>>;
    /// One ticket; marks it as read.
    async fn ticket(&self, actor: &Actor, number: ItemNumber) -> Result<PortalTicket>;
    /// What the create form asks for. Forbidden where tickets cannot be made.
    async fn form(&self, actor: &Actor) -> Result<PortalForm>;
    /// Makes a ticket. What the form does not ask for is refused, like a required property that is left empty.
    async fn create(&self, actor: &Actor, ticket: PortalNewTicket) -> Result<ItemNumber>;
    /// Answers. An answer to a ticket that waits or is done opens it again.
    async fn reply(&self, actor: &Actor, reply: PortalReply) -> Result<PortalTicket>;
    /// Changes a property that the portal lets customers change.
    async fn change(&self, actor: &Actor, change: PortalChange) -> Result<PortalTicket>;
    /// Marks the customer's own ticket as solved, or opens it again.
    async fn set_closed(&self, actor: &Actor, number: ItemNumber, closed: bool) -> Result<PortalTicket>;
    /// Follows a ticket of the organization, or stops.
    async fn follow(&self, actor: &Actor, number: ItemNumber, follow: bool) -> Result<PortalTicket>;
}
