//! One stream: what one reader is told, from where they left off, until their session ends.

use super::{
    ENTRIES, Live, batch_after, end_of_log,
    presence::Told,
    streams::{Place, Streams, Tab},
};
use crate::service::items::present::is_key;
use bytes::Bytes;
use domain::{
    Error, Result,
    actor::Actor,
    filter::{Expr, Viewer, policy},
    limits::{STREAM_AWAY, STREAM_HEARTBEAT_SECONDS, STREAM_PATIENCE_SECONDS, STREAM_RIGHTS_SECONDS},
    live::News,
    time::Timestamp,
};
use futures::future::BoxFuture;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{broadcast, mpsc, watch},
    time::{Instant, MissedTickBehavior, interval_at, timeout},
};

/// How often a stream says that it is there, so that no proxy takes it for dead, and that a browser can tell when it is.
const HEARTBEAT: Duration = Duration::from_secs(STREAM_HEARTBEAT_SECONDS);
/// Milliseconds after which a browser comes back.
const RETRY: u32 = 1_500;
/// How often it is asked whether the session still holds.
const RIGHTS: Duration = Duration::from_secs(STREAM_RIGHTS_SECONDS);
/// How long a reader may take nothing before the stream is given up. Browsers come back and say where they were.
const PATIENCE: Duration = Duration::from_secs(STREAM_PATIENCE_SECONDS);

/// Asks who holds the session now; [`Actor::Anonymous`] when it has ended.
pub type Ask = Arc<dyn Fn() -> BoxFuture<'static, Result<Actor>> + Send + Sync>;

/// Where a stream begins, as the page says that opens it.
#[derive(Debug, Clone, Default)]
pub struct Begin {
    /// Where the reader left off; none is now.
    pub after: Option<i64>,
    /// The key of the browser tab, the one that says where its agent is (`items/present`): with the stream the tab is gone.
    pub tab: Option<String>,
}

/// A notice as server-sent events carry it (WHATWG HTML, 9.2): one line of data.
pub(super) fn frame(news: &News) -> String {
    format!("data: {}\n\n", serde_json::to_string(news).unwrap_or_default())
}

/// An event without data: it only sets where a reader begins again.
pub(super) fn place(position: i64) -> String {
    format!("id: {position}\n\n")
}

/// What a stream says again and again.
fn beat(position: i64) -> String {
    format!("id: {position}\n{}", frame(&News::Beat))
}

/// Where the process is.
fn end(live: &Live) -> i64 {
    live.position().0
}

/// Waits until somebody has come or gone; for ever where that is not told.
async fn moved(others: &mut Option<Told>) {
    match others {
        Some(others) => others.changed().await,
        None => std::future::pending().await,
    }
}

/// Why a stream ends.
enum End {
    /// The reader is gone, or takes nothing.
    Gone,
    /// The session is over, or the server stops.
    Over,
}

/// The log cannot be read.
fn unread(error: &Error) -> End {
    tracing::warn!(%error, "a stream cannot catch up");
    End::Over
}

/// One stream.
pub struct Reader {
    live: Live,
    actor: Actor,
    permission: Expr,
    ask: Ask,
    position: i64,
    batches: broadcast::Receiver<Arc<super::Batch>>,
    /// Who else is where; of this customers are told nothing.
    others: Option<Told>,
    out: mpsc::Sender<Bytes>,
    tab: Option<Tab>,
    place: Place,
}

impl Reader {
    /// Opens a stream for somebody. Answers what to send to them.
    ///
    /// # Errors
    /// Unauthenticated for nobody; too many, past [`domain::limits::STREAMS`].
    pub fn open(live: &Live, actor: Actor, ask: Ask, begin: Begin) -> Result<mpsc::Receiver<Bytes>> {
        let session = match &actor {
            Actor::Agent(agent) => agent.session,
            Actor::Customer(customer) => customer.session,
            Actor::Anonymous | Actor::System => return Err(Error::unauthenticated()),
        };
        let tab: Option<Tab> = actor.agent().ok().and_then(|agent| Some((agent.id, begin.tab.filter(|tab| is_key(tab))?)));
        let place = Streams::take(&live.open, session, tab.clone())?;
        // Heard from here on: what is told while the reader catches up waits.
        let batches = live.batches.subscribe();
        let (out, sent) = mpsc::channel(8);
        let permission = policy::permission(&actor);
        let position = begin.after.unwrap_or_else(|| end(live));
        let others = actor.agent().is_ok().then(|| Told::nothing(live));
        let reader = Self { live: live.clone(), actor, permission, ask, position, batches, others, out, tab, place };
        tokio::spawn(reader.run(live.ended.subscribe()));
        Ok(sent)
    }

