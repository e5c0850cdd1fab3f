//! Agents, teams, the workspace, outgoing mail, the health of the server. Administrators only, except reading the workspace.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    agent::{Agent, AgentPatch, NewAgent},
    health,
    id::{AgentId, JobId, MailId, TeamId},
    mail::{self, MailState},
    page::{Page, PageQuery},
    team::Team,
    workspace::{self, WorkspacePatch},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{agent_actor, desk};

/// All agents, by name.
#[server(prefix = "/_fn", endpoint = "admin/agents", input = StrictJson, output = StrictJson)]
pub async fn agents() -> Result<Vec<Agent>, ApiError> {
    Ok(desk()?.admin.agents(&agent_actor()?).await?)
}

/// Makes an agent and mails the invitation.
#[server(prefix = "/_fn", endpoint = "admin/invite_agent", input = StrictJson, output = StrictJson)]
pub async fn invite_agent(agent: NewAgent) -> Result<Agent, ApiError> {
    Ok(desk()?.admin.invite_agent(&agent_actor()?, agent).await?)
}

/// Mails the invitation again.
#[server(prefix = "/_fn", endpoint = "admin/invite_agent_again", input = StrictJson, output = StrictJson)]
pub async fn invite_agent_again(agent: AgentId) -> Result<(), ApiError> {
    Ok(desk()?.admin.invite_agent_again(&agent_actor()?, agent).await?)
}

/// Changes an agent.
#[server(prefix = "/_fn", endpoint = "admin/change_agent", input = StrictJson, output = StrictJson)]
pub async fn change_agent(agent: AgentId, patch: AgentPatch) -> Result<Agent, ApiError> {
    Ok(desk()?.admin.change_agent(&agent_actor()?, agent, patch).await?)
}

/// Makes a team.
#[server(prefix = "/_fn", endpoint = "admin/create_team", input = StrictJson, output = StrictJson)]
pub async fn create_team(name: String, members: Vec<AgentId>) -> Result<Team, ApiError> {
    Ok(desk()?.admin.create_team(&agent_actor()?, &name, members).await?)
}

/// Renames a team and sets its members.
#[server(prefix = "/_fn", endpoint = "admin/change_team", input = StrictJson, output = StrictJson)]
pub async fn change_team(team: TeamId, name: String, members: Vec<AgentId>) -> Result<Team, ApiError> {
    Ok(desk()?.admin.change_team(&agent_actor()?, team, &name, members).await?)
}

/// Deletes a team.
#[server(prefix = "/_fn", endpoint = "admin/delete_team", input = StrictJson, output = StrictJson)]
pub async fn delete_team(team: TeamId) -> Result<(), ApiError> {
    Ok(desk()?.admin.delete_team(&agent_actor()?, team).await?)
}

/// The workspace. Any agent.
#[server(prefix = "/_fn", endpoint = "admin/workspace", input = StrictJson, output = StrictJson)]
pub async fn workspace() -> Result<workspace::Workspace, ApiError> {
    Ok(desk()?.admin.workspace(&agent_actor()?).await?)
}

/// Changes the workspace.
#[server(prefix = "/_fn", endpoint = "admin/change_workspace", input = StrictJson, output = StrictJson)]
pub async fn change_workspace(patch: WorkspacePatch) -> Result<workspace::Workspace, ApiError> {
    Ok(desk()?.admin.change_workspace(&agent_actor()?, patch).await?)
}

/// Outgoing mail, latest first, optionally of one state.
#[server(prefix = "/_fn", endpoint = "admin/mails", input = StrictJson, output = StrictJson)]
pub async fn mails(state: Option<MailState>, query: PageQuery) -> Result<Page<mail::Mail>, ApiError> {
    Ok(desk()?.admin.mails(&agent_actor()?, state, query).await?)
}

/// One mail in full.
#[server(prefix = "/_fn", endpoint = "admin/mail", input = StrictJson, output = StrictJson)]
pub async fn mail(mail: MailId) -> Result<mail::Mail, ApiError> {
    Ok(desk()?.admin.mail(&agent_actor()?, mail).await?)
}

/// Tries a failed or held mail again.
#[server(prefix = "/_fn", endpoint = "admin/retry_mail", input = StrictJson, output = StrictJson)]
pub async fn retry_mail(mail: MailId) -> Result<mail::Mail, ApiError> {
    Ok(desk()?.admin.retry_mail(&agent_actor()?, mail).await?)
}

/// How the server is: what waits to be done, what was given up.
#[server(prefix = "/_fn", endpoint = "admin/health", input = StrictJson, output = StrictJson)]
pub async fn health() -> Result<health::Health, ApiError> {
    Ok(desk()?.admin.health(&agent_actor()?).await?)
}

/// Has a job that was given up tried anew.
#[server(prefix = "/_fn", endpoint = "admin/retry_job", input = StrictJson, output = StrictJson)]
pub async fn retry_job(job: JobId) -> Result<(), ApiError> {
    Ok(desk()?.admin.retry_job(&agent_actor()?, job).await?)
}

/// Has all jobs of a kind that were given up tried anew; answers how many.
#[server(prefix = "/_fn", endpoint = "admin/retry_jobs", input = StrictJson, output = StrictJson)]
pub async fn retry_jobs(kind: String) -> Result<u64, ApiError> {
    Ok(desk()?.admin.retry_jobs(&agent_actor()?, &kind).await?)
}

/// Forgets a job that was given up.
#[server(prefix = "/_fn", endpoint = "admin/drop_job", input = StrictJson, output = StrictJson)]
pub async fn drop_job(job: JobId) -> Result<(), ApiError> {
    Ok(desk()?.admin.drop_job(&agent_actor()?, job).await?)
}

/// Lets leave what has waited since a backup was restored.
#[server(prefix = "/_fn", endpoint = "admin/release_outgoing", input = StrictJson, output = StrictJson)]
pub async fn release_outgoing() -> Result<(), ApiError> {
    Ok(desk()?.admin.release_outgoing(&agent_actor()?).await?)
}
