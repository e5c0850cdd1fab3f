//! Runs in the background, and what becomes of old ones.

use super::{
    batch::batch,
    gather,
    record::{KEPT, end, one},
};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    jobs::{Job, Outcome, Verdict, Work},
};
use async_trait::async_trait;
use domain::{Error, ErrorCode, Result, bulk::BulkState, id::BulkId};
use std::time::Duration;
use tokio::time::Instant;

/// The kind of the jobs that bring runs to their end; their subject is the run.
pub const JOB: &str = "bulk";
/// Most items of one transaction.
const BATCH: i64 = 200;
/// How long a transaction changes items: nobody waits long for the writer, or for one of them.
const HELD: Duration = Duration::from_millis(200);
/// How often a step is tried at once while the database is busy; then the job waits its time.
const MISSES: u32 = 3;
/// How long a run goes on before others that wait have their turn.
const TURN: Duration = Duration::from_secs(5);
/// Rows that are discarded in one transaction.
const DISCARDED: i64 = 10_000;

/// Brings runs to their end, batch by batch. Who has the job has the run; when a server is killed another goes on behind its last batch.
#[derive(Clone)]
pub struct Runs {
    db: Db,
    held: Duration,
}

impl Runs {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, held: HELD }
    }

    /// Changing items in transactions of about this length; the usual one suits a server.
    #[must_use]
    pub fn holding(self, held: Duration) -> Self {
        Self { held, ..self }
    }

    /// Finds some more items of a run, or changes some; answers whether there is more to do.
    ///
    /// # Errors
    /// What the database says: nothing of this step is done then.
    pub async fn step(&self, run: BulkId) -> Result<bool> {
        let Some(record) = one(&mut self.db.clone(), run).await?.filter(|record| !record.state().is_over()) else {
            return Ok(false);
        };
        if record.gathered {
            let held = self.held;
            return self.db.write(move |tx| Box::pin(async move { batch(tx, run, BATCH, held).await })).await;
        }
        gather::more(&self.db, record).await?;
        Ok(true)
    }
}

#[async_trait]
impl Work for Runs {
    fn kind(&self) -> &'static str {
        JOB
    }

    async fn run(&self, job: &Job) -> Outcome {
        let began = Instant::now();
        let mut misses = 0;
        loop {
            match self.step(BulkId(job.subject)).await {
                Ok(false) => return Outcome::Done,
                Ok(true) if job.is_asked_to_stop() => return Outcome::HandedBack,
                Ok(true) if began.elapsed() > TURN => return Outcome::Again(self.db.now()),
                Ok(true) => misses = 0,
                // Whether or not it was done: the next begins behind the last one that was.
                Err(error) if error.code == ErrorCode::Unavailable && misses < MISSES && !job.is_asked_to_stop() => misses += 1,
                Err(error) if matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::Conflict) => {
                    return Outcome::later(&error);
                }
                Err(error) => return Outcome::failed(&error),
            }
        }
    }

    async fn note(&self, tx: &mut Tx, job: &Job, verdict: &Verdict) -> Result<()> {
        if matches!(verdict, Verdict::Failed(_)) {
            end(tx, BulkId(job.subject), BulkState::Failed, Some(&Error::internal())).await?;
        }
        Ok(())
    }
}

/// Discards runs that are too old to be taken back, with what they kept of the items, some at a time.
///
/// # Errors
/// What the database says.
pub async fn discard_old(db: &Db) -> Result<()> {
    while db.write(|tx| Box::pin(discard_some(tx))).await? {}
    Ok(())
}

/// Answers whether there may be more.
async fn discard_some(tx: &mut Tx) -> Result<bool> {
    let before = tx.now.plus(-KEPT);
    let sql = "SELECT id FROM bulk_run WHERE created_at <= $1 ORDER BY id LIMIT 1";
    let Some((run,)) = tx.optional::<(i64,)>(Sql::new(sql, args![before])).await? else { return Ok(false) };
    let sql = "DELETE FROM bulk_item WHERE run_id = $1 AND number IN \
               (SELECT number FROM bulk_item WHERE run_id = $1 ORDER BY number LIMIT $2)";
    let discarded = tx.execute(Sql::new(sql, args![run, DISCARDED])).await?;
    if i64::try_from(discarded).unwrap_or(i64::MAX) < DISCARDED {
        tx.execute(Sql::new("DELETE FROM bulk_run WHERE id = $1", args![run])).await?;
    }
    Ok(true)
}
