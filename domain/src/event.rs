//! Events: the append-only log of who did what to which thing, when, by which channel, old and new value.

use crate::{actor::Party, id::EventSeq, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Subject {
    /// An item, by database id.
    Item(i64),
    /// A customer.
    Customer(i64),
    /// An organization.
    Organization(i64),
    /// An agent.
    Agent(i64),
    /// A team.
    Team(i64),
    /// A view that more people have than who made it.
    View(i64),
    /// A customer app.
    Portal(i64),
    /// The workspace and its settings.
    Workspace,
}

impl Subject {
    /// The kind as the database keeps it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Item(_) => "item",
            Self::Customer(_) => "customer",
            Self::Organization(_) => "organization",
            Self::Agent(_) => "agent",
            Self::Team(_) => "team",
            Self::View(_) => "view",
            Self::Portal(_) => "portal",
            Self::Workspace => "workspace",
        }
    }
    /// The id as the database keeps it; 0 for the workspace.
    #[must_use]
    pub fn id(self) -> i64 {
        match self {
            Self::Item(id)
            | Self::Customer(id)
            | Self::Organization(id)
            | Self::Agent(id)
            | Self::Team(id)
            | Self::View(id)
            | Self::Portal(id) => id,
            Self::Workspace => 0,
        }
    }
}

/// An entry of the log, as the activity of an item shows it. `old` and `new` are texts for people: names, not ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Position in the log.
    pub seq: EventSeq,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Party,
    /// Their name.
    pub actor_name: String,
    /// What happened: `created`, `changed`, `replied`, `noted`, `followed`, `unfollowed`, `imported` (message keys `event_…`);
    /// `delivery_failed` and `delivery_retried` of a mail, with its recipients as `new`; `deleted`, `restored`, `spam`, `not_spam`,
    /// `snoozed`, `woke`; `linked` and `unlinked` with the kind of link as `field`, `split`, `merged`, `merged_in`, `unmerged`,
    /// `unmerged_from` and `replied_in`, with the number of the other item as `new`; `discarded`.
    pub name: String,
    /// Which field, for `changed` (message keys `field_…`); empty otherwise.
    pub field: String,
    /// What it was before.
    pub old: String,
    /// What it is since.
    pub new: String,
}
