//! The implementations of the domain's services over SQL, one file (or folder) a noun.

pub mod accounts;
pub mod addresses;
pub mod admin;
pub mod apps;
pub mod customers;
pub mod events;
pub mod files;
pub mod filters;
pub mod find;
pub mod forms;
pub mod idempotency;
pub mod imports;
pub mod items;
mod keyset;
pub mod organizations;
pub mod portals;
mod rates;
pub mod views;
