//! What runs: SQL, mail, files, jobs, HTTP, the command line. The library holds everything, so that tests reach it; the
//! binary only starts it.
// The types of the pages are deep; nothing of it runs.
#![recursion_limit = "512"]

pub mod ambient;
pub mod asker;
pub mod backup;
pub mod bulk;
pub mod config;
pub mod db;
pub mod demo;
pub mod desk;
pub mod doctor;
pub mod export;
pub mod files;
#[cfg(feature = "site")]
pub mod http;
pub mod import;
pub mod jobs;
pub mod keys;
pub mod live;
pub mod mail;
pub mod meter;
pub mod rich_text;
mod search;
#[cfg(feature = "site")]
pub mod serve;
pub mod service;
#[cfg(feature = "site")]
pub mod site;
pub mod texts;
pub mod zones;
