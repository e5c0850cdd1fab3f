//! What an archive says about itself, and how its entries are named.

use serde::{Deserialize, Serialize};

/// The number of this format. It grows when an older program could not read what a newer one writes.
pub const FORMAT: u32 = 1;

/// The first entry.
pub(super) const HEAD: &str = "taquilla.json";
/// The last entry.
pub(super) const MANIFEST: &str = "manifest.json";
/// Before the names of the entries that hold rows.
pub(super) const ROWS: &str = "rows/";
/// Before the paths of files, as the store has them.
pub(super) const FILES: &str = "files/";

/// Bytes of rows after which the next entry begins.
pub(super) const PART: usize = 4 * 1024 * 1024;
/// Most bytes of an entry: far more than the largest file, and enough for the manifest of some million files.
pub(super) const MOST: u64 = 1 << 30;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A whole number of 64 bits.
    Int,
    /// Text.
    Text,
    /// Yes or no.
    Bool,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
}

/// The columns of a table, in the order in which its rows have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    pub name: String,
    pub columns: Vec<Column>,
}

/// The first entry: enough to know whether this program understands the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub format: u32,
    /// The version of the program that wrote it.
    pub version: String,
    /// The number of the newest migration of the database.
    pub schema: i64,
    /// The engine that it was; for people.
    pub engine: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// In the order in which rows can come back.
    pub tables: Vec<Shape>,
}

/// As much of the first entry as every format has.
#[derive(Debug, Deserialize)]
pub(super) struct AnyHead {
    pub format: u32,
    pub version: String,
}

/// How much of a table there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Count {
    pub table: String,
    pub rows: u64,
    /// The highest id that was ever given out, where the table gives out ids: none is given out twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_id: Option<i64>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub path: String,
    pub size: u64,
    pub sha256: String,
}

/// A file that the rows name and that the store does not have, or not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Its id.
    pub id: i64,
    /// Its name, as people gave it.
    pub name: String,
    /// Where the store should have it.
    pub path: String,
    /// What is wrong, in a few words.
    pub why: String,
}

/// The last entry: what there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub counts: Vec<Count>,
    pub missing: Vec<Missing>,
    /// Every entry before this one, in order.
    pub entries: Vec<Entry>,
}

/// An archive that was read whole and found right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The number of the schema that its rows have.
    pub schema: i64,
    /// The version of the program that wrote it.
    pub version: String,
    /// When it was written, in milliseconds since 1970 UTC.
    pub at: i64,
    /// Rows in it.
    pub rows: u64,
    /// Files in it.
    pub files: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// Files that were missing when it was written.
    pub missing: Vec<Missing>,
    pub(super) head: Head,
    pub(super) manifest: Manifest,
}

/// The name of a part of a table's rows, counted from 1.
pub(super) fn part(table: &str, number: u64) -> String {
    format!("{ROWS}{table}/{number:06}.jsonl")
}

/// The table of an entry that holds rows.
pub(super) fn table_of(path: &str) -> Option<&str> {
    Some(path.strip_prefix(ROWS)?.split_once('/')?.0)
}
