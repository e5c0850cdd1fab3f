//! The customer portal: what a customer sees and may send. Nothing internal has a place in these types.

use crate::{
    conversation::Message,
    file::Attachment,
    id::{CustomerId, FileId, ItemNumber, PortalId, TypeId},
    item::Impact,
    language::Language,
    page::Cursor,
    patch::Patch,
    time::Timestamp,
    types::{Category, Status, TicketType},
};
use serde::{Deserialize, Serialize};

/// A portal as everybody may know it, before signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalInfo {
    /// The portal.
    pub id: PortalId,
    /// Its slug in the address.
    pub slug: String,
    /// Name of the workspace.
    pub name: String,
    /// Accent colour, `#rrggbb`.
    pub colour: String,
    /// Logo.
    pub logo: Option<FileId>,
    /// Default language.
    pub language: Language,
}

/// The customer who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalMe {
    /// The customer.
    pub id: CustomerId,
    /// Display name.
    pub name: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// The address they sign in with.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// Job title.
    pub job_title: String,
    /// The language they read.
    pub language: Language,
    /// IANA name of the time zone; empty means UTC.
    pub time_zone: String,
    /// Name of their organization; empty if none.
    pub organization: String,
    /// Whether they have a password (else they sign in by mailed code).
    pub has_password: bool,
}

/// Which tickets the list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalQuery {
    /// Only those of this category.
    pub category: Option<Category>,
    /// Search by number and title; empty for all.
    pub search: String,
    /// Where the page begins; `None` for the first. Pages have 25 rows, latest change first.
    pub after: Option<Cursor>,
}

/// A row of the customer's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalRow {
    /// The number.
    pub number: ItemNumber,
    /// Title.
    pub title: String,
    /// Status.
    pub status: Status,
    /// Name of the requester.
    pub requester: String,
    /// Whether this customer is the requester.
    pub own: bool,
    /// When the last public message was written (or the ticket was made).
    pub last_at: Timestamp,
    /// Name of who wrote the last public message.
    pub last_by: String,
    /// Whether an agent wrote since this customer last looked.
    pub unread: bool,
}

/// A ticket as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalTicket {
    /// The number.
    pub number: ItemNumber,
    /// Title.
    pub title: String,
    /// What was asked, as clean HTML.
    pub description: String,
    /// Files of the description.
    pub files: Vec<Attachment>,
    /// Name of the requester.
    pub requester: String,
    /// Whether this customer is the requester.
    pub own: bool,
    /// Type.
    pub ticket_type: TicketType,
    /// Status.
    pub status: Status,
    /// 0–5 stars.
    pub priority: u8,
    /// How many people it touches.
    pub impact: Impact,
    /// Names of the agents it is assigned to.
    pub assignees: Vec<String>,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed in a way that the customer may know.
    pub last_at: Timestamp,
    /// Public messages only, oldest first.
    pub messages: Vec<Message>,
    /// Whether this customer follows it beyond their own.
    pub following: bool,
    /// May mark it as solved.
    pub may_close: bool,
    /// May open it again.
    pub may_reopen: bool,
    /// The ticket that it was merged into, if this customer may see that: there it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ItemNumber>,
}

/// A request that a customer makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalNewTicket {
    /// Title, 1–250 characters.
    pub title: String,
    /// What they ask: plain text, or HTML if `html`.
    pub body: String,
    /// Whether `body` is HTML (from the editor).
    #[serde(default)]
    pub html: bool,
    /// Type; none means the first enabled one.
    #[serde(default)]
    pub type_id: Option<TypeId>,
    /// 0–5 stars.
    #[serde(default)]
    pub priority: u8,
    /// Uploaded files.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// Made once for one form: the same key again gives the same ticket.
    #[serde(default)]
    pub idempotency_key: String,
}

/// An answer that a customer writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalReply {
    /// The ticket.
    pub item: ItemNumber,
    /// What they write: plain text, or HTML if `html`.
    pub body: String,
    /// Whether `body` is HTML (from the editor).
    #[serde(default)]
    pub html: bool,
    /// Uploaded files.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// Made once for one form: the same key again gives the same message once.
    #[serde(default)]
    pub idempotency_key: String,
}

/// What customers change about themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalProfilePatch {
    /// Given name.
    pub first_name: Patch<String>,
    /// Family name.
    pub last_name: Patch<String>,
    /// Telephone number.
    pub phone: Patch<String>,
    /// Job title.
    pub job_title: Patch<String>,
    /// The language they read.
    pub language: Patch<Language>,
    /// IANA name of the time zone.
    pub time_zone: Patch<String>,
}

/// The types a customer can choose for a new request.
pub type PortalTypes = Vec<TicketType>;
