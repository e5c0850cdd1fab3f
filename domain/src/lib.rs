//! What a help desk is: its nouns, its rules and its policies.
//!
//! Nothing here does I/O or knows a framework, so everything compiles to WebAssembly and tests in seconds. The
//! server implements the traits of [`service`]; the pages of `app` call them and never see SQL.

pub mod action;
pub mod actor;
pub mod agent;
pub mod bulk;
pub mod calendar;
pub mod conversation;
pub mod customer;
pub mod draft;
pub mod error;
pub mod event;
pub mod file;
pub mod filter;
pub mod form;
pub mod health;
pub mod id;
pub mod import;
pub mod item;
pub mod language;
pub mod limits;
pub mod live;
pub mod mail;
pub mod organization;
pub mod page;
pub mod patch;
pub mod portal;
pub mod presence;
pub mod rich_text;
pub mod service;
pub mod session;
pub mod team;
pub mod text;
pub mod time;
pub mod types;
pub mod view;
pub mod workspace;

pub use error::{Error, ErrorCode, FieldError, Result};
