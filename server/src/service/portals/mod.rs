//! What customers see and do.
//!
//! Everything that is read goes through the permission filter, and of an item only what is public is asked of the database:
//! an internal note leaves no trace here, neither in counts nor in times. One file a use case; this one only hands on.

mod form;
mod info;
mod list;
mod profile;
mod ticket;
mod write;

use crate::{db::Db, mail::Links};
use async_trait::async_trait;
use domain::{
    Result,
    actor::Actor,
    id::ItemNumber,
    page::Page,
    portal::{
        PortalChange, PortalForm, PortalInfo, PortalMe, PortalNewTicket, PortalProfilePatch, PortalQuery, PortalReply, PortalRow,
        PortalTicket,
    },
    service::Portals,
    types::{Category, Status},
};

/// The implementation.
pub struct PortalsService {
    db: Db,
    links: Links,
}

impl PortalsService {
    /// Over a database; mails link to the pages that `links` makes.
    #[must_use]
    pub fn new(db: Db, links: Links) -> Self {
        Self { db, links }
    }
}

#[async_trait]
impl Portals for PortalsService {
    async fn info(&self, slug: &str) -> Result<PortalInfo> {
        info::by_slug(self.db.clone(), slug).await
    }
    async fn default_portal(&self) -> Result<PortalInfo> {
        info::first(self.db.clone()).await
    }
    async fn me(&self, actor: &Actor) -> Result<PortalMe> {
        profile::me(&mut self.db.clone(), actor.customer()?).await
    }
    async fn change_profile(&self, actor: &Actor, patch: PortalProfilePatch) -> Result<PortalMe> {
        profile::change(&self.db, actor.customer()?, patch).await
    }
    async fn list(&self, actor: &Actor, query: PortalQuery) -> Result<Page<PortalRow>> {
        list::page(self.db.clone(), actor, query).await
    }
    async fn ticket(&self, actor: &Actor, number: ItemNumber) -> Result<PortalTicket> {
        ticket::read(&self.db, actor, number).await
    }
    async fn form(&self, actor: &Actor) -> Result<PortalForm> {
        form::of(&mut self.db.clone(), &actor.customer()?.portal()?.rules).await
    }
    async fn create(&self, actor: &Actor, ticket: PortalNewTicket) -> Result<ItemNumber> {
        write::create(&self.db, actor, ticket).await
    }
    async fn reply(&self, actor: &Actor, reply: PortalReply) -> Result<PortalTicket> {
        write::reply(&self.db, &self.links, actor, reply).await
    }
    async fn change(&self, actor: &Actor, change: PortalChange) -> Result<PortalTicket> {
        write::change(&self.db, actor, change).await
    }
    async fn set_closed(&self, actor: &Actor, number: ItemNumber, closed: bool) -> Result<PortalTicket> {
        write::set_closed(&self.db, actor, number, closed).await
    }
    async fn follow(&self, actor: &Actor, number: ItemNumber, follow: bool) -> Result<PortalTicket> {
        write::follow(&self.db, actor, number, follow).await
    }
}

/// A status as rows carry it.
#[derive(sqlx::FromRow)]
struct StatusRow {
    status_id: i64,
    category: String,
    status_key: String,
    status_name: String,
    status_colour: String,
}

/// The columns of a [`StatusRow`].
const STATUS_COLUMNS: &str = "status.id AS status_id, status.category AS category, status.key AS status_key, \
                              status.name AS status_name, status.colour AS status_colour";

impl StatusRow {
    fn status(self) -> Status {
        Status {
            id: self.status_id.into(),
            category: Category::from_key(&self.category).unwrap_or(Category::Todo),
            key: self.status_key,
            name: self.status_name,
            colour: self.status_colour,
        }
    }
}

/// The first address of the customer of the joined row `requester`.
const REQUESTER_EMAIL: &str =
    "(SELECT email FROM address WHERE address.customer_id = requester.id ORDER BY position, email LIMIT 1) AS requester_email";

/// A requester as rows carry it.
#[derive(sqlx::FromRow)]
struct RequesterRow {
    requester_id: Option<i64>,
    requester_first: Option<String>,
    requester_last: Option<String>,
    requester_email: Option<String>,
}

/// The columns of a [`RequesterRow`], but for the address.
const REQUESTER_COLUMNS: &str =
    "item.requester_id AS requester_id, requester.first_name AS requester_first, requester.last_name AS requester_last, ";

impl RequesterRow {
    fn name(&self) -> String {
        let (first, last) = (self.requester_first.as_deref(), self.requester_last.as_deref());
        domain::text::display_name(first.unwrap_or_default(), last.unwrap_or_default(), self.requester_email.as_deref())
    }
}
