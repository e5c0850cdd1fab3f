//! Tickets, their conversations, files, import.

use crate::{
    actor::Actor,
    conversation::{Message, MessageKind, NewMessage, TakenBack},
    draft::{Draft, NewDraft},
    error::Result,
    event::Activity,
    file::Attachment,
    id::{AgentId, CustomerId, FileId, HeldId, ImportId, ItemNumber, MailId, OrganizationId},
    import::{ImportFile, ImportMap, ImportPreview, ImportRun},
    item::{Catalog, Change, Excerpt, ItemDetail, ItemRow, NewItem},
    page::Page,
    view::{CalendarDay, CalendarQuery, Groups, GroupsQuery, ItemQuery, Measure, ViewCount},
};
use async_trait::async_trait;

/// Tickets and their conversations, for agents.
#[async_trait]
pub trait Items: Send + Sync {
    /// Types, statuses, agents, teams.
    async fn catalog(&self, actor: &Actor) -> Result<Catalog>;
    /// How much is in each view that the actor has and does not hide, at most [`crate::limits::VIEWS_COUNTED`]: pinned ones first,
    /// then in their order. One that takes the database too long has no count.
    async fn counts(&self, actor: &Actor) -> Result<Vec<ViewCount>>;
    /// A page of a list.
    async fn list(&self, actor: &Actor, query: ItemQuery) -> Result<Page<ItemRow>>;
    /// How many items a list has in all (of the first page's query; the cursor is ignored).
    async fn total(&self, actor: &Actor, query: ItemQuery) -> Result<i64>;
    /// The groups of a list, with how much is in each, counted over the whole list.
    async fn groups(&self, actor: &Actor, query: GroupsQuery) -> Result<Groups>;
    /// Sums and averages over the whole list, each item once, in the order of the measures, at most [`crate::limits::MEASURES`]; none where
    /// no item has the number.
    async fn sums(&self, actor: &Actor, query: ItemQuery, measures: Vec<Measure>) -> Result<Vec<Option<f64>>>;
    /// The days of a calendar that hold anything, with how much and the first items of each, all of the same moment.
    async fn calendar(&self, actor: &Actor, query: CalendarQuery) -> Result<Vec<CalendarDay>>;
    /// The items of a customer that the actor may see, latest change first, at most 50.
    async fn of_customer(&self, actor: &Actor, customer: CustomerId) -> Result<Vec<ItemRow>>;
    /// The items of an organization that the actor may see, latest change first, at most 50.
    async fn of_organization(&self, actor: &Actor, organization: OrganizationId) -> Result<Vec<ItemRow>>;
    /// One item with its conversation.
    async fn get(&self, actor: &Actor, number: ItemNumber) -> Result<ItemDetail>;
    /// What happened to an item, latest first, at most 500.
    async fn activity(&self, actor: &Actor, number: ItemNumber) -> Result<Vec<Activity>>;
    /// Makes an item.
    async fn create(&self, actor: &Actor, item: NewItem) -> Result<ItemDetail>;
    /// Changes fields. `version` is the one that the actor saw; where somebody else changed another field meanwhile, both
    /// changes stand; where it is the same field, nothing is changed and the error is a conflict that shows both values.
    async fn change(&self, actor: &Actor, number: ItemNumber, version: i64, changes: Vec<Change>) -> Result<ItemDetail>;
    /// Writes a reply or a note, with the status to set. Light agents write notes only.
    async fn write(&self, actor: &Actor, message: NewMessage) -> Result<ItemDetail>;
    /// Has a mail of a message that did not arrive sent again. A conflict if it does not wait for that.
    async fn deliver_again(&self, actor: &Actor, number: ItemNumber, mail: MailId) -> Result<ItemDetail>;
    /// Follows an item, or stops.
    async fn follow(&self, actor: &Actor, number: ItemNumber, follow: bool) -> Result<ItemDetail>;
    /// Makes a customer a follower, or no longer.
    async fn set_customer_follows(
        &self,
        actor: &Actor,
        number: ItemNumber,
        customer: CustomerId,
        follows: bool,
    ) -> Result<ItemDetail>;
    /// The beginning of the last public message of each of these items, at most [`crate::limits::PAGE`]: of what the actor may not see
    /// nothing.
    async fn excerpts(&self, actor: &Actor, numbers: Vec<ItemNumber>) -> Result<Vec<Excerpt>>;
    /// Tags in use that begin with the text, commonest first, at most 20.
    async fn suggest_tags(&self, actor: &Actor, text: &str) -> Result<Vec<String>>;
    /// Takes back a reply of the actor's own that waits to be sent: it is a draft again. A conflict if it was sent already.
    async fn take_back(&self, actor: &Actor, held: HeldId) -> Result<TakenBack>;
    /// The actor's own drafts for an item.
    async fn drafts(&self, actor: &Actor, number: ItemNumber) -> Result<Vec<Draft>>;
    /// Keeps a draft; an empty one is discarded.
    async fn save_draft(&self, actor: &Actor, draft: NewDraft) -> Result<()>;
    /// Shows the actor's draft to everybody who sees the item, or no longer.
    async fn share_draft(&self, actor: &Actor, number: ItemNumber, kind: MessageKind, shared: bool) -> Result<ItemDetail>;
    /// Takes over what somebody else has shared: it becomes the actor's draft, before what they have written themselves.
    /// Answers what was taken over. A conflict if it is not shared any more. Light agents take over notes only.
    async fn take_draft(&self, actor: &Actor, number: ItemNumber, author: AgentId, kind: MessageKind) -> Result<Draft>;
    /// Says what a browser tab of the actor, named by a random key, shows: an item and what is being written there, or none. It
    /// counts for [`crate::presence::COUNTS`] and has to be said again until then.
    async fn present(&self, actor: &Actor, number: Option<ItemNumber>, tab: String, writing: Option<MessageKind>) -> Result<()>;
    /// The newest messages of an item after `after` (a message id; 0 for all).
    async fn messages_after(&self, actor: &Actor, number: ItemNumber, after: i64) -> Result<Vec<Message>>;
}

/// A file to send.
pub struct Download {
    /// What it is.
    pub file: Attachment,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Uploads and downloads. A file belongs to who uploaded it until a message, a description or the workspace takes it.
#[async_trait]
pub trait Files: Send + Sync {
    /// Keeps a file. The content type is decided by its bytes.
    async fn upload(&self, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<Attachment>;
    /// Sends a file to somebody who may see what it belongs to (a workspace logo: anybody).
    async fn download(&self, actor: &Actor, file: FileId) -> Result<Download>;
}

/// Import of tickets. Administrators and owners.
#[async_trait]
pub trait Imports: Send + Sync {
    /// Keeps an uploaded CSV file and looks into it.
    async fn inspect(&self, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<ImportFile>;
    /// What an import would do; nothing is changed.
    async fn preview(&self, actor: &Actor, file: FileId, map: ImportMap) -> Result<ImportPreview>;
    /// Starts an import in the background.
    async fn start(&self, actor: &Actor, file: FileId, map: ImportMap) -> Result<ImportRun>;
    /// Where a run stands.
    async fn run(&self, actor: &Actor, import: ImportId) -> Result<ImportRun>;
    /// The latest runs.
    async fn runs(&self, actor: &Actor) -> Result<Vec<ImportRun>>;
    /// Starts a failed run again where it stopped.
    async fn resume(&self, actor: &Actor, import: ImportId) -> Result<ImportRun>;
    /// The refused rows as CSV with the reasons.
    async fn report(&self, actor: &Actor, import: ImportId) -> Result<String>;
}
