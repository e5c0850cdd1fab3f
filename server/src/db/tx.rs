//! Write transactions. They collect the events of the change and append them just before the commit, under the lock of
//! the event counter: so sequence numbers are gapless and readers see them in order, and the lock is held only briefly.
//!
//! Locks are always taken in this order: item rows, counter `item`, jobs, counter `event`.

use super::{Arg, Db, DbError, Engine, Pools, Read, Record, Sql};
use crate::args;
use async_trait::async_trait;
use domain::{
    actor::Party,
    event::Subject,
    id::{EventSeq, ItemNumber},
    time::Timestamp,
};
use sqlx::{Postgres, Sqlite, Transaction};

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
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
    events: Vec<NewEvent>,
    wakes_runners: bool,
    /// The time of this change: the same for everything in it.
    pub now: Timestamp,
}

impl Tx {
    pub(super) async fn begin(db: &Db) -> Result<Self, DbError> {
        let inner = match &*db.pools {
            Pools::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Self { inner, events: Vec::new(), wakes_runners: false, now: db.clock.now() })
    }

    /// Runs a statement; answers how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, DbError> {
        match &mut self.inner {
            Inner::Sqlite(tx) => sql.execute_sqlite(&mut **tx).await,
            Inner::Postgres(tx) => sql.execute_postgres(&mut **tx).await,
        }
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
        let last = self.append_events().await?;
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(last)
    }

    pub(super) async fn rollback(self) {
        let result = match self.inner {
            Inner::Sqlite(tx) => tx.rollback().await,
            Inner::Postgres(tx) => tx.rollback().await,
        };
        if let Err(error) = result {
            tracing::warn!(%error, "rollback");
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
        match &mut self.inner {
            Inner::Sqlite(tx) => sql.all_sqlite(&mut **tx).await,
            Inner::Postgres(tx) => sql.all_postgres(&mut **tx).await,
        }
    }
    async fn optional<T: Record>(&mut self, sql: Sql) -> Result<Option<T>, DbError> {
        match &mut self.inner {
            Inner::Sqlite(tx) => sql.optional_sqlite(&mut **tx).await,
            Inner::Postgres(tx) => sql.optional_postgres(&mut **tx).await,
        }
    }
}
