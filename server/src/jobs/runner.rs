//! The runner: takes jobs that are due and does several at once. Any number of processes may have one.

use super::{
    Held, Job, Outcome, Work,
    lease::RENEW,
    queue::{self, Kinds, Room},
};
use crate::db::Db;
use domain::Result;
use futures::{FutureExt, future::join_all};
use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep, timeout, timeout_at},
};

/// How often the queue is looked at if nobody says that it has grown: what another process put there.
const LOOK: Duration = Duration::from_secs(1);

/// How a runner works. The default suits a server.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many jobs are under way at the same time: a quarter of them low ones at most, two thirds such that reach outside.
    pub at_once: usize,
    /// How long jobs in hand may take to end when the process stops; then they are handed back.
    pub grace: Duration,
    /// How often it says that it still works on a job; well below [`LEASE`](super::LEASE).
    pub renew: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { at_once: 12, grace: Duration::from_secs(10), renew: RENEW }
    }
}

/// Does jobs of the kinds that it was given; others are left alone.
#[derive(Clone)]
pub struct Runner {
    db: Db,
    works: Arc<HashMap<&'static str, Arc<dyn Work>>>,
    kinds: Kinds,
    pace: Pace,
}

/// The jobs of a runner that are under way.
#[derive(Default)]
struct Hands {
    tasks: JoinSet<()>,
    jobs: HashMap<Id, Job>,
}

impl Hands {
    fn begin(&mut self, runner: Runner, job: Job) {
        let task = self.tasks.spawn(runner.work_off(job.clone()));
        self.jobs.insert(task.id(), job);
    }

    /// Lets go of a task that has ended; answers its job if the task was cut off.
    fn ended(&mut self, ended: Result<(Id, ()), JoinError>) -> Option<Job> {
        match ended {
            Ok((id, ())) => {
                self.jobs.remove(&id);
                None
            }
            Err(error) => self.jobs.remove(&error.id()),
        }
    }
}

impl Runner {
    /// A runner for these kinds of work.
    #[must_use]
    pub fn new(db: Db, works: Vec<Arc<dyn Work>>) -> Self {
        let mut kinds = Kinds::default();
        for work in &works {
            if work.is_outgoing() { &mut kinds.outgoing } else { &mut kinds.inner }.push(work.kind());
        }
        let works = Arc::new(works.into_iter().map(|work| (work.kind(), work)).collect());
        Self { db, works, kinds, pace: Pace::default() }
    }

    /// Working at another pace.
    #[must_use]
    pub fn paced(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// Works until `stop` says so. What is under way then is finished, or handed back if it takes too long.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut grown = self.db.enqueued();
        let mut hands = Hands::default();
        let mut scheduled = false;
        while !*stop.borrow() {
            grown.mark_unchanged();
            let pause = match self.look(&mut hands, &stop, &mut scheduled).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(%error, "the queue cannot be read at the moment");
                    LOOK
                }
            };
            tokio::select! {
                () = sleep(pause) => {}
                changed = grown.changed() => if changed.is_err() { break },
                Some(ended) = hands.tasks.join_next_with_id() => {
                    hands.ended(ended);
                    // Others that are through by now leave room too, and one look serves them all.
                    while let Some(ended) = hands.tasks.try_join_next_with_id() {
                        hands.ended(ended);
                    }
                }
                _ = stop.changed() => break,
            }
        }
        self.wind_up(hands).await;
    }

    /// Does everything that is due now, and what becomes due meanwhile; answers how many tries there were.
    ///
    /// # Errors
    /// What the database says. That a job fails is no error here: it is noted at the job.
    pub async fn run_due(&self) -> Result<usize> {
        let (_, never) = watch::channel(false);
        let mut tries = 0;
        loop {
            let jobs = queue::claim(&self.db, &self.kinds, self.room(&Hands::default()), &never).await?;
            if jobs.is_empty() {
                return Ok(tries);
            }
            tries += jobs.len();
            join_all(jobs.into_iter().map(|job| self.clone().work_off(job))).await;
        }
    }

    /// Takes what there is room for, and begins with it. Answers how long there will be nothing new to do.
    async fn look(&self, hands: &mut Hands, stop: &watch::Receiver<bool>, scheduled: &mut bool) -> Result<Duration> {
        if !*scheduled {
            for work in self.works.values() {
                if let Some(every) = work.every() {
                    queue::schedule(&self.db, work.kind(), every).await?;
                }
            }
            *scheduled = true;
        }
        let room = self.room(hands);
        if room.all <= 0 {
            return Ok(LOOK);
        }
        let jobs = queue::claim(&self.db, &self.kinds, room, stop).await?;
        if !jobs.is_empty() {
            for job in jobs {
                hands.begin(self.clone(), job);
            }
            // There may be more.
            return Ok(Duration::ZERO);
        }
        let now = self.db.now();
        let next = queue::next_due(&self.db, &self.kinds).await?;
        // What is due and was not taken waits for room, or is being taken by another.
        let ms = next.map(|at| at.since(now)).filter(|ms| *ms > 0).and_then(|ms| u64::try_from(ms).ok());
        Ok(ms.map_or(LOOK, |ms| LOOK.min(Duration::from_millis(ms))))
    }

    fn room(&self, hands: &Hands) -> Room {
        let count = |jobs: usize| i64::try_from(jobs).unwrap_or(i64::MAX);
        let low = hands.jobs.values().filter(|job| job.is_low()).count();
        let outgoing = hands.jobs.values().filter(|job| self.kinds.outgoing.contains(&job.kind.as_str())).count();
        let all = self.pace.at_once;
        Room {
            all: count(all) - count(hands.jobs.len()),
            low: count((all / 4).max(1)) - count(low),
            outgoing: count((all * 2 / 3).max(1)) - count(outgoing),
        }
    }

    /// Does a job and lets go of it.
    async fn work_off(self, job: Job) {
        let Some(work) = self.works.get(job.kind.as_str()) else { return };
        let held = Held::new(&self.db, job, self.pace.renew);
        if held.is_hopeless(&**work) {
            return held.settle(work, Outcome::Failed("its processes ended before it did, again and again".to_owned())).await;
        }
        match held.during(AssertUnwindSafe(work.run(held.job())).catch_unwind()).await {
            Some(Ok(outcome)) => held.settle(work, outcome).await,
            Some(Err(_)) => held.settle(work, Outcome::Later("it ended abnormally; the log says where".to_owned())).await,
            None => tracing::warn!(job = held.job().id.0, kind = held.job().kind, "a job was lost to another process"),
        }
    }

    /// Lets what is under way end, for a while; hands back what does not.
    async fn wind_up(&self, mut hands: Hands) {
        let end = Instant::now() + self.pace.grace;
        while let Ok(Some(ended)) = timeout_at(end, hands.tasks.join_next_with_id()).await {
            hands.ended(ended);
        }
        hands.tasks.abort_all();
        let mut cut_off = Vec::new();
        while let Some(ended) = hands.tasks.join_next_with_id().await {
            cut_off.extend(hands.ended(ended));
        }
        let back = cut_off.into_iter().filter_map(|job| {
            let work = self.works.get(job.kind.as_str())?;
            let held = Held::new(&self.db, job, self.pace.renew);
            Some(async move { held.settle(work, Outcome::HandedBack).await })
        });
        // Without an answer of the database they are free when their leases are over.
        if timeout(self.pace.grace, join_all(back)).await.is_err() {
            tracing::warn!("jobs could not be handed back");
        }
    }
}
