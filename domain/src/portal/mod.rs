//! The ticket portals: what they show and allow ([`rules`]), what a customer sees and may send. Nothing internal has a place in what
//! customers are sent.

pub mod app;
pub mod rules;

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
use app::PortalTexts;
use rules::{PortalFilter, PortalMay, PortalRules, Property};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A portal that a customer may enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPortal {
    /// The portal.
    pub id: PortalId,
    /// Its slug in the address.
    pub slug: String,
    /// What it shows and allows.
    pub rules: PortalRules,
}

/// A portal as everybody may know it, before signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalInfo {
    /// The portal.
    pub id: PortalId,
    /// Its slug in the address.
    pub slug: String,
    /// Its name, or that of the workspace.
    pub name: String,
    /// Accent colour, `#rrggbb`.
    pub colour: String,
    /// Logo.
    pub logo: Option<FileId>,
    /// Default language.
    pub language: Language,
    /// What it says, by language.
    pub texts: BTreeMap<Language, PortalTexts>,
}

impl PortalInfo {
    /// What it says to readers of a language.
    #[must_use]
    pub fn texts(&self, language: Language) -> PortalTexts {
        app::texts(&self.texts, language, self.language)
    }
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
    /// What this portal offers them.
    pub offers: PortalOffers,
}

/// What a portal offers to who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalOffers {
    /// What they may do.
    pub may: PortalMay,
    /// The filters of the list.
    pub filters: Vec<PortalFilter>,
    /// The types that are shown, for the filter by type.
    pub types: Vec<TicketType>,
}

/// Which tickets the list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalQuery {
    /// Only those of this category.
    pub category: Option<Category>,
    /// Only those of this type.
    #[serde(rename = "type")]
    pub type_id: Option<TypeId>,
    /// Only those with so many stars.
    pub priority: Option<u8>,
    /// Only those that touch so many people.
    pub impact: Option<Impact>,
    /// Only what they asked themselves, or only what others did.
    pub own: Option<bool>,
    /// In which order.
    pub sort: PortalSort,
    /// Search by number and title; empty for all.
    pub search: String,
    /// Where the page begins; `None` for the first. Pages have 25 rows.
    pub after: Option<Cursor>,
}

/// In which order a customer reads the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalSort {
    /// The latest public change first.
    #[default]
    Latest,
    /// What came in last first.
    Newest,
    /// What came in first first.
    Oldest,
}

impl PortalSort {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Latest, Self::Newest, Self::Oldest];
    /// The stable name (addresses, message keys).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.key() == key)
    }
}

/// A row of the customer's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalRow {
    /// The number.
    pub number: ItemNumber,
    /// Title.
    pub title: String,
    /// Status, where it is shown.
    pub status: Option<Status>,
    /// Name of the requester; empty where it is not shown.
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
    /// What was asked, as clean HTML; `None` where it is not shown.
    pub description: Option<String>,
    /// Files of the description.
    pub files: Vec<Attachment>,
    /// Name of who asked, over the description; empty where it is not shown.
    pub requester: String,
    /// Whether this customer is the requester.
    pub own: bool,
    /// Its other properties, in the portal's order.
    pub details: Vec<PortalDetail>,
    /// Whether the customer may change the title.
    pub may_rename: bool,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed in a way that the customer may know.
    pub last_at: Timestamp,
    /// Public messages only, oldest first.
    pub messages: Vec<Message>,
    /// Whether this customer follows it beyond their own.
    pub following: bool,
    /// May answer.
    pub may_reply: bool,
    /// May attach files to answers.
    pub may_attach: bool,
    /// May mark it as solved.
    pub may_close: bool,
    /// May open it again.
    pub may_reopen: bool,
    /// The ticket that it was merged into, if this customer may see that: there it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ItemNumber>,
}

impl PortalTicket {
    /// Its status, where it is shown.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.details.iter().find_map(|detail| match &detail.value {
            DetailValue::Status(status) => Some(status),
            _ => None,
        })
    }
}

/// A property of a ticket as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalDetail {
    /// Which one.
    pub property: Property,
    /// What it holds.
    pub value: DetailValue,
    /// Whether the customer may change it.
    pub editable: bool,
}

/// What a property holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetailValue {
    /// A status.
    Status(Status),
    /// A type, without its statuses.
    Type(TicketType),
    /// 0–5 stars.
    Stars(u8),
    /// How many people it touches.
    Impact(Impact),
    /// Names; empty: nobody or nothing.
    Text(String),
    /// A moment.
    Moment(Timestamp),
}

/// What a customer changes of a ticket: one property, as forms send it (a number, a key, a text).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalChange {
    /// The ticket.
    pub item: ItemNumber,
    /// Which property.
    pub property: Property,
    /// The new value.
    pub value: String,
}

/// What the create form asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalForm {
    /// The types that can be chosen, each with what is asked of it.
    pub types: Vec<PortalFormType>,
    /// Whether files can be attached.
    pub attach: bool,
}

/// A type of the create form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalFormType {
    /// The type, without its statuses.
    pub kind: TicketType,
    /// What is asked, in the portal's order; whether it must be filled in.
    pub asks: Vec<(Property, bool)>,
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
    /// How many people it touches.
    #[serde(default)]
    pub impact: Impact,
    /// Product that it is about.
    #[serde(default)]
    pub product: String,
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
