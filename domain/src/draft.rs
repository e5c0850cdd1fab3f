//! Drafts: what an agent has typed but not sent, kept on the server per agent, item and kind of message. A draft is its author's
//! alone until they share it; then who sees the item reads it too and may take it over.

use crate::{
    conversation::MessageKind,
    file::Attachment,
    id::{AgentId, FileId, ItemNumber},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A message that is being written, to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// The item it will belong to.
    pub item: ItemNumber,
    /// Reply or note.
    pub kind: MessageKind,
    /// HTML so far; it is cleaned. Empty, and without files, discards the draft.
    pub html: String,
    /// The files that will go with it: uploaded by the agent and not used yet.
    #[serde(default)]
    pub files: Vec<FileId>,
}

/// A message that is being written, as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Who writes it.
    pub author: AgentId,
    /// Reply or note.
    pub kind: MessageKind,
    /// Clean HTML.
    pub html: String,
    /// The files that will go with it.
    pub files: Vec<Attachment>,
    /// Whether others who see the item may read it and take it over.
    pub shared: bool,
    /// When it was last saved.
    pub saved_at: Timestamp,
}
