//! Import of tickets from CSV: what to do with each column, and what came of it.

use crate::{
    id::{FileId, ImportId, ItemNumber},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a column of the file fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Nothing: the column is left out.
    Ignore,
    /// The id in the other system; importing again updates nothing and duplicates nothing.
    ExternalId,
    /// Title.
    Title,
    /// Description, plain text with line breaks.
    Description,
    /// Name of the requester.
    RequesterName,
    /// E-mail address of the requester.
    RequesterEmail,
    /// Name of the requester's organization.
    Organization,
    /// Type (by name, or by the value map).
    Type,
    /// Status (by name, or by the value map).
    Status,
    /// Priority: 0–5, or by the value map.
    Priority,
    /// Channel (by stable name, or by the value map).
    Channel,
    /// Product.
    Product,
    /// Tags, separated by commas.
    Tags,
    /// A public answer by the team.
    Resolution,
    /// E-mail address of the assignee, an existing agent.
    Assignee,
    /// When it came in.
    CreatedAt,
    /// When an agent first answered.
    FirstResponseAt,
    /// When it was done.
    ResolvedAt,
    /// A line "column: value" at the end of the description.
    AppendToDescription,
    /// A tag "column: value".
    AsTag,
}

impl Target {
    /// All targets, in the order in which they are offered.
    pub const ALL: [Self; 20] = [
        Self::Ignore,
        Self::ExternalId,
        Self::Title,
        Self::Description,
        Self::RequesterName,
        Self::RequesterEmail,
        Self::Organization,
        Self::Type,
        Self::Status,
        Self::Priority,
        Self::Channel,
        Self::Product,
        Self::Tags,
        Self::Resolution,
        Self::Assignee,
        Self::CreatedAt,
        Self::FirstResponseAt,
        Self::ResolvedAt,
        Self::AppendToDescription,
        Self::AsTag,
    ];
    /// The stable name (map files, message keys `import_target_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::ExternalId => "external_id",
            Self::Title => "title",
            Self::Description => "description",
            Self::RequesterName => "requester_name",
            Self::RequesterEmail => "requester_email",
            Self::Organization => "organization",
            Self::Type => "type",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Channel => "channel",
            Self::Product => "product",
            Self::Tags => "tags",
            Self::Resolution => "resolution",
            Self::Assignee => "assignee",
            Self::CreatedAt => "created_at",
            Self::FirstResponseAt => "first_response_at",
            Self::ResolvedAt => "resolved_at",
            Self::AppendToDescription => "append_to_description",
            Self::AsTag => "as_tag",
        }
    }
    /// Whether the values of such a column can be mapped one by one.
    #[must_use]
    pub fn takes_values(self) -> bool {
        matches!(self, Self::Type | Self::Status | Self::Priority | Self::Channel)
    }
}

/// How a file becomes tickets. The TOML form (`--map`) has the same fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImportMap {
    /// One character; empty lets the file decide (comma, semicolon, tab or bar).
    pub delimiter: String,
    /// WHATWG label such as `utf-8` or `windows-1252`; empty lets the file decide.
    pub encoding: String,
    /// Name of the other system; together with the external id it recognises what is there already. Empty: `csv`.
    pub source: String,
    /// IANA zone of times without one; empty means UTC.
    pub time_zone: String,
    /// Column name → what it fills. Columns that are not named are ignored.
    pub columns: BTreeMap<String, Target>,
    /// Target (`type`, `status`, `priority`, `channel`) → value in the file → value here: the name or key of a type or
    /// status, stars, the key of a channel.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Name of the type for rows without one; empty means the first.
    pub default_type: String,
}

/// A column of an uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportColumn {
    /// The name in the first row.
    pub name: String,
    /// What it seems to be.
    pub guess: Target,
    /// Up to 50 different values, commonest first; more means that it is not worth mapping one by one.
    pub values: Vec<String>,
    /// How many different values there are, counted up to 51.
    pub distinct: usize,
}

/// What is in an uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFile {
    /// The uploaded file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// The encoding that was found.
    pub encoding: String,
    /// The delimiter that was found.
    pub delimiter: String,
    /// Rows without the header.
    pub rows: usize,
    /// The columns, in order.
    pub columns: Vec<ImportColumn>,
    /// A map to start from.
    pub map: ImportMap,
}

/// A problem with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// Row of the file, counted from 1 after the header; 0 is the file as a whole.
    pub row: usize,
    /// External id, if there is one.
    pub external_id: String,
    /// The column; empty for the row as a whole.
    pub column: String,
    /// The value as it stands in the file, at most 200 characters.
    pub value: String,
    /// Message key (`error_import_…`).
    pub key: String,
    /// Whether the row is refused; otherwise it comes in without this value.
    pub refused: bool,
}

/// A ticket as it would come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreviewRow {
    /// Row of the file, counted from 1 after the header.
    pub row: usize,
    /// Title.
    pub title: String,
    /// Name and address of the requester.
    pub requester: String,
    /// Name of the type.
    pub type_name: String,
    /// Name of the status.
    pub status_name: String,
    /// Stars.
    pub priority: u8,
    /// When it came in.
    pub created_at: Option<Timestamp>,
    /// Beginning of the description.
    pub description: String,
    /// Whether it is there already.
    pub exists: bool,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// Rows of the file.
    pub rows: usize,
    /// Rows that would come in.
    pub will_import: usize,
    /// Rows that are there already.
    pub existing: usize,
    /// Rows that would be refused.
    pub refused: usize,
    /// Customers that would be made.
    pub new_customers: usize,
    /// Organizations that would be made.
    pub new_organizations: usize,
    /// The first rows.
    pub first: Vec<ImportPreviewRow>,
    /// The first 200 problems.
    pub problems: Vec<ImportProblem>,
    /// How many problems there are in all.
    pub problem_count: usize,
}

/// Where a run of the import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Works, or goes on after a restart.
    Running,
    /// Finished; there may be refused rows.
    Done,
    /// Stopped by an error of the server; can be started again without duplicates.
    Failed,
}

/// A run of the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRun {
    /// The run.
    pub id: ImportId,
    /// Name of the file.
    pub file_name: String,
    /// Where it stands.
    pub state: ImportState,
    /// Rows of the file.
    pub rows: i64,
    /// Rows looked at so far.
    pub done: i64,
    /// Tickets made.
    pub imported: i64,
    /// Rows that were there already.
    pub existing: i64,
    /// Rows refused. The report is at `/files/import/{id}/report.csv`.
    pub refused: i64,
    /// Number of the first ticket made.
    pub first_number: Option<ItemNumber>,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The first refused rows and why.
    pub problems: Vec<ImportProblem>,
}
