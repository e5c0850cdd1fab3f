//! Looks up what a request names by id, and refuses what is not there or may not be used.

use super::{rows::customer_refs, statuses};
use crate::{
    args,
    db::{Read, Sql},
    service::events::customer_name,
};
use domain::{
    Error, Result,
    id::{AgentId, CustomerId, OrganizationId, TeamId, TypeId},
};
use std::collections::BTreeMap;

/// What an item keeps of its requester.
#[derive(Debug, Clone)]
pub(super) struct RequesterFacts {
    pub(super) name: String,
    pub(super) name_key: String,
    pub(super) search_key: String,
    pub(super) organization: Option<OrganizationId>,
}

/// A customer who is to be a requester.
pub(super) async fn requester(db: &mut impl Read, customer: CustomerId) -> Result<RequesterFacts> {
    let found: Option<(String, String, Option<i64>)> = db
        .optional(Sql::new("SELECT name_key, search_key, organization_id FROM customer WHERE id = $1", args![customer]))
        .await?;
    let Some((name_key, search_key, organization)) = found else {
        return Err(Error::field("requester", "error_choice"));
    };
    let name = customer_name(db, customer).await?;
    Ok(RequesterFacts { name, name_key, search_key, organization: organization.map(OrganizationId) })
}

/// The display name of a customer who may be gone.
pub(super) async fn customer_text(db: &mut impl Read, customer: Option<CustomerId>) -> Result<String> {
    let Some(customer) = customer else { return Ok(String::new()) };
    Ok(customer_refs(db, std::iter::once(customer)).await?.remove(&customer).map(|found| found.name).unwrap_or_default())
}

/// The name of an organization, if there is such.
pub(super) async fn organization_name(db: &mut impl Read, organization: OrganizationId) -> Result<Option<String>> {
    let found: Option<(String,)> =
        db.optional(Sql::new("SELECT name FROM organization WHERE id = $1", args![organization])).await?;
    Ok(found.map(|(name,)| name))
}

/// The name of an organization that may be gone.
pub(super) async fn organization_text(db: &mut impl Read, organization: Option<OrganizationId>) -> Result<String> {
    match organization {
        Some(id) => Ok(organization_name(db, id).await?.unwrap_or_default()),
        None => Ok(String::new()),
    }
}

/// The name of a type that may be gone.
pub(super) async fn type_text(db: &mut impl Read, type_id: TypeId) -> Result<String> {
    Ok(statuses::type_name(db, type_id).await?.map(|(name, _)| name).unwrap_or_default())
}

/// The names of agents. Those in `new` are about to be assigned: they must be there, enabled and not light.
pub(super) async fn agents(db: &mut impl Read, all: &[AgentId], new: &[AgentId]) -> Result<BTreeMap<AgentId, String>> {
    named_agents(db, all, new, |role| role != "light").await?.ok_or_else(|| Error::field("agents", "error_not_assignable"))
}

/// The names of agents. Those in `new` are about to follow: they must be there and enabled.
pub(super) async fn followers(db: &mut impl Read, all: &[AgentId], new: &[AgentId]) -> Result<BTreeMap<AgentId, String>> {
    named_agents(db, all, new, |_| true).await?.ok_or_else(|| Error::field("following_agents", "error_choice"))
}

/// The names of agents; none if one of those in `new` is not there, locked out, or of a role that will not do.
async fn named_agents(
    db: &mut impl Read,
    all: &[AgentId],
    new: &[AgentId],
    will_do: impl Fn(&str) -> bool + Send,
) -> Result<Option<BTreeMap<AgentId, String>>> {
    let mut sql = Sql::build("SELECT id, name, state, role FROM agent WHERE id");
    sql.push_in_ids(db.engine(), all.iter().map(|id| id.0));
    let found: Vec<(i64, String, String, String)> = db.all(sql).await?;
    let fits = |id: &AgentId| found.iter().any(|(agent, _, state, role)| *agent == id.0 && state != "disabled" && will_do(role));
    if !new.iter().all(fits) {
        return Ok(None);
    }
    Ok(Some(found.into_iter().map(|(id, name, _, _)| (AgentId(id), name)).collect()))
}

/// The names of teams. Those in `new` must be there.
pub(super) async fn teams(db: &mut impl Read, all: &[TeamId], new: &[TeamId]) -> Result<BTreeMap<TeamId, String>> {
    let mut sql = Sql::build("SELECT id, name FROM team WHERE id");
    sql.push_in_ids(db.engine(), all.iter().map(|id| id.0));
    let found: Vec<(i64, String)> = db.all(sql).await?;
    let names: BTreeMap<TeamId, String> = found.into_iter().map(|(id, name)| (TeamId(id), name)).collect();
    if new.iter().all(|id| names.contains_key(id)) { Ok(names) } else { Err(Error::field("teams", "error_choice")) }
}

/// Names as one text, in the order of the ids.
pub(super) fn names<Id: Ord>(ids: &[Id], names: &BTreeMap<Id, String>) -> String {
    ids.iter().filter_map(|id| names.get(id).map(String::as_str)).collect::<Vec<_>>().join(", ")
}
