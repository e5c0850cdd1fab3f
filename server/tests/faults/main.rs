//! What a help desk has to live through: people who hang up, a database that goes and comes back, a disk that is full, a file
//! store and a mail server that are away, servers that halt and die. The real program each time, with people at work: what was
//! acknowledged is there, what cannot be done is said so in time, and all goes on by itself afterwards.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;

mod database_gone;
mod disk_full;
mod hang_ups;
mod load;
mod mail_gone;
mod proxy;
mod store_gone;
mod stream;
mod two_servers;
