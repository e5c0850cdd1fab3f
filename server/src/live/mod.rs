//! Live updates: the event log, told to who reads a stream as soon as it grows.
//!
//! One [`Live`] a process follows the log ([`Live::run`]) and hands what is new to all streams of the process at once: the items
//! it is about are loaded once, whoever reads. Each stream ([`Reader`]) tells its reader what that one may see: the permission
//! filter is asked in memory, about every item, with the rights that the reader has now.
//!
//! The log is the truth and has no gaps as readers see it (`db::tx`), so following it is reading on from a number. That something
//! was committed is told by this process at once and by others through `NOTIFY` of PostgreSQL; both are only hints, and a look
//! every second finds what no hint told. Who is where is no part of the log and is followed beside it (`presence`).

mod batch;
mod hints;
mod presence;
mod reader;
mod streams;

pub use reader::{Ask, Begin, Reader};

use crate::{
    args,
    db::{Db, Read, Sql},
    service::items::present,
};
use batch::{Batch, Entry};
use domain::{
    Result,
    id::{AgentId, EventSeq},
};
use hints::{About, Hints};
use presence::Present;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use streams::Streams;
use tokio::{
    sync::{broadcast, watch},
    time::{Instant, sleep, sleep_until},
};

/// How often the log is looked at if nobody says that it has grown.
const LOOK: Duration = Duration::from_secs(1);
/// Shortest time between two pieces that are told: for the first stream, for each other one, and at most. What happens meanwhile
/// is told together, because telling costs the same for each stream, however much it is.
const PACE: Duration = Duration::from_millis(20);
const PACE_STREAM: Duration = Duration::from_micros(40);
const PACE_MOST: Duration = Duration::from_millis(250);
/// Most entries of the log that are read at once.
const ENTRIES: i64 = 500;
/// Batches that a stream may be behind before it reads the log itself.
const BEHIND: usize = 256;

/// The live updates of this process.
#[derive(Clone)]
pub struct Live {
    db: Db,
    /// How far the log has been told.
    position: Arc<AtomicI64>,
    batches: broadcast::Sender<Arc<Batch>>,
    /// Who is where.
    present: watch::Sender<Arc<Present>>,
    ended: watch::Sender<bool>,
    /// The streams that are open here.
    open: Arc<Streams>,
}

impl Live {
    /// From where the log of a database ends now; follows nothing before [`Live::run`].
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(db: &Db) -> Result<Self> {
        let (batches, _) = broadcast::channel(BEHIND);
        Ok(Self {
            position: Arc::new(AtomicI64::new(end_of_log(db).await?)),
            db: db.clone(),
            batches,
            present: watch::Sender::default(),
            ended: watch::Sender::new(false),
            open: Arc::default(),
        })
    }

    /// How far the log has been told. Everything up to here is committed: what is loaded from now on holds it.
    #[must_use]
    pub fn position(&self) -> EventSeq {
        EventSeq(self.position.load(Ordering::Acquire))
    }

    /// How many streams are open here.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.open.count()
    }

    /// Ends all streams: the server is about to stop, and browsers go to another or come back.
    pub fn end_streams(&self) {
        self.ended.send_replace(true);
    }

    /// A browser tab of an agent is gone, unless another stream of the same tab is open: nobody is there any more. A page that goes
    /// away says so itself, too, if it is given the time.
    async fn left(&self, agent: AgentId, tab: String) {
        if self.open.has(agent, &tab) {
            return;
        }
        if let Err(error) = present::leave(&self.db, agent, tab).await {
            tracing::warn!(%error, "who has left is still there until it runs out");
        }
    }

    /// Follows the log, and who is where, until `stop` says so.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let hints = Hints::listen(&self.db, stop.clone());
        tokio::join!(self.follow(&hints, stop.clone()), presence::follow(&self, &hints, stop));
    }

    /// Shortest time between two pieces that are told to all streams.
    fn pace(&self) -> Duration {
        let streams = u32::try_from(self.streams()).unwrap_or(u32::MAX);
        PACE_STREAM.saturating_mul(streams).saturating_add(PACE).min(PACE_MOST)
    }

    async fn follow(&self, hints: &Hints, mut stop: watch::Receiver<bool>) {
        let mut committed = self.db.committed();
        let mut told = Instant::now();
        while !*stop.borrow() {
            match self.read_on().await {
                // A full batch means that there is probably more.
                Ok(read) if read == ENTRIES => continue,
                Ok(0) => {}
                Ok(_) => told = Instant::now(),
                Err(error) => tracing::warn!(%error, "the log cannot be followed at the moment"),
            }
            tokio::select! {
                changed = committed.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    hints.tell(&self.db, About::Log);
                }
                () = hints.heard(About::Log) => {}
                () = sleep(LOOK) => {}
                _ = stop.changed() => return,
            }
            sleep_until(told + self.pace()).await;
        }
    }

    /// Tells what has come into the log since the last time; answers how many entries.
    async fn read_on(&self) -> Result<i64> {
        let EventSeq(from) = self.position();
        let batch = batch_after(&self.db, from, ENTRIES).await?;
        let read = batch.read;
        if read > 0 {
            self.position.store(batch.last, Ordering::Release);
            // Nobody may be listening.
            let _ = self.batches.send(Arc::new(batch));
        }
        Ok(read)
    }
}

/// The number of the last entry of the log; 0 if it is empty.
async fn end_of_log(db: &Db) -> Result<i64> {
    let (end,): (i64,) = db.clone().one(Sql::new("SELECT COALESCE(MAX(seq), 0) FROM event", args![])).await?;
    Ok(end)
}

/// What the log holds after a number, up to so many entries.
async fn batch_after(db: &Db, from: i64, most: i64) -> Result<Batch> {
    let entries: Vec<Entry> = db
        .clone()
        .all(Sql::new(
            "SELECT seq, actor_kind, actor_id, actor_name, subject_kind, subject_id, name, field, old_value FROM event \
             WHERE seq > $1 ORDER BY seq LIMIT $2",
            args![from, most],
        ))
        .await?;
    Batch::of(db, from, entries).await
}
