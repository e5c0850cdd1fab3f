//! Hints between servers of one PostgreSQL database that the log has grown. They may be lost; nothing depends on them.

use crate::{
    args,
    db::{Db, Engine, Read, Sql},
};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, watch},
    time::timeout,
};

/// The channel of the hints.
const CHANNEL: &str = "taquilla_log";
/// How long nothing is heard before it is asked whether the connection still leads anywhere, and how long that is waited for.
const QUIET: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);
/// How long after a lost connection the next one is tried.
const PAUSE: Duration = Duration::from_secs(2);

/// Hears what other servers say.
pub struct Hints {
    heard: Arc<Notify>,
}

impl Hints {
    /// Begins to listen, where there can be other servers.
    pub fn listen(db: &Db, mut stop: watch::Receiver<bool>) -> Self {
        let heard = Arc::new(Notify::new());
        if let Some(pool) = db.postgres() {
            let (options, heard) = (pool.connect_options(), heard.clone());
            tokio::spawn(async move {
                while !*stop.borrow() {
                    tokio::select! {
                        ended = listen(&options, &heard) => if let Err(error) = ended {
                            tracing::debug!(%error, "no hints of other servers at the moment");
                        },
                        _ = stop.changed() => return,
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            });
        }
        Self { heard }
    }

    /// Waits for a hint.
    pub async fn heard(&self) {
        self.heard.notified().await;
    }

    /// Says to the others that the log has grown up to `position`.
    pub fn tell(&self, db: &Db, position: i64) {
        if db.engine() != Engine::Postgres {
            return;
        }
        let mut db = db.clone();
        tokio::spawn(async move {
            let told = Sql::new("SELECT 1::bigint FROM pg_notify($1, $2)", args![CHANNEL, position.to_string()]);
            let told: Result<Option<(i64,)>, _> = db.optional(told).await;
            if let Err(error) = told {
                tracing::debug!(%error, "the other servers were not told");
            }
        });
    }
}

/// Hears until the connection is lost. It has one of its own: one that leads nowhere is never given back.
async fn listen(options: &PgConnectOptions, heard: &Notify) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        match timeout(QUIET, listener.recv()).await {
            Ok(hint) => {
                hint?;
                heard.notify_one();
            }
            // Nothing comes from others who do nothing, and nothing over a line that is dead.
            Err(_) => {
                let Ok(answer) = timeout(PATIENCE, sqlx::raw_sql("SELECT 1").execute(&mut listener)).await else { return Ok(()) };
                answer?;
            }
        }
    }
}
