//! Views are made, changed, deleted and brought back.

use super::{
    check::Checked,
    note,
    order::{hold, last},
    record::{Record, Which, filters, had, one},
};
use crate::{
    args,
    db::{NewEvent, Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, ErrorCode, Result,
    actor::AgentActor,
    filter::{Expr, Thing, check_views, wording::things},
    id::{AgentId, TeamId, ViewId},
    limits,
    time::DAY,
    view::{ViewKey, ViewScope},
};
use serde_json::json;

/// How long, in milliseconds, a deleted view can be brought back.
pub(super) const KEPT: i64 = 30 * DAY;

/// No view has this number: it stands for one that is not there yet.
const NONE: ViewId = ViewId(0);

impl Checked {
    fn scope_columns(&self) -> (&'static str, Option<TeamId>) {
        (scope_key(self.scope), if let ViewScope::Team(team) = self.scope { Some(team) } else { None })
    }
}

fn scope_key(scope: ViewScope) -> &'static str {
    match scope {
        ViewScope::Personal => "personal",
        ViewScope::Team(_) => "team",
        ViewScope::Everyone => "everyone",
    }
}

/// Keeps a new view of somebody, after all others.
pub(super) async fn insert(tx: &mut Tx, by: &Author, owner: AgentId, view: &Checked, filter: &Expr) -> Result<ViewId> {
    let (scope, team) = view.scope_columns();
    let (place, now) = (last(tx).await?, tx.now);
    let sql = "INSERT INTO saved_view (name, scope, team_id, owner_id, folder, icon, colour, filter, settings, position, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id";
    let values = args![
        &view.name,
        scope,
        team,
        owner,
        &view.folder,
        &view.icon,
        &view.colour,
        json!(filter).to_string(),
        &view.settings,
        place,
        now
    ];
    let (id,): (i64,) = tx.one(Sql::new(sql, values)).await?;
    if view.scope != ViewScope::Personal {
        tx.event(note(by, id, "created", ("", &view.name)));
    }
    Ok(ViewId(id))
}

pub(super) async fn create(tx: &mut Tx, by: &Author, agent: &AgentActor, view: &Checked, filter: &Expr) -> Result<ViewId> {
    view.scope.check_made_by(agent)?;
    hold_team(tx, view.scope).await?;
    check_number(tx, agent.id).await?;
    check_named(tx, agent, NONE, view.scope, filter).await?;
    insert(tx, by, agent.id, view, filter).await
}

/// `filter`: none for views that every workspace has, which keep theirs.
pub(super) async fn save(
    tx: &mut Tx,
    by: &Author,
    agent: &AgentActor,
    (key, version): (ViewKey, i64),
    new: &Checked,
    filter: Option<&Expr>,
) -> Result<()> {
    hold_team(tx, new.scope).await?;
    hold(tx, key).await?;
    let old = one(tx, agent, Which::One(key)).await?;
    if !old.scope().is_changed_by(agent) {
        return Err(Error::forbidden());
    }
    if old.version != version {
        return Err(Error::new(ErrorCode::Conflict, "error_conflict"));
    }
    if new.scope != old.scope() {
        let nobody_elses = new.scope != ViewScope::Personal || old.owner() == Some(agent.id);
        if old.is_system() || !nobody_elses {
            return Err(Error::forbidden());
        }
        new.scope.check_made_by(agent)?;
    }
    let mut sql = Sql::build("UPDATE saved_view SET name = ");
    sql.bind(&new.name).push(", folder = ").bind(&new.folder).push(", icon = ").bind(&new.icon);
    sql.push(", colour = ").bind(&new.colour).push(", settings = ").bind(&new.settings);
    if let Some(filter) = filter {
        check_named(tx, agent, ViewId(old.id), new.scope, filter).await?;
        let (scope, team) = new.scope_columns();
        sql.push(", filter = ").bind(json!(filter).to_string()).push(", scope = ").bind(scope).push(", team_id = ").bind(team);
    }
    sql.push(", version = version + 1 WHERE id = ").bind(old.id);
    tx.execute(sql).await?;
    // What they made of it for themselves is what all have now, or was given up.
    let own = "UPDATE own_view SET settings = NULL WHERE agent_id = $1 AND view_id = $2";
    tx.execute(Sql::new(own, args![agent.id, old.id])).await?;
    for event in told(by, &old, new, filter) {
        tx.event(event);
    }
    Ok(())
}

