//! Appends a message to an item that the transaction has locked. The lock makes the order of ids the order of commits.

use super::{actions, insert::with_embedded, record::ItemRecord};
use crate::{
    args,
    db::{Read, Sql, Tx},
    rich_text, search,
    service::{
        events::{Author, FieldChange, note_item_event},
        files::{self, Taker},
    },
};
use domain::{
    Error, Result,
    actor::Party,
    conversation::MessageKind,
    id::{FileId, ItemId, MessageId},
    limits,
    time::Timestamp,
};

/// A message to append.
#[derive(Debug, Clone)]
pub struct AppendMessage {
    /// Reply or note.
    pub kind: MessageKind,
    /// Who writes.
    pub author: Author,
    /// HTML; it is cleaned. May be empty if there is a file.
    pub html: String,
    /// Files, uploaded by the author and not used yet.
    pub files: Vec<FileId>,
    /// Mail addresses it goes to, for people to see; mailing is up to who appends.
    pub recipients: Vec<String>,
    /// When it was written, for history; none means now.
    pub at: Option<Timestamp>,
}

impl AppendMessage {
    /// A message without files that is mailed to nobody.
    #[must_use]
    pub fn new(kind: MessageKind, author: Author, html: &str) -> Self {
        Self { kind, author, html: html.to_owned(), files: Vec::new(), recipients: Vec::new(), at: None }
    }
}

/// Appends a message: the item learns who spoke last and when an agent first answered. Answers the message and its clean HTML.
///
/// # Errors
/// Invalid if there is nothing in it, it is too long, or a file is not the author's.
pub async fn append_message(tx: &mut Tx, item: &mut ItemRecord, new: AppendMessage) -> Result<(MessageId, String)> {
    if new.html.len() > limits::RICH_TEXT {
        return Err(Error::field("html", "error_text_too_long"));
    }
    let html = rich_text::clean(&new.html);
    if rich_text::is_empty(&html) && new.files.is_empty() {
        return Err(Error::field("html", "error_required"));
    }
    let at = new.at.unwrap_or(tx.now);
    let recipients = serde_json::to_string(&new.recipients).map_err(|_| Error::internal())?;
    let (id,): (i64,) = tx
        .one(Sql::new(
            "INSERT INTO message (item_id, kind, author_kind, author_id, author_name, html, channel, recipients, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
            args![
                item.id,
                new.kind.key(),
                new.author.party.kind(),
                new.author.party.id(),
                &new.author.name,
                &html,
                new.author.channel,
                recipients,
                at
            ],
        ))
        .await?;
    let taken = with_embedded(tx, new.author.party, &new.files, &html).await?;
    files::take(tx, new.author.party, &taken, Taker::Message(ItemId(item.id), MessageId(id))).await?;
    search::index_message(tx, ItemId(item.id), MessageId(id)).await?;

    item.version += 1;
    item.updated_at = item.updated_at.max(at.0);
    let mut sql = Sql::build("UPDATE item SET version = ");
    sql.bind(item.version).push(", updated_at = ").bind(item.updated_at);
    if new.kind == MessageKind::Reply {
        item.last_message_at = Some(at.0);
        item.last_message_by = Some(new.author.party.kind().to_owned());
        item.last_message_by_id = new.author.party.id();
        item.last_message_name.clone_from(&new.author.name);
        sql.push(", last_message_at = ").bind(at);
        sql.push(", last_message_by = ").bind(new.author.party.kind());
        sql.push(", last_message_by_id = ").bind(new.author.party.id());
        sql.push(", last_message_name = ").bind(&new.author.name);
        if matches!(new.author.party, Party::Agent(_)) && item.first_response_at.is_none() {
            item.first_response_at = Some(at.0);
            sql.push(", first_response_at = ").bind(at);
        }
    }
    sql.push(" WHERE id = ").bind(item.id);
    tx.execute(sql).await?;

    let name = match new.kind {
        MessageKind::Reply => "replied",
        MessageKind::Note => "noted",
    };
    let told = FieldChange { value: (String::new(), id.to_string()), ..FieldChange::default() };
    note_item_event(tx, &new.author, item.id, item.version, name, told, new.at);
    if new.kind == MessageKind::Reply && matches!(new.author.party, Party::Customer(_)) {
        actions::away::wake(tx, item).await?;
    }
    Ok((MessageId(id), html))
}
