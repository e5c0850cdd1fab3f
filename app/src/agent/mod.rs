//! The agent application.

pub mod admin;
pub mod auth;
pub mod customers;
pub mod frame;
pub mod import;
pub mod organizations;
pub mod profile;
pub mod screens;
mod shared;
pub mod tickets;
