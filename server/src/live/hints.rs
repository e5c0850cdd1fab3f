//! Hints between servers of one PostgreSQL database that the log has grown, or that who is where has changed. They may be lost;
//! nothing depends on them.

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

/// How long nothing is heard before it is asked whether the connection still leads anywhere, and how long that is waited for.
const QUIET: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The log has grown.
    Log,
    /// Who is where has changed.
    Presence,
}

impl About {
    /// The channel of the hints about it.
    fn channel(self) -> &'static str {
        match self {
            Self::Log => "taquilla_log",
            Self::Presence => "taquilla_presence",
        }
    }
}

/// How long after a lost connection the next one is tried.
const PAUSE: Duration = Duration::from_secs(2);

/// Hears what other servers say.
pub struct Hints {
    log: Arc<Notify>,
    presence: Arc<Notify>,
}

impl Hints {
    /// Begins to listen, where there can be other servers.
    pub fn listen(db: &Db, mut stop: watch::Receiver<bool>) -> Self {
        let (log, presence) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        if let Some(pool) = db.postgres() {
            let options = pool.connect_options();
            let (log, presence) = (log.clone(), presence.clone());
            tokio::spawn(async move {
                while !*stop.borrow() {
                    tokio::select! {
                        ended = listen(&options, &log, &presence) => if let Err(error) = ended {
                            tracing::debug!(%error, "no hints of other servers at the moment");
                        },
                        _ = stop.changed() => return,
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            });
        }
        Self { log, presence }
    }

    /// Waits for a hint.
    pub async fn heard(&self, about: About) {
        match about {
            About::Log => self.log.notified().await,
            About::Presence => self.presence.notified().await,
        }
    }

    /// Says it to the others.
    pub fn tell(&self, db: &Db, about: About) {
        if db.engine() != Engine::Postgres {
            return;
        }
        let mut db = db.clone();
        tokio::spawn(async move {
            let told = Sql::new("SELECT 1::bigint FROM pg_notify($1, '')", args![about.channel()]);
            let told: Result<Option<(i64,)>, _> = db.optional(told).await;
            if let Err(error) = told {
                tracing::debug!(%error, "the other servers were not told");
            }
        });
    }
}

/// Hears until the connection is lost. It has one of its own: one that leads nowhere is never given back.
async fn listen(options: &PgConnectOptions, log: &Notify, presence: &Notify) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen_all([About::Log, About::Presence].map(About::channel)).await?;
    loop {
        match timeout(QUIET, listener.recv()).await {
            Ok(hint) => {
                let about = if hint?.channel() == About::Log.channel() { log } else { presence };
                about.notify_one();
            }
            // Nothing comes from others who do nothing, and nothing over a line that is dead.
            Err(_) => {
                let Ok(answer) = timeout(PATIENCE, sqlx::raw_sql("SELECT 1").execute(&mut listener)).await else { return Ok(()) };
                answer?;
            }
        }
    }
}
