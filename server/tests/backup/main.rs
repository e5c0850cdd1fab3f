//! Backup and restore: under load, to another place, on the other database, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;
#[allow(dead_code, reason = "here they only work")]
#[path = "../kill/worker.rs"]
mod worker;

mod commands;
mod everything;
mod load;
mod refused;
mod rows;
