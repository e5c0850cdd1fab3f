//! Drafts: what an agent has typed but not sent, and what they have shared of it.

use super::{
    ItemService, detail,
    record::{ItemRecord, by_id, find, lock},
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    rich_text,
    service::{
        events::{Author, FieldChange, note_item_event},
        files,
    },
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    conversation::MessageKind,
    draft::{Draft, NewDraft},
    error::Check,
    file::Attachment,
    id::{AgentId, FileId, ItemId, ItemNumber},
    item::ItemDetail,
    limits,
    time::Timestamp,
};

#[derive(sqlx::FromRow)]
struct DraftRow {
    agent_id: i64,
    kind: String,
    html: String,
    shared: bool,
    saved_at: i64,
}

const DRAFT: &str = "SELECT agent_id, kind, html, shared, saved_at FROM draft WHERE item_id = ";

async fn read(db: &mut impl Read, item: ItemId, sql: Sql) -> Result<Vec<Draft>> {
    let rows: Vec<DraftRow> = db.all(sql).await?;
    let mut drafts = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(kind) = MessageKind::from_key(&row.kind) else { continue };
        let author = AgentId(row.agent_id);
        let files = files::of_draft(db, author, item, kind).await?;
        let html = rich_text::clean(&row.html);
        drafts.push(Draft { author, kind, html, files, shared: row.shared, saved_at: Timestamp(row.saved_at) });
    }
    Ok(drafts)
}

/// The agent's own draft of a kind.
async fn own(db: &mut impl Read, agent: AgentId, item: ItemId, kind: MessageKind) -> Result<Option<Draft>> {
    let mut sql = Sql::build(DRAFT);
    sql.bind(item).push(" AND agent_id = ").bind(agent).push(" AND kind = ").bind(kind.key());
    Ok(read(db, item, sql).await?.pop())
}

/// What others than the agent are writing at an item and have shared.
pub(super) async fn shared_with(db: &mut impl Read, agent: AgentId, item: ItemId) -> Result<Vec<Draft>> {
    let mut sql = Sql::build(DRAFT);
    sql.bind(item).push(" AND shared AND agent_id <> ").bind(agent).push(" ORDER BY saved_at, agent_id, kind");
    read(db, item, sql).await
}

/// Puts a text and files before what the agent has written there.
pub(super) async fn put_before(
    tx: &mut Tx,
    agent: AgentId,
    item: &ItemRecord,
    kind: MessageKind,
    html: &str,
    files: &[Attachment],
) -> Result<()> {
    let before = own(tx, agent, item.item_id(), kind).await?;
    let (text, kept) = before.map(|draft| (draft.html, draft.files)).unwrap_or_default();
    let ids: Vec<FileId> = files.iter().chain(&kept).map(|file| file.id).collect();
    put(tx, agent, item.item_id(), kind, &format!("{html}{text}"), &ids).await?;
    Ok(())
}

/// Has this be the agent's draft; answers whether others read it.
async fn put(tx: &mut Tx, agent: AgentId, item: ItemId, kind: MessageKind, html: &str, ids: &[FileId]) -> Result<bool> {
    let now = tx.now;
    let sql = "INSERT INTO draft (agent_id, item_id, kind, html, saved_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (agent_id, item_id, kind) DO UPDATE SET html = $4, saved_at = $5 RETURNING shared";
    let (shared,): (bool,) = tx.one(Sql::new(sql, args![agent, item, kind.key(), html, now])).await?;
    files::keep_for_draft(tx, agent, item, kind, ids).await?;
    Ok(shared)
}

/// Discards the agent's draft; answers whether others could read it.
pub(super) async fn discard(tx: &mut Tx, agent: AgentId, item: ItemId, kind: MessageKind) -> Result<bool> {
    let sql = "DELETE FROM draft WHERE agent_id = $1 AND item_id = $2 AND kind = $3 RETURNING shared";
    let shared: Option<(bool,)> = tx.optional(Sql::new(sql, args![agent, item, kind.key()])).await?;
    Ok(shared.is_some_and(|(shared,)| shared))
}

