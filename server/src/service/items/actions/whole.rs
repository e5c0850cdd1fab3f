//! An item with those that were merged into it. They keep their messages and files: what is shown is put together when it is read,
//! of those that the reader may see. So nobody reads more than before, and a merge is taken back by taking back one number.

use super::super::record::{COLUMNS, ItemRecord, push_permission};
use crate::{
    args,
    db::{Read, Sql},
};
use domain::{
    Result,
    action::Merged,
    actor::Actor,
    id::{ItemId, ItemNumber},
    limits,
    time::{DAY, Timestamp},
};

/// An item that was merged into another, maybe by way of a third.
#[derive(sqlx::FromRow)]
pub(in super::super) struct Part {
    #[sqlx(flatten)]
    pub(in super::super) item: ItemRecord,
    merged_at: Option<i64>,
}

impl Part {
    /// As agents are told of it.
    pub(in super::super) fn told(&self, now: Timestamp) -> Merged {
        let at = Timestamp(self.merged_at.unwrap_or_default());
        Merged {
            number: self.item.item_number(),
            title: self.item.title.clone(),
            at,
            reversible: self.merged_at.is_some() && now.since(at) <= limits::UNMERGE_DAYS * DAY,
        }
    }
}

/// Begins a statement that knows all of an item: `whole (id, number)`, itself with those that were merged into it.
fn with_whole(item: ItemId) -> Sql {
    let mut sql = Sql::build("WITH RECURSIVE whole (id, number) AS (SELECT item.id, item.number FROM item WHERE item.id = ");
    sql.bind(item);
    // SQLite takes what comes of a recursion for very many rows: it would go through all items to see which are among them, or make a
    // filter of all of them first. It keeps to the order of a CROSS JOIN, and makes no filter for IN.
    sql.push(
        " UNION ALL SELECT item.id, item.number FROM whole CROSS JOIN item WHERE item.merged_into IN (whole.number) \
         AND item.merged_into <> 0) ",
    );
    sql
}

/// Those that were merged into an item and that the actor may see, by number.
///
/// # Errors
/// What the database says.
pub(in super::super) async fn parts(db: &mut impl Read, actor: &Actor, item: ItemId, now: Timestamp) -> Result<Vec<Part>> {
    let mut sql = with_whole(item);
    sql.push("SELECT ").push(COLUMNS).push(", item_merge.merged_at FROM whole CROSS JOIN item ");
    sql.push("LEFT JOIN item_merge ON item_merge.item_id = item.id WHERE item.id IN (whole.id) AND item.id <> ");
    sql.bind(item).push(" AND ");
    push_permission(&mut sql, db.engine(), actor, now);
    sql.push(" ORDER BY item.number");
    Ok(db.all(sql).await?)
}

/// How many were merged into an item, whoever may see them.
pub(super) async fn size(db: &mut impl Read, item: ItemId) -> Result<usize> {
    let mut sql = with_whole(item);
    sql.push("SELECT COUNT(*) - 1 FROM whole");
    let (parts,): (i64,) = db.one(sql).await?;
    Ok(usize::try_from(parts).unwrap_or_default())
}

/// The item at which one that was merged goes on in the end; itself if it was not merged.
///
/// # Errors
/// What the database says.
pub async fn end(db: &mut impl Read, number: ItemNumber) -> Result<ItemNumber> {
    let sql = "WITH RECURSIVE way (number, onward) AS (SELECT number, merged_into FROM item WHERE number = $1 \
               UNION ALL SELECT item.number, item.merged_into FROM way JOIN item ON item.number = way.onward WHERE way.onward <> 0) \
               SELECT number FROM way WHERE onward = 0";
    let end: Option<(i64,)> = db.optional(Sql::new(sql, args![number])).await?;
    Ok(end.map_or(number, |(end,)| ItemNumber(end)))
}
