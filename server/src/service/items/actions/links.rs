//! Links between items: kept once, shown at both, each to who sees the other.

use super::{
    super::{ItemService, record::push_permission},
    away, lock_all, note_of_other, taken,
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, Result,
    action::{ItemLink, LinkKind},
    actor::Actor,
    id::{ItemId, ItemNumber},
    item::ItemDetail,
    limits,
    types::Category,
};

/// A link as it is kept: from, to, and the kind that is kept.
fn kept(from: ItemId, to: ItemId, kind: LinkKind) -> (ItemId, ItemId, LinkKind) {
    match kind {
        LinkKind::Relates => (from.min(to), from.max(to), kind),
        LinkKind::Blocks | LinkKind::Duplicates | LinkKind::Causes | LinkKind::SplitInto | LinkKind::ClonedTo => (from, to, kind),
        LinkKind::BlockedBy | LinkKind::DuplicatedBy | LinkKind::CausedBy | LinkKind::SplitFrom | LinkKind::ClonedFrom => {
            (to, from, kind.reverse())
        }
    }
}

/// Links two items; answers whether they were not so already.
pub(super) async fn put(tx: &mut Tx, from: ItemId, to: ItemId, kind: LinkKind) -> Result<bool> {
    let (from, to, kind) = kept(from, to, kind);
    let now = tx.now;
    let sql = "INSERT INTO item_link (from_id, to_id, kind, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    Ok(tx.execute(Sql::new(sql, args![from, to, kind.key(), now])).await? == 1)
}

/// The links of an item to those that the actor may see and that are not deleted, by number.
///
/// # Errors
/// What the database says.
pub(in super::super) async fn of_item(
    db: &mut impl Read,
    actor: &Actor,
    item: ItemId,
    now: domain::time::Timestamp,
) -> Result<Vec<ItemLink>> {
    let mut links = Vec::new();
    for (near, far, back) in [("from_id", "to_id", false), ("to_id", "from_id", true)] {
        let mut sql = Sql::build(
            "SELECT item_link.kind, item.number, item.title, item.category FROM item_link JOIN item ON item.id = item_link.",
        );
        sql.push(far).push(" WHERE item_link.").push(near).push(" = ").bind(item).push(" AND item.deleted_at IS NULL AND ");
        push_permission(&mut sql, db.engine(), actor, now);
        let rows: Vec<(String, i64, String, String)> = db.all(sql).await?;
        links.extend(rows.into_iter().filter_map(|(kind, number, title, category)| {
            let kind = LinkKind::from_key(&kind)?;
            Some(ItemLink {
                kind: if back { kind.reverse() } else { kind },
                number: ItemNumber(number),
                title,
                category: Category::from_key(&category).unwrap_or(Category::Todo),
            })
        }));
    }
    links.sort_by_key(|link| (link.number, link.kind));
    Ok(links)
}

impl ItemService {
    pub(super) async fn set_link(
        &self,
        actor: &Actor,
        number: ItemNumber,
        other: ItemNumber,
        kind: LinkKind,
        linked: bool,
    ) -> Result<ItemDetail> {
        actor.working_agent()?;
        if number == other {
            return Err(Error::field("other", "error_same_item"));
        }
        if linked && !kind.is_chosen() {
            return Err(Error::field("kind", "error_choice"));
        }
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { set(tx, &by, (number, other), kind, linked).await })).await?;
        self.done(actor, item).await
    }
}

async fn set(tx: &mut Tx, actor: &Actor, numbers: (ItemNumber, ItemNumber), kind: LinkKind, linked: bool) -> Result<ItemId> {
    let mut both = lock_all(tx, actor, &[numbers.0, numbers.1]).await?;
    let (mut item, mut other) = (taken(&mut both, numbers.0)?, taken(&mut both, numbers.1)?);
    let changed = if linked {
        for one in [&item, &other] {
            away::refuse(one)?;
            let sql = "SELECT COUNT(*) FROM item_link WHERE from_id = $1 OR to_id = $1";
            let (links,): (i64,) = tx.one(Sql::new(sql, args![one.id])).await?;
            if usize::try_from(links).unwrap_or(usize::MAX) >= limits::LINKS {
                return Err(Error::field("other", "error_too_many_values"));
            }
        }
        put(tx, item.item_id(), other.item_id(), kind).await?
    } else {
        let (from, to, kind) = kept(item.item_id(), other.item_id(), kind);
        let sql = "DELETE FROM item_link WHERE from_id = $1 AND to_id = $2 AND kind = $3";
        tx.execute(Sql::new(sql, args![from, to, kind.key()])).await? == 1
    };
    if changed {
        let author = Author::of(tx, actor).await?;
        let name = if linked { "linked" } else { "unlinked" };
        away::touch(tx, &mut item).await?;
        away::touch(tx, &mut other).await?;
        note_of_other(tx, &author, &item, name, kind.key(), numbers.1);
        note_of_other(tx, &author, &other, name, kind.reverse().key(), numbers.0);
    }
    Ok(item.item_id())
}
