//! Mails of messages that did not arrive: agents see them where they wrote, and have them sent again.

use super::{
    ItemService,
    detail::detail,
    record::{by_id, lock},
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    mail::outbox,
    service::{events::Author, rates},
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    conversation::Undelivered,
    id::{ItemId, ItemNumber, MailId, MessageId},
    item::ItemDetail,
};
use std::collections::HashMap;

impl ItemService {
    pub(super) async fn send_again(&self, actor: &Actor, number: ItemNumber, mail: MailId) -> Result<ItemDetail> {
        actor.working_agent()?;
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { send_again(tx, &by, number, mail).await })).await?;
        let mut db = self.db.clone();
        let record = by_id(&mut db, item).await?;
        detail(&mut db, actor, record).await
    }
}

async fn send_again(tx: &mut Tx, actor: &Actor, number: ItemNumber, mail: MailId) -> Result<ItemId> {
    let item = lock(tx, actor, number).await?.item_id();
    let sql = "SELECT id FROM mail WHERE id = $1 AND item_id = $2 AND message_id IS NOT NULL";
    tx.one::<(i64,)>(Sql::new(sql, args![mail, item])).await?;
    rates::count(tx, rates::WRITES_AGENT, &rates::person(actor.party())).await?;
    let author = Author::of(tx, actor).await?;
    if outbox::requeue(tx, &author, &[mail]).await? == 0 {
        return Err(Error::new(ErrorCode::Conflict, "error_mail_done"));
    }
    Ok(item)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    message_id: i64,
    recipients: String,
    last_error: String,
}

/// The mails of an item's messages that were given up. For agents.
pub(super) async fn undelivered(db: &mut impl Read, item: ItemId) -> Result<HashMap<MessageId, Vec<Undelivered>>> {
    let sql = "SELECT id, message_id, recipients, last_error FROM mail \
               WHERE item_id = $1 AND state = 'failed' AND message_id IS NOT NULL ORDER BY id";
    let rows: Vec<Row> = db.all(Sql::new(sql, args![item])).await?;
    let mut of_message: HashMap<MessageId, Vec<Undelivered>> = HashMap::new();
    for row in rows {
        let one = Undelivered { mail: MailId(row.id), to: outbox::addresses(&row.recipients), reason: row.last_error };
        of_message.entry(MessageId(row.message_id)).or_default().push(one);
    }
    Ok(of_message)
}
