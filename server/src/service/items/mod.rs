//! Tickets and their conversations.
//!
//! [`ItemService`] is what agents do. Beneath it are free functions over a transaction ([`insert`], [`apply`],
//! [`append_message`]) that the portal, the import and the demo share: they keep every derived column right (category, order
//! of the status, last public message, first response, keys for sorting and searching), check the ids that they are given and
//! note the events. Who may do what is decided above them.

mod actions;
mod activity;
mod append;
mod apply;
mod bulk;
mod calendar;
mod catalog;
mod change;
mod counts;
mod create;
mod deliveries;
mod detail;
mod drafts;
mod excerpts;
mod facts;
mod follow;
mod groups;
mod held;
mod insert;
mod keyset;
mod list;
mod lookup;
pub(crate) mod present;
mod ranked;
pub mod recipients;
mod record;
mod rows;
mod sought;
mod statuses;
mod write;

pub use actions::{
    WAKE_JOB, Wake,
    away::{touch, wake},
    discard_deleted,
    whole::end,
};
pub use append::{AppendMessage, append_message};
pub use apply::apply;
pub use bulk::{JOB as BULK_JOB, Runs as BulkRuns, discard_old as discard_old_bulks};
pub use catalog::{catalog, types};
pub use detail::{messages, public_messages};
pub use facts::by_id as with_facts;
pub use held::{JOB as HELD_JOB, SendHeld};
pub use insert::{InsertItem, insert};
pub use keyset::page;
pub use record::{ItemRecord, find, lock, lock_by_id, one_line, push_permission, select_items};
pub use rows::{customer_refs, organization_refs, rows};
pub use statuses::{reopened, solved};

use crate::{db::Db, mail::Links};
use async_trait::async_trait;
use counts::Counts;
use domain::{
    Result,
    actor::Actor,
    conversation::{Message, MessageKind, NewMessage, TakenBack},
    draft::{Draft, NewDraft},
    event::Activity,
    id::{AgentId, CustomerId, HeldId, ItemNumber, MailId, OrganizationId},
    item::{Catalog, Change, Excerpt, ItemDetail, ItemRow, NewItem},
    page::Page,
    service::Items,
    view::{CalendarDay, CalendarQuery, Groups, GroupsQuery, ItemQuery, Measure, ViewCount},
};

/// The implementation of [`Items`].
pub struct ItemService {
    db: Db,
    links: Links,
    counts: Counts,
}

impl ItemService {
    /// Over a database; mails link to the pages that `links` makes.
    #[must_use]
    pub fn new(db: Db, links: Links) -> Self {
        Self { db, links, counts: Counts::default() }
    }
}

#[async_trait]
impl Items for ItemService {
    async fn catalog(&self, actor: &Actor) -> Result<Catalog> {
        actor.agent()?;
        catalog::catalog(&mut self.db.clone()).await
    }
    async fn counts(&self, actor: &Actor) -> Result<Vec<ViewCount>> {
        self.view_counts(actor).await
    }
    async fn list(&self, actor: &Actor, query: ItemQuery) -> Result<Page<ItemRow>> {
        self.page(actor, query).await
    }
    async fn total(&self, actor: &Actor, query: ItemQuery) -> Result<i64> {
        self.count_all(actor, query).await
    }
    async fn groups(&self, actor: &Actor, query: GroupsQuery) -> Result<Groups> {
        self.grouped(actor, query).await
    }
    async fn sums(&self, actor: &Actor, query: ItemQuery, measures: Vec<Measure>) -> Result<Vec<Option<f64>>> {
        self.summed(actor, query, measures).await
    }
    async fn calendar(&self, actor: &Actor, query: CalendarQuery) -> Result<Vec<CalendarDay>> {
        self.dated(actor, query).await
    }
    async fn of_customer(&self, actor: &Actor, customer: CustomerId) -> Result<Vec<ItemRow>> {
        self.beside_customer(actor, customer).await
    }
    async fn of_organization(&self, actor: &Actor, organization: OrganizationId) -> Result<Vec<ItemRow>> {
        self.beside_organization(actor, organization).await
    }
    async fn get(&self, actor: &Actor, number: ItemNumber) -> Result<ItemDetail> {
        self.open(actor, number).await
    }
    async fn activity(&self, actor: &Actor, number: ItemNumber) -> Result<Vec<Activity>> {
        self.history(actor, number).await
    }
    async fn create(&self, actor: &Actor, item: NewItem) -> Result<ItemDetail> {
        self.make(actor, item).await
    }
    async fn change(&self, actor: &Actor, number: ItemNumber, version: i64, changes: Vec<Change>) -> Result<ItemDetail> {
        self.change_fields(actor, number, version, changes).await
    }
    async fn write(&self, actor: &Actor, message: NewMessage) -> Result<ItemDetail> {
        self.write_message(actor, message).await
    }
    async fn deliver_again(&self, actor: &Actor, number: ItemNumber, mail: MailId) -> Result<ItemDetail> {
        self.send_again(actor, number, mail).await
    }
    async fn follow(&self, actor: &Actor, number: ItemNumber, follow: bool) -> Result<ItemDetail> {
        self.set_following(actor, number, follow).await
    }
    async fn set_customer_follows(
        &self,
        actor: &Actor,
        number: ItemNumber,
        customer: CustomerId,
        follows: bool,
    ) -> Result<ItemDetail> {
        self.set_customer_following(actor, number, customer, follows).await
    }
    async fn excerpts(&self, actor: &Actor, numbers: Vec<ItemNumber>) -> Result<Vec<Excerpt>> {
        self.last_messages(actor, numbers).await
    }
    async fn suggest_tags(&self, actor: &Actor, text: &str) -> Result<Vec<String>> {
        self.tags_like(actor, text).await
    }
    async fn drafts(&self, actor: &Actor, number: ItemNumber) -> Result<Vec<Draft>> {
        self.drafts_of(actor, number).await
    }
    async fn save_draft(&self, actor: &Actor, draft: NewDraft) -> Result<()> {
        self.keep_draft(actor, draft).await
    }
    async fn share_draft(&self, actor: &Actor, number: ItemNumber, kind: MessageKind, shared: bool) -> Result<ItemDetail> {
        self.set_draft_shared(actor, number, kind, shared).await
    }
    async fn take_draft(&self, actor: &Actor, number: ItemNumber, author: AgentId, kind: MessageKind) -> Result<Draft> {
        self.take_over_draft(actor, number, author, kind).await
    }
    async fn take_back(&self, actor: &Actor, held: HeldId) -> Result<TakenBack> {
        self.take_held_back(actor, held).await
    }
    async fn present(&self, actor: &Actor, number: Option<ItemNumber>, tab: String, writing: Option<MessageKind>) -> Result<()> {
        self.be_present(actor, number, tab, writing).await
    }
    async fn messages_after(&self, actor: &Actor, number: ItemNumber, after: i64) -> Result<Vec<Message>> {
        self.newer_messages(actor, number, after).await
    }
}