fn may_write(actor: &Actor, kind: MessageKind) -> Result<AgentId> {
    let agent = actor.agent()?;
    if kind == MessageKind::Reply && !agent.role.works() {
        return Err(Error::forbidden());
    }
    Ok(agent.id)
}

/// What others see of drafts has changed.
async fn note(tx: &mut Tx, actor: &Actor, item: &ItemRecord) -> Result<()> {
    let author = Author::of(tx, actor).await?;
    note_item_event(tx, &author, item.id, item.version, "draft", FieldChange::default(), None);
    Ok(())
}

impl ItemService {
    pub(super) async fn drafts_of(&self, actor: &Actor, number: ItemNumber) -> Result<Vec<Draft>> {
        let agent = actor.agent()?;
        let mut db = self.db.clone();
        let now = db.now();
        let item = find(&mut db, actor, number, now).await?;
        let mut sql = Sql::build(DRAFT);
        sql.bind(item.item_id()).push(" AND agent_id = ").bind(agent.id).push(" ORDER BY kind");
        read(&mut db, item.item_id(), sql).await
    }

    pub(super) async fn keep_draft(&self, actor: &Actor, draft: NewDraft) -> Result<()> {
        let agent = may_write(actor, draft.kind)?;
        Check::new()
            .that(draft.html.len() <= limits::RICH_TEXT, "html", "error_text_too_long")
            .that(draft.files.len() <= limits::FILES, "files", "error_too_many_files")
            .done()?;
        let html = rich_text::clean(&draft.html);
        let by = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let item = lock(tx, &by, draft.item).await?;
                    let id = item.item_id();
                    let shared = if rich_text::is_empty(&html) && draft.files.is_empty() {
                        discard(tx, agent, id, draft.kind).await?
                    } else {
                        put(tx, agent, id, draft.kind, &html, &draft.files).await?
                    };
                    if shared {
                        note(tx, &by, &item).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    pub(super) async fn set_draft_shared(
        &self,
        actor: &Actor,
        number: ItemNumber,
        kind: MessageKind,
        shared: bool,
    ) -> Result<ItemDetail> {
        let agent = may_write(actor, kind)?;
        let by = actor.clone();
        let item = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let item = lock(tx, &by, number).await?;
                    let sql = "UPDATE draft SET shared = $1 WHERE agent_id = $2 AND item_id = $3 AND kind = $4";
                    if tx.execute(Sql::new(sql, args![shared, agent, item.id, kind.key()])).await? == 0 {
                        return Err(gone());
                    }
                    note(tx, &by, &item).await?;
                    Ok(item.item_id())
                })
            })
            .await?;
        let mut db = self.db.clone();
        let record = by_id(&mut db, item).await?;
        detail::detail(&mut db, actor, record).await
    }

    pub(super) async fn take_over_draft(
        &self,
        actor: &Actor,
        number: ItemNumber,
        from: AgentId,
        kind: MessageKind,
    ) -> Result<Draft> {
        let agent = may_write(actor, kind)?;
        let by = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let item = lock(tx, &by, number).await?;
                    let theirs = own(tx, from, item.item_id(), kind).await?.filter(|draft| draft.shared && from != agent);
                    let theirs = theirs.ok_or_else(gone)?;
                    files::hand_over(tx, from, agent, item.item_id(), kind).await?;
                    discard(tx, from, item.item_id(), kind).await?;
                    put_before(tx, agent, &item, kind, &theirs.html, &theirs.files).await?;
                    note(tx, &by, &item).await?;
                    Ok(Draft { author: agent, shared: false, ..theirs })
                })
            })
            .await
    }
}

/// The draft is not there, or not shared, any more.
fn gone() -> Error {
    Error::new(ErrorCode::Conflict, "error_draft_gone")
}
