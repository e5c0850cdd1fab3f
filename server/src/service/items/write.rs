//! Writes a reply or a note, sets a status with it, and mails a reply to whom it concerns; a reply may be held for a moment first.

use super::{
    ItemService, actions,
    append::{AppendMessage, append_message},
    apply::apply,
    detail::detail,
    drafts, held,
    recipients::{self, Told},
    record::{ItemRecord, by_id, lock},
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    mail::Links,
    service::{
        events::Author,
        idempotency::{Claimed, Made, claim, key_reused},
        rates,
    },
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    conversation::{MessageKind, NewMessage},
    id::{AgentId, FileId, ItemId, MessageId, StatusId},
    item::{Change, ItemDetail},
};

impl ItemService {
    pub(super) async fn write_message(&self, actor: &Actor, message: NewMessage) -> Result<ItemDetail> {
        let agent = actor.agent()?;
        // A light agent writes notes that stay inside, and changes nothing else.
        let leaves = message.kind == MessageKind::Reply || !message.forward_to.is_empty();
        if !agent.role.works() && (leaves || message.status_id.is_some()) {
            return Err(Error::forbidden());
        }
        message.check()?;
        let (by, links) = (actor.clone(), self.links.clone());
        let item = self.db.write(move |tx| Box::pin(async move { write(tx, &by, message, &links).await })).await?;
        let mut db = self.db.clone();
        let record = by_id(&mut db, item).await?;
        detail(&mut db, actor, record).await
    }
}

async fn write(tx: &mut Tx, actor: &Actor, message: NewMessage, links: &Links) -> Result<ItemId> {
    let agent = actor.agent()?.id;
    let made = if message.hold { Made::Held } else { Made::Message };
    let claim = match claim(tx, actor.party(), &message.idempotency_key, made).await? {
        Claimed::New(claim) => claim,
        Claimed::Done(id) => return done_before(tx, actor, &message, id).await,
    };
    rates::count(tx, rates::WRITES_AGENT, &rates::person(actor.party())).await?;
    let mut item = lock(tx, actor, message.item).await?;
    actions::away::refuse(&item)?;
    if let (MessageKind::Reply, Some(seen)) = (message.kind, message.seen) {
        stop_if_moved(tx, item.item_id(), agent, seen, &message).await?;
    }
    let author = Author::of(tx, actor).await?;
    let wait = if message.hold { held::time_of(tx, agent).await? } else { 0 };
    let id = if wait > 0 {
        held::hold(tx, &item, &author, agent, &message, wait).await?.0
    } else {
        let NewMessage { kind, html, files, cc, forward_to, status_id: status, .. } = message;
        let addresses = if kind == MessageKind::Reply { cc } else { forward_to };
        deliver(tx, links, &mut item, &author, Letter { kind, html, files, addresses, status }).await?.0
    };
    drafts::discard(tx, agent, item.item_id(), message.kind).await?;
    claim.fulfil(tx, id).await?;
    Ok(item.item_id())
}

/// What the key made is there already; it must be of this item, which the actor must still see.
async fn done_before(tx: &mut Tx, actor: &Actor, message: &NewMessage, id: i64) -> Result<ItemId> {
    let item = super::find(tx, actor, message.item, tx.now).await?;
    // A reply that was held may have been sent or taken back since.
    if message.hold {
        return Ok(item.item_id());
    }
    let (of,): (i64,) = tx.one(Sql::new("SELECT item_id FROM message WHERE id = $1", args![id])).await?;
    if of == item.id { Ok(item.item_id()) } else { Err(key_reused()) }
}

/// A message that is to be written now.
pub(super) struct Letter {
    pub(super) kind: MessageKind,
    pub(super) html: String,
    pub(super) files: Vec<FileId>,
    /// Those that get a copy of a reply; those that a note is forwarded to.
    pub(super) addresses: Vec<String>,
    pub(super) status: Option<StatusId>,
}

/// Appends a message to an item that the transaction has locked, sets the status, and puts the mails into the outbox.
pub(super) async fn deliver(
    tx: &mut Tx,
    links: &Links,
    item: &mut ItemRecord,
    author: &Author,
    letter: Letter,
) -> Result<MessageId> {
    let recipients = match letter.kind {
        MessageKind::Reply => recipients::of_reply(tx, item, &letter.addresses).await?,
        MessageKind::Note => recipients::of_forward(tx, &letter.addresses).await?,
    };
    let mut new = AppendMessage::new(letter.kind, author.clone(), &letter.html);
    new.files = letter.files;
    new.recipients = recipients.iter().map(|recipient| recipient.email.clone()).collect();
    let (id, html) = append_message(tx, item, new).await?;
    if let Some(status) = letter.status {
        apply(tx, item, author, vec![Change::Status(status)], None).await?;
    }
    let told = Told { item, message: id, author: &author.name, html: &html };
    match letter.kind {
        MessageKind::Reply => recipients::mail_customers(tx, links, &told, &recipients).await?,
        MessageKind::Note => recipients::mail_forward(tx, &told, &recipients).await?,
    }
    Ok(id)
}

/// Refuses if somebody else has written after the message that was seen last, or is about to. The item is locked, so nobody writes
/// now.
async fn stop_if_moved(tx: &mut Tx, item: ItemId, agent: AgentId, seen: MessageId, message: &NewMessage) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM message WHERE item_id = $1 AND id > $2 AND NOT (author_kind = 'agent' AND author_id = $3)";
    let (newer,): (i64,) = tx.one(Sql::new(sql, args![item, seen, agent])).await?;
    let sql = "SELECT id FROM held_message WHERE item_id = $1 AND agent_id <> $2 AND error = ''";
    let held: Vec<(i64,)> = tx.all(Sql::new(sql, args![item, agent])).await?;
    let is_seen = |id: i64| message.seen_held.iter().any(|seen| seen.0 == id);
    if newer == 0 && held.into_iter().all(|(id,)| is_seen(id)) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::Conflict, "error_thread_moved"))
    }
}
