//! Merges items into another one: they are closed, point to it, and bring it their tags and followers.
//!
//! Who may read what stays as it was: an item that was merged is read through the permission of its own (see [`super::whole`]), and its
//! customers follow the other one only if they could read that already, or if the agent says so.

use super::{
    super::{ItemService, apply, record::ItemRecord, record::find, rows, statuses},
    away, lock_all, note_of_other, taken, whole,
};
use crate::{
    args,
    db::{Arg, Read, Sql, Tx},
    service::{
        events::Author,
        idempotency::{Claimed, Made, claim},
        rates,
    },
};
use domain::{
    Error, ErrorCode, Result,
    action::{Away, NewMerge},
    actor::Actor,
    id::{ItemId, ItemNumber},
    item::{Change, ItemDetail},
    limits,
    types::Category,
};
use serde::{Deserialize, Serialize};

/// Something that an item brings to another: all of it, and what of it the other had not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Brings<T> {
    pub(super) all: Vec<T>,
    pub(super) added: Vec<T>,
}

/// Who spoke last: when, of which kind, who, their name.
pub(super) type Last = (Option<i64>, Option<String>, Option<i64>, String);

/// What an item has brought to the one that it was merged into.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Brought {
    pub(super) tags: Brings<String>,
    pub(super) agents: Brings<i64>,
    pub(super) customers: Brings<i64>,
    /// Who spoke last in the other one before, and since, if that has changed.
    pub(super) last: Option<(Last, Last)>,
}

/// Who spoke last in an item.
pub(super) fn last(item: &ItemRecord) -> Last {
    (item.last_message_at, item.last_message_by.clone(), item.last_message_by_id, item.last_message_name.clone())
}

/// Has an item say that this was who spoke last.
pub(super) async fn set_last(tx: &mut Tx, item: &mut ItemRecord, last: &Last) -> Result<()> {
    (item.last_message_at, item.last_message_by, item.last_message_by_id, item.last_message_name) = last.clone();
    let (at, by, id, name) = last.clone();
    let sql = "UPDATE item SET last_message_at = $1, last_message_by = $2, last_message_by_id = $3, last_message_name = $4 WHERE id = $5";
    tx.execute(Sql::new(sql, args![at, by, id, name, item.id])).await?;
    Ok(())
}

impl ItemService {
    pub(super) async fn merge_items(&self, actor: &Actor, merge: NewMerge) -> Result<ItemDetail> {
        actor.working_agent()?;
        merge.check()?;
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { merge_all(tx, &by, merge).await })).await?;
        self.done(actor, item).await
    }
}

async fn merge_all(tx: &mut Tx, actor: &Actor, merge: NewMerge) -> Result<ItemId> {
    let claim = match claim(tx, actor.party(), &merge.idempotency_key, Made::Merge).await? {
        Claimed::New(claim) => claim,
        Claimed::Done(id) => {
            let item = find(tx, actor, merge.into, tx.now).await?;
            return if item.id == id { Ok(item.item_id()) } else { Err(crate::service::idempotency::key_reused()) };
        }
    };
    rates::count(tx, rates::WRITES_AGENT, &rates::person(actor.party())).await?;
    let numbers: Vec<ItemNumber> = merge.items.iter().chain([&merge.into]).copied().collect();
    let mut items = lock_all(tx, actor, &numbers).await?;
    let mut parts = 0;
    for item in &items {
        away::refuse(item)?;
        parts += 1 + whole::size(tx, item.item_id()).await?;
    }
    if parts > limits::MERGED + 1 {
        return Err(Error::field("items", "error_too_many_values"));
    }
    let mut target = taken(&mut items, merge.into)?;
    refuse_waiting(tx, &items).await?;
    let author = Author::of(tx, actor).await?;
    for item in items {
        merge_one(tx, &author, &mut target, item, merge.share).await?;
    }
    claim.fulfil(tx, target.id).await?;
    Ok(target.item_id())
}

/// A reply that is about to be sent was written for the customers of one item, not for those of another.
async fn refuse_waiting(tx: &mut Tx, items: &[ItemRecord]) -> Result<()> {
    let mut sql = Sql::build("SELECT COUNT(*) FROM held_message WHERE error = '' AND item_id");
    sql.push_in_ids(tx.engine(), items.iter().map(|item| item.id));
    let (waiting,): (i64,) = tx.one(sql).await?;
    if waiting == 0 { Ok(()) } else { Err(Error::new(ErrorCode::Conflict, "error_merge_waits")) }
}

