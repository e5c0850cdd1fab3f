//! Jobs: each is done at least once whoever dies, by one at a time, in order, later if it fails, and not for ever.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod common;

use async_trait::async_trait;
use common::{TestDesk, both_databases};
use domain::{
    Error, Result,
    id::JobId,
    time::{HOUR, MINUTE},
};
use futures::future::{BoxFuture, pending};
use server::{
    ambient::WallClock,
    args,
    db::{Db, Engine, Read, Sql, Tx},
    jobs::{
        Chore, Held, Job, LEASE, NewJob, Outcome, Pace, Priority, Runner, TRIES, Verdict, Work, cancel, discard, enqueue, retry,
    },
};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinHandle,
    time::{Instant, timeout},
};

/// Longest time that something may take which has to happen.
const PATIENCE: Duration = Duration::from_secs(60);

type Doing = Box<dyn Fn(Job) -> BoxFuture<'static, Outcome> + Send + Sync>;

/// Work of a test.
struct Trial {
    kind: &'static str,
    outgoing: bool,
    doing: Doing,
    /// What it was told of each try.
    notes: Arc<Mutex<Vec<Verdict>>>,
}

fn trial<F: Future<Output = Outcome> + Send + 'static>(
    kind: &'static str,
    doing: impl Fn(Job) -> F + Send + Sync + 'static,
) -> Trial {
    Trial { kind, outgoing: false, doing: Box::new(move |job| Box::pin(doing(job))), notes: Arc::default() }
}

#[async_trait]
impl Work for Trial {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn is_outgoing(&self) -> bool {
        self.outgoing
    }
    async fn run(&self, job: &Job) -> Outcome {
        (self.doing)(job.clone()).await
    }
    async fn note(&self, _tx: &mut Tx, _job: &Job, verdict: &Verdict) -> Result<()> {
        self.notes.lock().unwrap().push(verdict.clone());
        Ok(())
    }
}

fn job(kind: &'static str, subject: i64) -> NewJob {
    NewJob { kind, subject, priority: Priority::Normal, at: None }
}

async fn put(desk: &TestDesk, job: NewJob) {
    desk.write(move |tx| Box::pin(async move { enqueue(tx, job).await })).await;
}

async fn cancelled(desk: &TestDesk, kind: &'static str, subject: i64) -> bool {
    desk.write(move |tx| Box::pin(async move { cancel(tx, kind, subject).await })).await
}

/// State, tries, whether somebody has it, and why the last try failed.
async fn standing(desk: &TestDesk, kind: &str, subject: i64) -> Option<(String, i64, bool, String)> {
    let sql = "SELECT state, attempts, lease_until > 0, last_error FROM job WHERE kind = $1 AND subject_id = $2";
    let rows: Vec<(String, i64, bool, String)> = desk.rows(Sql::new(sql, args![kind, subject])).await;
    rows.into_iter().next()
}

async fn number_of(desk: &TestDesk, kind: &str) -> i64 {
    desk.number(Sql::new("SELECT COUNT(*) FROM job WHERE kind = $1", args![kind])).await
}

fn runner(db: &Db, works: Vec<Arc<dyn Work>>) -> Runner {
    Runner::new(db.clone(), works)
}

/// A runner at work, as in a server.
fn start(runner: Runner) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    (stop, tokio::spawn(runner.run(stopped)))
}

async fn stop((stop, running): (watch::Sender<bool>, JoinHandle<()>)) {
    stop.send_replace(true);
    timeout(PATIENCE, running).await.expect("a runner stops").unwrap();
}