/// What others learn of a change.
fn told(by: &Author, old: &Record, new: &Checked, filter: Option<&Expr>) -> Vec<NewEvent> {
    match (old.scope() != ViewScope::Personal, new.scope != ViewScope::Personal) {
        (false, false) => Vec::new(),
        (false, true) => vec![note(by, old.id, "created", ("", &new.name))],
        (true, false) => vec![note(by, old.id, "deleted", (&old.name, ""))],
        (true, true) => {
            let (before, after) = (json!(old.filter()), json!(filter.unwrap_or(&old.filter())));
            let settings = json!(old.settings()).to_string();
            let fields = [
                ("name", &old.name, &new.name),
                ("folder", &old.folder, &new.folder),
                ("icon", &old.icon, &new.icon),
                ("colour", &old.colour, &new.colour),
                ("settings", &settings, &new.settings),
                ("filter", &before.to_string(), &after.to_string()),
                ("scope", &json!(old.scope()).to_string(), &json!(new.scope).to_string()),
            ];
            let changed = fields.into_iter().filter(|(_, before, after)| before != after);
            changed
                .map(|(field, before, after)| {
                    let mut event = note(by, old.id, "changed", ("", ""));
                    field.clone_into(&mut event.field);
                    let of_program = matches!(field, "settings" | "filter" | "scope");
                    *(if of_program { &mut event.value } else { &mut event.text }) = (before.clone(), after.clone());
                    event
                })
                .collect()
        }
    }
}

pub(super) async fn delete(tx: &mut Tx, by: &Author, agent: &AgentActor, key: ViewKey) -> Result<()> {
    hold(tx, key).await?;
    let view = one(tx, agent, Which::One(key)).await?;
    if view.is_system() || !view.scope().is_changed_by(agent) {
        return Err(Error::forbidden());
    }
    let now = tx.now;
    tx.execute(Sql::new("UPDATE saved_view SET deleted_at = $1 WHERE id = $2", args![now, view.id])).await?;
    if view.scope() != ViewScope::Personal {
        tx.event(note(by, view.id, "deleted", (&view.name, "")));
    }
    Ok(())
}

pub(super) async fn restore(tx: &mut Tx, by: &Author, agent: &AgentActor, key: ViewKey) -> Result<()> {
    hold(tx, key).await?;
    let view = one(tx, agent, Which::Deleted(key)).await?;
    if !view.scope().is_changed_by(agent) {
        return Err(Error::forbidden());
    }
    if let Some(owner) = view.owner() {
        check_number(tx, owner).await?;
    }
    let since = tx.now.plus(-KEPT);
    let sql = "UPDATE saved_view SET deleted_at = NULL WHERE id = $1 AND deleted_at > $2";
    if tx.execute(Sql::new(sql, args![view.id, since])).await? == 0 {
        return Err(Error::not_found());
    }
    if view.scope() != ViewScope::Personal {
        tx.event(note(by, view.id, "restored", ("", &view.name)));
    }
    Ok(())
}

/// Deletes for good what was deleted long ago.
pub(super) async fn discard(tx: &mut Tx) -> Result<()> {
    let before = tx.now.plus(-KEPT);
    tx.execute(Sql::new("DELETE FROM saved_view WHERE deleted_at <= $1", args![before])).await?;
    Ok(())
}

/// The team of a scope is there, and stays until the transaction ends. Teams are held before views, as where teams are deleted.
async fn hold_team(tx: &mut Tx, scope: ViewScope) -> Result<()> {
    if let ViewScope::Team(team) = scope {
        let mut sql = Sql::build("SELECT id FROM team WHERE id = ");
        sql.bind(team).push(tx.engine().for_update());
        tx.one::<(i64,)>(sql).await?;
    }
    Ok(())
}

/// One more view of somebody is not too many.
async fn check_number(tx: &mut Tx, owner: AgentId) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM saved_view WHERE owner_id = $1 AND deleted_at IS NULL";
    let (count,): (i64,) = tx.one(Sql::new(sql, args![owner])).await?;
    if count < limits::VIEWS {
        return Ok(());
    }
    Err(Error::invalid("error_too_many_views").with("max", limits::VIEWS))
}

/// The views that a filter names are there, do not lead back to it, and are had by all who get it.
async fn check_named(tx: &mut Tx, agent: &AgentActor, own: ViewId, scope: ViewScope, filter: &Expr) -> Result<()> {
    let named = things(filter);
    if !named.iter().any(|(thing, _)| *thing == Thing::View) {
        return Ok(());
    }
    let views = had(tx, agent, Which::All).await?;
    check_views(filter, Some(own), &filters(&views))?;
    let narrower = |view: &&Record| named.contains(&(Thing::View, view.id)) && !scope.is_within(view.scope());
    match views.iter().find(narrower) {
        Some(_) => Err(Error::invalid("error_filter_view_narrower")),
        None => Ok(()),
    }
}

/// The views of a team that is about to be deleted become personal ones of who made them.
///
/// # Errors
/// What the database says.
pub async fn leave_team(tx: &mut Tx, team: TeamId) -> Result<()> {
    let sql = "UPDATE saved_view SET scope = 'personal', team_id = NULL, hidden_for_all = FALSE, version = version + 1 WHERE team_id = $1";
    tx.execute(Sql::new(sql, args![team])).await?;
    Ok(())
}
