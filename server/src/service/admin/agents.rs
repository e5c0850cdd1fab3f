//! Agents as administrators manage them. Only owners touch owners, and the last owner stays one.

use crate::{
    args,
    db::{Read, Sql, Tx},
    keys,
    mail::{Letter, Links, templates::post},
    service::{
        accounts::{agents, codes, sessions},
        events::Author,
    },
};
use domain::{
    Error, ErrorCode, Result,
    actor::AgentActor,
    agent::{Agent, AgentPatch, AgentState, NewAgent, Role, TicketAccess},
    error::Check,
    event::Subject,
    id::{AgentId, TeamId},
    language::Language,
    limits,
    patch::Patch,
    session::Realm,
    time::Timestamp,
};
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    email: String,
    role: String,
    access: String,
    state: String,
    last_seen_at: Option<i64>,
}

/// The beginning of a statement for [`Row`]s. An agent has one address.
const SELECT: &str = "SELECT agent.id, agent.name, address.email, agent.role, agent.access, agent.state, agent.last_seen_at \
                      FROM agent JOIN address ON address.agent_id = agent.id ";

impl Row {
    fn agent(self, teams: Vec<TeamId>) -> Agent {
        Agent {
            id: AgentId(self.id),
            name: self.name,
            email: self.email,
            // What we do not know may nothing.
            role: Role::from_key(&self.role).unwrap_or(Role::Light),
            access: TicketAccess::from_key(&self.access).unwrap_or(TicketAccess::Teams),
            state: match self.state.as_str() {
                "active" => AgentState::Active,
                "invited" => AgentState::Invited,
                _ => AgentState::Disabled,
            },
            teams,
            last_seen_at: self.last_seen_at.map(Timestamp),
        }
    }
}

pub(super) async fn list(db: &mut impl Read) -> Result<Vec<Agent>> {
    let mut sql = Sql::build(SELECT);
    sql.push("ORDER BY agent.name_key, agent.id");
    let rows: Vec<Row> = db.all(sql).await?;
    let memberships: Vec<(i64, i64)> =
        db.all(Sql::new("SELECT agent_id, team_id FROM team_member ORDER BY team_id", args![])).await?;
    let mut teams: HashMap<i64, Vec<TeamId>> = HashMap::new();
    for (agent, team) in memberships {
        teams.entry(agent).or_default().push(TeamId(team));
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let teams = teams.remove(&row.id).unwrap_or_default();
            row.agent(teams)
        })
        .collect())
}

async fn get(db: &mut impl Read, id: AgentId) -> Result<Agent> {
    let mut sql = Sql::build(SELECT);
    sql.push("WHERE agent.id = ").bind(id);
    let row: Row = db.one(sql).await?;
    let sql = "SELECT team_id FROM team_member WHERE agent_id = $1 ORDER BY team_id";
    let teams: Vec<(i64,)> = db.all(Sql::new(sql, args![id])).await?;
    Ok(row.agent(teams.into_iter().map(|(team,)| TeamId(team)).collect()))
}

/// One agent, held until the transaction ends.
async fn get_to_change(tx: &mut Tx, id: AgentId) -> Result<Agent> {
    let mut lock = Sql::build("SELECT id FROM agent WHERE id = ");
    lock.bind(id).push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    get(tx, id).await
}

fn owners_only() -> Error {
    Error::new(ErrorCode::Forbidden, "error_owners_only")
}

pub(super) async fn invite(tx: &mut Tx, by: &Author, role: Role, links: &Links, new: NewAgent) -> Result<Agent> {
    if new.role == Role::Owner && role != Role::Owner {
        return Err(owners_only());
    }
    let (tag,): (String,) = tx.one(Sql::new("SELECT language FROM workspace", args![])).await?;
    let language = Language::from_tag(&tag).unwrap_or_default();
    let id = agents::insert(tx, by, &new, language, None).await?;
    mail_invitation(tx, by, links, id, &new.email, language).await?;
    get(tx, id).await
}

pub(super) async fn invite_again(tx: &mut Tx, by: &Author, role: Role, links: &Links, id: AgentId) -> Result<()> {
    let agent = get_to_change(tx, id).await?;
    if agent.role == Role::Owner && role != Role::Owner {
        return Err(owners_only());
    }
    if agent.state != AgentState::Invited {
        return Err(Error::new(ErrorCode::Conflict, "error_cannot_invite"));
    }
    let (tag,): (String,) = tx.one(Sql::new("SELECT language FROM agent WHERE id = $1", args![id])).await?;
    mail_invitation(tx, by, links, id, &agent.email, Language::from_tag(&tag).unwrap_or_default()).await
}

async fn mail_invitation(tx: &mut Tx, by: &Author, links: &Links, id: AgentId, email: &str, language: Language) -> Result<()> {
    let token = codes::issue_invitation(tx, Realm::Agent, email).await?;
    let letter = Letter::InvitationAgent { by: by.name.clone(), link: links.desk(&format!("invitation/{token}")) };
    post(tx, email, language, letter).await?;
    tx.event(by.event(Subject::Agent(id.0), "invited"));
    Ok(())
}

