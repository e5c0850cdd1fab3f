//! Changes fields, merged field by field with what others changed meanwhile.

use super::{
    ItemService, actions,
    apply::{apply, current, normalize},
    detail::detail,
    record::{ItemRecord, by_id, lock},
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    error::{Check, FieldConflict},
    id::{ItemId, ItemNumber},
    item::{Change, ItemDetail},
    limits,
};

impl ItemService {
    pub(super) async fn change_fields(
        &self,
        actor: &Actor,
        number: ItemNumber,
        version: i64,
        changes: Vec<Change>,
    ) -> Result<ItemDetail> {
        actor.working_agent()?;
        Check::new().that(changes.len() <= limits::CHANGES, "changes", "error_too_many_values").done()?;
        let by = actor.clone();
        let item = self.db.write(move |tx| Box::pin(async move { change(tx, &by, number, version, changes).await })).await?;
        // The change may have taken the item out of the actor's sight; they still see what came of it.
        let mut db = self.db.clone();
        let record = by_id(&mut db, item).await?;
        detail(&mut db, actor, record).await
    }
}

async fn change(tx: &mut Tx, actor: &Actor, number: ItemNumber, version: i64, changes: Vec<Change>) -> Result<ItemId> {
    let mut item = lock(tx, actor, number).await?;
    actions::away::refuse(&item)?;
    if version > item.version {
        return Err(Error::field("version", "error_version"));
    }
    let changes = normalize(changes)?;
    let conflicts = if version < item.version { conflicts(tx, actor, &item, version, &changes).await? } else { Vec::new() };
    if !conflicts.is_empty() {
        let mut error = Error::new(ErrorCode::Conflict, "error_conflict");
        error.conflicts = conflicts;
        return Err(error);
    }
    let author = Author::of(tx, actor).await?;
    apply(tx, &mut item, &author, changes, None).await?;
    Ok(item.item_id())
}

/// The fields that somebody else has changed since `version` and that hold something else than what is asked for.
async fn conflicts(
    tx: &mut Tx,
    actor: &Actor,
    item: &ItemRecord,
    version: i64,
    changes: &[Change],
) -> Result<Vec<FieldConflict>> {
    let party = actor.party();
    let touched: Vec<(String,)> = tx
        .all(Sql::new(
            "SELECT DISTINCT field FROM event WHERE subject_kind = 'item' AND subject_id = $1 AND name = 'changed' \
             AND version > $2 AND NOT (actor_kind = $3 AND actor_id IS NOT NULL AND actor_id = $4)",
            args![item.id, version, party.kind(), party.id()],
        ))
        .await?;
    let mut conflicts = Vec::new();
    for change in changes {
        if !touched.iter().any(|(field,)| field == change.key()) {
            continue;
        }
        let theirs = current(tx, item, change).await?;
        if theirs != *change {
            conflicts.push(FieldConflict { field: change.key().to_owned(), theirs: value(&theirs), yours: value(change) });
        }
    }
    Ok(conflicts)
}

/// The value of a change alone, as JSON.
fn value(change: &Change) -> String {
    serde_json::to_value(change).ok().and_then(|json| json.get("value").map(ToString::to_string)).unwrap_or_default()
}
