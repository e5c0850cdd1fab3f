//! How the server is, as administrators see it: what waits to be done, what was given up.

use crate::{
    id::{ImportId, JobId, MailId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// How the server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Version of the product.
    pub version: String,
    /// Name and version of the database.
    pub database: String,
    /// Since when the server that answers runs.
    pub since: Timestamp,
    /// Whether nothing leaves the house, because a backup was restored and nobody has released it yet.
    pub outgoing_held: bool,
    /// What there is to do, by kind.
    pub queues: Vec<Queue>,
    /// What is done again and again.
    pub chores: Vec<Chore>,
    /// What was given up, the latest first, at most [`crate::limits::PAGE`].
    pub failed: Vec<FailedJob>,
}

impl Health {
    /// How many jobs were given up.
    #[must_use]
    pub fn failed_count(&self) -> i64 {
        self.queues.iter().map(|queue| queue.failed).sum()
    }
}

/// The jobs of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// The kind (message keys `job_…`).
    pub kind: String,
    /// How many wait, also for a later try.
    pub waiting: i64,
    /// How many a server works on.
    pub running: i64,
    /// How many were given up.
    pub failed: i64,
    /// Since when the oldest of those that are due waits; `None` if none is due.
    pub waits_since: Option<Timestamp>,
}

/// Something that is done again and again, once for all servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chore {
    /// The kind (message keys `job_…`).
    pub kind: String,
    /// When it is done next.
    pub next_at: Timestamp,
    /// Why it last failed; empty if it did not.
    pub error: String,
}

/// What a job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum About {
    /// A mail.
    Mail {
        /// The mail.
        id: MailId,
        /// Its recipients.
        to: Vec<String>,
        /// Its subject line.
        subject: String,
    },
    /// A run of the import.
    Import {
        /// The run.
        id: ImportId,
        /// Name of the file.
        file_name: String,
    },
    /// Something else, by its id.
    Other {
        /// The id.
        id: i64,
    },
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedJob {
    /// The job.
    pub id: JobId,
    /// The kind (message keys `job_…`).
    pub kind: String,
    /// What it is about.
    pub about: About,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try failed.
    pub error: String,
    /// When it was put into the queue.
    pub created_at: Timestamp,
}
