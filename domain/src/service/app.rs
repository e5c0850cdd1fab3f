//! Customer apps, as administrators keep them.

use crate::{
    actor::Actor,
    error::Result,
    id::PortalId,
    portal::app::{AppSettings, CustomerApp, NewApp},
};
use async_trait::async_trait;

/// Customer apps. Administrators only.
#[async_trait]
pub trait Apps: Send + Sync {
    /// All of them, the oldest first.
    async fn list(&self, actor: &Actor) -> Result<Vec<CustomerApp>>;
    /// One of them.
    async fn app(&self, actor: &Actor, app: PortalId) -> Result<CustomerApp>;
    /// Makes one, switched on, with the rules of a new one.
    async fn create(&self, actor: &Actor, app: NewApp) -> Result<CustomerApp>;
    /// Sets all that can be set of one. What it shows changes at once, also in pages that are open. A conflict if it has another
    /// `version` by now.
    async fn change(&self, actor: &Actor, app: PortalId, version: i64, settings: AppSettings) -> Result<CustomerApp>;
    /// Deletes one; its address leads nowhere then. A conflict for the last one of its kind: mails lead there.
    async fn delete(&self, actor: &Actor, app: PortalId) -> Result<()>;
}
