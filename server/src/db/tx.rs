//! Write transactions. They collect the events of the change and append them just before the commit, under the lock of
//! the event counter: so sequence numbers are gapless and readers see them in order, and the lock is held only briefly.
//!
//! Locks are always taken in this order: item rows, counter `item`, jobs, counter `event`.

use super::{
    Arg, Db, DbError, Engine, Pools, Read, Record, Sql,
    lent::{self, Lent, answered, wanted},
};
use crate::{args, asker::Asker};
use async_trait::async_trait;
use domain::{
    actor::Party,
    event::Subject,
    id::{EventSeq, ItemNumber},
    time::Timestamp,
};
use sqlx::{Executor, Postgres, Sqlite};

/// The connection, in the middle of the transaction: closed if it is dropped as it is, so that no lock outlives the change.
enum Inner {
    Sqlite(Lent<Sqlite>),
    Postgres(Lent<Postgres>),
}

impl Inner {
    /// Begins, commits or rolls back.
    async fn say(&mut self, word: &'static str) -> Result<(), DbError> {
        match self {
            Self::Sqlite(lent) => lent.get()?.execute(word).await.map(|_| ()).map_err(Into::into),
            Self::Postgres(lent) => {
                let connection = lent.get()?;
                answered(async { connection.execute(word).await.map(|_| ()).map_err(Into::into) }).await
            }
        }
    }
    async fn begin(&mut self) -> Result<(), DbError> {
        self.say(if matches!(self, Self::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" }).await
    }
    /// The transaction is over, and another may begin on this connection.
    fn give_back(self) {
        match self {
            Self::Sqlite(lent) => lent.give_back(),
            Self::Postgres(lent) => lent.give_back(),
        }
    }
}

/// An event to append.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Who.
    pub actor: Party,
    /// Their name.
    pub actor_name: String,
    /// By which channel: the stable name of a channel, or `agent`.
    pub channel: &'static str,
    /// To which thing.
    pub subject: Subject,
    /// What happened.
    pub name: &'static str,
    /// Which field.
    pub field: String,
    /// For people: before and after.
    pub text: (String, String),
    /// For programs: before and after, as JSON; empty where there is nothing.
    pub value: (String, String),
    /// Version of the item after it; 0 for other things.
    pub version: i64,
    /// When; `None` means now.
    pub at: Option<Timestamp>,
}

impl NewEvent {
    /// An event without a field or values.
    #[must_use]
    pub fn new(actor: Party, actor_name: &str, subject: Subject, name: &'static str) -> Self {
        Self {
            actor,
            actor_name: actor_name.to_owned(),
            channel: if matches!(actor, Party::Customer(_)) { "portal" } else { "agent" },
            subject,
            name,
            field: String::new(),
            text: (String::new(), String::new()),
            value: (String::new(), String::new()),
            version: 0,
            at: None,
        }
    }
}

/// Events of one statement: many, but SQLite looks through all names for each `$n`.
const EVENTS: usize = 60;

fn event_row(seq: i64, event: NewEvent, now: Timestamp) -> Vec<Arg> {
    args![
        seq,
        event.at.unwrap_or(now),
        event.actor.kind(),
        event.actor.id(),
        event.actor_name,
        event.channel,
        event.subject.kind(),
        event.subject.id(),
        event.name,
        event.field,
        event.text.0,
        event.text.1,
        event.value.0,
        event.value.1,
        event.version
    ]
}

/// A write transaction.
pub struct Tx {
    inner: Inner,
    /// Whether the connection leads nowhere any more.
    lost: bool,
    events: Vec<NewEvent>,
    wakes_runners: bool,
    /// The time of this change: the same for everything in it.
    pub now: Timestamp,
}

impl Tx {
    pub(super) async fn begin(db: &Db, asker: Option<Asker>) -> Result<Self, DbError> {
        let connection = async {
            match &*db.pools {
                Pools::Sqlite { write, .. } => Ok(Inner::Sqlite(Lent::new(write.acquire().await?))),
                Pools::Postgres(pool) => lent::postgres(pool).await.map(Inner::Postgres),
            }
        };
        let mut inner = wanted(asker.as_ref(), connection).await?;
        if let Some(asker) = asker {
            asker.begin();
        }
        inner.begin().await?;
        Ok(Self { inner, lost: false, events: Vec::new(), wakes_runners: false, now: db.clock.now() })
    }

