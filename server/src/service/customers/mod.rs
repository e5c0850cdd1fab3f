//! Customers, for agents. Light agents read; what is shared with other doors is in [`store`].

mod change;
mod read;
pub mod store;

pub(crate) use read::members;
pub use store::{check, create, refresh_keys};

use super::{accounts::codes, events::Author};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    mail::{Letter, Links, templates::post},
};
use async_trait::async_trait;
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    customer::{Customer, CustomerPatch, CustomerRef, CustomerRow, NewCustomer},
    event::Subject,
    id::CustomerId,
    page::{Page, PageQuery},
    service::Customers,
    session::Realm,
};

/// The implementation.
pub struct CustomersService {
    db: Db,
    links: Links,
}

impl CustomersService {
    /// Over a database; `links` go into invitations.
    #[must_use]
    pub fn new(db: Db, links: Links) -> Self {
        Self { db, links }
    }
}

#[async_trait]
impl Customers for CustomersService {
    async fn list(&self, actor: &Actor, query: PageQuery) -> Result<Page<CustomerRow>> {
        actor.agent()?;
        read::list(&self.db, actor, &query).await
    }

    async fn suggest(&self, actor: &Actor, text: &str) -> Result<Vec<CustomerRef>> {
        actor.agent()?;
        read::suggest(&self.db, text).await
    }

    async fn get(&self, actor: &Actor, customer: CustomerId) -> Result<Customer> {
        actor.agent()?;
        read::get(&mut self.db.clone(), customer).await
    }

    async fn create(&self, actor: &Actor, customer: NewCustomer) -> Result<Customer> {
        actor.working_agent()?;
        let (actor, new) = (actor.clone(), store::check(customer)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    let id = store::create(tx, &by, &new, "none").await?;
                    read::get(tx, id).await
                })
            })
            .await
    }

    async fn change(&self, actor: &Actor, customer: CustomerId, patch: CustomerPatch) -> Result<Customer> {
        actor.working_agent()?;
        let (actor, patch) = (actor.clone(), change::check(patch)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    change::apply(tx, &by, customer, patch).await?;
                    read::get(tx, customer).await
                })
            })
            .await
    }

    async fn invite(&self, actor: &Actor, customer: CustomerId) -> Result<Customer> {
        actor.working_agent()?;
        let (actor, links) = (actor.clone(), self.links.clone());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    invite(tx, &by, &links, customer).await?;
                    read::get(tx, customer).await
                })
            })
            .await
    }
}

/// Mails an invitation; an earlier link stops working.
async fn invite(tx: &mut Tx, by: &Author, links: &Links, id: CustomerId) -> Result<()> {
    let mut sql = Sql::build("SELECT state, language FROM customer WHERE id = ");
    sql.bind(id).push(tx.engine().for_update());
    let (state, language): (String, String) = tx.one(sql).await?;
    if matches!(state.as_str(), "active" | "disabled") {
        return Err(Error::new(ErrorCode::Conflict, "error_cannot_invite"));
    }
    let emails = store::emails(tx, id).await?;
    let email = emails.first().ok_or_else(|| Error::field("emails", "error_required"))?;
    let token = codes::issue_invitation(tx, Realm::Customer, email).await?;
    let slug = portal_slug(tx).await?;
    let link = links.portal(&slug, &format!("invitation/{token}"));
    let language = domain::language::Language::from_tag(&language).unwrap_or_default();
    post(tx, email, language, Letter::InvitationCustomer { link }).await?;
    tx.execute(Sql::new("UPDATE customer SET state = 'invited' WHERE id = $1", args![id])).await?;
    tx.event(by.event(Subject::Customer(id.0), "invited"));
    Ok(())
}

/// The slug of the portal that addresses without one lead to: the oldest that is there for customers.
pub(crate) async fn portal_slug(db: &mut impl Read) -> Result<String> {
    let sql = "SELECT slug FROM portal ORDER BY enabled DESC, id LIMIT 1";
    let (slug,): (String,) = db.one(Sql::new(sql, args![])).await?;
    Ok(slug)
}
