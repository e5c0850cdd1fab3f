//! Makes another item with the same fields.

use super::{
    super::{ItemService, record::lock},
    away, claim_item, insert_like, like, links, note_of_other,
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::{events::Author, idempotency::Claimed},
};
use domain::{
    Error, Result,
    action::LinkKind,
    actor::Actor,
    id::{ItemId, ItemNumber},
    item::{Channel, ItemDetail},
};

impl ItemService {
    pub(super) async fn make_clone(&self, actor: &Actor, number: ItemNumber, key: String) -> Result<ItemDetail> {
        actor.working_agent()?;
        if key.len() > 64 {
            return Err(Error::field("idempotency_key", "error_too_long"));
        }
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { make_clone(tx, &by, number, &key).await })).await?;
        self.done(actor, item).await
    }
}

async fn make_clone(tx: &mut Tx, actor: &Actor, number: ItemNumber, key: &str) -> Result<ItemId> {
    let claim = match claim_item(tx, actor, key).await? {
        Claimed::New(claim) => claim,
        Claimed::Done(id) => return Ok(ItemId(id)),
    };
    let mut item = lock(tx, actor, number).await?;
    away::refuse(&item)?;
    let author = Author::of(tx, actor).await?;
    let mut new = like(tx, &item, &item.title, author.clone()).await?;
    let (description,): (String,) = tx.one(Sql::new("SELECT description FROM item WHERE id = $1", args![item.id])).await?;
    new.description = description;
    new.channel = Channel::Agent;
    let made = insert_like(tx, &item, new).await?;
    links::put(tx, item.item_id(), made.item_id(), LinkKind::ClonedTo).await?;
    away::touch(tx, &mut item).await?;
    note_of_other(tx, &author, &item, "linked", LinkKind::ClonedTo.key(), made.item_number());
    note_of_other(tx, &author, &made, "linked", LinkKind::ClonedFrom.key(), item.item_number());
    claim.fulfil(tx, made.id).await?;
    Ok(made.item_id())
}
