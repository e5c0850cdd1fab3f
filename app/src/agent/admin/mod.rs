//! Administration: agents, teams, workspace, outgoing mail. For owners and administrators; the services hold the rule, the
//! screens only say it.

mod agent_form;
mod agents;
mod frame;
mod mail;
mod teams;
mod workspace;

use crate::api::{self, ApiError};
use domain::{
    agent::Agent,
    mail::{Mail, MailState},
    page::{Page, PageQuery},
    workspace::Workspace,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// `/desk/admin/agents`
pub struct AgentsScreen {
    agents: Resource<Result<Vec<Agent>, ApiError>>,
}

impl AgentsScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self { agents: Resource::new(|| (), |()| api::admin::agents()) }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <frame::Menu><agents::Agents agents=this.agents /></frame::Menu> }.into_any()
    }
}

/// `/desk/admin/teams`
pub struct TeamsScreen;

impl TeamsScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self
    }
    /// The screen.
    pub fn view(_this: Self) -> AnyView {
        view! { <frame::Menu><teams::Teams /></frame::Menu> }.into_any()
    }
}

/// `/desk/admin/workspace`
pub struct WorkspaceScreen {
    workspace: Resource<Result<Workspace, ApiError>>,
}

impl WorkspaceScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self { workspace: Resource::new(|| (), |()| api::admin::workspace()) }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <frame::Menu><workspace::WorkspacePage workspace=this.workspace /></frame::Menu> }.into_any()
    }
}

/// `/desk/admin/mail`
pub struct MailScreen {
    state: Memo<Option<MailState>>,
    first: Resource<Result<(Page<Mail>, bool), ApiError>>,
}

impl MailScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        let params = use_query_map();
        let state = Memo::new(move |_| params.read().get("state").and_then(|key| MailState::from_key(&key)));
        let first = Resource::new(
            move || state.get(),
            |state| async move {
                let page = api::admin::mails(state, PageQuery::default()).await?;
                Ok((page, api::admin::mail_is_configured().await?))
            },
        );
        Self { state, first }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <frame::Menu><mail::Outgoing state=this.state first=this.first /></frame::Menu> }.into_any()
    }
}
