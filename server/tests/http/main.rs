//! The site through its router, without sockets: who may go through which door, what is refused, what answers carry.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "../common/mod.rs"]
mod common;

mod ask;
mod doors;
mod export;
mod files;
mod forms;
mod live;
mod metrics;
mod numbers;
mod pages;
mod rates;
mod refusals;
mod samples;
mod site;
mod strangers;
mod typed;
