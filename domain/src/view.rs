//! Views: ways of looking at the list of items. This version has the system views; people's own come later.

use crate::{filter::Expr, page::Cursor};
use serde::{Deserialize, Serialize};

/// A view that every workspace has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemView {
    /// Assigned to the viewer and not done.
    Mine,
    /// Assigned to a team of the viewer, to no agent, and not done.
    TeamUnassigned,
    /// Not done.
    Open,
    /// Waiting for the customer or a third party.
    Waiting,
    /// Not done, and the customer spoke last (or nobody answered yet).
    Unanswered,
    /// Done in the last seven days.
    RecentlyDone,
    /// Everything.
    All,
}

impl SystemView {
    /// All of them, in the order of the panel.
    pub const ALL: [Self; 7] =
        [Self::Mine, Self::TeamUnassigned, Self::Open, Self::Waiting, Self::Unanswered, Self::RecentlyDone, Self::All];
    /// The stable name (addresses, message keys `view_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::TeamUnassigned => "team_unassigned",
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Unanswered => "unanswered",
            Self::RecentlyDone => "recently_done",
            Self::All => "all",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key)
    }
}

/// A view and how much is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewCount {
    /// The view.
    pub view: SystemView,
    /// Items in it that the actor may see, counted up to [`crate::limits::VIEW_COUNT`].
    pub count: i64,
}

/// What a list of items can be sorted by. Every sort ends with the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortField {
    /// Number.
    Number,
    /// Title, by letters without regard to case.
    Title,
    /// Status: by category, then by its place in the type.
    Status,
    /// Stars.
    Priority,
    /// Name of the requester; without one last.
    Requester,
    /// When it came in.
    Created,
    /// When it last changed.
    #[default]
    Updated,
}

impl SortField {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Number, Self::Title, Self::Status, Self::Priority, Self::Requester, Self::Created, Self::Updated];
    /// The stable name (addresses).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Title => "title",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Requester => "requester",
            Self::Created => "created",
            Self::Updated => "updated",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}

/// How a list is sorted. Empty values come last in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// By what.
    pub by: SortField,
    /// Largest, latest, last letter first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: SortField::Updated, descending: true }
    }
}

/// Which items a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemQuery {
    /// The view.
    pub view: SystemView,
    /// A further condition, AND-ed to the view.
    #[serde(default)]
    pub filter: Option<Expr>,
    /// Search by number (`4812`, `#4812`), title and requester; empty for all. A search looks in all items, whatever the view.
    #[serde(default)]
    pub search: String,
    /// The order.
    #[serde(default)]
    pub sort: Sort,
    /// Where the page begins; `None` for the first.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// Most rows, 1 to [`crate::limits::PAGE`]; 0 means 100.
    #[serde(default)]
    pub limit: u16,
}
