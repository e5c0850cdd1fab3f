//! Agents, teams, the workspace, outgoing mail. Administrators only, except where it says otherwise.

use crate::{
    actor::Actor,
    agent::{Agent, AgentPatch, NewAgent},
    error::Result,
    id::{AgentId, MailId, TeamId},
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
}
