//! A job in hand: kept while it is worked on, and let go of with what became of it.

use super::{Job, Outcome, Verdict, Work, backoff::next_try, queue};
use crate::db::Db;
use domain::{ErrorCode, Result, time::MINUTE};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

/// How long, in milliseconds, a job is left to who took it and says nothing any more.
pub const LEASE: i64 = MINUTE;
/// The same as the process that took it counts, and a little less: it lets go before another takes the job.
const HOLD: Duration = Duration::from_secs(55);
/// How often a process says that it still works on a job.
pub(super) const RENEW: Duration = Duration::from_secs(20);
/// How long a database that does not answer is left alone.
const PAUSE: Duration = Duration::from_secs(1);
/// A job that was taken this many times more often than it may be tried has taken its processes down with it.
const DEATHS: i64 = 25;

/// A job in this process's hands.
pub struct Held {
    db: Db,
    job: Job,
    renew: Duration,
    until: Mutex<Instant>,
}

impl Held {
    pub(super) fn new(db: &Db, job: Job, renew: Duration) -> Self {
        Self { db: db.clone(), job, renew, until: Mutex::new(Instant::now() + HOLD) }
    }

    /// Takes the job of a kind about a subject, whether it is due or not; `None` if there is none or another has it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn take(db: &Db, kind: &'static str, subject: i64) -> Result<Option<Self>> {
        let (_, never) = watch::channel(false);
        Ok(queue::claim_one(db, kind, subject, &never).await?.map(|job| Self::new(db, job, RENEW)))
    }

    /// The job.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// Works, and keeps the job meanwhile. `None` if it was lost to another: what was under way is dropped.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.keep() => None,
        }
    }

    /// Keeps the job until it is lost.
    async fn keep(&self) {
        loop {
            sleep(self.renew).await;
            match queue::renew(&self.db, &self.job).await {
                Ok(true) => *self.until.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + HOLD,
                Ok(false) => return,
                // Another may take it once the lease is over, whatever is wrong here.
                Err(_) if self.is_over() => return,
                Err(error) => tracing::warn!(job = self.job.id.0, %error, "a job cannot be kept at the moment"),
            }
        }
    }

    fn is_over(&self) -> bool {
        Instant::now() >= *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a try makes no sense: it has ended abnormally too often.
    pub(super) fn is_hopeless(&self, work: &dyn Work) -> bool {
        self.job.every.is_none() && self.job.attempts > work.tries() + DEATHS
    }

    /// Lets go of the job and notes what became of it, in one transaction. While the database does not answer it is asked again,
    /// until the lease is over; then it is as if the process had died.
    pub async fn settle(&self, work: &Arc<dyn Work>, outcome: Outcome) {
        let verdict = self.verdict(outcome, &**work);
        let (job, kind) = (self.job.id.0, &self.job.kind);
        match &verdict {
            Verdict::Later(_, error) => tracing::warn!(job, kind, attempt = self.job.attempts, error, "a job is put off"),
            Verdict::Failed(error) => tracing::warn!(job, kind, attempt = self.job.attempts, error, "a job is given up"),
            Verdict::Done | Verdict::Again(_) | Verdict::HandedBack => tracing::debug!(job, kind, ?verdict, "a job is let go"),
        }
        while let Err(error) = self.note(work.clone(), verdict.clone()).await {
            if error.code == ErrorCode::Conflict {
                tracing::warn!(job, kind, "a job was taken over by another process");
                return;
            }
            tracing::warn!(job, kind, %error, "it cannot be noted at the moment what became of a job");
            if self.is_over() {
                return;
            }
            sleep(PAUSE).await;
        }
    }

    async fn note(&self, work: Arc<dyn Work>, verdict: Verdict) -> Result<()> {
        let job = self.job.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    work.note(tx, &job, &verdict).await?;
                    queue::settle(tx, &job, &verdict).await
                })
            })
            .await
    }

    fn verdict(&self, outcome: Outcome, work: &dyn Work) -> Verdict {
        let (now, attempts) = (self.db.now(), self.job.attempts);
        match (outcome, self.job.every) {
            (Outcome::HandedBack, _) => Verdict::HandedBack,
            (Outcome::Again(at), _) => Verdict::Again(at),
            (Outcome::Done, None) => Verdict::Done,
            (Outcome::Done, Some(every)) => Verdict::Again(now.plus(every)),
            (Outcome::Later(error) | Outcome::Failed(error), Some(every)) => {
                Verdict::Later(next_try(now, attempts).min(now.plus(every)), error)
            }
            (Outcome::Failed(error), None) => Verdict::Failed(error),
            (Outcome::Later(error), None) if attempts >= work.tries() => Verdict::Failed(error),
            (Outcome::Later(error), None) => Verdict::Later(next_try(now, attempts), error),
        }
    }
}
