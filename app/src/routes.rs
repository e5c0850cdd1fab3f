//! All addresses of the site. The screens of agents are lazy parts (see `agent::screens`).

use crate::{
    agent::{
        frame::Frame,
        screens::{Office, Panel, People, WayIn},
        tickets::TicketsScreen,
    },
    portal::PortalRoutes,
    start::Start,
    ui::NotFound,
};
use leptos::prelude::*;
use leptos_router::{
    Lazy, SsrMode,
    any_nested_route::AnyNestedRoute,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

/// The pages by address. Every page is rendered whole on the server, so that it is complete before (or without) WebAssembly.
#[component]
pub fn Pages() -> impl IntoView {
    let busy = RwSignal::new(false);
    view! {
        <div class="routing" class:routing-on=busy aria-hidden="true"></div>
        <Router set_is_routing=busy.write_only()>
            <Routes fallback=|| view! { <NotFound /> }>
                <Route path=path!("/") view=Start ssr=SsrMode::Async />
                <Route path=path!("/desk/sign-in") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/forgot") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/setup") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/invitation/:token") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <DeskRoutes />
                <PortalRoutes />
            </Routes>
        </Router>
    }
}

/// The agent application inside its frame.
#[component(transparent)]
fn DeskRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/desk") view={Lazy::<Frame>::new()} ssr=SsrMode::Async>
            <Route path=path!("") view=|| view! { <Redirect path="/desk/tickets" /> } ssr=SsrMode::Async />
            <ParentRoute path=path!("tickets") view={Lazy::<TicketsScreen>::new()} ssr=SsrMode::Async>
                <Route path=path!("") view=|| () ssr=SsrMode::Async />
                <Route path=path!("new") view={Lazy::<Panel>::new()} ssr=SsrMode::Async />
                <Route path=path!(":number") view={Lazy::<Panel>::new()} ssr=SsrMode::Async />
            </ParentRoute>
            <Route path=path!("customers") view={Lazy::<People>::new()} ssr=SsrMode::Async />
            <Route path=path!("customers/new") view={Lazy::<People>::new()} ssr=SsrMode::Async />
            <Route path=path!("customers/:id") view={Lazy::<People>::new()} ssr=SsrMode::Async />
            <Route path=path!("organizations") view={Lazy::<People>::new()} ssr=SsrMode::Async />
            <Route path=path!("organizations/new") view={Lazy::<People>::new()} ssr=SsrMode::Async />
            <Route path=path!("organizations/:id") view={Lazy::<People>::new()} ssr=SsrMode::Async />
            <Route path=path!("import") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
            <Route path=path!("profile") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin") view=|| view! { <Redirect path="/desk/admin/agents" /> } ssr=SsrMode::Async />
            <Route path=path!("admin/agents") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin/teams") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin/workspace") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin/mail") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin/health") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