async fn merge_one(tx: &mut Tx, author: &Author, target: &mut ItemRecord, mut item: ItemRecord, share: bool) -> Result<()> {
    let (status, resolved) = (item.status(), item.resolved_at);
    let mut brought = Brought {
        tags: bring_tags(tx, &item, target).await?,
        agents: bring(tx, "item_following_agent", "agent_id", &item, target, None).await?,
        customers: bring_customers(tx, &item, target, share).await?,
        last: None,
    };
    // Only of the same person: others learn nothing of when somebody wrote elsewhere.
    if item.requester_id.is_some() && item.requester_id == target.requester_id && item.last_message_at > target.last_message_at {
        let (before, since) = (last(target), last(&item));
        set_last(tx, target, &since).await?;
        brought.last = Some((before, since));
    }
    let json = serde_json::to_string(&brought).map_err(|_| Error::internal())?;
    let now = tx.now;
    tx.execute(Sql::new(
        "INSERT INTO item_merge (item_id, target_id, merged_at, status_id, resolved_at, brought) VALUES ($1, $2, $3, $4, $5, $6)",
        args![item.id, target.id, now, status, resolved, json],
    ))
    .await?;
    if item.category() != Category::Done {
        let closed = statuses::closed(tx, item.ticket_type()).await?;
        apply(tx, &mut item, author, vec![Change::Status(closed)], None).await?;
    }
    let away = Away { merged_into: Some(target.item_number()), ..item.away() };
    away::save(tx, &mut item, away).await?;
    note_of_other(tx, author, &item, "merged", "", target.item_number());
    away::touch(tx, target).await?;
    note_of_other(tx, author, target, "merged_in", "", item.item_number());
    Ok(())
}

async fn bring_tags(tx: &mut Tx, item: &ItemRecord, target: &ItemRecord) -> Result<Brings<String>> {
    let all = rows::tags_of(tx, item.item_id()).await?;
    let there = rows::tags_of(tx, target.item_id()).await?;
    let added: Vec<String> = all.iter().filter(|tag| !there.contains(tag)).cloned().collect();
    if there.len() + added.len() > limits::TAGS {
        return Err(Error::field("items", "error_too_many_values"));
    }
    for tag in &added {
        tx.execute(Sql::new("INSERT INTO item_tag (item_id, tag) VALUES ($1, $2)", args![target.id, tag])).await?;
    }
    Ok(Brings { all, added })
}

/// The customers who follow an item follow the other one, if they may read that already; all of them if that is shared with them.
async fn bring_customers(tx: &mut Tx, item: &ItemRecord, target: &ItemRecord, share: bool) -> Result<Brings<i64>> {
    if share {
        return bring(tx, "item_following_customer", "customer_id", item, target, None).await;
    }
    let Some(organization) = target.organization_id.filter(|_| target.published) else { return Ok(Brings::default()) };
    let sql = "SELECT id FROM customer WHERE organization_id = $1 \
               AND id IN (SELECT customer_id FROM item_following_customer WHERE item_id = $2)";
    let colleagues: Vec<(i64,)> = tx.all(Sql::new(sql, args![organization, item.id])).await?;
    let colleagues = colleagues.into_iter().map(|(id,)| id).collect();
    bring(tx, "item_following_customer", "customer_id", item, target, Some(colleagues)).await
}

/// Brings followers; `only` says which.
async fn bring(
    tx: &mut Tx,
    table: &'static str,
    column: &'static str,
    item: &ItemRecord,
    target: &ItemRecord,
    only: Option<Vec<i64>>,
) -> Result<Brings<i64>> {
    let mut all = rows::related_to(tx, column, table, item.item_id()).await?;
    if let Some(only) = only {
        all.retain(|id| only.contains(id));
    }
    let there = rows::related_to(tx, column, table, target.item_id()).await?;
    let added: Vec<i64> = all.iter().filter(|id| !there.contains(id)).copied().collect();
    if there.len() + added.len() > limits::FOLLOWERS {
        return Err(Error::field("items", "error_too_many_values"));
    }
    for id in &added {
        let mut sql = Sql::build("INSERT INTO ");
        sql.push(table)
            .push(" (item_id, ")
            .push(column)
            .push(") VALUES (")
            .bind(target.id)
            .push(", ")
            .bind(Arg::from(*id))
            .push(")");
        tx.execute(sql).await?;
    }
    Ok(Brings { all, added })
}
