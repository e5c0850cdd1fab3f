//! What the desk can do: the use cases as traits, one a noun. The server implements them over SQL; pages, REST, mail and
//! the command line all call them. Every method takes the actor first and answers only what that actor may see: what one
//! may not see answers exactly like what does not exist.

mod account;
mod admin;
mod desk;
mod form;
mod people;
mod portal;
mod work;

pub use account::Accounts;
pub use admin::Admin;
pub use desk::Desk;
pub use form::Forms;
pub use people::{Customers, Organizations};
pub use portal::Portals;
pub use work::{Download, Files, Imports, Items};
