//! Hints between servers of one PostgreSQL database that the log has grown. They may be lost; nothing depends on them.

use crate::{
    args,
    db::{Db, Engine, Read, Sql},
};
use sqlx::postgres::PgListener;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};

/// The channel of the hints.
const CHANNEL: &str = "taquilla_log";
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
            let (pool, heard) = (pool.clone(), heard.clone());
            tokio::spawn(async move {
                while !*stop.borrow() {
                    let listening = async {
                        let mut listener = PgListener::connect_with(&pool).await?;
                        listener.listen(CHANNEL).await?;
                        loop {
                            listener.recv().await?;
                            heard.notify_one();
                        }
                    };
                    tokio::select! {
                        ended = listening => {
                            let ended: Result<(), sqlx::Error> = ended;
                            if let Err(error) = ended {
                                tracing::debug!(%error, "no hints of other servers at the moment");
                            }
                        }
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
