//! Organizations: customer companies.

use crate::{id::OrganizationId, patch::Patch, time::Timestamp};
use serde::{Deserialize, Serialize};

/// An organization by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRef {
    /// The organization.
    pub id: OrganizationId,
    /// Name.
    pub name: String,
}

/// A row of the list of organizations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRow {
    /// The organization.
    pub id: OrganizationId,
    /// Name.
    pub name: String,
    /// Mail domains whose senders join it.
    pub domains: Vec<String>,
    /// How many customers belong to it.
    pub members: i64,
    /// How many tickets of it are not done (of those that the actor may see).
    pub open_items: i64,
}

/// An organization in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// The organization.
    pub id: OrganizationId,
    /// Name.
    pub name: String,
    /// Mail domains whose senders join it, lower case.
    pub domains: Vec<String>,
    /// Postal address, lines.
    pub address: String,
    /// Internal notes.
    pub notes: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An organization to make.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewOrganization {
    /// Name, unique in the workspace.
    pub name: String,
    /// Mail domains whose senders join it; a public mail provider is refused.
    pub domains: Vec<String>,
    /// Postal address, lines.
    pub address: String,
    /// Internal notes.
    pub notes: String,
}

/// A change of an organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrganizationPatch {
    /// Name.
    pub name: Patch<String>,
    /// Mail domains.
    pub domains: Patch<Vec<String>>,
    /// Postal address.
    pub address: Patch<String>,
    /// Internal notes.
    pub notes: Patch<String>,
}
