//! What a person makes of views for themselves alone.

use super::{
    order,
    record::{Which, one},
};
use crate::{
    args,
    db::{Arg, Sql, Tx},
};
use domain::{
    Result,
    actor::AgentActor,
    view::{ViewKey, saved::OwnChange},
};
use serde_json::json;

/// A column, and how it takes the new value.
type Column = (&'static str, &'static str);
const BEGINS: Column = ("begins", "begins = excluded.begins");

/// Changes it. Nobody else is told.
pub(super) async fn set(tx: &mut Tx, agent: &AgentActor, key: ViewKey, change: OwnChange) -> Result<()> {
    let view = one(tx, agent, Which::One(key)).await?.id;
    let (column, value): (Column, Arg) = match change {
        OwnChange::Before(before) => return order::move_own(tx, agent, key, before).await,
        OwnChange::Pin(pinned) => (("pinned", "pinned = excluded.pinned"), pinned.into()),
        OwnChange::Hide(hidden) => (("hidden", "hidden = excluded.hidden"), hidden.into()),
        OwnChange::Settings(settings) => {
            let settings = settings.map(|settings| json!(settings).to_string());
            (("settings", "settings = excluded.settings"), settings.into())
        }
        OwnChange::Default => {
            // There is one at most.
            let others = "UPDATE own_view SET begins = FALSE WHERE agent_id = $1 AND begins = TRUE";
            tx.execute(Sql::new(others, args![agent.id])).await?;
            (BEGINS, true.into())
        }
        OwnChange::NotDefault => (BEGINS, false.into()),
    };
    let mut sql = Sql::build("INSERT INTO own_view (agent_id, view_id, ");
    sql.push(column.0).push(") VALUES (").bind_all([agent.id.into(), view.into(), value]);
    sql.push(") ON CONFLICT (agent_id, view_id) DO UPDATE SET ").push(column.1);
    tx.execute(sql).await?;
    Ok(())
}
