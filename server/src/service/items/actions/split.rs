//! Makes an item of a message: the message, its files and, if asked for, all that was written after it move there.

use super::{
    super::{
        ItemService, lookup,
        record::{ItemRecord, lock},
    },
    away, claim_item, insert_like, like, links, note_of_other,
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    search,
    service::{events::Author, idempotency::Claimed},
};
use domain::{
    Result,
    action::{LinkKind, NewSplit},
    actor::{Actor, Party},
    conversation::MessageKind,
    id::{ItemId, MessageId},
    item::ItemDetail,
    time::Timestamp,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    kind: String,
    author_kind: String,
    author_id: Option<i64>,
    html: String,
    created_at: i64,
}

impl Row {
    fn is_reply(&self) -> bool {
        self.kind == MessageKind::Reply.key()
    }
    fn is_answer(&self) -> bool {
        self.is_reply() && self.author_kind == "agent"
    }
}

impl ItemService {
    pub(super) async fn split_off(&self, actor: &Actor, split: NewSplit) -> Result<ItemDetail> {
        actor.working_agent()?;
        split.check()?;
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { split_off(tx, &by, split).await })).await?;
        self.done(actor, item).await
    }
}

async fn split_off(tx: &mut Tx, actor: &Actor, split: NewSplit) -> Result<ItemId> {
    let claim = match claim_item(tx, actor, &split.idempotency_key).await? {
        Claimed::New(claim) => claim,
        Claimed::Done(id) => return Ok(ItemId(id)),
    };
    let mut item = lock(tx, actor, split.item).await?;
    away::refuse(&item)?;
    let sql = "SELECT id, kind, author_kind, author_id, html, created_at FROM message WHERE item_id = $1 AND id = $2";
    let first: Row = tx.one(Sql::new(sql, args![item.id, split.message])).await?;
    let mut moved: Vec<Row> = Vec::new();
    if split.later {
        let sql =
            "SELECT id, kind, author_kind, author_id, html, created_at FROM message WHERE item_id = $1 AND id > $2 ORDER BY id";
        moved = tx.all(Sql::new(sql, args![item.id, split.message])).await?;
    }
    let answered = item.first_response_at;
    let touched = std::iter::once(&first).chain(&moved).any(|row| row.is_answer() && answered == Some(row.created_at));

    let author = Author::of(tx, actor).await?;
    let mut new = like(tx, &item, &split.title, author.clone()).await?;
    // What is asked is asked by who wrote it. A note is no question: it stays a note, and nothing of it becomes public.
    if let (true, Party::Customer(customer)) = (first.is_reply(), Party::from_columns(&first.author_kind, first.author_id)) {
        new.requester = Some(customer);
        new.created_at = Some(Timestamp(first.created_at));
    }
    if first.is_reply() {
        new.description.clone_from(&first.html);
    }
    let mut made = insert_like(tx, &item, new).await?;
    if first.is_reply() {
        become_description(tx, &item, &made, MessageId(first.id)).await?;
    } else {
        moved.insert(0, first);
    }
    for row in &moved {
        carry(tx, &item, &made, MessageId(row.id)).await?;
    }
    search::index_item(tx, made.item_id()).await?;
    count_again(tx, &mut item, touched).await?;
    count_again(tx, &mut made, true).await?;
    links::put(tx, item.item_id(), made.item_id(), LinkKind::SplitInto).await?;
    note_of_other(tx, &author, &item, "split", LinkKind::SplitInto.key(), made.item_number());
    note_of_other(tx, &author, &made, "linked", LinkKind::SplitFrom.key(), item.item_number());
    claim.fulfil(tx, made.id).await?;
    Ok(made.item_id())
}

/// A message that is the new item's question from now on.
async fn become_description(tx: &mut Tx, old: &ItemRecord, new: &ItemRecord, message: MessageId) -> Result<()> {
    let sql = "UPDATE file SET purpose = 'description', item_id = $1, message_id = NULL WHERE item_id = $2 AND message_id = $3";
    tx.execute(Sql::new(sql, args![new.id, old.id, message])).await?;
    let sql = "UPDATE mail SET item_id = $1, message_id = NULL WHERE message_id = $2";
    tx.execute(Sql::new(sql, args![new.id, message])).await?;
    search::forget_message(tx, old.item_id(), message).await?;
    tx.execute(Sql::new("DELETE FROM message WHERE id = $1", args![message])).await?;
    Ok(())
}

/// A message that belongs to the new item from now on.
async fn carry(tx: &mut Tx, old: &ItemRecord, new: &ItemRecord, message: MessageId) -> Result<()> {
    search::forget_message(tx, old.item_id(), message).await?;
    tx.execute(Sql::new("UPDATE message SET item_id = $1 WHERE id = $2", args![new.id, message])).await?;
    let sql = "UPDATE file SET item_id = $1 WHERE item_id = $2 AND message_id = $3";
    tx.execute(Sql::new(sql, args![new.id, old.id, message])).await?;
    tx.execute(Sql::new("UPDATE mail SET item_id = $1 WHERE message_id = $2", args![new.id, message])).await?;
    search::index_message(tx, new.item_id(), message).await?;
    Ok(())
}

/// Has an item know anew who spoke last and, if `answered`, when an agent first answered.
async fn count_again(tx: &mut Tx, item: &mut ItemRecord, answered: bool) -> Result<()> {
    let sql = "SELECT created_at, author_kind, author_id, author_name FROM message \
               WHERE item_id = $1 AND kind = 'reply' ORDER BY id DESC LIMIT 1";
    let last: Option<(i64, String, Option<i64>, String)> = tx.optional(Sql::new(sql, args![item.id])).await?;
    // Where nobody has said anything, who asks has.
    let asked = match item.requester() {
        Some(customer) => {
            let name = lookup::customer_text(tx, Some(customer)).await?;
            Some((item.created_at, Party::Customer(customer).kind().to_owned(), Some(customer.0), name))
        }
        None => None,
    };
    let (at, by, id, name) = match last.or(asked) {
        Some((at, by, id, name)) => (Some(at), Some(by), id, name),
        None => (None, None, None, String::new()),
    };
    (item.last_message_at, item.last_message_by, item.last_message_by_id) = (at, by.clone(), id);
    item.last_message_name.clone_from(&name);
    away::touch(tx, item).await?;
    let sql = "UPDATE item SET last_message_at = $1, last_message_by = $2, last_message_by_id = $3, last_message_name = $4 WHERE id = $5";
    tx.execute(Sql::new(sql, args![at, by, id, name, item.id])).await?;
    if answered {
        let sql = "SELECT MIN(created_at) FROM message WHERE item_id = $1 AND kind = 'reply' AND author_kind = 'agent'";
        (item.first_response_at,) = tx.one(Sql::new(sql, args![item.id])).await?;
        tx.execute(Sql::new("UPDATE item SET first_response_at = $1 WHERE id = $2", args![item.first_response_at, item.id]))
            .await?;
    }
    Ok(())
}
