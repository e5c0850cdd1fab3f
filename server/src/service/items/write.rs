//! Writes a reply or a note, sets a status with it, and mails a reply to whom it concerns.

use super::{
    ItemService,
    append::{AppendMessage, append_message},
    apply::apply,
    detail::detail,
    recipients::{self, Told},
    record::{by_id, lock},
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
    id::{AgentId, ItemId, MessageId},
    item::{Change, ItemDetail},
};

impl ItemService {
    pub(super) async fn write_message(&self, actor: &Actor, message: NewMessage) -> Result<ItemDetail> {
        let agent = actor.agent()?;
        // A light agent writes notes and changes nothing else.
        if !agent.role.works() && (message.kind == MessageKind::Reply || message.status_id.is_some()) {
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
    let agent = actor.agent()?;
    let claim = match claim(tx, actor.party(), &message.idempotency_key, Made::Message).await? {
        Claimed::New(claim) => claim,
        Claimed::Done(id) => {
            // The message is there already; it must be one of this item, which the actor must still see.
            let item = super::find(tx, actor, message.item, tx.now).await?;
            let (of,): (i64,) = tx.one(Sql::new("SELECT item_id FROM message WHERE id = $1", args![id])).await?;
            return if of == item.id { Ok(item.item_id()) } else { Err(key_reused()) };
        }
    };
    rates::count(tx, rates::WRITES_AGENT, &rates::person(actor.party())).await?;
    let mut item = lock(tx, actor, message.item).await?;
    if let (MessageKind::Reply, Some(seen)) = (message.kind, message.seen) {
        stop_if_moved(tx, item.item_id(), agent.id, seen).await?;
    }
    let author = Author::of(tx, actor).await?;
    let recipients = match message.kind {
        MessageKind::Reply => recipients::of_reply(tx, &item, &message.cc).await?,
        MessageKind::Note => Vec::new(),
    };
    let mut new = AppendMessage::new(message.kind, author.clone(), &message.html);
    new.files = message.files;
    new.recipients = recipients.iter().map(|recipient| recipient.email.clone()).collect();
    let (id, html) = append_message(tx, &mut item, new).await?;
    if let Some(status) = message.status_id {
        apply(tx, &mut item, &author, vec![Change::Status(status)], None).await?;
    }
    let told = Told { item: &item, message: id, author: &author.name, html: &html };
    recipients::mail_customers(tx, links, &told, &recipients).await?;
    tx.execute(Sql::new(
        "DELETE FROM draft WHERE agent_id = $1 AND item_id = $2 AND kind = $3",
        args![agent.id, item.id, message.kind.key()],
    ))
    .await?;
    claim.fulfil(tx, id.0).await?;
    Ok(item.item_id())
}

/// Refuses if somebody else has written after the message that was seen last. The item is locked, so nobody writes now.
async fn stop_if_moved(tx: &mut Tx, item: ItemId, agent: AgentId, seen: MessageId) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM message WHERE item_id = $1 AND id > $2 AND NOT (author_kind = 'agent' AND author_id = $3)";
    let (newer,): (i64,) = tx.one(Sql::new(sql, args![item, seen, agent])).await?;
    if newer == 0 { Ok(()) } else { Err(Error::new(ErrorCode::Conflict, "error_thread_moved")) }
}
