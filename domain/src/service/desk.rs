//! All services together.

use super::{Accounts, Admin, Customers, Files, Forms, Imports, Items, Organizations, Portals};
use std::sync::Arc;

/// The whole desk, as the pages get it through their context.
#[derive(Clone)]
pub struct Desk {
    /// Sign-in, sessions, the signed-in agent.
    pub accounts: Arc<dyn Accounts>,
    /// Tickets and their conversations.
    pub items: Arc<dyn Items>,
    /// Customers.
    pub customers: Arc<dyn Customers>,
    /// Organizations.
    pub organizations: Arc<dyn Organizations>,
    /// Agents, teams, the workspace, outgoing mail.
    pub admin: Arc<dyn Admin>,
    /// Uploads and downloads.
    pub files: Arc<dyn Files>,
    /// Forms that were refused.
    pub forms: Arc<dyn Forms>,
    /// Import.
    pub imports: Arc<dyn Imports>,
    /// What customers see.
    pub portals: Arc<dyn Portals>,
}
