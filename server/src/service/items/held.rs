//! Replies that are held: for as long as their author has chosen they wait, seen by colleagues and by no customer, and can be taken
//! back. A job sends them, so that it needs no browser that stays open; what is sent is then a message like any other.

use super::{
    ItemService, actions, detail, drafts,
    insert::with_embedded,
    record::{ItemRecord, by_id, lock, lock_by_id},
    statuses,
    write::{Letter, deliver},
};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    jobs::{self, Job, NewJob, Outcome, Priority, Work},
    mail::Links,
    rich_text,
    service::{
        events::{Author, FieldChange, note_item_event},
        files,
    },
};
use async_trait::async_trait;
use domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Party},
    conversation::{HeldReply, MessageKind, NewMessage, TakenBack},
    id::{AgentId, FileId, HeldId, ItemId, ItemNumber, StatusId},
    time::Timestamp,
};

/// The kind of the jobs that send.
pub const JOB: &str = "reply";

/// Milliseconds that the agent's replies wait.
pub(super) async fn time_of(db: &mut impl Read, agent: AgentId) -> Result<i64> {
    let (seconds,): (i64,) = db.one(Sql::new("SELECT undo_send FROM agent WHERE id = $1", args![agent])).await?;
    Ok(seconds * 1000)
}

/// Holds a reply to an item that the transaction has locked, for so many milliseconds. What could refuse it later refuses it now.
pub(super) async fn hold(
    tx: &mut Tx,
    item: &ItemRecord,
    author: &Author,
    agent: AgentId,
    reply: &NewMessage,
    wait: i64,
) -> Result<HeldId> {
    let html = rich_text::clean(&reply.html);
    if rich_text::is_empty(&html) && reply.files.is_empty() {
        return Err(Error::field("html", "error_required"));
    }
    if let Some(status) = reply.status_id
        && !is_status_of(tx, item, status).await?
    {
        return Err(Error::field("status", "error_choice"));
    }
    let cc = serde_json::to_string(&reply.cc).map_err(|_| Error::internal())?;
    let now = tx.now;
    let send_at = now.plus(wait);
    let (id,): (i64,) = tx
        .one(Sql::new(
            "INSERT INTO held_message (item_id, agent_id, html, cc, status_id, send_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            args![item.id, agent, &html, cc, reply.status_id, send_at, now],
        ))
        .await?;
    let taken = with_embedded(tx, Party::Agent(agent), &reply.files, &html).await?;
    files::keep_for_held(tx, agent, HeldId(id), &taken).await?;
    jobs::enqueue(tx, NewJob { kind: JOB, subject: id, priority: Priority::High, at: Some(send_at) }).await?;
    note_item_event(tx, author, item.id, item.version, "held", FieldChange::default(), None);
    Ok(HeldId(id))
}

async fn is_status_of(tx: &mut Tx, item: &ItemRecord, status: StatusId) -> Result<bool> {
    Ok(statuses::of_type(tx, item.ticket_type()).await?.iter().any(|known| known.id == status))
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    id: i64,
    agent_id: i64,
    agent_name: String,
    html: String,
    send_at: i64,
    error: String,
}

/// The replies to an item that are held, oldest first. For agents.
pub(super) async fn of_item(db: &mut impl Read, item: ItemId) -> Result<Vec<HeldReply>> {
    let rows: Vec<HeldRow> = db
        .all(Sql::new(
            "SELECT held_message.id, agent_id, agent.name AS agent_name, html, send_at, error FROM held_message \
             JOIN agent ON agent.id = agent_id WHERE item_id = $1 ORDER BY held_message.id",
            args![item],
        ))
        .await?;
    let mut held = Vec::with_capacity(rows.len());
    for row in rows {
        held.push(HeldReply {
            id: HeldId(row.id),
            author: AgentId(row.agent_id),
            author_name: row.agent_name,
            html: rich_text::clean(&row.html),
            files: files::of_held(db, HeldId(row.id)).await?,
            send_at: Timestamp(row.send_at),
            error: row.error,
        });
    }
    Ok(held)
}

impl ItemService {
    pub(super) async fn take_held_back(&self, actor: &Actor, held: HeldId) -> Result<TakenBack> {
        let agent = actor.working_agent()?.id;
        let by = actor.clone();
        let (item, html, files, cc) =
            self.db.write(move |tx| Box::pin(async move { take_back(tx, &by, agent, held).await })).await?;
        let mut db = self.db.clone();
        let record = by_id(&mut db, item).await?;
        Ok(TakenBack { item: Box::new(detail::detail(&mut db, actor, record).await?), html, files, cc })
    }
}

type Kept = (ItemId, String, Vec<domain::file::Attachment>, Vec<String>);

