//! Ticket types and their statuses.

use crate::id::{StatusId, TypeId};
use serde::{Deserialize, Serialize};

/// The fixed meaning of a status. Code decides by category, people read names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// The team has to act.
    Todo,
    /// The customer or a third party has to act.
    Waiting,
    /// Nothing is left to do.
    Done,
}

impl Category {
    /// All of them, in the order of work.
    pub const ALL: [Self; 3] = [Self::Todo, Self::Waiting, Self::Done];
    /// The stable name (database, filters, message keys `category_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Waiting => "waiting",
            Self::Done => "done",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }
}

/// A named, coloured stage of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The status.
    pub id: StatusId,
    /// What it means.
    pub category: Category,
    /// Stable name of a seeded status (`new`, `open`, …), whose label is translated (`status_…`); empty for one that people named.
    pub key: String,
    /// The name that people gave, or the English one of a seeded status.
    pub name: String,
    /// `#rrggbb`
    pub colour: String,
}

/// A kind of ticket with its own statuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketType {
    /// The type.
    pub id: TypeId,
    /// Stable name of a seeded type (`question`, …), whose label is translated (`type_…`); empty for one that people named.
    pub key: String,
    /// The name that people gave, or the English one of a seeded type.
    pub name: String,
    /// Name of an icon of the sprite.
    pub icon: String,
    /// `#rrggbb`
    pub colour: String,
    /// Can be chosen for new tickets.
    pub enabled: bool,
    /// Its statuses, in the order of work. There is always one of each of todo and done.
    pub statuses: Vec<Status>,
}
