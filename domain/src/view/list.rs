//! What a list of items shows, and in which order.

use super::key::ViewKey;
use crate::{filter::Expr, page::Cursor};
use serde::{Deserialize, Serialize};

/// A view and how much is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewCount {
    /// The view.
    pub view: ViewKey,
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
    /// How well the words that are searched fit, the best first; without such words as by [`Self::Updated`].
    Relevance,
}

impl SortField {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Number, Self::Title, Self::Status, Self::Priority, Self::Requester, Self::Created, Self::Updated, Self::Relevance];
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
            Self::Relevance => "relevance",
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

impl std::fmt::Display for Sort {
    /// The key of the field, with a minus in front where it descends: `-updated`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.by.key())
    }
}

impl std::str::FromStr for Sort {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (key, descending) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
        Ok(Self { by: SortField::from_key(key).ok_or(())?, descending })
    }
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: SortField::Updated, descending: true }
    }
}

/// Which items a list shows: view AND text AND filter, as far as the actor may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemQuery {
    /// The view.
    pub view: ViewKey,
    /// A filter in the place of the view's, in the filter language: what somebody has changed of it and not saved.
    #[serde(default)]
    pub instead: Option<String>,
    /// What was typed into the search box, in the filter language; empty for nothing. What is not understood matches nothing.
    #[serde(default)]
    pub text: String,
    /// A further condition, such as that of a group.
    #[serde(default)]
    pub filter: Option<Expr>,
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

impl ItemQuery {
    /// Everything that a view shows, in the usual order.
    #[must_use]
    pub fn of(view: impl Into<ViewKey>) -> Self {
        Self { view: view.into(), instead: None, text: String::new(), filter: None, sort: Sort::default(), after: None, limit: 0 }
    }
}
