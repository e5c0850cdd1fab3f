//! Organizations, for agents, and the rule by which customers join them.

mod change;
mod read;
mod rule;

pub(crate) use change::insert;
pub use rule::of_address;

use super::{customers, events::Author};
use crate::db::Db;
use async_trait::async_trait;
use domain::{
    Result,
    actor::Actor,
    customer::CustomerRow,
    id::OrganizationId,
    organization::{NewOrganization, Organization, OrganizationPatch, OrganizationRef, OrganizationRow},
    page::{Page, PageQuery},
    service::Organizations,
};

/// The implementation.
pub struct OrganizationsService {
    db: Db,
}

impl OrganizationsService {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

#[async_trait]
impl Organizations for OrganizationsService {
    async fn list(&self, actor: &Actor, query: PageQuery) -> Result<Page<OrganizationRow>> {
        actor.agent()?;
        read::list(&self.db, actor, &query).await
    }

    async fn suggest(&self, actor: &Actor, text: &str) -> Result<Vec<OrganizationRef>> {
        actor.agent()?;
        read::suggest(&self.db, text).await
    }

    async fn get(&self, actor: &Actor, organization: OrganizationId) -> Result<Organization> {
        actor.agent()?;
        read::get(&mut self.db.clone(), organization).await
    }

    async fn members(&self, actor: &Actor, organization: OrganizationId) -> Result<Vec<CustomerRow>> {
        actor.agent()?;
        read::get(&mut self.db.clone(), organization).await?;
        customers::members(&self.db, actor, organization).await
    }

    async fn create(&self, actor: &Actor, organization: NewOrganization) -> Result<Organization> {
        actor.working_agent()?;
        let (actor, new) = (actor.clone(), change::check(organization)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    let id = insert(tx, &by, &new).await?;
                    read::get(tx, id).await
                })
            })
            .await
    }

    async fn change(&self, actor: &Actor, organization: OrganizationId, patch: OrganizationPatch) -> Result<Organization> {
        actor.working_agent()?;
        let (actor, patch) = (actor.clone(), change::check_patch(patch)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    change::apply(tx, &by, organization, patch).await?;
                    read::get(tx, organization).await
                })
            })
            .await
    }
}
