//! Customers: the people who ask.

use crate::{
    id::{CustomerId, OrganizationId},
    language::Language,
    organization::OrganizationRef,
    patch::Patch,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A customer by name, as rows, menus and cards of tickets show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRef {
    /// The customer.
    pub id: CustomerId,
    /// Display name (never empty: the address stands in for a missing name).
    pub name: String,
    /// First e-mail address.
    pub email: Option<String>,
}

/// A row of the list of customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// The customer.
    pub id: CustomerId,
    /// Display name.
    pub name: String,
    /// First e-mail address.
    pub email: Option<String>,
    /// Their organization.
    pub organization: Option<OrganizationRef>,
    /// How many of their tickets are not done (of those that the actor may see).
    pub open_items: i64,
    /// May not sign in.
    pub disabled: bool,
    /// When they were made.
    pub created_at: Timestamp,
}

/// Whether a customer can enter the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalAccess {
    /// Never invited nor registered.
    None,
    /// Invited, has not set a password yet.
    Invited,
    /// Has confirmed an address.
    Active,
    /// Locked out.
    Disabled,
}

/// A customer in full, as agents see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The customer.
    pub id: CustomerId,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// E-mail addresses, lower case, the first is written to.
    pub emails: Vec<String>,
    /// Telephone number.
    pub phone: String,
    /// Job title.
    pub job_title: String,
    /// Their organization.
    pub organization: Option<OrganizationRef>,
    /// The language they read.
    pub language: Language,
    /// IANA name of their time zone; empty if unknown.
    pub time_zone: String,
    /// Internal notes.
    pub notes: String,
    /// Whether they see all tickets of their organization, also where a portal does not show them to ordinary members.
    pub main_contact: bool,
    /// Whether they can enter the portal.
    pub access: PortalAccess,
    /// When they were made.
    pub created_at: Timestamp,
}

/// A customer to make.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewCustomer {
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// E-mail addresses; they belong to nobody else.
    pub emails: Vec<String>,
    /// Telephone number.
    pub phone: String,
    /// Job title.
    pub job_title: String,
    /// Their organization; none lets the domain of the first address decide.
    pub organization: Option<OrganizationId>,
    /// The language they read.
    pub language: Language,
    /// Internal notes.
    pub notes: String,
}

/// A change of a customer by an agent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerPatch {
    /// Given name.
    pub first_name: Patch<String>,
    /// Family name.
    pub last_name: Patch<String>,
    /// E-mail addresses.
    pub emails: Patch<Vec<String>>,
    /// Telephone number.
    pub phone: Patch<String>,
    /// Job title.
    pub job_title: Patch<String>,
    /// Their organization.
    pub organization: Patch<Option<OrganizationId>>,
    /// The language they read.
    pub language: Patch<Language>,
    /// Internal notes.
    pub notes: Patch<String>,
    /// Whether they are a main contact of their organization.
    pub main_contact: Patch<bool>,
    /// `true` locks them out of the portal.
    pub disabled: Patch<bool>,
}

/// Mail providers that anybody can get an address from: their domains never make an organization.
const PUBLIC_MAIL_DOMAINS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.fr",
    "yahoo.de",
    "yahoo.es",
    "yahoo.it",
    "yahoo.co.uk",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "gmx.com",
    "gmx.at",
    "web.de",
    "t-online.de",
    "freenet.de",
    "mail.com",
    "mail.ru",
    "yandex.ru",
    "yandex.com",
    "proton.me",
    "protonmail.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "sfr.fr",
    "libero.it",
    "virgilio.it",
    "tiscali.it",
    "terra.es",
    "telefonica.net",
    "uol.com.br",
    "bol.com.br",
    "sapo.pt",
    "zoho.com",
    "fastmail.com",
    "hey.com",
    "tutanota.com",
    "example.com",
    "example.org",
    "example.net",
];

/// Whether anybody can get an address at `domain` (public mail providers; the documentation domains of RFC 2606 count too).
#[must_use]
pub fn is_public_mail_domain(domain: &str) -> bool {
    PUBLIC_MAIL_DOMAINS.iter().any(|known| known.eq_ignore_ascii_case(domain))
}
