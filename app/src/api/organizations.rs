//! Organizations, for agents.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    customer::CustomerRow,
    id::OrganizationId,
    organization::{NewOrganization, Organization, OrganizationPatch, OrganizationRef, OrganizationRow},
    page::{Page, PageQuery},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{agent_actor, desk};

/// A page of organizations by name.
#[server(prefix = "/_fn", endpoint = "organizations/list", input = StrictJson, output = StrictJson)]
pub async fn list(query: PageQuery) -> Result<Page<OrganizationRow>, ApiError> {
    Ok(desk()?.organizations.list(&agent_actor()?, query).await?)
}

/// The first organizations that fit what was typed.
#[server(prefix = "/_fn", endpoint = "organizations/suggest", input = StrictJson, output = StrictJson)]
pub async fn suggest(text: String) -> Result<Vec<OrganizationRef>, ApiError> {
    Ok(desk()?.organizations.suggest(&agent_actor()?, &text).await?)
}

/// One organization.
#[server(prefix = "/_fn", endpoint = "organizations/get", input = StrictJson, output = StrictJson)]
pub async fn get(organization: OrganizationId) -> Result<Organization, ApiError> {
    Ok(desk()?.organizations.get(&agent_actor()?, organization).await?)
}

/// Its members by name.
#[server(prefix = "/_fn", endpoint = "organizations/members", input = StrictJson, output = StrictJson)]
pub async fn members(organization: OrganizationId) -> Result<Vec<CustomerRow>, ApiError> {
    Ok(desk()?.organizations.members(&agent_actor()?, organization).await?)
}

/// Makes an organization.
#[server(prefix = "/_fn", endpoint = "organizations/create", input = StrictJson, output = StrictJson)]
pub async fn create(organization: NewOrganization) -> Result<Organization, ApiError> {
    Ok(desk()?.organizations.create(&agent_actor()?, organization).await?)
}

/// Changes an organization.
#[server(prefix = "/_fn", endpoint = "organizations/change", input = StrictJson, output = StrictJson)]
pub async fn change(organization: OrganizationId, patch: OrganizationPatch) -> Result<Organization, ApiError> {
    Ok(desk()?.organizations.change(&agent_actor()?, organization, patch).await?)
}
