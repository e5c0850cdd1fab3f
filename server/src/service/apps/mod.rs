//! Customer apps: who keeps them (administrators), and which rules they give to customers.

mod rules;
mod store;

pub use rules::{for_mail, open};
pub use store::look;

use super::events::Author;
use crate::db::Db;
use async_trait::async_trait;
use domain::{
    Result,
    actor::Actor,
    id::PortalId,
    portal::app::{AppSettings, CustomerApp, NewApp},
    service::Apps,
};

/// The implementation.
pub struct AppsService {
    db: Db,
}

impl AppsService {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

#[async_trait]
impl Apps for AppsService {
    async fn list(&self, actor: &Actor) -> Result<Vec<CustomerApp>> {
        actor.administrator()?;
        store::all(&mut self.db.clone()).await
    }

    async fn app(&self, actor: &Actor, app: PortalId) -> Result<CustomerApp> {
        actor.administrator()?;
        store::one(&mut self.db.clone(), app).await
    }

    async fn create(&self, actor: &Actor, app: NewApp) -> Result<CustomerApp> {
        actor.administrator()?;
        let (actor, app) = (actor.clone(), app.checked()?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    store::create(tx, &by, &app).await
                })
            })
            .await
    }

    async fn change(&self, actor: &Actor, app: PortalId, version: i64, settings: AppSettings) -> Result<CustomerApp> {
        actor.administrator()?;
        let (actor, settings) = (actor.clone(), settings.checked()?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    store::change(tx, &by, app, version, settings).await
                })
            })
            .await
    }

    async fn delete(&self, actor: &Actor, app: PortalId) -> Result<()> {
        actor.administrator()?;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    store::delete(tx, &by, app).await
                })
            })
            .await
    }
}