async fn take_back(tx: &mut Tx, actor: &Actor, agent: AgentId, held: HeldId) -> Result<Kept> {
    let gone = || Error::new(ErrorCode::Conflict, "error_sent_already");
    let sql = "SELECT item.number FROM held_message JOIN item ON item.id = item_id WHERE held_message.id = $1 AND agent_id = $2";
    let (number,): (i64,) = tx.optional(Sql::new(sql, args![held, agent])).await?.ok_or_else(gone)?;
    let item = lock(tx, actor, ItemNumber(number)).await?;
    // It may have been sent while the lock was waited for.
    let found: Option<(String, String)> =
        tx.optional(Sql::new("SELECT html, cc FROM held_message WHERE id = $1", args![held])).await?;
    let (html, cc) = found.ok_or_else(gone)?;
    let waiting = files::of_held(tx, held).await?;
    tx.execute(Sql::new("DELETE FROM held_message WHERE id = $1", args![held])).await?;
    jobs::cancel(tx, JOB, held.0).await?;
    drafts::put_before(tx, agent, &item, MessageKind::Reply, &html, &waiting).await?;
    let author = Author::of(tx, actor).await?;
    note_item_event(tx, &author, item.id, item.version, "taken_back", FieldChange::default(), None);
    Ok((item.item_id(), rich_text::clean(&html), waiting, serde_json::from_str(&cc).unwrap_or_default()))
}

/// Sends replies whose time has come.
pub struct SendHeld {
    db: Db,
    links: Links,
}

impl SendHeld {
    /// Over a database; mails link to the pages that `links` makes.
    #[must_use]
    pub fn new(db: Db, links: Links) -> Self {
        Self { db, links }
    }

    /// Sends one, if it still waits. What refuses it for good is told to its author, where they wrote it.
    pub async fn send(&self, held: HeldId) -> Outcome {
        let links = self.links.clone();
        let sent = self.db.write(move |tx| Box::pin(async move { send(tx, held, &links).await })).await;
        let error = match sent {
            Ok(()) => return Outcome::Done,
            Err(error) => error,
        };
        if matches!(error.code, ErrorCode::Internal | ErrorCode::Unavailable) {
            return Outcome::Later(error.key);
        }
        let why = error.fields.into_iter().next().map_or(error.key, |field| field.key);
        match self.db.write(move |tx| Box::pin(async move { give_up(tx, held, &why).await })).await {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Later(error.key),
        }
    }
}

#[async_trait]
impl Work for SendHeld {
    fn kind(&self) -> &'static str {
        JOB
    }

    async fn run(&self, job: &Job) -> Outcome {
        self.send(HeldId(job.subject)).await
    }
}

#[derive(sqlx::FromRow)]
struct Waiting {
    agent_id: i64,
    html: String,
    cc: String,
    status_id: Option<i64>,
}

async fn locked(tx: &mut Tx, held: HeldId) -> Result<Option<(ItemRecord, Waiting)>> {
    let of: Option<(i64,)> = tx.optional(Sql::new("SELECT item_id FROM held_message WHERE id = $1", args![held])).await?;
    let Some((item,)) = of else { return Ok(None) };
    let item = lock_by_id(tx, ItemId(item)).await?;
    // It may have been taken back while the lock was waited for.
    let sql = "SELECT agent_id, html, cc, status_id FROM held_message WHERE id = $1";
    let found: Option<Waiting> = tx.optional(Sql::new(sql, args![held])).await?;
    Ok(found.map(|waiting| (item, waiting)))
}

async fn send(tx: &mut Tx, held: HeldId, links: &Links) -> Result<()> {
    let Some((mut item, waiting)) = locked(tx, held).await? else { return Ok(()) };
    actions::away::refuse(&item)?;
    let author = Author::agent(tx, AgentId(waiting.agent_id)).await?;
    let files: Vec<FileId> = files::of_held(tx, held).await?.into_iter().map(|file| file.id).collect();
    tx.execute(Sql::new("DELETE FROM held_message WHERE id = $1", args![held])).await?;
    let status = match waiting.status_id.map(StatusId) {
        // The type may have become another meanwhile: the reply counts more than its status.
        Some(status) if is_status_of(tx, &item, status).await? => Some(status),
        _ => None,
    };
    let letter = Letter {
        kind: MessageKind::Reply,
        html: waiting.html,
        files,
        addresses: serde_json::from_str(&waiting.cc).unwrap_or_default(),
        status,
    };
    deliver(tx, links, &mut item, &author, letter).await?;
    Ok(())
}

async fn give_up(tx: &mut Tx, held: HeldId, why: &str) -> Result<()> {
    let Some((item, waiting)) = locked(tx, held).await? else { return Ok(()) };
    tx.execute(Sql::new("UPDATE held_message SET error = $1 WHERE id = $2", args![why, held])).await?;
    let author = Author::agent(tx, AgentId(waiting.agent_id)).await?;
    note_item_event(tx, &author, item.id, item.version, "held", FieldChange::default(), None);
    Ok(())
}
