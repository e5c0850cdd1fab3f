//! What was deleted long ago goes for good, with everything that hangs on it; the log keeps that it was there.

use super::{super::record::lock_by_id, away};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    service::events::{Author, FieldChange, note_item_event},
};
use domain::{
    ErrorCode, Result,
    action::Away,
    id::ItemId,
    limits,
    time::{DAY, Timestamp},
};

/// Items of one time.
const ITEMS: i64 = 200;

/// Discards items that were deleted more than [`limits::DELETED_DAYS`] ago; answers how many. Their files go with those that nobody
/// uses.
///
/// # Errors
/// What the database says. What was not discarded yet is tried the next time.
pub async fn discard_deleted(db: &Db) -> Result<usize> {
    let before = db.now().plus(-limits::DELETED_DAYS * DAY);
    let sql = "SELECT id FROM item WHERE deleted_at IS NOT NULL AND deleted_at < $1 ORDER BY id LIMIT $2";
    let old: Vec<(i64,)> = db.clone().all(Sql::new(sql, args![before, ITEMS])).await?;
    let mut discarded = 0;
    for (id,) in old {
        match db.write(move |tx| Box::pin(async move { discard(tx, ItemId(id), before).await })).await {
            Ok(true) => discarded += 1,
            Ok(false) => {}
            // Another server was faster.
            Err(error) if error.code == ErrorCode::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(discarded)
}

async fn discard(tx: &mut Tx, item: ItemId, before: Timestamp) -> Result<bool> {
    // What was merged into it is on its own again, closed as it is.
    let sql = "SELECT id FROM item WHERE id = $1 OR merged_into <> 0 AND merged_into = (SELECT number FROM item WHERE id = $1) ORDER BY number";
    let all: Vec<(i64,)> = tx.all(Sql::new(sql, args![item])).await?;
    let mut locked = Vec::with_capacity(all.len());
    for (id,) in all {
        locked.push(lock_by_id(tx, ItemId(id)).await?);
    }
    let Some(place) = locked.iter().position(|one| one.item_id() == item) else { return Ok(false) };
    let gone = locked.remove(place);
    if gone.deleted_at.is_none_or(|at| at >= before.0) {
        return Ok(false);
    }
    let author = Author::system();
    for mut part in locked.into_iter().filter(|part| part.merged_into == gone.number) {
        let away = Away { merged_into: None, ..part.away() };
        away::save(tx, &mut part, away).await?;
        super::note_of_other(tx, &author, &part, "unmerged", "", gone.item_number());
    }
    for sql in [
        "UPDATE file SET purpose = 'gone', item_id = NULL, message_id = NULL WHERE item_id = $1 AND purpose IN ('description', 'message')",
        "UPDATE mail SET item_id = NULL, message_id = NULL WHERE item_id = $1",
        "DELETE FROM item WHERE id = $1",
    ] {
        tx.execute(Sql::new(sql, args![item])).await?;
    }
    let told = FieldChange { text: (format!("#{} {}", gone.number, gone.title), String::new()), ..FieldChange::default() };
    note_item_event(tx, &author, gone.id, gone.version, "discarded", told, None);
    Ok(true)
}
