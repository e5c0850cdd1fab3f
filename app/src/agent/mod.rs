//! The agent application. In the browser it is a build of its own (feature `desk`).

pub mod admin;
pub mod auth;
pub mod customers;
mod desk;
pub mod filter_fields;
mod find;
pub mod frame;
pub mod import;
pub mod organizations;
pub mod profile;
pub mod screens;
mod shared;
pub mod tickets;

pub use desk::Desk;
