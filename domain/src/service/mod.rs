//! What the desk can do: the use cases as traits, one a noun. The server implements them over SQL; pages, REST, mail and
//! the command line all call them. Every method takes the actor first and answers only what that actor may see: what one
//! may not see answers exactly like what does not exist.

mod account;
mod action;
mod admin;
mod app;
mod bulk;
mod desk;
mod filter;
mod find;
mod form;
mod people;
mod portal;
mod view;
mod work;

pub use account::Accounts;
pub use action::Actions;
pub use admin::Admin;
pub use app::Apps;
pub use bulk::Bulk;
pub use desk::Desk;
pub use filter::Filters;
pub use find::{Few, Finder, Found, FoundAgent};
pub use form::Forms;
pub use people::{Customers, Organizations};
pub use portal::Portals;
pub use view::Views;
pub use work::{Download, Files, Imports, Items};
