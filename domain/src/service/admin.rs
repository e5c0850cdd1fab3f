//! Agents, teams, the workspace, outgoing mail, the health of the server. Administrators only, except where it says otherwise.

use crate::{
    actor::Actor,
    agent::{Agent, AgentPatch, NewAgent},
    error::Result,
    health::Health,
    id::{AgentId, JobId, MailId, TeamId},
    mail::{Mail, MailState},
    page::{Page, PageQuery},
    team::Team,
    workspace::{Workspace, WorkspacePatch},
};
use async_trait::async_trait;

/// Administration.
#[async_trait]
pub trait Admin: Send + Sync {
    /// All agents, by name.
    async fn agents(&self, actor: &Actor) -> Result<Vec<Agent>>;
    /// Makes an agent and mails the invitation.
    async fn invite_agent(&self, actor: &Actor, agent: NewAgent) -> Result<Agent>;
    /// Mails the invitation again; the old link stops working.
    async fn invite_agent_again(&self, actor: &Actor, agent: AgentId) -> Result<()>;
    /// Changes an agent. The last owner stays owner and enabled; only owners touch owners. A changed role, access or
    /// disabling takes effect at once.
    async fn change_agent(&self, actor: &Actor, agent: AgentId, patch: AgentPatch) -> Result<Agent>;

    /// Makes a team.
    async fn create_team(&self, actor: &Actor, name: &str, members: Vec<AgentId>) -> Result<Team>;
    /// Renames a team and sets its members.
    async fn change_team(&self, actor: &Actor, team: TeamId, name: &str, members: Vec<AgentId>) -> Result<Team>;
    /// Deletes a team; its items lose the assignment.
    async fn delete_team(&self, actor: &Actor, team: TeamId) -> Result<()>;

    /// The workspace. Any agent.
    async fn workspace(&self, actor: &Actor) -> Result<Workspace>;
    /// Changes the workspace.
    async fn change_workspace(&self, actor: &Actor, patch: WorkspacePatch) -> Result<Workspace>;

    /// Outgoing mail, latest first, optionally of one state.
    async fn mails(&self, actor: &Actor, state: Option<MailState>, query: PageQuery) -> Result<Page<Mail>>;
    /// One mail in full.
    async fn mail(&self, actor: &Actor, mail: MailId) -> Result<Mail>;
    /// Tries a failed or held mail again.
    async fn retry_mail(&self, actor: &Actor, mail: MailId) -> Result<Mail>;

    /// How the server is: what waits to be done, what was given up.
    async fn health(&self, actor: &Actor) -> Result<Health>;
    /// Has a job that was given up tried anew. A conflict if it is not given up (any more).
    async fn retry_job(&self, actor: &Actor, job: JobId) -> Result<()>;
    /// Has all jobs of a kind that were given up tried anew; answers how many.
    async fn retry_jobs(&self, actor: &Actor, kind: &str) -> Result<u64>;
    /// Forgets a job that was given up. What it was about stays as it is. A conflict if it is not given up (any more).
    async fn drop_job(&self, actor: &Actor, job: JobId) -> Result<()>;
    /// Lets leave what has waited since a backup was restored. Nothing happens if nothing is held.
    async fn release_outgoing(&self, actor: &Actor) -> Result<()>;
}
