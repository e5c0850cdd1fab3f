//! What the tests of the services share: every test body runs on both databases, on a desk of its own.
//!
//! ```ignore
//! #[tokio::test(flavor = "multi_thread")]
//! async fn an_agent_sees_the_tickets_of_their_team() {
//!     both_databases(async |desk| {
//!         let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
//!         let marisa = desk.customer("Marisa").of("ACME").await;
//!         let number = desk.ticket("Printer jam").by(&marisa).for_team("Support").await;
//!         …
//!     })
//!     .await;
//! }
//! ```
//!
//! SQLite is a copy of a migrated file in a temporary folder; PostgreSQL a copy of a migrated template database on the
//! server of `TAQUILLA_TEST_POSTGRES_URL`. Both are removed afterwards, also when the test fails.

#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod databases;
pub mod invariants;
pub mod letters;
mod people;
pub mod program;
pub mod receiver;
pub mod s3;
pub mod streams;
pub mod wire;
pub mod world;

use domain::{
    actor::Actor,
    filter::{Expr, Viewer},
    id::FileId,
    time::{Clock, Timestamp},
};
use futures::FutureExt;
use server::{
    args,
    db::{Db, Engine, Read, Record, Sql, Tx, Work, push_filter},
    jobs,
    mail::Links,
    service::items::ItemService,
};
use std::{
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// The time at which every test begins.
pub const BEGINNING: Timestamp = Timestamp(1_790_000_000_000);

/// A clock that stands still until the test moves it.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// Moves the time.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// An empty workspace on one of the databases. Clones share it.
#[derive(Clone)]
pub struct TestDesk {
    /// Its database.
    pub db: Db,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Where its database is.
    pub url: String,
    folder: PathBuf,
}

impl TestDesk {
    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.db.engine()
    }
    /// A folder of this test alone, removed afterwards.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// Opens its database anew, after it was closed.
    pub async fn reopen(&mut self) {
        self.db = Db::open(&self.url, self.clock.clone()).await.unwrap();
    }
    /// The tickets service.
    pub fn items(&self) -> ItemService {
        ItemService::new(self.db.clone(), Links::new("https://desk.test"))
    }
    /// A file that this person has uploaded and not used yet (its bytes are nowhere).
    pub async fn upload(&self, actor: &Actor, name: &str) -> FileId {
        let (party, name) = (actor.party(), name.to_owned());
        let id = self.write(move |tx| {
            Box::pin(async move {
                let now = tx.now;
                let sql = "INSERT INTO file (name, content_type, size, storage_path, uploader_kind, uploader_id, created_at) \
                           VALUES ($1, 'text/plain', 3, '', $2, $3, $4) RETURNING id";
                Ok(tx.one::<(i64,)>(Sql::new(sql, args![name, party.kind(), party.id(), now])).await?.0)
            })
        });
        FileId(id.await)
    }
    /// The rows of a statement.
    pub async fn rows<T: Record>(&self, sql: Sql) -> Vec<T> {
        self.db.clone().all(sql).await.unwrap()
    }
    /// The one number of a statement.
    pub async fn number(&self, sql: Sql) -> i64 {
        self.db.clone().one::<(i64,)>(sql).await.unwrap().0
    }
    /// The ids of the items that this viewer finds with a filter, whatever they may see otherwise.
    pub async fn matching(&self, expr: &Expr, viewer: &Viewer) -> Vec<i64> {
        let mut sql = Sql::build("SELECT item.id FROM item WHERE ");
        push_filter(&mut sql, self.engine(), expr, viewer);
        sql.push(" ORDER BY item.id");
        self.rows::<(i64,)>(sql).await.into_iter().map(|(id,)| id).collect()
    }
    /// The ids of the items in which an agent finds words.
    pub async fn with_words(&self, words: &str) -> Vec<i64> {
        let agent = Viewer { notes: true, ..Viewer::nobody(self.db.now()) };
        self.matching(&Expr::Text(words.to_owned()), &agent).await
    }
    /// Runs a write that must succeed.
    pub async fn write<T: Send + 'static>(&self, work: impl for<'t> FnOnce(&'t mut Tx) -> Work<'t, T> + Send + 'static) -> T {
        self.db.write(work).await.unwrap()
    }
    /// Does every job that is due now and that this work is for; answers how many tries there were.
    pub async fn run_due(&self, work: impl jobs::Work + 'static) -> usize {
        jobs::Runner::new(self.db.clone(), vec![Arc::new(work)]).run_due().await.unwrap()
    }
    /// Runs one changing statement that must succeed.
    pub async fn execute(&self, sql: Sql) {
        self.write(|tx| Box::pin(async move { Ok(tx.execute(sql).await?) })).await;
    }
}

