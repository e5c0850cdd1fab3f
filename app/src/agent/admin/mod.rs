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
use leptos_router::{LazyRoute, hooks::use_query_map, lazy_route};

/// `/desk/admin`: the menu of the administration around its pages (`<Outlet/>`).
pub struct AdminFrame;

#[lazy_route]
impl LazyRoute for AdminFrame {
    fn data() -> Self {
        Self
    }
    fn view(_this: Self) -> AnyView {
        view! { <frame::Menu /> }.into_any()
    }
}

/// `/desk/admin/agents`
pub struct AgentsScreen {
    agents: Resource<Result<Vec<Agent>, ApiError>>,
}

#[lazy_route]
impl LazyRoute for AgentsScreen {
    fn data() -> Self {
        Self { agents: Resource::new(|| (), |()| api::admin::agents()) }
    }
    fn view(this: Self) -> AnyView {
        view! { <agents::Agents agents=this.agents /> }.into_any()
    }
}

/// `/desk/admin/teams`
pub struct TeamsScreen;

#[lazy_route]
impl LazyRoute for TeamsScreen {
    fn data() -> Self {
        Self
    }
    fn view(_this: Self) -> AnyView {
        view! { <teams::Teams /> }.into_any()
    }
}

/// `/desk/admin/workspace`
pub struct WorkspaceScreen {
    workspace: Resource<Result<Workspace, ApiError>>,
}

#[lazy_route]
impl LazyRoute for WorkspaceScreen {
    fn data() -> Self {
        Self { workspace: Resource::new(|| (), |()| api::admin::workspace()) }
    }
    fn view(this: Self) -> AnyView {
        view! { <workspace::WorkspacePage workspace=this.workspace /> }.into_any()
    }
}

/// `/desk/admin/mail`
pub struct MailScreen {
    state: Memo<Option<MailState>>,
    first: Resource<Result<(Page<Mail>, bool), ApiError>>,
}

#[lazy_route]
impl LazyRoute for MailScreen {
    fn data() -> Self {
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
    fn view(this: Self) -> AnyView {
        view! { <mail::Outgoing state=this.state first=this.first /> }.into_any()
    }
}
