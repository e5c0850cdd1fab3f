//! Conversations: the public thread of an item and its internal notes.

use crate::{
    actor::Party,
    error::{Check, Result},
    file::Attachment,
    id::{AgentId, FileId, HeldId, ItemNumber, MailId, MessageId, StatusId},
    item::ItemDetail,
    limits,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Who may read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Public: the customer reads it.
    Reply,
    /// Internal: never shown or mailed to a customer.
    Note,
}

impl MessageKind {
    /// The stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Note => "note",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Reply, Self::Note].into_iter().find(|kind| kind.key() == key)
    }
}

/// A message of an item's thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The message; later messages of an item have higher ids. What was asked in an item that was merged has one below 0.
    pub id: MessageId,
    /// Reply or note.
    pub kind: MessageKind,
    /// Who wrote it.
    pub author: Party,
    /// Their name when they wrote it.
    pub author_name: String,
    /// Clean HTML.
    pub html: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// Its files.
    pub files: Vec<Attachment>,
    /// Mail addresses it goes to (agents see them; empty for customers).
    pub recipients: Vec<String>,
    /// The item that it was written in, if that was merged into the one that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ItemNumber>,
    /// Mails of it that did not arrive (agents see them; customers are told nothing).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undelivered: Vec<Undelivered>,
}

/// A mail of a message that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Undelivered {
    /// The mail.
    pub mail: MailId,
    /// To whom it did not go: bare addresses.
    pub to: Vec<String>,
    /// Why, in the words of the mail server.
    pub reason: String,
}

/// A reply that waits for a moment before it is sent: until then its author can take it back. Agents see it, customers do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldReply {
    /// The reply.
    pub id: HeldId,
    /// Who wrote it.
    pub author: AgentId,
    /// Their name.
    pub author_name: String,
    /// Clean HTML.
    pub html: String,
    /// Its files.
    pub files: Vec<Attachment>,
    /// When it is sent.
    pub send_at: Timestamp,
    /// Why it could not be sent, as a message key; empty if nothing went wrong. It then waits for its author.
    pub error: String,
}

/// A reply that was taken back: what its author goes on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The item as it stands.
    pub item: Box<ItemDetail>,
    /// Clean HTML.
    pub html: String,
    /// Its files, unused again.
    pub files: Vec<Attachment>,
    /// The further addresses that would have got a copy.
    pub cc: Vec<String>,
}

/// A message to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// The item it belongs to.
    pub item: ItemNumber,
    /// Reply or note.
    pub kind: MessageKind,
    /// HTML; it is cleaned. May be empty if there is a file.
    pub html: String,
    /// Uploaded files, by this author and not used yet.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// Further addresses that get a copy (agents' replies only).
    #[serde(default)]
    pub cc: Vec<String>,
    /// Of a note: the addresses that it is forwarded to by mail. None for one that stays inside.
    #[serde(default)]
    pub forward_to: Vec<String>,
    /// The status to set with it.
    #[serde(default)]
    pub status_id: Option<StatusId>,
    /// The last message of the thread that the author had seen when they began to write (0: none was there). A reply is refused,
    /// and nothing is lost, if somebody else has written since; without it nothing is asked.
    #[serde(default)]
    pub seen: Option<MessageId>,
    /// The replies of others that the author saw waiting to be sent. One that is not among them stops a reply as a newer message
    /// does.
    #[serde(default)]
    pub seen_held: Vec<HeldId>,
    /// Whether a reply waits as long as its author has chosen ([`crate::agent::Me::undo_send`]), so that it can be taken back.
    #[serde(default)]
    pub hold: bool,
    /// Made once for one composer: the same key again gives the same message once.
    #[serde(default)]
    pub idempotency_key: String,
}

impl NewMessage {
    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Invalid, with every field that is wrong.
    pub fn check(&self) -> Result<()> {
        let are_mail = |all: &[String]| all.iter().all(|address| crate::text::normalize_email(address).is_some());
        let mut check = Check::new();
        check
            .that(self.html.len() <= limits::RICH_TEXT, "html", "error_text_too_long")
            .that(self.files.len() <= limits::FILES, "files", "error_too_many_files")
            .that(self.cc.len() <= limits::RECIPIENTS, "cc", "error_too_many_values")
            .that(are_mail(&self.cc), "cc", "error_email")
            .that(self.kind == MessageKind::Reply || self.cc.is_empty(), "cc", "error_note_has_no_recipients")
            .that(self.forward_to.len() <= limits::RECIPIENTS, "forward_to", "error_too_many_values")
            .that(are_mail(&self.forward_to), "forward_to", "error_email")
            .that(self.kind == MessageKind::Note || self.forward_to.is_empty(), "forward_to", "error_choice")
            .that(self.kind == MessageKind::Reply || !self.hold, "hold", "error_choice")
            .that(self.seen_held.len() <= limits::FOLLOWERS, "seen_held", "error_too_many_values")
            .that(self.idempotency_key.len() <= 64, "idempotency_key", "error_too_long");
        check.done()
    }
}