/// A change with everything trimmed.
pub(super) fn check(mut patch: AgentPatch) -> Result<AgentPatch> {
    let mut check = Check::new();
    if let Patch::Set(name) = &mut patch.name {
        *name = name.trim().to_owned();
        check.not_empty(name, "name").at_most(name, limits::NAME, "name");
    }
    if let Patch::Set(teams) = &mut patch.teams {
        teams.sort_unstable();
        teams.dedup();
        check.that(teams.len() <= 100, "teams", "error_too_many_values");
    }
    check.done()?;
    Ok(patch)
}

/// Changes an agent. `me` is the administrator who does it.
pub(super) async fn change(tx: &mut Tx, by: &Author, me: &AgentActor, id: AgentId, patch: AgentPatch) -> Result<Agent> {
    // All who change agents wait for each other, so that two owners cannot unmake each other at the same moment.
    let mut lock = Sql::build("SELECT id FROM workspace");
    lock.push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    let old = get_to_change(tx, id).await?;
    let mut new = old.clone();
    set(&mut new.name, &patch.name);
    set(&mut new.role, &patch.role);
    set(&mut new.access, &patch.access);
    set(&mut new.teams, &patch.teams);
    if let Patch::Set(disabled) = patch.disabled {
        new.state = state_after(tx, &old, disabled).await?;
    }
    if (old.role == Role::Owner || new.role == Role::Owner) && me.role != Role::Owner {
        return Err(owners_only());
    }
    let counts = |agent: &Agent| agent.role == Role::Owner && agent.state == AgentState::Active;
    if counts(&old) && !counts(&new) {
        let sql = "SELECT COUNT(*) FROM agent WHERE role = 'owner' AND state = 'active' AND id <> $1";
        let (others,): (i64,) = tx.one(Sql::new(sql, args![id])).await?;
        if others == 0 {
            return Err(Error::new(ErrorCode::Conflict, "error_last_owner"));
        }
    }
    apply(tx, by, &old, &new).await?;
    if (old.role, old.access, old.state) != (new.role, new.access, new.state) {
        let mine = (me.id == id && new.state == AgentState::Active).then_some(me.session);
        sessions::end_all(tx, Realm::Agent, id.0, mine).await?;
    }
    if new.state == AgentState::Disabled {
        codes::revoke_all(tx, Realm::Agent, id.0).await?;
    }
    get(tx, id).await
}

fn set<T: Clone>(value: &mut T, patch: &Patch<T>) {
    if let Patch::Set(new) = patch {
        *value = new.clone();
    }
}

async fn state_after(tx: &mut Tx, old: &Agent, disabled: bool) -> Result<AgentState> {
    if disabled {
        return Ok(AgentState::Disabled);
    }
    if old.state != AgentState::Disabled {
        return Ok(old.state);
    }
    let sql = "SELECT password_hash IS NOT NULL FROM agent WHERE id = $1";
    let (accepted,): (bool,) = tx.one(Sql::new(sql, args![old.id])).await?;
    Ok(if accepted { AgentState::Active } else { AgentState::Invited })
}

fn state_key(state: AgentState) -> &'static str {
    match state {
        AgentState::Invited => "invited",
        AgentState::Active => "active",
        AgentState::Disabled => "disabled",
    }
}

async fn apply(tx: &mut Tx, by: &Author, old: &Agent, new: &Agent) -> Result<()> {
    let subject = Subject::Agent(old.id.0);
    tx.execute(Sql::new(
        "UPDATE agent SET name = $1, name_key = $2, role = $3, access = $4, state = $5 WHERE id = $6",
        args![&new.name, keys::fold(&new.name), new.role.key(), new.access.key(), state_key(new.state), old.id],
    ))
    .await?;
    for (field, before, after) in [
        ("name", old.name.as_str(), new.name.as_str()),
        ("role", old.role.key(), new.role.key()),
        ("access", old.access.key(), new.access.key()),
    ] {
        if before != after {
            tx.event(by.changed(subject, field, before, after));
        }
    }
    if old.state != new.state {
        tx.event(by.event(subject, if new.state == AgentState::Disabled { "disabled" } else { "enabled" }));
    }
    if old.teams != new.teams {
        agents::set_teams(tx, old.id, &new.teams).await?;
        let (before, after) = (team_names(tx, &old.teams).await?, team_names(tx, &new.teams).await?);
        tx.event(by.changed(subject, "teams", &before, &after));
    }
    Ok(())
}

async fn team_names(tx: &mut Tx, teams: &[TeamId]) -> Result<String> {
    let mut sql = Sql::build("SELECT name FROM team WHERE id IN (");
    sql.bind_all(teams.iter().copied()).push(") ORDER BY name_key");
    let rows: Vec<(String,)> = tx.all(sql).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect::<Vec<_>>().join(", "))
}