    /// Runs a statement; answers how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, DbError> {
        let answer = match &mut self.inner {
            Inner::Sqlite(lent) => sql.execute_sqlite(lent.get()?).await,
            Inner::Postgres(lent) => answered(sql.execute_postgres(lent.get()?)).await,
        };
        self.heard(answer)
    }

    /// Notes an event; it is appended with the commit.
    pub fn event(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Has the runners of jobs of this process look at the queue, once this is committed.
    pub fn wake_runners(&mut self) {
        self.wakes_runners = true;
    }

    pub(super) fn wakes_runners(&self) -> bool {
        self.wakes_runners
    }

    /// Gives out the next item number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next_item_number(&mut self) -> Result<ItemNumber, DbError> {
        let (number,): (i64,) =
            self.one(Sql::new("UPDATE counter SET value = value + 1 WHERE name = 'item' RETURNING value", args![])).await?;
        Ok(ItemNumber(number))
    }

    async fn append_events(&mut self) -> Result<Option<EventSeq>, DbError> {
        let events = std::mem::take(&mut self.events);
        if events.is_empty() {
            return Ok(None);
        }
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let (last,): (i64,) = self
            .one(Sql::new("UPDATE counter SET value = value + $1 WHERE name = 'event' RETURNING value", args![count]))
            .await?;
        let now = self.now;
        let mut numbered = (last - count + 1..).zip(events).peekable();
        while numbered.peek().is_some() {
            let mut sql = Sql::build(
                "INSERT INTO event (seq, at, actor_kind, actor_id, actor_name, channel, subject_kind, subject_id, name, field, \
                 old_text, new_text, old_value, new_value, version) VALUES",
            );
            for (index, (seq, event)) in numbered.by_ref().take(EVENTS).enumerate() {
                sql.push(if index == 0 { " (" } else { ", (" }).bind_all(event_row(seq, event, now)).push(")");
            }
            self.execute(sql).await?;
        }
        Ok(Some(EventSeq(last)))
    }

    pub(super) async fn commit(mut self) -> Result<Option<EventSeq>, DbError> {
        let committed = match self.append_events().await {
            Ok(last) => {
                let answer = self.inner.say("COMMIT").await;
                self.heard(answer).map(|()| last)
            }
            Err(error) => Err(error),
        };
        match committed {
            Ok(last) => {
                self.inner.give_back();
                Ok(last)
            }
            Err(error) => {
                self.rollback().await;
                Err(error)
            }
        }
    }

    /// Notes when nobody answers any more.
    fn heard<T>(&mut self, answer: Result<T, DbError>) -> Result<T, DbError> {
        self.lost |= matches!(answer, Err(DbError::Gone(_)));
        answer
    }

    pub(super) async fn rollback(mut self) {
        if self.lost {
            return;
        }
        match self.inner.say("ROLLBACK").await {
            Ok(()) => self.inner.give_back(),
            // The engine has taken it back already, or cannot be asked: a connection that is closed has no transaction.
            Err(error) => tracing::debug!(%error, "rollback"),
        }
    }
}

#[async_trait]
impl Read for Tx {
    fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }
    async fn all<T: Record>(&mut self, sql: Sql) -> Result<Vec<T>, DbError> {
        let answer = match &mut self.inner {
            Inner::Sqlite(lent) => sql.all_sqlite(lent.get()?).await,
            Inner::Postgres(lent) => answered(sql.all_postgres(lent.get()?)).await,
        };
        self.heard(answer)
    }
    async fn optional<T: Record>(&mut self, sql: Sql) -> Result<Option<T>, DbError> {
        let answer = match &mut self.inner {
            Inner::Sqlite(lent) => sql.optional_sqlite(lent.get()?).await,
            Inner::Postgres(lent) => answered(sql.optional_postgres(lent.get()?)).await,
        };
        self.heard(answer)
    }
}
