//! Teams.

use crate::{
    args,
    db::{Read, Sql, Tx},
    keys,
    service::{events::Author, views},
};
use domain::{
    Error, Result,
    error::Check,
    event::Subject,
    id::{AgentId, TeamId},
    limits,
    team::Team,
};

/// The name trimmed; what is wrong is refused.
pub(super) fn check(name: &str, members: &[AgentId]) -> Result<String> {
    let name = name.trim().to_owned();
    Check::new()
        .not_empty(&name, "name")
        .at_most(&name, limits::NAME, "name")
        .that(members.len() <= 1_000, "members", "error_too_many_values")
        .done()?;
    Ok(name)
}

fn name_taken() -> Error {
    Error::field("name", "error_name_taken")
}

pub(super) async fn create(tx: &mut Tx, by: &Author, name: &str, members: &[AgentId]) -> Result<Team> {
    let now = tx.now;
    let sql = "INSERT INTO team (name, name_key, created_at) VALUES ($1, $2, $3) ON CONFLICT (name_key) DO NOTHING RETURNING id";
    let row: Option<(i64,)> = tx.optional(Sql::new(sql, args![name, keys::fold(name), now])).await?;
    let id = TeamId(row.ok_or_else(name_taken)?.0);
    let members = set_members(tx, id, members).await?;
    let mut event = by.event(Subject::Team(id.0), "created");
    event.text.1 = name.to_owned();
    tx.event(event);
    Ok(Team { id, name: name.to_owned(), members })
}

pub(super) async fn change(tx: &mut Tx, by: &Author, id: TeamId, name: &str, members: &[AgentId]) -> Result<Team> {
    let old = hold(tx, id).await?;
    let before = member_names(tx, id).await?;
    let key = keys::fold(name);
    let namesake = "SELECT id FROM team WHERE name_key = $1 AND id <> $2";
    if tx.optional::<(i64,)>(Sql::new(namesake, args![&key, id])).await?.is_some() {
        return Err(name_taken());
    }
    tx.execute(Sql::new("UPDATE team SET name = $1, name_key = $2 WHERE id = $3", args![name, key, id])).await?;
    let members = set_members(tx, id, members).await?;
    let after = member_names(tx, id).await?;
    let subject = Subject::Team(id.0);
    if old != name {
        tx.event(by.changed(subject, "name", &old, name));
    }
    if before != after {
        tx.event(by.changed(subject, "members", &before, &after));
    }
    Ok(Team { id, name: name.to_owned(), members })
}

pub(super) async fn delete(tx: &mut Tx, by: &Author, id: TeamId) -> Result<()> {
    let name = hold(tx, id).await?;
    views::leave_team(tx, id).await?;
    // Members and the assignments of items go with it.
    tx.execute(Sql::new("DELETE FROM team WHERE id = $1", args![id])).await?;
    let mut event = by.event(Subject::Team(id.0), "deleted");
    event.text.0 = name;
    tx.event(event);
    Ok(())
}

/// The name of a team, which is held until the transaction ends.
async fn hold(tx: &mut Tx, id: TeamId) -> Result<String> {
    let mut sql = Sql::build("SELECT name FROM team WHERE id = ");
    sql.bind(id).push(tx.engine().for_update());
    let (name,): (String,) = tx.one(sql).await?;
    Ok(name)
}

async fn set_members(tx: &mut Tx, id: TeamId, members: &[AgentId]) -> Result<Vec<AgentId>> {
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    tx.execute(Sql::new("DELETE FROM team_member WHERE team_id = $1", args![id])).await?;
    for member in &members {
        let sql = "INSERT INTO team_member (team_id, agent_id) SELECT $1, id FROM agent WHERE id = $2";
        if tx.execute(Sql::new(sql, args![id, *member])).await? == 0 {
            return Err(Error::field("members", "error_not_found"));
        }
    }
    Ok(members)
}

async fn member_names(tx: &mut Tx, id: TeamId) -> Result<String> {
    let sql = "SELECT agent.name FROM team_member JOIN agent ON agent.id = team_member.agent_id \
               WHERE team_member.team_id = $1 ORDER BY agent.name_key, agent.id";
    let rows: Vec<(String,)> = tx.all(Sql::new(sql, args![id])).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect::<Vec<_>>().join(", "))
}
