//! Outgoing mail as an administrator sees it.

use crate::{id::MailId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Waits for its (next) try.
    Pending,
    /// No mail server is configured: kept to be read here and as a file.
    Held,
    /// The mail server took it.
    Sent,
    /// Given up after the last try.
    Failed,
}

impl MailState {
    /// The stable name (database, message keys `mail_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Pending, Self::Held, Self::Sent, Self::Failed].into_iter().find(|state| state.key() == key)
    }
}

/// A mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The mail.
    pub id: MailId,
    /// Recipient addresses.
    pub to: Vec<String>,
    /// Subject line.
    pub subject: String,
    /// Plain-text body. In the list only its beginning.
    pub text: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed; empty if none did.
    pub last_error: String,
    /// When it was put into the outbox.
    pub created_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}
