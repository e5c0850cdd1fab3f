//! Organizations: list, one organization, a new one. Light agents read.

mod detail;
mod form;
mod list;

pub use detail::OrganizationScreen;
pub use form::NewOrganizationScreen;
pub use list::OrganizationsScreen;
