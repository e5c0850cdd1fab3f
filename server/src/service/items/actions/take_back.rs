//! Takes back that items were merged: they are what they were, and the other one loses what it got by them, unless another item that is
//! still merged into it brought the same.

use super::{
    super::{ItemService, apply, record::ItemRecord, record::find},
    away, lock_all,
    merge::{Brings, Brought, last, set_last},
    note_of_other, taken,
};
use crate::{
    args,
    db::{Arg, Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, ErrorCode, Result,
    action::Away,
    actor::Actor,
    id::{ItemId, ItemNumber, StatusId},
    item::{Change, ItemDetail},
    limits,
    time::{DAY, Timestamp},
};

#[derive(sqlx::FromRow)]
struct MergeRow {
    item_id: i64,
    merged_at: i64,
    status_id: i64,
    resolved_at: Option<i64>,
    brought: String,
}

impl MergeRow {
    fn brought(&self) -> Brought {
        serde_json::from_str(&self.brought).unwrap_or_default()
    }
}

impl ItemService {
    pub(super) async fn take_merge_back(&self, actor: &Actor, items: Vec<ItemNumber>) -> Result<ItemDetail> {
        actor.working_agent()?;
        if items.is_empty() || items.len() > limits::MERGED {
            let key = if items.is_empty() { "error_required" } else { "error_too_many_values" };
            return Err(Error::field("items", key));
        }
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { take_back(tx, &by, &items).await })).await?;
        self.done(actor, item).await
    }
}

fn not_merged() -> Error {
    Error::new(ErrorCode::Conflict, "error_not_merged")
}

async fn take_back(tx: &mut Tx, actor: &Actor, numbers: &[ItemNumber]) -> Result<ItemId> {
    let mut into = None;
    for number in numbers {
        let item = find(tx, actor, *number, tx.now).await?;
        let target = item.away().merged_into.ok_or_else(not_merged)?;
        if *into.get_or_insert(target) != target {
            return Err(Error::field("items", "error_choice"));
        }
    }
    let into = into.ok_or_else(not_merged)?;
    let all: Vec<ItemNumber> = numbers.iter().chain([&into]).copied().collect();
    let mut items = lock_all(tx, actor, &all).await?;
    let mut target = taken(&mut items, into)?;
    // Somebody may have taken it back while the lock was waited for.
    if items.iter().any(|item| item.merged_into != target.number) {
        return Err(not_merged());
    }
    let sql = "SELECT item_id, merged_at, status_id, resolved_at, brought FROM item_merge WHERE target_id = $1 \
               ORDER BY merged_at DESC, item_id DESC";
    let mut merges: Vec<MergeRow> = tx.all(Sql::new(sql, args![target.id])).await?;
    let author = Author::of(tx, actor).await?;
    while let Some(place) = merges.iter().position(|merge| items.iter().any(|item| item.id == merge.item_id)) {
        let merge = merges.remove(place);
        if tx.now.since(Timestamp(merge.merged_at)) > limits::UNMERGE_DAYS * DAY {
            return Err(Error::new(ErrorCode::Conflict, "error_unmerge_late").with("days", limits::UNMERGE_DAYS));
        }
        let of = items.iter().position(|item| item.id == merge.item_id).ok_or_else(Error::internal)?;
        let item = items.remove(of);
        give_back(tx, &mut target, &merge.brought(), &mut merges).await?;
        restore(tx, &author, item, &merge, &mut target).await?;
    }
    // What has no record of how it was cannot be brought back.
    if items.is_empty() { Ok(target.item_id()) } else { Err(not_merged()) }
}

async fn restore(tx: &mut Tx, author: &Author, mut item: ItemRecord, merge: &MergeRow, target: &mut ItemRecord) -> Result<()> {
    tx.execute(Sql::new("DELETE FROM item_merge WHERE item_id = $1", args![item.id])).await?;
    apply(tx, &mut item, author, vec![Change::Status(StatusId(merge.status_id))], None).await?;
    tx.execute(Sql::new("UPDATE item SET resolved_at = $1 WHERE id = $2", args![merge.resolved_at, item.id])).await?;
    let away = Away { merged_into: None, ..item.away() };
    away::save(tx, &mut item, away).await?;
    note_of_other(tx, author, &item, "unmerged", "", target.item_number());
    away::touch(tx, target).await?;
    note_of_other(tx, author, target, "unmerged_from", "", item.item_number());
    Ok(())
}

/// The target loses what this item alone brought it; what others brought as well is theirs from now on.
async fn give_back(tx: &mut Tx, target: &mut ItemRecord, brought: &Brought, others: &mut [MergeRow]) -> Result<()> {
    let mut theirs: Vec<Brought> = others.iter().map(MergeRow::brought).collect();
    let before = theirs.clone();
    let tags = lost(&brought.tags, theirs.iter_mut().map(|other| &mut other.tags).collect());
    let agents = lost(&brought.agents, theirs.iter_mut().map(|other| &mut other.agents).collect());
    let customers = lost(&brought.customers, theirs.iter_mut().map(|other| &mut other.customers).collect());
    remove(tx, "item_tag", "tag", target, tags).await?;
    remove(tx, "item_following_agent", "agent_id", target, agents).await?;
    // Who asks follows, also if they began to ask since.
    let customers = customers.into_iter().filter(|id| Some(*id) != target.requester_id).collect();
    remove(tx, "item_following_customer", "customer_id", target, customers).await?;
    if let Some((earlier, since)) = &brought.last {
        // Who was merged later goes on from what was before; if nobody was, and nobody has written since, the target does.
        let next = theirs.iter_mut().filter_map(|other| other.last.as_mut()).find(|(before, _)| before == since);
        match next {
            Some((before, _)) => before.clone_from(earlier),
            None if last(target) == *since => set_last(tx, target, earlier).await?,
            None => {}
        }
    }
    for ((row, now), was) in others.iter_mut().zip(theirs).zip(before) {
        if now != was {
            row.brought = serde_json::to_string(&now).map_err(|_| Error::internal())?;
            let sql = "UPDATE item_merge SET brought = $1 WHERE item_id = $2";
            tx.execute(Sql::new(sql, args![&row.brought, row.item_id])).await?;
        }
    }
    Ok(())
}

/// What nobody else brought; what somebody else did is added by them.
fn lost<T: Clone + PartialEq>(brought: &Brings<T>, mut others: Vec<&mut Brings<T>>) -> Vec<T> {
    let mut lost = Vec::new();
    for one in &brought.added {
        match others.iter_mut().find(|other| other.all.contains(one)) {
            Some(other) => other.added.push(one.clone()),
            None => lost.push(one.clone()),
        }
    }
    lost
}

async fn remove<T: Into<Arg>>(
    tx: &mut Tx,
    table: &'static str,
    column: &'static str,
    target: &ItemRecord,
    values: Vec<T>,
) -> Result<()> {
    for value in values {
        let mut sql = Sql::build("DELETE FROM ");
        sql.push(table).push(" WHERE item_id = ").bind(target.id).push(" AND ").push(column).push(" = ").bind(value);
        tx.execute(sql).await?;
    }
    Ok(())
}
