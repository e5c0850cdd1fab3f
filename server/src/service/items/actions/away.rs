//! Deleted, spam, asleep: what lies outside of ordinary lists, and how it comes back.

use super::super::{
    ItemService,
    record::{ItemRecord, lock, lock_by_id},
};
use crate::{
    args,
    db::{Db, Sql, Tx},
    jobs::{self, Job, NewJob, Outcome, Priority, Work},
    service::events::{Author, FieldChange, note_item_event},
};
use async_trait::async_trait;
use domain::{
    Error, ErrorCode, Result,
    action::{Away, Put},
    actor::Actor,
    id::{ItemId, ItemNumber},
    item::ItemDetail,
    limits,
    time::{DAY, Timestamp},
};

/// The kind of the jobs that wake items.
pub const JOB: &str = "wake";

impl ItemService {
    pub(super) async fn put(&self, actor: &Actor, number: ItemNumber, put: Put) -> Result<ItemDetail> {
        actor.working_agent()?;
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { put_item(tx, &by, number, put).await })).await?;
        self.done(actor, item).await
    }
}

async fn put_item(tx: &mut Tx, actor: &Actor, number: ItemNumber, put: Put) -> Result<ItemId> {
    let mut item = lock(tx, actor, number).await?;
    let author = Author::of(tx, actor).await?;
    put_locked(tx, &mut item, put, &author).await?;
    Ok(item.item_id())
}

/// Refuses a time to sleep until that makes no sense.
///
/// # Errors
/// Invalid, with the field.
pub(in super::super) fn check_time(put: Put, now: Timestamp) -> Result<()> {
    match put {
        Put::Snoozed(Some(until)) if until <= now || until > now.plus(limits::SNOOZE_DAYS * DAY) => {
            Err(Error::field("until", "error_snooze_time").with("days", limits::SNOOZE_DAYS))
        }
        _ => Ok(()),
    }
}

/// Puts away an item that is locked, or brings it back; answers whether it was not so already.
///
/// # Errors
/// A conflict where its state speaks against it, invalid for a time that makes no sense; then nothing was written.
pub(in super::super) async fn put_locked(tx: &mut Tx, item: &mut ItemRecord, put: Put, author: &Author) -> Result<bool> {
    let now = tx.now;
    let mut away = item.away();
    match put {
        Put::Deleted(deleted) => {
            refuse_merged(item)?;
            away.deleted_at = away.deleted_at.or(Some(now)).filter(|_| deleted);
        }
        Put::Spam(spam) => {
            refuse(item)?;
            away.spam = spam;
        }
        Put::Snoozed(until) => {
            refuse(item)?;
            check_time(put, now)?;
            away.snoozed_until = until;
        }
    }
    if away == item.away() {
        return Ok(false);
    }
    if let Put::Snoozed(until) = put {
        jobs::cancel(tx, JOB, item.id).await?;
        if until.is_some() {
            jobs::enqueue(tx, NewJob { kind: JOB, subject: item.id, priority: Priority::Normal, at: until }).await?;
        }
    }
    let name = match put {
        Put::Deleted(true) => "deleted",
        Put::Deleted(false) => "restored",
        Put::Spam(true) => "spam",
        Put::Spam(false) => "not_spam",
        Put::Snoozed(Some(_)) => "snoozed",
        Put::Snoozed(None) => "woke",
    };
    save_and_note(tx, item, away, author, name).await?;
    Ok(true)
}

async fn save_and_note(tx: &mut Tx, item: &mut ItemRecord, away: Away, author: &Author, name: &'static str) -> Result<()> {
    let deleted = |away: Away| serde_json::to_string(&away.deleted_at).unwrap_or_default();
    // People are told until when; the permissions of customers ask for the rest.
    let until = away.snoozed_until.filter(|_| name == "snoozed").map(|until| until.0.to_string());
    let told =
        FieldChange { field: "", text: (String::new(), until.unwrap_or_default()), value: (deleted(item.away()), deleted(away)) };
    save(tx, item, away).await?;
    note_item_event(tx, author, item.id, item.version, name, told, None);
    Ok(())
}

