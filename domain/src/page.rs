//! Pages of lists. Paging is by keyset: a cursor remembers the sort key of the last row, never an offset.

use serde::{Deserialize, Serialize};

/// Where a page ended: opaque to clients, made and read by the server only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Some rows of a list and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` after the last row.
    pub next: Option<Cursor>,
}

/// Which page of a simple list (customers, organizations, mail …) is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// Search text; empty for all.
    #[serde(default)]
    pub search: String,
    /// Where the page begins; `None` for the first.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// Most rows, 1 to [`crate::limits::PAGE`]; 0 means 50.
    #[serde(default)]
    pub limit: u16,
}