    async fn run(mut self, mut ended: watch::Receiver<bool>) {
        let now = Instant::now();
        let mut heartbeat = interval_at(now + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut rights = interval_at(now + RIGHTS, RIGHTS);
        rights.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut result = self.begin().await;
        while result.is_ok() {
            result = tokio::select! {
                // In this order, so that what may end rights goes before what is told under them.
                biased;
                _ = ended.changed() => Err(End::Over),
                () = self.out.closed() => Err(End::Gone),
                _ = rights.tick() => self.check().await,
                _ = heartbeat.tick() => self.send(beat(self.position)).await,
                batch = self.batches.recv() => match batch {
                    Ok(batch) => self.tell(&batch).await,
                    // Too slow for what is kept in memory: the log has it.
                    Err(broadcast::error::RecvError::Lagged(_)) => self.catch_up().await,
                    Err(broadcast::error::RecvError::Closed) => Err(End::Over),
                },
                () = moved(&mut self.others) => self.tell_presence().await,
            };
        }
        let Self { live, tab, place, .. } = self;
        drop(place);
        // When the server ends a stream, the page is still there and comes back.
        if let (Err(End::Gone), Some((agent, tab))) = (result, tab) {
            live.left(agent, tab).await;
        }
    }

    async fn send(&self, text: impl Into<Bytes>) -> Result<(), End> {
        match timeout(PATIENCE, self.out.send(text.into())).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }

    /// Says where the stream begins, and how soon a browser that loses it shall come back; tells what has happened since.
    async fn begin(&mut self) -> Result<(), End> {
        let mut text = format!("retry: {RETRY}\n");
        if self.position > end(&self.live) {
            // Another server was faster; or an older log was brought back, and the reader was told of another future.
            let log = end_of_log(&self.live.db).await.map_err(|error| unread(&error))?;
            if self.position > log {
                self.position = log;
                text = frame(&News::Reset) + &text;
            }
        }
        self.send(text + &place(self.position)).await?;
        self.catch_up().await?;
        self.tell_presence().await
    }

    /// Tells what lies between where the reader is and where this process is.
    async fn catch_up(&mut self) -> Result<(), End> {
        let end = end(&self.live);
        if end - self.position > STREAM_AWAY {
            self.position = end;
            self.send(frame(&News::Reset) + &place(end)).await?;
            return self.tell_presence_anew().await;
        }
        let from = self.position;
        while self.position < end {
            let batch = self.read_on(ENTRIES).await?;
            if batch.read == 0 {
                break;
            }
            self.tell_all(&batch).await?;
        }
        if self.position == from { Ok(()) } else { self.send(place(self.position)).await }
    }

    /// What the log holds after where the reader is.
    async fn read_on(&self, most: i64) -> Result<super::Batch, End> {
        batch_after(&self.live.db, self.position, most).await.map_err(|error| unread(&error))
    }

    /// Tells what the reader does not know yet of a piece of the log.
    async fn tell(&mut self, batch: &super::Batch) -> Result<(), End> {
        if batch.last <= self.position {
            return Ok(());
        }
        if batch.from < self.position {
            // Its beginning was told by another server, which was ahead of this one. The log has no gaps.
            let rest = self.read_on(batch.last - self.position).await?;
            return self.tell_all(&rest).await;
        }
        self.tell_all(batch).await
    }

    async fn tell_all(&mut self, batch: &super::Batch) -> Result<(), End> {
        // Before anything is told under rights that may be gone.
        let concerned = batch.concerns(&self.actor);
        if concerned {
            self.check().await?;
            self.send(frame(&News::Names)).await?;
        }
        let text = batch.told(&self.actor, &self.permission, &Viewer::of(&self.actor, self.now()));
        self.position = batch.last;
        match (text.is_empty(), concerned) {
            (false, _) => self.send(text).await,
            (true, true) => self.send(place(self.position)).await,
            (true, false) => Ok(()),
        }
    }

    /// Tells who else is where, as far as that has changed.
    async fn tell_presence(&mut self) -> Result<(), End> {
        let viewer = Viewer::of(&self.actor, self.now());
        match self.others.as_mut().and_then(|others| others.news(&self.permission, &viewer)) {
            Some(news) => self.send(frame(&news)).await,
            None => Ok(()),
        }
    }

    /// Tells all of it, after a reset.
    async fn tell_presence_anew(&mut self) -> Result<(), End> {
        if let Some(others) = &mut self.others {
            others.forget();
        }
        self.tell_presence().await
    }

    fn now(&self) -> Timestamp {
        self.live.db.now()
    }

    /// Asks who the reader is now.
    async fn check(&mut self) -> Result<(), End> {
        match (self.ask)().await {
            Ok(Actor::Anonymous) => {
                self.send(frame(&News::Ended)).await?;
                Err(End::Over)
            }
            Ok(actor) if actor != self.actor => {
                self.permission = policy::permission(&actor);
                self.actor = actor;
                // What they see is another list now.
                self.send(frame(&News::Reset)).await?;
                self.tell_presence_anew().await
            }
            Ok(_) => Ok(()),
            Err(error) => {
                // Rights that nobody can tell are none.
                tracing::warn!(%error, "a stream ends because its rights cannot be checked");
                Err(End::Over)
            }
        }
    }
}
