//! The database: pools, transactions, and the one way to run SQL on both engines.
//!
//! Everything goes through [`Sql`] (text with `$1` placeholders and its values) and one row struct serves both engines.
//! What differs between them is in [`dialect`]. Reading needs a [`Db`]; writing happens in [`Db::write`], which also
//! appends the events, so that a change and its trace are one transaction.

pub mod dialect;
mod error;
pub mod filter_sql;
mod lent;
pub mod migrations;
pub mod sql;
mod tx;

pub use dialect::Engine;
pub use error::DbError;
pub use filter_sql::push_filter;
pub use sql::{Arg, Sql};
pub use tx::{NewEvent, Tx};

use crate::asker::Asker;
use async_trait::async_trait;
use domain::{Result, id::EventSeq, limits, time::Clock};
use lent::{answered, wanted};
use sqlx::{
    FromRow, PgPool, Sqlite, SqlitePool,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use std::{future::Future, pin::Pin, str::FromStr, sync::Arc, time::Duration};
use tokio::sync::watch;
use tracing::Instrument;

/// A row struct that both engines can fill: `#[derive(sqlx::FromRow)]`, or a tuple.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// Something that can read: the pools, or a transaction that must see its own changes.
#[async_trait]
pub trait Read: Send {
    /// The engine, for the few places where SQL differs.
    fn engine(&self) -> Engine;
    /// All rows.
    async fn all<T: Record>(&mut self, sql: Sql) -> Result<Vec<T>, DbError>;
    /// The first row, if there is one.
    async fn optional<T: Record>(&mut self, sql: Sql) -> Result<Option<T>, DbError>;
    /// The first row.
    ///
    /// Fails with [`DbError::NoRow`] (not found, for people) if there is none.
    async fn one<T: Record>(&mut self, sql: Sql) -> Result<T, DbError> {
        self.optional(sql).await?.ok_or(DbError::NoRow)
    }
}

pub(crate) enum Pools {
    /// Several readers, and one writer that begins with `BEGIN IMMEDIATE`.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// A handle to the database; clones share the pools.
#[derive(Clone)]
pub struct Db {
    pub(crate) pools: Arc<Pools>,
    pub(crate) clock: Arc<dyn Clock>,
    /// The end of the log as this process has last moved it.
    committed: watch::Sender<i64>,
    /// Told whenever this process has put jobs into the queue.
    enqueued: watch::Sender<()>,
    /// Marked whenever this process has changed who is where.
    present: watch::Sender<()>,
}

/// What a write does, on a transaction.
pub type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

impl Db {
    /// Opens the database of `url`: `sqlite://path` (made if missing) or `postgres://…`.
    ///
    /// # Errors
    /// An unknown scheme, or a database that does not answer.
    pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Self, DbError> {
        Self::open_or_make(url, clock, true).await
    }

    /// Opens a database that is there already: for what looks at one and must not make an empty one in its place.
    ///
    /// # Errors
    /// An unknown scheme, or a database that is missing or does not answer.
    pub async fn open_existing(url: &str, clock: Arc<dyn Clock>) -> Result<Self, DbError> {
        Self::open_or_make(url, clock, false).await
    }

    async fn open_or_make(url: &str, clock: Arc<dyn Clock>, make: bool) -> Result<Self, DbError> {
        let pools = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => open_sqlite(url, make).await?,
            Some("postgres" | "postgresql") => open_postgres(url).await?,
            _ => return Err(DbError::UnknownScheme(url.split(':').next().unwrap_or_default().to_owned())),
        };
        Ok(Self {
            pools: Arc::new(pools),
            clock,
            committed: watch::Sender::new(0),
            enqueued: watch::Sender::new(()),
            present: watch::Sender::new(()),
        })
    }

    /// The present time of this database's clock.
    #[must_use]
    pub fn now(&self) -> domain::time::Timestamp {
        self.clock.now()
    }

    /// Runs `work` in a write transaction, appends its events, commits. On any error nothing is changed.
    ///
    /// It runs in a task of its own, so that a request that is cut off neither leaves half a change nor hands a
    /// connection back in the middle of a transaction. If nobody waits for it any more when its turn comes it is not begun
    /// ([`Asker`]).
    ///
    /// # Errors
    /// What `work` answers, or an internal error of the database.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        let db = self.clone();
        let asker = Asker::of_this_task();
        let work = async move {
            let mut tx = Tx::begin(&db, asker).await?;
            match work(&mut tx).await {
                Ok(value) => {
                    let wakes = tx.wakes_runners();
                    let last = tx.commit().await?;
                    if wakes {
                        db.enqueued.send_replace(());
                    }
                    if let Some(EventSeq(last)) = last {
                        db.committed.send_if_modified(|end| {
                            let moved = last > *end;
                            *end = last.max(*end);
                            moved
                        });
                    }
                    Ok(value)
                }
                Err(error) => {
                    tx.rollback().await;
                    Err(error)
                }
            }
        };
        // What it logs belongs to the request that asked for it.
        match tokio::spawn(work.in_current_span()).await {
            Ok(result) => result,
            Err(error) => {
                tracing::error!(%error, "a write ended abnormally");
                Err(domain::Error::internal())
            }
        }
    }

    /// Has the engine look at what is in its tables, after many rows have come in at once: until it does so by itself, it plans as
    /// if they were empty, and reads whole tables. That it fails is no reason to fail.
    pub async fn look_again(&self) {
        if let Err(error) = self.analyze().await {
            tracing::warn!(%error, "the statistics of the database are old");
        }
    }

    async fn analyze(&self) -> Result<(), DbError> {
        match &*self.pools {
            Pools::Sqlite { write, .. } => {
                sqlx::raw_sql("PRAGMA analysis_limit = 400; ANALYZE").execute(write).await?;
            }
            Pools::Postgres(pool) => {
                // Of many tables it takes longer than statements may. The connection is closed afterwards, so the setting goes with it.
                let mut connection = lent::postgres(pool).await?;
                sqlx::raw_sql("SET statement_timeout = 0").execute(connection.get()?).await?;
                sqlx::raw_sql("ANALYZE").execute(connection.get()?).await?;
            }
        }
        Ok(())
    }

    /// Changes whenever this process has appended to the log: to the number of the last entry.
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<i64> {
        self.committed.subscribe()
    }

    /// Changes whenever this process has put jobs into the queue.
    #[must_use]
    pub fn enqueued(&self) -> watch::Receiver<()> {
        self.enqueued.subscribe()
    }

    /// Marked whenever this process has changed who is where.
    #[must_use]
    pub fn presence(&self) -> watch::Receiver<()> {
        self.present.subscribe()
    }

    /// Says that who is where has changed.
    pub(crate) fn mark_presence(&self) {
        self.present.send_replace(());
    }

    /// The connections to PostgreSQL, if that is the engine.
    #[must_use]
    pub fn postgres(&self) -> Option<&PgPool> {
        match &*self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }

    /// How many connections there are, by what they are for: open and idle ones.
    #[must_use]
    pub fn connections(&self) -> Vec<(&'static str, u32, usize)> {
        match &*self.pools {
            Pools::Sqlite { read, write } => {
                vec![("read", read.size(), read.num_idle()), ("write", write.size(), write.num_idle())]
            }
            Pools::Postgres(pool) => vec![("all", pool.size(), pool.num_idle())],
        }
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_postgres(url: &str) -> Result<Pools, DbError> {
    let statement = format!("{}s", limits::STATEMENT_SECONDS);
    let options = PgConnectOptions::from_str(url)?.options([
        ("statement_timeout", statement.as_str()),
        // Of a client that is cut off the server hears nothing: its locks shall not wait for that.
        ("idle_in_transaction_session_timeout", "5s"),
        ("tcp_keepalives_idle", "30"),
        ("tcp_keepalives_interval", "10"),
        ("tcp_keepalives_count", "3"),
        ("timezone", "UTC"),
        // Disks find a page as fast as the next one; the default is that of disks that turn, and reads whole tables too soon.
        ("random_page_cost", "1.1"),
        // Statements here are short: compiling one takes longer than running it.
        ("jit", "off"),
    ]);
    let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(5)).connect_with(options).await?;
    Ok(Pools::Postgres(pool))
}

async fn open_sqlite(url: &str, make: bool) -> Result<Pools, DbError> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(make)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory")
        .optimize_on_close(true, 400);
    // The writer opens first: it makes the file and the write-ahead log.
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await?;
    let read = SqlitePoolOptions::new()
        .max_connections(6)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    Ok(Pools::Sqlite { read, write })
}

