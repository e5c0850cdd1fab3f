//! Jobs: what is still to be done after a change is committed. They are rows of one table, put there in the transaction of the
//! change ([`enqueue`]), so that a job exists exactly when its change does; a [`Runner`] in any number of processes takes them
//! from there and does each at least once.
//!
//! Who takes a job has it for [`LEASE`] milliseconds and says again and again that it still works on it; a process that dies
//! says nothing any more, and another takes the job over. So a job may be done twice, and what it does to the world must be
//! known by an id that stays the same (the Message-ID of a mail). What fails is tried again, later each time ([`backoff`]),
//! and after some tries it is given up: it stays as `failed` until somebody wants another try ([`retry`]) or none ([`discard`]).

mod backoff;
mod chore;
mod lease;
mod queue;
mod runner;

pub use chore::Chore;
pub use lease::{Held, LEASE};
pub use queue::{cancel, discard, enqueue, enqueue_all, retry};
pub use runner::{Pace, Runner};

use crate::{db::Tx, texts};
use async_trait::async_trait;
use domain::{Result, id::JobId, language::Language, time::Timestamp};
use tokio::sync::watch;

/// A job is given up after this many tries, unless its [`Work`] says otherwise.
pub const TRIES: i64 = 8;

/// What comes first when there is more to do than hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Somebody waits for it: a code to sign in with.
    High,
    /// What the desk is for: replies.
    Normal,
    /// What may wait: imports, tidying. Never takes all hands of a process.
    Low,
}

impl Priority {
    fn key(self) -> i64 {
        match self {
            Self::High => 0,
            Self::Normal => 1,
            Self::Low => 2,
        }
    }
}

/// A job to put into the queue.
#[derive(Debug, Clone, Copy)]
pub struct NewJob {
    /// The stable name of what is to be done.
    pub kind: &'static str,
    /// What it is about; there is one job for each kind and subject.
    pub subject: i64,
    /// What comes first.
    pub priority: Priority,
    /// Not before this time; `None`: now.
    pub at: Option<Timestamp>,
}

/// A job in somebody's hands.
#[derive(Debug, Clone)]
pub struct Job {
    /// The job.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// What it is about.
    pub subject: i64,
    /// Which try this is, counted from 1.
    pub attempts: i64,
    claims: i64,
    priority: i64,
    run_at: i64,
    every: Option<i64>,
    stop: watch::Receiver<bool>,
}

impl Job {
    fn is_low(&self) -> bool {
        self.priority >= Priority::Low.key()
    }

    /// Whether the process is about to stop. Long work looks now and then, and answers [`Outcome::HandedBack`].
    #[must_use]
    pub fn is_asked_to_stop(&self) -> bool {
        *self.stop.borrow()
    }
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Done; also if there was nothing to do any more.
    Done,
    /// Done for now, to be done again at this time.
    Again(Timestamp),
    /// It did not work, because of this; it may another time.
    Later(String),
    /// It will never work, because of this.
    Failed(String),
    /// Not finished because the process stops: another goes on, and this try does not count.
    HandedBack,
}

impl Outcome {
    /// It did not work because of an error; it may another time.
    #[must_use]
    pub fn later(error: &domain::Error) -> Self {
        Self::Later(reason(error))
    }
    /// It will never work because of an error.
    #[must_use]
    pub fn failed(error: &domain::Error) -> Self {
        Self::Failed(reason(error))
    }
}

/// What a job keeps of an error: read by administrators beside what mail servers say, so it is in English as that is.
fn reason(error: &domain::Error) -> String {
    texts::sentence(Language::En, error)
}

/// What a try leads to, which is decided once it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The job is deleted.
    Done,
    /// It waits until then, as if it had not been tried yet.
    Again(Timestamp),
    /// It waits until then for its next try, because of this.
    Later(Timestamp, String),
    /// It is given up, because of this.
    Failed(String),
    /// It waits for another process, as if this one had never taken it.
    HandedBack,
}

/// Something that jobs of one kind do.
#[async_trait]
pub trait Work: Send + Sync {
    /// The kind.
    fn kind(&self) -> &'static str;
    /// Milliseconds between two times, if it is done again and again: once for all servers, and never given up.
    fn every(&self) -> Option<i64> {
        None
    }
    /// Whether it reaches people or systems outside. It waits while that is held (`workspace.outgoing_held`), and never takes all
    /// hands of a process: who is outside may keep silent.
    fn is_outgoing(&self) -> bool {
        false
    }
    /// How often it is tried before it is given up.
    fn tries(&self) -> i64 {
        TRIES
    }
    /// Does it. It may be dropped at any `.await` when the job is lost to another process or this one stops.
    async fn run(&self, job: &Job) -> Outcome;
    /// Notes at its subject what a try led to, in the transaction that says so of the job. Rows of the subject are locked before
    /// the job's.
    ///
    /// # Errors
    /// Nothing is noted then, and it is tried again.
    async fn note(&self, _tx: &mut Tx, _job: &Job, _verdict: &Verdict) -> Result<()> {
        Ok(())
    }
}
