//! From a session's token to the actor, in one query. People who are locked out have none.

use super::{codes::digest, sessions::Used};
use crate::{
    args,
    db::{Db, Read, Sql},
    service::apps,
};
use domain::{
    Result,
    actor::{Actor, AgentActor, CustomerActor},
    agent::{Role, TicketAccess},
    id::{AgentId, CustomerId, OrganizationId, SessionId, TeamId},
    language::Language,
    session::{ABSOLUTE, IDLE, Realm},
    time::Timestamp,
};

/// An agent with one of their teams.
#[derive(sqlx::FromRow)]
struct AgentRow {
    session: i64,
    last_used_at: i64,
    id: i64,
    role: String,
    access: String,
    language: String,
    time_zone: String,
    team: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct CustomerRow {
    session: i64,
    last_used_at: i64,
    id: i64,
    language: String,
    time_zone: String,
    organization: Option<i64>,
    main_contact: bool,
}

/// Who holds this token, and when they last used it.
pub(super) async fn of_token(db: &Db, realm: Realm, token: &str) -> Result<(Actor, Option<Used>)> {
    let now = db.now();
    let values = args![digest(token), now.plus(-ABSOLUTE), now.plus(-IDLE)];
    match realm {
        Realm::Agent => agent(db, values).await,
        Realm::Customer => customer(db, values).await,
    }
}

async fn agent(db: &Db, values: Vec<crate::db::Arg>) -> Result<(Actor, Option<Used>)> {
    // One row a team.
    let rows: Vec<AgentRow> = db
        .clone()
        .all(Sql::new(
            "SELECT session.id AS session, session.last_used_at, agent.id, agent.role, agent.access, agent.language, agent.time_zone, \
             team_member.team_id AS team FROM session JOIN agent ON agent.id = session.person_id \
             LEFT JOIN team_member ON team_member.agent_id = agent.id \
             WHERE session.token_hash = $1 AND session.realm = 'agent' AND session.created_at > $2 \
             AND session.last_used_at > $3 AND agent.state = 'active' ORDER BY team_member.team_id",
            values,
        ))
        .await?;
    let (Some(first), Some(actor)) = (rows.first(), actor(&rows)) else { return Ok((Actor::Anonymous, None)) };
    let used = Used { session: actor.session, person: first.id, last: Timestamp(first.last_used_at) };
    Ok((Actor::Agent(actor), Some(used)))
}

/// An agent as they may act now, for what they have asked for earlier; [`Actor::Anonymous`] if they are locked out.
///
/// # Errors
/// What the database says.
pub async fn of_agent(db: &mut impl Read, agent: AgentId) -> Result<Actor> {
    let rows: Vec<AgentRow> = db
        .all(Sql::new(
            "SELECT CAST(0 AS BIGINT) AS session, CAST(0 AS BIGINT) AS last_used_at, agent.id, agent.role, agent.access, agent.language, \
             agent.time_zone, team_member.team_id AS team FROM agent \
             LEFT JOIN team_member ON team_member.agent_id = agent.id \
             WHERE agent.id = $1 AND agent.state = 'active' ORDER BY team_member.team_id",
            args![agent],
        ))
        .await?;
    Ok(actor(&rows).map_or(Actor::Anonymous, Actor::Agent))
}

fn actor(rows: &[AgentRow]) -> Option<AgentActor> {
    let first = rows.first()?;
    Some(AgentActor {
        id: AgentId(first.id),
        // A role that we do not know may nothing.
        role: Role::from_key(&first.role)?,
        access: TicketAccess::from_key(&first.access).unwrap_or(TicketAccess::Teams),
        teams: rows.iter().filter_map(|row| row.team).map(TeamId).collect(),
        session: SessionId(first.session),
        language: Language::from_tag(&first.language).unwrap_or_default(),
        time_zone: first.time_zone.clone(),
    })
}

async fn customer(db: &Db, values: Vec<crate::db::Arg>) -> Result<(Actor, Option<Used>)> {
    let row: Option<CustomerRow> = db
        .clone()
        .optional(Sql::new(
            "SELECT session.id AS session, session.last_used_at, customer.id, customer.language, customer.time_zone, \
             customer.organization_id AS organization, customer.main_contact \
             FROM session JOIN customer ON customer.id = session.person_id \
             WHERE session.token_hash = $1 AND session.realm = 'customer' AND session.created_at > $2 \
             AND session.last_used_at > $3 AND customer.state = 'active'",
            values,
        ))
        .await?;
    let Some(row) = row else { return Ok((Actor::Anonymous, None)) };
    let session = SessionId(row.session);
    let used = Used { session, person: row.id, last: Timestamp(row.last_used_at) };
    let actor = Actor::Customer(CustomerActor {
        id: CustomerId(row.id),
        organization: row.organization.map(OrganizationId),
        main_contact: row.main_contact,
        portals: apps::open(&mut db.clone()).await?,
        session,
        language: Language::from_tag(&row.language).unwrap_or_default(),
        time_zone: row.time_zone,
    });
    Ok((actor, Some(used)))
}
