//! Drafts: what an agent has typed but not sent, kept on the server per agent, item and kind of message.

use crate::{conversation::MessageKind, file::Attachment, id::ItemNumber, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A message that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The item it will belong to.
    pub item: ItemNumber,
    /// Reply or note.
    pub kind: MessageKind,
    /// HTML so far; it is cleaned. Empty, and without files, discards the draft.
    pub html: String,
    /// The files that will go with it: uploaded by the agent and not used yet. When saving, only their ids count.
    #[serde(default)]
    pub files: Vec<Attachment>,
    /// When it was last saved; ignored when saving.
    #[serde(default)]
    pub saved_at: Option<Timestamp>,
}
