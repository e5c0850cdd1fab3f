//! Uploads that wait: for the message of a draft, or for a reply that is held for a moment. They stay their uploader's until the
//! message takes them, and are not discarded meanwhile.

use super::{AttachmentRow, push_uploader};
use crate::{
    args,
    db::{Engine, Read, Sql, Tx, push_filter},
};
use domain::{
    Error, Result,
    actor::{Actor, Party},
    conversation::MessageKind,
    file::Attachment,
    filter::{Viewer, policy},
    id::{AgentId, FileId, HeldId, ItemId},
    time::Timestamp,
};

/// Has these files wait for the message of a draft, instead of those that did before. Files that are not the agent's, or are used
/// already, are left out.
///
/// # Errors
/// What the database says.
pub async fn keep_for_draft(tx: &mut Tx, agent: AgentId, item: ItemId, kind: MessageKind, files: &[FileId]) -> Result<()> {
    let sql = "DELETE FROM draft_file WHERE agent_id = $1 AND item_id = $2 AND kind = $3";
    tx.execute(Sql::new(sql, args![agent, item, kind.key()])).await?;
    if files.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::build("INSERT INTO draft_file (agent_id, item_id, kind, file_id) SELECT ");
    sql.bind(agent).push(", ").bind(item).push(", ").bind(kind.key()).push(", id FROM file WHERE ");
    push_unused(&mut sql, agent, files);
    tx.execute(sql).await?;
    Ok(())
}

/// The files that wait for the message of a draft.
///
/// # Errors
/// What the database says.
pub async fn of_draft(db: &mut impl Read, agent: AgentId, item: ItemId, kind: MessageKind) -> Result<Vec<Attachment>> {
    let sql = "SELECT file.id, file.name, file.content_type, file.size, file.message_id FROM draft_file \
               JOIN file ON file.id = draft_file.file_id WHERE draft_file.agent_id = $1 AND draft_file.item_id = $2 \
               AND draft_file.kind = $3 AND file.purpose = 'none' ORDER BY file.id";
    let rows: Vec<AttachmentRow> = db.all(Sql::new(sql, args![agent, item, kind.key()])).await?;
    Ok(rows.into_iter().map(AttachmentRow::attachment).collect())
}

/// Gives the files of somebody's draft to another agent, who takes the draft over.
///
/// # Errors
/// What the database says.
pub async fn hand_over(tx: &mut Tx, from: AgentId, to: AgentId, item: ItemId, kind: MessageKind) -> Result<()> {
    let sql = "UPDATE file SET uploader_id = $1 WHERE purpose = 'none' AND uploader_kind = 'agent' AND uploader_id = $2 \
               AND id IN (SELECT file_id FROM draft_file WHERE agent_id = $2 AND item_id = $3 AND kind = $4)";
    tx.execute(Sql::new(sql, args![to, from, item, kind.key()])).await?;
    Ok(())
}

/// Has these files wait for a reply that is held.
///
/// # Errors
/// Invalid if one of them is not the agent's, or is used already.
pub async fn keep_for_held(tx: &mut Tx, agent: AgentId, held: HeldId, files: &[FileId]) -> Result<()> {
    let mut files = files.to_vec();
    files.sort_unstable();
    files.dedup();
    if files.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::build("INSERT INTO held_message_file (held_id, file_id) SELECT ");
    sql.bind(held).push(", id FROM file WHERE ");
    push_unused(&mut sql, agent, &files);
    sql.push(" AND NOT EXISTS (SELECT 1 FROM held_message_file AS other WHERE other.file_id = file.id)");
    if tx.execute(sql).await? == files.len() as u64 { Ok(()) } else { Err(Error::field("files", "error_file_unknown")) }
}

/// The files that wait for a reply that is held.
///
/// # Errors
/// What the database says.
pub async fn of_held(db: &mut impl Read, held: HeldId) -> Result<Vec<Attachment>> {
    let sql = "SELECT file.id, file.name, file.content_type, file.size, file.message_id FROM held_message_file \
               JOIN file ON file.id = held_message_file.file_id WHERE held_message_file.held_id = $1 ORDER BY file.id";
    let rows: Vec<AttachmentRow> = db.all(Sql::new(sql, args![held])).await?;
    Ok(rows.into_iter().map(AttachmentRow::attachment).collect())
}

fn push_unused(sql: &mut Sql, agent: AgentId, files: &[FileId]) {
    sql.push("purpose = 'none' AND ");
    push_uploader(sql, Party::Agent(agent));
    sql.push(" AND id IN (").bind_all(files.iter().copied()).push(")");
}

/// Appends the condition that a file waits for something that colleagues see: a reply that is held, or a draft that is shared, of
/// an item that the actor sees. For agents.
pub(super) fn push_seen_waiting(sql: &mut Sql, engine: Engine, actor: &Actor, now: Timestamp) {
    let item_is_seen = |sql: &mut Sql| {
        sql.push(" IN (SELECT item.id FROM item WHERE ");
        push_filter(sql, engine, &policy::permission(actor), &Viewer::of(actor, now));
        sql.push("))");
    };
    sql.push("purpose = 'none' AND (EXISTS (SELECT 1 FROM held_message_file JOIN held_message ON held_message.id = held_id ");
    sql.push("WHERE file_id = file.id AND held_message.item_id");
    item_is_seen(sql);
    sql.push(" OR EXISTS (SELECT 1 FROM draft_file JOIN draft ON draft.agent_id = draft_file.agent_id ");
    sql.push("AND draft.item_id = draft_file.item_id AND draft.kind = draft_file.kind ");
    sql.push("WHERE draft_file.file_id = file.id AND draft.shared AND draft.item_id");
    item_is_seen(sql);
    sql.push(")");
}
