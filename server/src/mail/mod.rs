//! Outgoing mail: the outbox that services put mails into within their transaction, the worker that delivers them, and the
//! texts of the mails that the product itself writes.
//!
//! Mail is never sent from a request. [`outbox::enqueue`] writes a row and a job; [`Worker`] takes it from there: over SMTP if a
//! server is configured, else it holds the mail and lays it as an `.eml` file under the data folder, where it stays until it is sent or given up.

mod held;
pub mod message;
pub mod outbox;
pub mod plain;
pub mod templates;
pub mod worker;

pub use message::{MailError, MailSettings};
pub use outbox::{NewMail, enqueue};
pub use templates::{Letter, Links};
pub use worker::{Worker, greet};
