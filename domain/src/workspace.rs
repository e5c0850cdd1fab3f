//! The workspace: one company's desk.

use crate::{id::FileId, language::Language, patch::Patch};
use serde::{Deserialize, Serialize};

/// The name and the look of the workspace, and the address of its portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Name.
    pub name: String,
    /// Accent colour, `#rrggbb`.
    pub colour: String,
    /// Logo: a PNG, JPEG, GIF or WebP image.
    pub logo: Option<FileId>,
    /// Language of those of whom none is known.
    pub language: Language,
    /// Makes an organization for an unknown company domain of a new customer (never for public mail providers).
    pub auto_organizations: bool,
    /// Slug of the portal (`/p/<slug>`).
    pub portal_slug: String,
    /// Whether a mail server is configured. Without one, mails are held.
    pub sends_mail: bool,
    /// Whether nothing leaves the house, because a backup was restored and nobody has released it yet.
    pub outgoing_held: bool,
}

/// A change of the workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkspacePatch {
    /// Name.
    pub name: Patch<String>,
    /// Accent colour, `#rrggbb`.
    pub colour: Patch<String>,
    /// Logo; must be an image that this actor uploaded.
    pub logo: Patch<Option<FileId>>,
    /// Default language.
    pub language: Patch<Language>,
    /// Automatic organizations.
    pub auto_organizations: Patch<bool>,
}

/// The first run: makes the workspace and its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// The one-time token that the terminal printed.
    pub token: String,
    /// Name of the workspace.
    pub workspace: String,
    /// Full name of the owner.
    pub name: String,
    /// E-mail address of the owner.
    pub email: String,
    /// Password of the owner.
    pub password: String,
    /// Language of the owner and default of the workspace.
    pub language: Language,
    /// IANA name of the owner's time zone; empty for UTC.
    #[serde(default)]
    pub time_zone: String,
    /// Fill the workspace with demo data.
    #[serde(default)]
    pub demo: bool,
}
