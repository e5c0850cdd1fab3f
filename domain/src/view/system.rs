//! The views that every workspace has from its first day.

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
    /// Everything that is in sight.
    All,
    /// Asleep.
    Snoozed,
    /// Spam.
    Spam,
    /// Deleted; what is there goes for good after [`crate::limits::DELETED_DAYS`].
    Deleted,
}

impl SystemView {
    /// All of them, in the order of the panel.
    pub const ALL: [Self; 10] = [
        Self::Mine,
        Self::TeamUnassigned,
        Self::Open,
        Self::Waiting,
        Self::Unanswered,
        Self::RecentlyDone,
        Self::All,
        Self::Snoozed,
        Self::Spam,
        Self::Deleted,
    ];
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
            Self::Snoozed => "snoozed",
            Self::Spam => "spam",
            Self::Deleted => "deleted",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key)
    }
}