/// Waits for something that has to happen.
async fn until(mut happened: impl AsyncFnMut() -> bool) {
    timeout(PATIENCE, async {
        while !happened().await {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it happens");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_exists_once_and_exactly_when_its_change_does() {
    both_databases(async |desk| {
        let undone: Result<()> = desk
            .db
            .write(|tx| {
                Box::pin(async move {
                    enqueue(tx, job("trial", 1)).await?;
                    Err(Error::forbidden())
                })
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(number_of(&desk, "trial").await, 0);

        let later = NewJob { at: Some(desk.db.now().plus(MINUTE)), ..job("trial", 1) };
        put(&desk, later).await;
        put(&desk, job("trial", 1)).await;
        put(&desk, job("trial", 2)).await;
        assert_eq!(number_of(&desk, "trial").await, 2);
        let done = || trial("trial", async |_| Outcome::Done);
        assert_eq!(desk.run_due(done()).await, 1, "one that waits already stays as it is");
        desk.clock.advance(MINUTE);
        assert_eq!(desk.run_due(done()).await, 1);
        assert_eq!(number_of(&desk, "trial").await, 0, "what is done is deleted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_had_in_hand_is_done_by_another() {
    both_databases(async |desk| {
        put(&desk, job("trial", 7)).await;
        let begun = Arc::new(Semaphore::new(0));
        let endless = {
            let begun = begun.clone();
            trial("trial", move |_| {
                begun.add_permits(1);
                pending()
            })
        };
        let (_stop, killed) = start(runner(&desk.db, vec![Arc::new(endless)]));
        timeout(PATIENCE, begun.acquire()).await.unwrap().unwrap().forget();
        // Nobody hands anything back.
        killed.abort();
        assert!(killed.await.unwrap_err().is_cancelled());

        let tries = Arc::new(Mutex::new(Vec::new()));
        let other = || {
            let tries = tries.clone();
            trial("trial", move |job: Job| {
                tries.lock().unwrap().push((job.subject, job.attempts));
                async { Outcome::Done }
            })
        };
        assert_eq!(desk.run_due(other()).await, 0, "it is left to who took it");
        desk.clock.advance(LEASE);
        assert_eq!(desk.run_due(other()).await, 1);
        assert_eq!(*tries.lock().unwrap(), [(7, 2)]);
        assert_eq!(number_of(&desk, "trial").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_work_keeps_its_job() {
    both_databases(async |desk| {
        put(&desk, job("trial", 1)).await;
        let end = Arc::new(Semaphore::new(0));
        let long = {
            let end = end.clone();
            trial("trial", move |_| {
                let end = end.clone();
                async move {
                    end.acquire().await.unwrap().forget();
                    Outcome::Done
                }
            })
        };
        let pace = Pace { renew: Duration::from_millis(10), ..Pace::default() };
        let running = start(runner(&desk.db, vec![Arc::new(long)]).paced(pace));
        let leased = async || desk.number(Sql::new("SELECT COALESCE(MAX(lease_until), 0) FROM job", args![])).await;
        for _ in 0..4 {
            until(async || leased().await == desk.db.now().plus(LEASE).0).await;
            assert_eq!(desk.run_due(trial("trial", async |_| Outcome::Done)).await, 0, "nobody else takes it");
            desk.clock.advance(LEASE / 2);
        }
        end.add_permits(1);
        until(async || number_of(&desk, "trial").await == 0).await;
        stop(running).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_a_job_to_another_has_no_say_in_it() {
    both_databases(async |desk| {
        put(&desk, job("trial", 1)).await;
        let work: Arc<dyn Work> = Arc::new(trial("trial", async |_| Outcome::Done));
        let slow = Held::take(&desk.db, "trial", 1).await.unwrap().unwrap();
        assert!(Held::take(&desk.db, "trial", 1).await.unwrap().is_none());
        desk.clock.advance(LEASE);
        let other = Held::take(&desk.db, "trial", 1).await.unwrap().unwrap();
        assert_eq!(other.job().attempts, 2);
        slow.settle(&work, Outcome::Done).await;
        slow.settle(&work, Outcome::Failed("late".into())).await;
        assert_eq!(standing(&desk, "trial", 1).await, Some(("waiting".into(), 2, true, String::new())));
        other.settle(&work, Outcome::Done).await;
        assert_eq!(number_of(&desk, "trial").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_never_do_one_job_at_the_same_time() {
    const JOBS: i64 = 60;
    both_databases(async |desk| {
        let (under_way, done) = (Arc::new(Mutex::new(HashSet::new())), Arc::new(Mutex::new(HashMap::<i64, usize>::new())));
        let mut processes = Vec::new();
        for _ in 0..3 {
            // A handle of its own, as another process has.
            let db = Db::open(&desk.url, desk.clock.clone()).await.unwrap();
            let (under_way, done) = (under_way.clone(), done.clone());
            let work = trial("trial", move |job: Job| {
                let (under_way, done) = (under_way.clone(), done.clone());
                async move {
                    assert!(under_way.lock().unwrap().insert(job.subject), "{job:?} is under way elsewhere");
                    for _ in 0..20 {
                        tokio::task::yield_now().await;
                    }
                    under_way.lock().unwrap().remove(&job.subject);
                    *done.lock().unwrap().entry(job.subject).or_default() += 1;
                    Outcome::Done
                }
            });
            processes.push((start(runner(&db, vec![Arc::new(work)])), db));
        }
        for subject in 1..=JOBS {
            put(&desk, job("trial", subject)).await;
        }
        until(async || number_of(&desk, "trial").await == 0).await;
        for (running, db) in processes {
            stop(running).await;
            db.close().await;
        }
        let done = done.lock().unwrap();
        assert_eq!(done.len(), 60);
        assert!(done.values().all(|times| *times == 1), "{done:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_while_it_is_being_done_is_done_once_more() {
    both_databases(async |desk| {
        put(&desk, job("trial", 1)).await;
        let times = Arc::new(AtomicUsize::new(0));
        let work = {
            let (desk, times) = (desk.clone(), times.clone());
            trial("trial", move |_| {
                let (desk, times) = (desk.clone(), times.clone());
                async move {
                    // The change that this try has not seen.
                    if times.fetch_add(1, Ordering::SeqCst) == 0 {
                        put(&desk, job("trial", 1)).await;
                    }
                    Outcome::Done
                }
            })
        };
        let runner = runner(&desk.db, vec![Arc::new(work)]);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(standing(&desk, "trial", 1).await, Some(("waiting".into(), 0, false, String::new())));
        desk.clock.advance(1);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!((times.load(Ordering::SeqCst), number_of(&desk, "trial").await), (2, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_urgent_comes_first_and_finds_a_hand_free() {
    both_databases(async |desk| {
        for (subject, priority) in [(1, Priority::Low), (2, Priority::Normal), (3, Priority::High), (4, Priority::Normal)] {
            put(&desk, NewJob { priority, ..job("trial", subject) }).await;
            desk.clock.advance(1);
        }
        let order = Arc::new(Mutex::new(Vec::new()));
        let noted = order.clone();
        let work = trial("trial", move |job: Job| {
            noted.lock().unwrap().push(job.subject);
            async { Outcome::Done }
        });
        let one = Pace { at_once: 1, ..Pace::default() };
        assert_eq!(runner(&desk.db, vec![Arc::new(work)]).paced(one).run_due().await.unwrap(), 4);
        assert_eq!(*order.lock().unwrap(), [3, 2, 4, 1]);

        // Endless low jobs do not take all hands.
        for subject in 1..=8 {
            put(&desk, NewJob { priority: Priority::Low, ..job("endless", subject) }).await;
        }
        let begun = Arc::new(Semaphore::new(0));
        let endless = {
            let begun = begun.clone();
            trial("endless", move |_| {
                begun.add_permits(1);
                pending()
            })
        };
        let pace = Pace { at_once: 4, grace: Duration::ZERO, ..Pace::default() };
        let quick = trial("quick", async |_| Outcome::Done);
        let running = start(runner(&desk.db, vec![Arc::new(endless), Arc::new(quick)]).paced(pace));
        timeout(PATIENCE, begun.acquire()).await.unwrap().unwrap().forget();
        put(&desk, NewJob { priority: Priority::High, ..job("quick", 1) }).await;
        until(async || number_of(&desk, "quick").await == 0).await;
        stop(running).await;
        assert_eq!(number_of(&desk, "endless").await, 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_keeps_silent_holds_up_nothing_else() {
    both_databases(async |desk| {
        for subject in 1..=10 {
            let priority = if subject % 3 == 0 { Priority::Low } else { Priority::High };
            put(&desk, NewJob { priority, ..job("silent", subject) }).await;
        }
        let begun = Arc::new(AtomicUsize::new(0));
        let silent = {
            let begun = begun.clone();
            let endless = trial("silent", move |_| {
                begun.fetch_add(1, Ordering::SeqCst);
                pending()
            });
            Trial { outgoing: true, ..endless }
        };
        let quick = trial("quick", async |_| Outcome::Done);
        let pace = Pace { at_once: 6, grace: Duration::ZERO, ..Pace::default() };
        let running = start(runner(&desk.db, vec![Arc::new(silent), Arc::new(quick)]).paced(pace));
        until(async || begun.load(Ordering::SeqCst) == 4).await;
        // What comes later and counts less has its hands all the same, whether one is put in or many are.
        for subjects in [1..=1, 2..=30] {
            for subject in subjects {
                let priority = if subject % 2 == 0 { Priority::Low } else { Priority::Normal };
                put(&desk, NewJob { priority, ..job("quick", subject) }).await;
            }
            until(async || number_of(&desk, "quick").await == 0).await;
        }
        assert_eq!(begun.load(Ordering::SeqCst), 4, "two thirds of six");
        stop(running).await;
        assert_eq!(number_of(&desk, "silent").await, 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chore_is_done_once_for_all_servers_each_time() {
    both_databases(async |desk| {
        let times = Arc::new(AtomicUsize::new(0));
        let chore = || -> Arc<dyn Work> {
            let times = times.clone();
            Arc::new(Chore::new("chore", HOUR, move || {
                let time = times.fetch_add(1, Ordering::SeqCst);
                // The second time it fails.
                async move { if time == 1 { Err(Error::internal()) } else { Ok(()) } }
            }))
        };
        let other = Db::open(&desk.url, desk.clock.clone()).await.unwrap();
        let servers = [start(runner(&desk.db, vec![chore()])), start(runner(&other, vec![chore()]))];
        let done = async |times: i64| {
            let claims = Sql::new("SELECT COALESCE(MAX(claims), 0) FROM job WHERE kind = 'chore' AND lease_until = 0", args![]);
            desk.number(claims).await == times
        };
        let again = runner(&desk.db, vec![chore()]);
        until(async || done(1).await).await;
        assert_eq!(again.run_due().await.unwrap(), 0, "not before an hour is over");
        desk.clock.advance(HOUR);
        until(async || done(2).await).await;
        let (state, attempts, _, error) = standing(&desk, "chore", 0).await.unwrap();
        assert_eq!((state.as_str(), attempts, error.is_empty()), ("waiting", 1, false));
        assert_eq!(again.run_due().await.unwrap(), 0);
        // It is never given up, and does not wait longer than an hour.
        desk.clock.advance(HOUR);
        until(async || done(3).await).await;
        assert_eq!(standing(&desk, "chore", 0).await, Some(("waiting".into(), 0, false, String::new())));
        assert_eq!(times.load(Ordering::SeqCst), 3);
        for server in servers {
            stop(server).await;
        }
        other.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_waits_longer_each_time_and_is_given_up() {
    both_databases(async |desk| {
        put(&desk, job("trial", 1)).await;
        let work = trial("trial", async |_| Outcome::Later("no answer".into()));
        let notes = work.notes.clone();
        let runner = runner(&desk.db, vec![Arc::new(work)]);
        let mut least = 30_000;
        for attempt in 1..=TRIES {
            assert_eq!(runner.run_due().await.unwrap(), 1, "try {attempt}");
            assert_eq!(runner.run_due().await.unwrap(), 0, "not before its time");
            let (state, attempts, held, error) = standing(&desk, "trial", 1).await.unwrap();
            assert_eq!((attempts, held, error.as_str()), (attempt, false, "no answer"));
            if attempt == TRIES {
                assert_eq!(state, "failed");
                break;
            }
            assert_eq!(state, "waiting");
            let at = desk.number(Sql::new("SELECT run_at FROM job", args![])).await;
            let wait = at - desk.db.now().0;
            assert!((least..=least + least / 4).contains(&wait), "try {attempt}: {wait}");
            desk.clock.advance(wait - 1);
            assert_eq!(runner.run_due().await.unwrap(), 0);
            desk.clock.advance(1);
            least = (least * 4).min(6 * HOUR);
        }
        {
            let notes = notes.lock().unwrap();
            assert_eq!(notes.len(), usize::try_from(TRIES).unwrap());
            assert_eq!(notes.last(), Some(&Verdict::Failed("no answer".into())));
        }
        desk.clock.advance(1000 * HOUR);
        assert_eq!(runner.run_due().await.unwrap(), 0, "given up");

        let id = JobId(desk.number(Sql::new("SELECT id FROM job", args![])).await);
        desk.write(move |tx| Box::pin(async move { retry(tx, [id]).await })).await;
        assert!(!desk.write(move |tx| Box::pin(async move { discard(tx, id).await })).await, "it waits");
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(standing(&desk, "trial", 1).await.unwrap().1, 1, "its tries are counted anew");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_never_do_is_given_up_at_once_and_can_be_dropped_or_asked_for_anew() {
    both_databases(async |desk| {
        put(&desk, job("trial", 1)).await;
        let refused = || trial("trial", async |_| Outcome::Failed("refused".into()));
        assert_eq!(desk.run_due(refused()).await, 1);
        assert_eq!(standing(&desk, "trial", 1).await, Some(("failed".into(), 1, false, "refused".into())));
        put(&desk, job("trial", 1)).await;
        assert_eq!(standing(&desk, "trial", 1).await.unwrap().0, "waiting");
        assert_eq!(desk.run_due(refused()).await, 1);
        let id = JobId(desk.number(Sql::new("SELECT id FROM job", args![])).await);
        assert!(desk.write(move |tx| Box::pin(async move { discard(tx, id).await })).await);
        assert_eq!(number_of(&desk, "trial").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_try_that_failed() {
    both_databases(async |desk| {
        put(&desk, job("trial", 1)).await;
        put(&desk, job("trial", 2)).await;
        let work = trial("trial", async |job: Job| {
            assert_ne!(job.subject, 1, "this one panics, which is meant");
            Outcome::Done
        });
        assert_eq!(desk.run_due(work).await, 2);
        let (state, attempts, held, error) = standing(&desk, "trial", 1).await.unwrap();
        assert_eq!((state.as_str(), attempts, held), ("waiting", 1, false));
        assert!(error.contains("abnormally"), "{error}");
        assert_eq!(standing(&desk, "trial", 2).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_takes_its_processes_down_is_given_up_too() {
    both_databases(async |desk| {
        put(&desk, job("trial", 1)).await;
        let times = Arc::new(AtomicUsize::new(0));
        let noted = times.clone();
        let work = trial("trial", move |_| {
            noted.fetch_add(1, Ordering::SeqCst);
            async { Outcome::Done }
        });
        for _ in 0..40 {
            drop(Held::take(&desk.db, "trial", 1).await.unwrap().unwrap());
            desk.clock.advance(LEASE);
        }
        assert_eq!(desk.run_due(work).await, 1);
        assert_eq!(times.load(Ordering::SeqCst), 0);
        assert_eq!(standing(&desk, "trial", 1).await.unwrap().0, "failed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_ends_what_it_can_and_hands_back_the_rest() {
    both_databases(async |desk| {
        put(&desk, job("short", 1)).await;
        put(&desk, job("endless", 1)).await;
        put(&desk, job("asks", 1)).await;
        let begun = Arc::new(Semaphore::new(0));
        let begins = |kind: &'static str, doing: fn(Job) -> BoxFuture<'static, Outcome>| -> Arc<dyn Work> {
            let begun = begun.clone();
            Arc::new(trial(kind, move |job| {
                begun.add_permits(1);
                doing(job)
            }))
        };
        async fn asked(job: Job) {
            while !job.is_asked_to_stop() {
                tokio::task::yield_now().await;
            }
        }
        let works = vec![
            // Ends once the server is about to stop.
            begins("short", |job| {
                Box::pin(async move {
                    asked(job).await;
                    Outcome::Done
                })
            }),
            begins("endless", |_| Box::pin(pending())),
            begins("asks", |job| {
                Box::pin(async move {
                    asked(job).await;
                    Outcome::HandedBack
                })
            }),
        ];
        let pace = Pace { grace: Duration::from_secs(1), ..Pace::default() };
        let running = start(runner(&desk.db, works).paced(pace));
        timeout(PATIENCE, begun.acquire_many(3)).await.unwrap().unwrap().forget();
        stop(running).await;
        assert_eq!(standing(&desk, "short", 1).await, None, "finished");
        for kind in ["endless", "asks"] {
            assert_eq!(standing(&desk, kind, 1).await, Some(("waiting".into(), 0, false, String::new())), "{kind}");
            // Another goes on at once, and it is the first try still.
            assert_eq!(desk.run_due(trial(kind, async |job: Job| Outcome::Failed(job.attempts.to_string()))).await, 1);
            assert_eq!(standing(&desk, kind, 1).await.unwrap().3, "1");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_the_house_waits_while_it_is_held() {
    both_databases(async |desk| {
        let hold = async |held: bool| desk.execute(Sql::new("UPDATE workspace SET outgoing_held = $1", args![held])).await;
        let works = || -> Vec<Arc<dyn Work>> {
            let outgoing = Trial { outgoing: true, ..trial("outgoing", async |_| Outcome::Done) };
            vec![Arc::new(outgoing), Arc::new(trial("inner", async |_| Outcome::Done))]
        };
        hold(true).await;
        put(&desk, job("outgoing", 1)).await;
        put(&desk, job("inner", 1)).await;
        assert_eq!(runner(&desk.db, works()).run_due().await.unwrap(), 1);
        assert_eq!(number_of(&desk, "inner").await, 0);
        assert_eq!(standing(&desk, "outgoing", 1).await, Some(("waiting".into(), 0, false, String::new())));
        hold(false).await;
        assert_eq!(runner(&desk.db, works()).run_due().await.unwrap(), 1);
        assert_eq!(number_of(&desk, "outgoing").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_that_a_server_does_not_know_are_left_alone() {
    both_databases(async |desk| {
        put(&desk, job("newer", 1)).await;
        put(&desk, job("trial", 1)).await;
        assert_eq!(desk.run_due(trial("trial", async |_| Outcome::Done)).await, 1);
        assert_eq!(standing(&desk, "newer", 1).await, Some(("waiting".into(), 0, false, String::new())));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_nobody_has_taken_can_be_cancelled() {
    both_databases(async |desk| {
        assert!(!cancelled(&desk, "trial", 1).await);
        put(&desk, job("trial", 1)).await;
        assert!(cancelled(&desk, "trial", 1).await);
        assert_eq!(number_of(&desk, "trial").await, 0);

        put(&desk, job("trial", 1)).await;
        let held = Held::take(&desk.db, "trial", 1).await.unwrap().unwrap();
        assert!(!cancelled(&desk, "trial", 1).await);
        desk.clock.advance(LEASE);
        assert!(!cancelled(&desk, "trial", 1).await, "nobody knows how far it was");
        let work: Arc<dyn Work> = Arc::new(trial("trial", async |_| Outcome::Done));
        held.settle(&work, Outcome::Again(desk.db.now())).await;
        assert!(cancelled(&desk, "trial", 1).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_begun_when_it_is_put_in_or_due_and_not_when_somebody_looks() {
    both_databases(async |desk| {
        let db = Db::open(&desk.url, Arc::new(WallClock)).await.unwrap();
        let done = Arc::new(Semaphore::new(0));
        let work = {
            let done = done.clone();
            trial("trial", move |_| {
                done.add_permits(1);
                async { Outcome::Done }
            })
        };
        let running = start(runner(&db, vec![Arc::new(work)]));
        let began = Instant::now();
        for subject in 1..=20 {
            // Every other one is due a little later.
            let at = (subject % 2 == 0).then(|| db.now().plus(20));
            db.write(move |tx| Box::pin(async move { enqueue(tx, NewJob { at, ..job("trial", subject) }).await })).await.unwrap();
            timeout(PATIENCE, done.acquire()).await.unwrap().unwrap().forget();
        }
        // With a look each second it would be some twenty.
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
        stop(running).await;
        db.close().await;
    })
    .await;
}

/// What a database held before there were jobs: mails that wait, one with a code, one that was given up, others; a run that works.
const BEFORE: &str = "\
    INSERT INTO mail (token, recipients, subject, text, secret, state, attempts, next_try_at, last_error, created_at) VALUES \
    ('a', '[]', 'Waits', '', FALSE, 'pending', 2, 50, 'busy', 10), ('b', '[]', 'Code', '', TRUE, 'pending', 0, 20, '', 20), \
    ('c', '[]', 'Given up', '', FALSE, 'failed', 8, 30, 'no such mailbox', 5), ('d', '[]', 'Sent', '', FALSE, 'sent', 1, 5, '', 5), \
    ('e', '[]', 'Held', '', FALSE, 'held', 1, 6, '', 6); \
    INSERT INTO file (name, content_type, size, storage_path, uploader_kind, purpose, created_at) VALUES \
    ('a.csv', 'text/csv', 1, '', 'system', 'import', 1); \
    INSERT INTO import_run (file_id, file_name, map, actor_kind, state, rows_total, started_at, lease_until) VALUES \
    (1, 'a.csv', '{}', 'system', 'running', 1, 40, 99), (1, 'b.csv', '{}', 'system', 'done', 1, 41, 0);";

/// A database of the version before, beside that of the desk.
async fn version_before(desk: &TestDesk) -> String {
    match desk.engine() {
        Engine::Sqlite => {
            let url = format!("sqlite://{}?mode=rwc", desk.folder().join("before.db").display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            sqlx::migrate!("migrations/sqlite").run_to(4, &mut connection).await.unwrap();
            sqlx::raw_sql(BEFORE).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            url
        }
        Engine::Postgres => {
            desk.execute(Sql::new("CREATE SCHEMA earlier", args![])).await;
            let url = format!("{}?options[search_path]=earlier", desk.url);
            let mut connection = PgConnection::connect(&url).await.unwrap();
            sqlx::migrate!("migrations/postgres").run_to(4, &mut connection).await.unwrap();
            sqlx::raw_sql(BEFORE).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            url
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_before_there_were_jobs_waits_in_the_table_of_jobs() {
    both_databases(async |desk| {
        let db = Db::open(&version_before(&desk).await, desk.clock.clone()).await.unwrap();
        db.migrate().await.unwrap();
        let jobs: Vec<(String, i64, i64, String, i64, i64, String)> = db
            .clone()
            .all(Sql::new(
                "SELECT kind, subject_id, priority, state, attempts, run_at, last_error FROM job \
                 WHERE lease_until = 0 AND claims = 0 AND every IS NULL ORDER BY kind, subject_id",
                args![],
            ))
            .await
            .unwrap();
        let expected = [
            ("import", 1, 2, "waiting", 0, 40, ""),
            ("mail", 1, 1, "waiting", 2, 50, "busy"),
            ("mail", 2, 0, "waiting", 0, 20, ""),
            ("mail", 3, 1, "failed", 8, 30, "no such mailbox"),
        ];
        let expected = expected.map(|(kind, subject, priority, state, attempts, at, error)| {
            (kind.to_owned(), subject, priority, state.to_owned(), attempts, at, error.to_owned())
        });
        assert_eq!(jobs, expected);
        db.close().await;
    })
    .await;
}
