//! The agent application as a whole: its addresses. The screens are lazy parts (see [`super::screens`]).

use super::{
    frame::Frame,
    screens::{CustomerApps, Office, Panel, People, WayIn},
    tickets::TicketsScreen,
};
use crate::ui::{NotFound, ToastHost};
use leptos::prelude::*;
use leptos_router::{
    Lazy, SsrMode,
    any_nested_route::AnyNestedRoute,
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

/// The agent application. Every page is rendered whole on the server, so that it is complete before (or without) WebAssembly.
#[component]
pub fn Desk() -> impl IntoView {
    crate::begin();
    let busy = RwSignal::new(false);
    view! {
        <div class="routing" class:routing-on=busy aria-hidden="true"></div>
        <Router set_is_routing=busy.write_only()>
            <Routes fallback=|| view! { <NotFound /> }>
                // The server redirects before this page is rendered; this is for who navigates here inside the application.
                <Route path=path!("/") view=|| view! { <Redirect path="/desk/tickets" /> } ssr=SsrMode::Async />
                <Route path=path!("/desk/sign-in") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/forgot") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/setup") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/invitation/:token") view={Lazy::<WayIn>::new()} ssr=SsrMode::Async />
                <DeskRoutes />
            </Routes>
        </Router>
        <ToastHost />
    }
}

/// The screens inside the frame.
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
            <Route path=path!("admin/apps") view={Lazy::<CustomerApps>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin/apps/:app") view={Lazy::<CustomerApps>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin/mail") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
            <Route path=path!("admin/health") view={Lazy::<Office>::new()} ssr=SsrMode::Async />
        </ParentRoute>
    }
    .into_inner()
}
