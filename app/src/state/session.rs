//! The signed-in agent and the names of types, statuses, agents and teams; loaded once by the frame.

use crate::{
    api::{self, ApiError},
    i18n::I18n,
    t,
};
use domain::{
    agent::{AgentRef, Me, Role, Theme},
    id::{AgentId, StatusId, TeamId, TypeId},
    item::Catalog,
    language::Language,
    team::Team,
    types::{Status, TicketType},
    workspace::Workspace,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the frame loads.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Loaded {
    /// The signed-in agent.
    pub me: Me,
    /// Types, statuses, agents, teams.
    pub catalog: Catalog,
    /// The workspace.
    pub workspace: Workspace,
}

impl Loaded {
    /// Asks the server.
    ///
    /// # Errors
    /// Unauthenticated, or that the server does not answer.
    pub async fn load() -> Result<Self, ApiError> {
        Ok(Self {
            me: api::accounts::me().await?,
            catalog: api::items::catalog().await?,
            workspace: api::admin::workspace().await?,
        })
    }
}

/// The session of the agent application. Every screen inside the frame finds it filled.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// The signed-in agent.
    pub me: RwSignal<Me>,
    /// Types, statuses, agents, teams.
    pub catalog: RwSignal<Catalog>,
    /// The workspace.
    pub workspace: RwSignal<Workspace>,
}

/// The session of the agent application; only inside the frame.
#[must_use]
pub fn use_session() -> Session {
    use_context().unwrap_or_else(Session::empty)
}

impl Session {
    /// Before anything is loaded: nobody, who may do nothing.
    #[must_use]
    pub fn empty() -> Self {
        let me = Me {
            id: AgentId(0),
            name: String::new(),
            email: String::new(),
            role: Role::Light,
            teams: Vec::new(),
            language: Language::default(),
            time_zone: String::new(),
            theme: Theme::System,
            undo_send: 0,
            workspace: String::new(),
            colour: String::new(),
            logo: None,
        };
        let workspace = Workspace {
            name: String::new(),
            colour: String::new(),
            logo: None,
            language: Language::default(),
            auto_organizations: false,
            portal_slug: String::new(),
            sends_mail: true,
            outgoing_held: false,
        };
        Self {
            me: RwSignal::new(me),
            catalog: RwSignal::new(Catalog { types: Vec::new(), agents: Vec::new(), teams: Vec::new() }),
            workspace: RwSignal::new(workspace),
        }
    }
    /// Takes in what was loaded.
    pub fn fill(self, loaded: Loaded) {
        self.me.set(loaded.me);
        self.catalog.set(loaded.catalog);
        self.workspace.set(loaded.workspace);
    }
    /// Loads everything again, after something of it was changed. What is shown stays until the answer is there.
    pub fn refresh(self) {
        leptos::task::spawn_local(async move {
            if let Ok(loaded) = Loaded::load().await {
                self.fill(loaded);
            }
        });
    }
    /// What to say of an invitation that was just made: without a mail server it waits to be read under Outgoing mail.
    #[must_use]
    pub fn invited(self, i18n: I18n) -> &'static str {
        let sends_mail = self.workspace.with_untracked(|workspace| workspace.sends_mail);
        if sends_mail { t!(i18n, people_invited) } else { t!(i18n, people_invited_held) }
    }
    /// An agent by id, also a disabled one. Tracked.
    #[must_use]
    pub fn agent(self, id: AgentId) -> Option<AgentRef> {
        self.catalog.with(|catalog| catalog.agents.iter().find(|agent| agent.id == id).cloned())
    }
    /// A team by id. Tracked.
    #[must_use]
    pub fn team(self, id: TeamId) -> Option<Team> {
        self.catalog.with(|catalog| catalog.teams.iter().find(|team| team.id == id).cloned())
    }
    /// A type by id. Tracked.
    #[must_use]
    pub fn ticket_type(self, id: TypeId) -> Option<TicketType> {
        self.catalog.with(|catalog| catalog.types.iter().find(|kind| kind.id == id).cloned())
    }
    /// A status by id. Tracked.
    #[must_use]
    pub fn status(self, id: StatusId) -> Option<Status> {
        self.catalog.with(|catalog| catalog.types.iter().flat_map(|kind| &kind.statuses).find(|status| status.id == id).cloned())
    }
}
