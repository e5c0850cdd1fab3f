//! What happened to an item: its events.

use super::{ItemService, record::find};
use crate::{
    args,
    db::{Read, Sql},
};
use domain::{
    Result,
    actor::{Actor, Party},
    event::Activity,
    id::{EventSeq, ItemNumber},
    time::Timestamp,
};

/// Most entries.
const SHOWN: i64 = 500;

#[derive(sqlx::FromRow)]
struct EventRow {
    seq: i64,
    at: i64,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_name: String,
    name: String,
    field: String,
    old_text: String,
    new_text: String,
}

impl ItemService {
    pub(super) async fn history(&self, actor: &Actor, number: ItemNumber) -> Result<Vec<Activity>> {
        actor.agent()?;
        let mut db = self.db.clone();
        let now = db.now();
        let item = find(&mut db, actor, number, now).await?;
        let events: Vec<EventRow> = db
            .all(Sql::new(
                "SELECT seq, at, actor_kind, actor_id, actor_name, name, field, old_text, new_text FROM event \
                 WHERE subject_kind = 'item' AND subject_id = $1 AND name NOT IN ('held', 'taken_back', 'draft') ORDER BY seq DESC LIMIT $2",
                args![item.id, SHOWN],
            ))
            .await?;
        Ok(events
            .into_iter()
            .map(|event| Activity {
                seq: EventSeq(event.seq),
                at: Timestamp(event.at),
                actor: Party::from_columns(&event.actor_kind, event.actor_id),
                actor_name: event.actor_name,
                name: event.name,
                field: event.field,
                old: event.old_text,
                new: event.new_text,
            })
            .collect())
    }
}