#[async_trait]
impl Read for Db {
    fn engine(&self) -> Engine {
        match &*self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }
    async fn all<T: Record>(&mut self, sql: Sql) -> Result<Vec<T>, DbError> {
        match &*self.pools {
            Pools::Sqlite { read, .. } => sql.all_sqlite(&mut *reader(read).await?).await,
            Pools::Postgres(pool) => {
                let mut lent = wanted(Asker::of_this_task().as_ref(), lent::postgres(pool)).await?;
                let rows = answered(sql.all_postgres(lent.get()?)).await;
                lent.back_after(&rows);
                rows
            }
        }
    }
    async fn optional<T: Record>(&mut self, sql: Sql) -> Result<Option<T>, DbError> {
        match &*self.pools {
            Pools::Sqlite { read, .. } => sql.optional_sqlite(&mut *reader(read).await?).await,
            Pools::Postgres(pool) => {
                let mut lent = wanted(Asker::of_this_task().as_ref(), lent::postgres(pool)).await?;
                let row = answered(sql.optional_postgres(lent.get()?)).await;
                lent.back_after(&row);
                row
            }
        }
    }
}

/// A connection that reads.
async fn reader(pool: &SqlitePool) -> Result<PoolConnection<Sqlite>, DbError> {
    wanted(Asker::of_this_task().as_ref(), async { Ok(pool.acquire().await?) }).await
}
