//! The small lists that every screen needs: types with their statuses, agents, teams.

use crate::{
    args,
    db::{Read, Sql},
};
use domain::{
    Error, Result,
    agent::{AgentRef, AgentState, Role},
    id::{AgentId, StatusId, TeamId, TypeId},
    item::Catalog,
    team::Team,
    types::{Category, Status, TicketType},
};

/// All of it.
///
/// # Errors
/// What the database says.
pub async fn catalog(db: &mut impl Read) -> Result<Catalog> {
    Ok(Catalog { types: types(db).await?, agents: agents(db).await?, teams: teams(db).await? })
}

/// Types with their statuses, in their order.
///
/// # Errors
/// What the database says.
pub async fn types(db: &mut impl Read) -> Result<Vec<TicketType>> {
    let types: Vec<(i64, String, String, String, String, bool)> =
        db.all(Sql::new("SELECT id, key, name, icon, colour, enabled FROM ticket_type ORDER BY position, id", args![])).await?;
    let statuses: Vec<(i64, i64, String, String, String, String)> = db
        .all(Sql::new("SELECT type_id, id, key, name, category, colour FROM status ORDER BY type_id, position, id", args![]))
        .await?;
    Ok(types
        .into_iter()
        .map(|(id, key, name, icon, colour, enabled)| TicketType {
            id: TypeId(id),
            key,
            name,
            icon,
            colour,
            enabled,
            statuses: statuses
                .iter()
                .filter(|status| status.0 == id)
                .map(|(_, status, key, name, category, colour)| Status {
                    id: StatusId(*status),
                    category: Category::from_key(category).unwrap_or(Category::Todo),
                    key: key.clone(),
                    name: name.clone(),
                    colour: colour.clone(),
                })
                .collect(),
        })
        .collect())
}

async fn agents(db: &mut impl Read) -> Result<Vec<AgentRef>> {
    let agents: Vec<(i64, String, Option<String>, String, String)> = db
        .all(Sql::new(
            "SELECT agent.id, agent.name, address.email, agent.state, agent.role \
             FROM agent LEFT JOIN address ON address.agent_id = agent.id ORDER BY agent.name_key, agent.id",
            args![],
        ))
        .await?;
    agents
        .into_iter()
        .map(|(id, name, email, state, role)| {
            Ok(AgentRef {
                id: AgentId(id),
                name,
                email: email.unwrap_or_default(),
                state: match state.as_str() {
                    "invited" => AgentState::Invited,
                    "active" => AgentState::Active,
                    _ => AgentState::Disabled,
                },
                role: Role::from_key(&role).ok_or_else(Error::internal)?,
            })
        })
        .collect()
}

async fn teams(db: &mut impl Read) -> Result<Vec<Team>> {
    let teams: Vec<(i64, String)> = db.all(Sql::new("SELECT id, name FROM team ORDER BY name_key, id", args![])).await?;
    let members: Vec<(i64, i64)> =
        db.all(Sql::new("SELECT team_id, agent_id FROM team_member ORDER BY team_id, agent_id", args![])).await?;
    Ok(teams
        .into_iter()
        .map(|(id, name)| Team {
            id: TeamId(id),
            name,
            members: members.iter().filter(|(team, _)| *team == id).map(|(_, agent)| AgentId(*agent)).collect(),
        })
        .collect())
}
