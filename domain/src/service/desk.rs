//! All services together.

use super::{
    Accounts, Actions, Admin, Apps, Bulk, Customers, Files, Filters, Finder, Forms, Imports, Items, Organizations, Portals, Views,
};
use std::sync::Arc;

/// The whole desk, as the pages get it through their context.
#[derive(Clone)]
pub struct Desk {
    /// Sign-in, sessions, the signed-in agent.
    pub accounts: Arc<dyn Accounts>,
    /// Tickets and their conversations.
    pub items: Arc<dyn Items>,
    /// Changes of many tickets at once.
    pub bulk: Arc<dyn Bulk>,
    /// What is done with whole tickets.
    pub actions: Arc<dyn Actions>,
    /// Filters as people type them.
    pub filters: Arc<dyn Filters>,
    /// Things of any kind by what is typed.
    pub finder: Arc<dyn Finder>,
    /// Views.
    pub views: Arc<dyn Views>,
    /// Customers.
    pub customers: Arc<dyn Customers>,
    /// Organizations.
    pub organizations: Arc<dyn Organizations>,
    /// Agents, teams, the workspace, outgoing mail.
    pub admin: Arc<dyn Admin>,
    /// Customer apps.
    pub apps: Arc<dyn Apps>,
    /// Uploads and downloads.
    pub files: Arc<dyn Files>,
    /// Forms that were refused.
    pub forms: Arc<dyn Forms>,
    /// Import.
    pub imports: Arc<dyn Imports>,
    /// What customers see.
    pub portals: Arc<dyn Portals>,
}
