//! What customers see and do.

use crate::{
    actor::Actor,
    error::Result,
    id::ItemNumber,
    page::Page,
    portal::{
        PortalInfo, PortalMe, PortalNewTicket, PortalProfilePatch, PortalQuery, PortalReply, PortalRow, PortalTicket, PortalTypes,
    },
};
use async_trait::async_trait;

/// The customer portal. Customers see published tickets that they requested or follow, and those of their organization;
/// of these only what is public.
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
    /// A page of tickets, latest change first.
    async fn list(&self, actor: &Actor, query: PortalQuery) -> Result<Page<PortalRow>>;
    /// One ticket; marks it as read.
    async fn ticket(&self, actor: &Actor, number: ItemNumber) -> Result<PortalTicket>;
    /// Types that can be chosen.
    async fn types(&self, actor: &Actor) -> Result<PortalTypes>;
    /// Makes a ticket.
    async fn create(&self, actor: &Actor, ticket: PortalNewTicket) -> Result<ItemNumber>;
    /// Answers. An answer to a ticket that waits or is done opens it again.
    async fn reply(&self, actor: &Actor, reply: PortalReply) -> Result<PortalTicket>;
    /// Marks the customer's own ticket as solved, or opens it again.
    async fn set_closed(&self, actor: &Actor, number: ItemNumber, closed: bool) -> Result<PortalTicket>;
    /// Follows a ticket of the organization, or stops.
    async fn follow(&self, actor: &Actor, number: ItemNumber, follow: bool) -> Result<PortalTicket>;
}
