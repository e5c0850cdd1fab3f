//! Administration: agents, teams, the workspace, outgoing mail, the health of the server. Every method begins by asking who may.

mod agents;
mod health;
mod mails;
mod teams;
mod workspace;

use super::events::Author;
use crate::{db::Db, mail::Links};
use async_trait::async_trait;
use domain::{
    Result,
    actor::Actor,
    agent::{Agent, AgentPatch, NewAgent},
    health::Health,
    id::{AgentId, JobId, MailId, TeamId},
    mail::{Mail, MailState},
    page::{Page, PageQuery},
    service::Admin,
    team::Team,
    time::Timestamp,
    workspace::{Workspace, WorkspacePatch},
};

/// The implementation.
pub struct AdminService {
    db: Db,
    links: Links,
    sends_mail: bool,
    since: Timestamp,
}

impl AdminService {
    /// Over a database; `links` go into invitations.
    #[must_use]
    pub fn new(db: Db, links: Links, sends_mail: bool) -> Self {
        let since = db.now();
        Self { db, links, sends_mail, since }
    }
}

#[async_trait]
impl Admin for AdminService {
    async fn agents(&self, actor: &Actor) -> Result<Vec<Agent>> {
        actor.administrator()?;
        agents::list(&mut self.db.clone()).await
    }

    async fn invite_agent(&self, actor: &Actor, agent: NewAgent) -> Result<Agent> {
        let role = actor.administrator()?.role;
        let (actor, links, new) = (actor.clone(), self.links.clone(), super::accounts::agents::check(agent)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    agents::invite(tx, &by, role, &links, new).await
                })
            })
            .await
    }

    async fn invite_agent_again(&self, actor: &Actor, agent: AgentId) -> Result<()> {
        let role = actor.administrator()?.role;
        let (actor, links) = (actor.clone(), self.links.clone());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    agents::invite_again(tx, &by, role, &links, agent).await
                })
            })
            .await
    }

    async fn change_agent(&self, actor: &Actor, agent: AgentId, patch: AgentPatch) -> Result<Agent> {
        let me = actor.administrator()?.clone();
        let (actor, patch) = (actor.clone(), agents::check(patch)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    agents::change(tx, &by, &me, agent, patch).await
                })
            })
            .await
    }

    async fn create_team(&self, actor: &Actor, name: &str, members: Vec<AgentId>) -> Result<Team> {
        actor.administrator()?;
        let (actor, name) = (actor.clone(), teams::check(name, &members)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    teams::create(tx, &by, &name, &members).await
                })
            })
            .await
    }

    async fn change_team(&self, actor: &Actor, team: TeamId, name: &str, members: Vec<AgentId>) -> Result<Team> {
        actor.administrator()?;
        let (actor, name) = (actor.clone(), teams::check(name, &members)?);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    teams::change(tx, &by, team, &name, &members).await
                })
            })
            .await
    }

    async fn delete_team(&self, actor: &Actor, team: TeamId) -> Result<()> {
        actor.administrator()?;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    teams::delete(tx, &by, team).await
                })
            })
            .await
    }

    async fn workspace(&self, actor: &Actor) -> Result<Workspace> {
        actor.agent()?;
        workspace::get(&mut self.db.clone(), self.sends_mail).await
    }

    async fn change_workspace(&self, actor: &Actor, patch: WorkspacePatch) -> Result<Workspace> {
        actor.administrator()?;
        let (actor, patch, sends_mail) = (actor.clone(), workspace::check(patch)?, self.sends_mail);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    workspace::change(tx, &by, patch, sends_mail).await
                })
            })
            .await
    }

    async fn mails(&self, actor: &Actor, state: Option<MailState>, query: PageQuery) -> Result<Page<Mail>> {
        let role = actor.administrator()?.role;
        mails::list(&self.db, role, state, &query).await
    }

    async fn mail(&self, actor: &Actor, mail: MailId) -> Result<Mail> {
        let role = actor.administrator()?.role;
        mails::get(&mut self.db.clone(), role, mail).await
    }

    async fn retry_mail(&self, actor: &Actor, mail: MailId) -> Result<Mail> {
        let role = actor.administrator()?.role;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    mails::retry(tx, &by, role, mail).await
                })
            })
            .await
    }

    async fn health(&self, actor: &Actor) -> Result<Health> {
        actor.administrator()?;
        health::read(&mut self.db.clone(), self.db.now(), self.since).await
    }

    async fn retry_job(&self, actor: &Actor, job: JobId) -> Result<()> {
        actor.administrator()?;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    health::retry(tx, &by, job).await
                })
            })
            .await
    }

    async fn retry_jobs(&self, actor: &Actor, kind: &str) -> Result<u64> {
        actor.administrator()?;
        let (actor, kind) = (actor.clone(), kind.to_owned());
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    health::retry_all(tx, &by, &kind).await
                })
            })
            .await
    }

    async fn drop_job(&self, actor: &Actor, job: JobId) -> Result<()> {
        actor.administrator()?;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    health::discard(tx, &by, job).await
                })
            })
            .await
    }

    async fn release_outgoing(&self, actor: &Actor) -> Result<()> {
        actor.administrator()?;
        let actor = actor.clone();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::of(tx, &actor).await?;
                    health::release(tx, &by).await
                })
            })
            .await
    }
}
