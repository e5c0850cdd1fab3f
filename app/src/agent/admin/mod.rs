//! Administration: agents, teams, workspace, customer apps, outgoing mail, system health. For owners and administrators; the services hold the rule, the
//! screens only say it.

mod agent_form;
mod agents;
mod apps;
mod frame;
mod health;
mod mail;
mod teams;
mod workspace;

use leptos::prelude::*;

/// `/desk/admin/agents`
#[component]
pub fn AgentsScreen() -> impl IntoView {
    view! { <frame::Menu><agents::Agents /></frame::Menu> }
}

/// `/desk/admin/teams`
#[component]
pub fn TeamsScreen() -> impl IntoView {
    view! { <frame::Menu><teams::Teams /></frame::Menu> }
}

/// `/desk/admin/workspace`
#[component]
pub fn WorkspaceScreen() -> impl IntoView {
    view! { <frame::Menu><workspace::WorkspacePage /></frame::Menu> }
}

/// `/desk/admin/apps`
#[component]
pub fn AppsScreen() -> impl IntoView {
    view! { <frame::Menu><apps::Apps /></frame::Menu> }
}

/// `/desk/admin/apps/:app`
#[component]
pub fn AppScreen() -> impl IntoView {
    view! { <frame::Menu><apps::AppPage /></frame::Menu> }
}

/// `/desk/admin/mail`
#[component]
pub fn MailScreen() -> impl IntoView {
    view! { <frame::Menu><mail::Outgoing /></frame::Menu> }
}

/// `/desk/admin/health`
#[component]
pub fn HealthScreen() -> impl IntoView {
    view! { <frame::Menu><health::SystemHealth /></frame::Menu> }
}