/// Has an item that is locked lie there from now on.
pub(super) async fn save(tx: &mut Tx, item: &mut ItemRecord, away: Away) -> Result<()> {
    item.spam = away.spam;
    item.deleted_at = away.deleted_at.map(|at| at.0);
    item.snoozed_until = away.snoozed_until.map(|at| at.0);
    item.merged_into = away.merged_into.map_or(0, |number| number.0);
    touch(tx, item).await?;
    let sql = "UPDATE item SET spam = $1, deleted_at = $2, snoozed_until = $3, merged_into = $4 WHERE id = $5";
    tx.execute(Sql::new(sql, args![item.spam, item.deleted_at, item.snoozed_until, item.merged_into, item.id])).await?;
    let sql = if away.is_not() {
        "DELETE FROM item_away WHERE item_id = $1"
    } else {
        "INSERT INTO item_away (item_id) VALUES ($1) ON CONFLICT DO NOTHING"
    };
    tx.execute(Sql::new(sql, args![item.id])).await?;
    Ok(())
}

/// Something of an item that is locked has changed: it has another version, now.
///
/// # Errors
/// What the database says.
pub async fn touch(tx: &mut Tx, item: &mut ItemRecord) -> Result<()> {
    item.version += 1;
    item.updated_at = item.updated_at.max(tx.now.0);
    let sql = "UPDATE item SET version = $1, updated_at = $2 WHERE id = $3";
    tx.execute(Sql::new(sql, args![item.version, item.updated_at, item.id])).await?;
    Ok(())
}

/// Refuses to work in an item that is deleted, or that goes on somewhere else.
pub(in super::super) fn refuse(item: &ItemRecord) -> Result<()> {
    if item.deleted_at.is_some() {
        return Err(Error::new(ErrorCode::Conflict, "error_item_deleted"));
    }
    refuse_merged(item)
}

/// Refuses to work in an item that goes on somewhere else.
pub(super) fn refuse_merged(item: &ItemRecord) -> Result<()> {
    match item.away().merged_into {
        Some(number) => Err(Error::new(ErrorCode::Conflict, "error_item_merged").with("number", number)),
        None => Ok(()),
    }
}

/// Wakes an item that is locked, if it sleeps.
///
/// # Errors
/// What the database says.
pub async fn wake(tx: &mut Tx, item: &mut ItemRecord) -> Result<()> {
    if item.snoozed_until.is_none() {
        return Ok(());
    }
    let away = Away { snoozed_until: None, ..item.away() };
    save_and_note(tx, item, away, &Author::system(), "woke").await?;
    jobs::cancel(tx, JOB, item.id).await?;
    Ok(())
}

/// Wakes items whose time has come.
pub struct Wake {
    db: Db,
}

impl Wake {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Wakes one, if it still sleeps and its time has come.
    pub async fn wake(&self, item: ItemId) -> Outcome {
        match self.db.write(move |tx| Box::pin(async move { wake_in_time(tx, item).await })).await {
            Ok(None) => Outcome::Done,
            Ok(Some(until)) => Outcome::Again(until),
            Err(error) if error.code == ErrorCode::NotFound => Outcome::Done,
            Err(error) => Outcome::later(&error),
        }
    }
}

#[async_trait]
impl Work for Wake {
    fn kind(&self) -> &'static str {
        JOB
    }

    async fn run(&self, job: &Job) -> Outcome {
        self.wake(ItemId(job.subject)).await
    }
}

/// Answers when to try again, if somebody has let it sleep longer.
async fn wake_in_time(tx: &mut Tx, item: ItemId) -> Result<Option<Timestamp>> {
    let mut item = lock_by_id(tx, item).await?;
    match item.away().snoozed_until {
        Some(until) if until > tx.now => Ok(Some(until)),
        _ => {
            wake(tx, &mut item).await?;
            Ok(None)
        }
    }
}
