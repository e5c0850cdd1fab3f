//! What agents do with whole items: put them away and bring them back, clone, link, split and merge them.
//!
//! Everything that an action names is found through the permission of who acts. Where several items take part they are locked in the
//! order of their numbers, so that two people who act on the same ones wait for each other instead of for ever.

pub(super) mod away;
mod clone;
pub(super) mod links;
pub(super) mod merge;
mod purge;
mod split;
mod take_back;
pub(super) mod whole;

pub use away::{JOB as WAKE_JOB, Wake};
pub use purge::discard_deleted;

use super::{
    ItemService,
    insert::{InsertItem, insert},
    record::{ItemRecord, find, lock},
    rows, statuses,
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::{
        events::{Author, FieldChange, note_item_event},
        idempotency::{Claimed, Made, claim},
        rates,
    },
};
use async_trait::async_trait;
use domain::{
    Error, Result,
    action::{LinkKind, NewMerge, NewSplit, Put},
    actor::Actor,
    id::{AgentId, ItemId, ItemNumber, TeamId},
    item::{Change, Channel, Impact, ItemDetail},
    service::Actions,
    time::Timestamp,
};

#[async_trait]
impl Actions for ItemService {
    async fn set_deleted(&self, actor: &Actor, number: ItemNumber, deleted: bool) -> Result<ItemDetail> {
        self.put(actor, number, Put::Deleted(deleted)).await
    }
    async fn set_spam(&self, actor: &Actor, number: ItemNumber, spam: bool) -> Result<ItemDetail> {
        self.put(actor, number, Put::Spam(spam)).await
    }
    async fn snooze(&self, actor: &Actor, number: ItemNumber, until: Option<Timestamp>) -> Result<ItemDetail> {
        self.put(actor, number, Put::Snoozed(until)).await
    }
    async fn clone_item(&self, actor: &Actor, number: ItemNumber, idempotency_key: String) -> Result<ItemDetail> {
        self.make_clone(actor, number, idempotency_key).await
    }
    async fn link(&self, actor: &Actor, number: ItemNumber, other: ItemNumber, kind: LinkKind) -> Result<ItemDetail> {
        self.set_link(actor, number, other, kind, true).await
    }
    async fn unlink(&self, actor: &Actor, number: ItemNumber, other: ItemNumber, kind: LinkKind) -> Result<ItemDetail> {
        self.set_link(actor, number, other, kind, false).await
    }
    async fn split(&self, actor: &Actor, split: NewSplit) -> Result<ItemDetail> {
        self.split_off(actor, split).await
    }
    async fn merge(&self, actor: &Actor, merge: NewMerge) -> Result<ItemDetail> {
        self.merge_items(actor, merge).await
    }
    async fn unmerge(&self, actor: &Actor, items: Vec<ItemNumber>) -> Result<ItemDetail> {
        self.take_merge_back(actor, items).await
    }
}

/// The items of these numbers, if the actor may see them all, locked until the transaction ends, by number.
///
/// # Errors
/// Not found if one is not there or the actor may not see it.
pub(super) async fn lock_all(tx: &mut Tx, actor: &Actor, numbers: &[ItemNumber]) -> Result<Vec<ItemRecord>> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let mut items = Vec::with_capacity(numbers.len());
    for number in numbers {
        items.push(lock(tx, actor, number).await?);
    }
    Ok(items)
}

/// Takes the item of a number out of those that were locked.
fn taken(items: &mut Vec<ItemRecord>, number: ItemNumber) -> Result<ItemRecord> {
    let place = items.iter().position(|item| item.item_number() == number).ok_or_else(Error::internal)?;
    Ok(items.remove(place))
}

/// Notes something of an item that names another one by its number.
fn note_of_other(tx: &mut Tx, author: &Author, item: &ItemRecord, name: &'static str, field: &'static str, other: ItemNumber) {
    let told = FieldChange { field, text: (String::new(), format!("#{other}")), ..FieldChange::default() };
    note_item_event(tx, author, item.id, item.version, name, told, None);
}

/// An item with the fields of another: who asks, whose it is, what it is about. Title and text are the caller's.
async fn like(db: &mut impl Read, item: &ItemRecord, title: &str, author: Author) -> Result<InsertItem> {
    let mut new = InsertItem::new(title, author);
    let enabled = statuses::type_name(db, item.ticket_type()).await?.is_some_and(|(_, enabled)| enabled);
    new.type_id = enabled.then(|| item.ticket_type());
    new.priority = u8::try_from(item.priority).unwrap_or_default();
    new.requester = item.requester();
    new.organization = item.organization();
    // Who has left, or changes nothing any more, is assigned no new ticket.
    let sql = "SELECT agent.id FROM item_agent JOIN agent ON agent.id = agent_id \
               WHERE item_id = $1 AND agent.state <> 'disabled' AND agent.role <> 'light' ORDER BY agent.id";
    let agents: Vec<(i64,)> = db.all(Sql::new(sql, args![item.id])).await?;
    new.agents = agents.into_iter().map(|(id,)| AgentId(id)).collect();
    let teams = rows::related_to(db, "team_id", "item_team", item.item_id()).await?;
    new.teams = teams.into_iter().map(TeamId).collect();
    new.tags = rows::tags_of(db, item.item_id()).await?;
    new.channel = Channel::from_key(&item.channel).unwrap_or_default();
    new.impact = Impact::from_key(&item.impact).unwrap_or_default();
    new.product.clone_from(&item.product);
    new.published = item.published;
    Ok(new)
}

/// Makes it, in the organization of the item that it is like: never in that of a requester alone, whose colleagues could not see the
/// other one.
async fn insert_like(tx: &mut Tx, item: &ItemRecord, new: InsertItem) -> Result<ItemRecord> {
    let author = new.author.clone();
    let mut made = insert(tx, new).await?;
    let change = Change::Organization(item.organization());
    super::apply(tx, &mut made, &author, vec![change], None).await?;
    Ok(made)
}

/// Claims a key for an item that is to be made; answers what it made before, if the actor still sees that.
async fn claim_item(tx: &mut Tx, actor: &Actor, key: &str) -> Result<Claimed> {
    let claimed = claim(tx, actor.party(), key, Made::Item).await?;
    match &claimed {
        Claimed::Done(id) => {
            let (number,): (i64,) = tx.one(Sql::new("SELECT number FROM item WHERE id = $1", args![*id])).await?;
            find(tx, actor, ItemNumber(number), tx.now).await?;
        }
        Claimed::New(_) => rates::count(tx, rates::WRITES_AGENT, &rates::person(actor.party())).await?,
    }
    Ok(claimed)
}

impl ItemService {
    /// The item as the actor sees it who has just done something with it.
    async fn done(&self, actor: &Actor, item: ItemId) -> Result<ItemDetail> {
        let mut db = self.db.clone();
        let record = super::record::by_id(&mut db, item).await?;
        super::detail::detail(&mut db, actor, record).await
    }
}