/// Runs a test on SQLite, then on PostgreSQL, each time on an empty workspace with an empty folder.
///
/// # Panics
/// When the test fails, and when `TAQUILLA_TEST_POSTGRES_URL` does not say where PostgreSQL is: no half is left out.
pub async fn both_databases(test: impl AsyncFn(TestDesk)) {
    // Before anything takes its time.
    databases::postgres_url();
    on_sqlite(&test).await;
    on_postgres(&test).await;
}

/// Runs a test on PostgreSQL alone, for what SQLite does not have.
pub async fn on_postgres(test: impl AsyncFn(TestDesk)) {
    let postgres = databases::postgres_url();
    let folder = std::env::temp_dir().join(format!("taquilla-test-{}", server::ambient::token()));
    std::fs::create_dir_all(&folder).unwrap();
    let passed = run_on_postgres(&postgres, &folder, &test).await;
    std::fs::remove_dir_all(&folder).unwrap();
    if let Err(panic) = passed {
        std::panic::resume_unwind(panic);
    }
}

/// An empty database and an empty folder, for what is brought to another place.
pub struct Place {
    /// The URL of the database, which has no tables.
    pub url: String,
    /// The folder.
    pub folder: PathBuf,
}

/// Runs a test with another place, which is removed afterwards, also when the test fails.
pub async fn elsewhere(engine: Engine, test: impl AsyncFn(Place)) {
    let folder = std::env::temp_dir().join(format!("taquilla-test-{}", server::ambient::token()));
    std::fs::create_dir_all(&folder).unwrap();
    let postgres = databases::postgres_url();
    let (url, name) = match engine {
        Engine::Sqlite => (format!("sqlite://{}", folder.join("elsewhere.db").display()), None),
        Engine::Postgres => {
            let name = databases::new_empty_postgres(&postgres).await;
            (databases::with_database(&postgres, &name), Some(name))
        }
    };
    let passed = AssertUnwindSafe(test(Place { url, folder: folder.clone() })).catch_unwind().await;
    if let Some(name) = name {
        databases::drop_postgres(&postgres, &name).await;
    }
    std::fs::remove_dir_all(&folder).unwrap();
    if let Err(panic) = passed {
        eprintln!("… elsewhere on {engine:?}");
        std::panic::resume_unwind(panic);
    }
}

impl Place {
    /// The desk that is there by now, with the clock of another.
    pub async fn desk(&self, like: &TestDesk) -> TestDesk {
        let db = Db::open(&self.url, like.clock.clone()).await.unwrap();
        TestDesk { db, clock: like.clock.clone(), url: self.url.clone(), folder: self.folder.clone() }
    }
}

/// Runs a test on SQLite alone, for what does not depend on the database.
pub async fn on_sqlite(test: impl AsyncFn(TestDesk)) {
    let folder = std::env::temp_dir().join(format!("taquilla-test-{}", server::ambient::token()));
    std::fs::create_dir_all(&folder).unwrap();
    let sqlite = databases::new_sqlite(&folder).await;
    let passed = run("SQLite", &sqlite, &folder, &test).await;
    std::fs::remove_dir_all(&folder).unwrap();
    if let Err(panic) = passed {
        std::panic::resume_unwind(panic);
    }
}

async fn run_on_postgres(postgres: &str, folder: &Path, test: &impl AsyncFn(TestDesk)) -> std::thread::Result<()> {
    let name = databases::new_postgres(postgres).await;
    let passed = run("PostgreSQL", &databases::with_database(postgres, &name), folder, test).await;
    databases::drop_postgres(postgres, &name).await;
    passed
}

async fn run(engine: &str, url: &str, folder: &Path, test: &impl AsyncFn(TestDesk)) -> std::thread::Result<()> {
    let clock = Arc::new(TestClock(AtomicI64::new(BEGINNING.0)));
    let db = Db::open(url, clock.clone()).await.unwrap();
    let desk = TestDesk { db: db.clone(), clock, url: url.to_owned(), folder: folder.to_owned() };
    let passed = AssertUnwindSafe(test(desk)).catch_unwind().await;
    if passed.is_err() {
        eprintln!("… on {engine}");
    }
    db.close().await;
    passed
}
