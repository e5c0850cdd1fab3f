//! Makes an item, by an agent.

use super::{
    ItemService,
    detail::detail,
    insert::{InsertItem, insert},
    record::by_id,
};
use crate::{
    db::Tx,
    service::{
        events::Author,
        idempotency::{Claimed, Made, claim},
        rates,
    },
};
use domain::{
    Result,
    actor::Actor,
    id::ItemId,
    item::{ItemDetail, NewItem},
};

impl ItemService {
    pub(super) async fn make(&self, actor: &Actor, item: NewItem) -> Result<ItemDetail> {
        actor.working_agent()?;
        item.check()?;
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { create(tx, &by, item).await })).await?;
        let mut db = self.db.clone();
        let record = by_id(&mut db, item).await?;
        detail(&mut db, actor, record).await
    }
}

async fn create(tx: &mut Tx, actor: &Actor, item: NewItem) -> Result<ItemId> {
    let claim = match claim(tx, actor.party(), &item.idempotency_key, Made::Item).await? {
        Claimed::New(claim) => claim,
        Claimed::Done(id) => return Ok(ItemId(id)),
    };
    rates::count(tx, rates::WRITES_AGENT, &rates::person(actor.party())).await?;
    let mut new = InsertItem::new(&item.title, Author::of(tx, actor).await?);
    new.description = item.description;
    new.type_id = item.type_id;
    new.status_id = item.status_id;
    new.priority = item.priority;
    new.requester = item.requester;
    new.agents = item.agents;
    new.teams = item.teams;
    new.tags = item.tags;
    new.channel = item.channel;
    new.files = item.files;
    let record = insert(tx, new).await?;
    claim.fulfil(tx, record.id).await?;
    Ok(record.item_id())
}
