//! Administration: agents, teams, workspace, outgoing mail.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/admin`: the menu of the administration around its pages (`<Outlet/>`).
pub struct AdminFrame;

#[lazy_route]
impl LazyRoute for AdminFrame {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        view! { <leptos_router::components::Outlet /> }.into_any()
    }
}

/// `/desk/admin/agents`
pub struct AgentsScreen;

#[lazy_route]
impl LazyRoute for AgentsScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/admin/teams`
pub struct TeamsScreen;

#[lazy_route]
impl LazyRoute for TeamsScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/admin/workspace`
pub struct WorkspaceScreen;

#[lazy_route]
impl LazyRoute for WorkspaceScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/admin/mail`
pub struct MailScreen;

#[lazy_route]
impl LazyRoute for MailScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
