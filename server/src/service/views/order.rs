//! The order of views: each has a number with room before and after it, so that moving one changes no other. A person's own number of a
//! view goes before the one for all; what a person has not moved follows the order for all.

use super::record::{Record, Which, had, one, push_key};
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, Result,
    actor::AgentActor,
    event::Subject,
    view::{ViewKey, ViewScope},
};

/// How far one stands from the next at first.
const ROOM: i64 = 1 << 32;

/// Where a new view stands: after all others.
pub(super) async fn last(tx: &mut Tx) -> Result<i64> {
    let (last,): (i64,) = tx.one(Sql::new("SELECT COALESCE(MAX(position), 0) FROM saved_view", args![])).await?;
    Ok(last.saturating_add(ROOM))
}

/// The place for one that comes to stand at an index among others; `None` if there is no room.
fn between(places: &[i64], index: usize) -> Option<i64> {
    let before = index.checked_sub(1).and_then(|index| places.get(index)).copied();
    match (before, places.get(index).copied()) {
        (None, None) => Some(0),
        (None, Some(next)) => Some(next.saturating_sub(ROOM)),
        (Some(last), None) => Some(last.saturating_add(ROOM)),
        (Some(last), Some(next)) => {
            let middle = i64::midpoint(last, next);
            (last < middle && middle < next).then_some(middle)
        }
    }
}

/// The new places when one of some views, which are in their order, comes to stand before another one (none: at the end): its own, or
/// those of all where there is no room.
fn moved(views: Vec<Record>, place: fn(&Record) -> i64, key: ViewKey, before: Option<ViewKey>) -> Result<Vec<(i64, i64)>> {
    let (one, mut others): (Vec<Record>, Vec<Record>) = views.into_iter().partition(|view| view.key() == Some(key));
    let one = one.into_iter().next().ok_or_else(Error::not_found)?;
    if before == Some(key) {
        return Ok(Vec::new());
    }
    let index = match before {
        Some(before) => others.iter().position(|view| view.key() == Some(before)).ok_or_else(Error::not_found)?,
        None => others.len(),
    };
    let places: Vec<i64> = others.iter().map(place).collect();
    if let Some(place) = between(&places, index) {
        return Ok(vec![(one.id, place)]);
    }
    others.insert(index, one);
    Ok(others.iter().zip(1..).map(|(view, number)| (view.id, ROOM * number)).collect())
}

/// Moves a view in a person's own order.
pub(super) async fn move_own(tx: &mut Tx, agent: &AgentActor, key: ViewKey, before: Option<ViewKey>) -> Result<()> {
    let views = had(tx, agent, Which::All).await?;
    for (view, place) in moved(views, Record::place, key, before)? {
        let sql = "INSERT INTO own_view (agent_id, view_id, position) VALUES ($1, $2, $3) \
                   ON CONFLICT (agent_id, view_id) DO UPDATE SET position = excluded.position";
        tx.execute(Sql::new(sql, args![agent.id, view, place])).await?;
    }
    Ok(())
}

/// Moves a view in the order for all.
pub(super) async fn move_for_all(
    tx: &mut Tx,
    by: &Author,
    agent: &AgentActor,
    key: ViewKey,
    before: Option<ViewKey>,
) -> Result<()> {
    let view = shared(tx, agent, key).await?;
    let mut views = had(tx, agent, Which::All).await?;
    views.retain(|view| view.scope() != ViewScope::Personal);
    views.sort_by_key(|view| (view.place_for_all(), view.id));
    for (view, place) in moved(views, Record::place_for_all, key, before)? {
        tx.execute(Sql::new("UPDATE saved_view SET position = $1 WHERE id = $2", args![place, view])).await?;
    }
    tx.event(by.changed(Subject::View(view.id), "position", "", ""));
    Ok(())
}

/// Takes a view out of everyone's panel, or puts it back.
pub(super) async fn hide_for_all(tx: &mut Tx, by: &Author, agent: &AgentActor, key: ViewKey, hidden: bool) -> Result<()> {
    let view = shared(tx, agent, key).await?;
    tx.execute(Sql::new("UPDATE saved_view SET hidden_for_all = $1 WHERE id = $2", args![hidden, view.id])).await?;
    let mut event = by.changed(Subject::View(view.id), "hidden", "", "");
    event.value = (view.hidden_for_all.to_string(), hidden.to_string());
    tx.event(event);
    Ok(())
}

/// Chooses what the application begins with for all; none: the usual.
pub(super) async fn begin_for_all(tx: &mut Tx, by: &Author, agent: &AgentActor, key: Option<ViewKey>) -> Result<()> {
    // Whoever chooses at the same time waits here.
    let mut lock = Sql::build("SELECT id FROM workspace");
    lock.push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    let chosen = match key {
        Some(key) => Some(shared(tx, agent, key).await?),
        None => None,
    };
    tx.execute(Sql::new("UPDATE saved_view SET begins_for_all = FALSE WHERE begins_for_all = TRUE", args![])).await?;
    let mut event = by.changed(Subject::Workspace, "default_view", "", "");
    if let Some(view) = chosen {
        tx.execute(Sql::new("UPDATE saved_view SET begins_for_all = TRUE WHERE id = $1", args![view.id])).await?;
        event.text.1 = view.name;
    }
    tx.event(event);
    Ok(())
}

/// A view that more people have than one, held until the transaction ends.
async fn shared(tx: &mut Tx, agent: &AgentActor, key: ViewKey) -> Result<Record> {
    hold(tx, key).await?;
    let view = one(tx, agent, Which::One(key)).await?;
    if view.scope() == ViewScope::Personal { Err(Error::forbidden()) } else { Ok(view) }
}

/// Holds a view until the transaction ends.
pub(super) async fn hold(tx: &mut Tx, key: ViewKey) -> Result<()> {
    let mut sql = Sql::build("SELECT id FROM saved_view WHERE ");
    push_key(&mut sql, key);
    sql.push(tx.engine().for_update());
    tx.one::<(i64,)>(sql).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ROOM, between};

    #[test]
    fn there_is_a_place_before_between_and_after_until_there_is_no_room() {
        assert_eq!(between(&[], 0), Some(0));
        assert_eq!(between(&[5], 0), Some(5 - ROOM));
        assert_eq!(between(&[5], 1), Some(5 + ROOM));
        assert_eq!(between(&[-4, 8], 1), Some(2));
        assert_eq!((between(&[4, 5], 1), between(&[4, 4], 1)), (None, None));
        let mut places = vec![0, ROOM];
        let mut times = 0;
        while let Some(place) = between(&places, 1) {
            places.insert(1, place);
            times += 1;
        }
        assert_eq!(times, 32, "so often one can be put at the same place");
        assert!(places.is_sorted());
    }
}
