//! All addresses of the site. Screens are lazy chunks; each names its own file.

use crate::{
    agent::{
        admin::{AdminFrame, AgentsScreen, MailScreen, TeamsScreen, WorkspaceScreen},
        auth::{ForgotScreen, InvitationScreen, SetUpScreen, SignInScreen},
        customers::{CustomerScreen, CustomersScreen, NewCustomerScreen},
        frame::Frame,
        import::ImportScreen,
        organizations::{NewOrganizationScreen, OrganizationScreen, OrganizationsScreen},
        profile::ProfileScreen,
        tickets::{NewTicketScreen, TicketScreen, TicketsScreen},
    },
    portal::PortalRoutes,
    start::Start,
    ui::NotFound,
};
use leptos::prelude::*;
use leptos_router::{
    Lazy, MatchNestedRoutes, SsrMode,
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
                <Route path=path!("/desk/sign-in") view={Lazy::<SignInScreen>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/forgot") view={Lazy::<ForgotScreen>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/setup") view={Lazy::<SetUpScreen>::new()} ssr=SsrMode::Async />
                <Route path=path!("/desk/invitation/:token") view={Lazy::<InvitationScreen>::new()} ssr=SsrMode::Async />
                <DeskRoutes />
                <PortalRoutes />
            </Routes>
        </Router>
    }
}

/// The agent application inside its frame.
#[component(transparent)]
fn DeskRoutes() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/desk") view={Lazy::<Frame>::new()} ssr=SsrMode::Async>
            <Route path=path!("") view=|| view! { <Redirect path="/desk/tickets" /> } ssr=SsrMode::Async />
            <ParentRoute path=path!("tickets") view={Lazy::<TicketsScreen>::new()} ssr=SsrMode::Async>
                <Route path=path!("") view=|| () ssr=SsrMode::Async />
                <Route path=path!("new") view={Lazy::<NewTicketScreen>::new()} ssr=SsrMode::Async />
                <Route path=path!(":number") view={Lazy::<TicketScreen>::new()} ssr=SsrMode::Async />
            </ParentRoute>
            <Route path=path!("customers") view={Lazy::<CustomersScreen>::new()} ssr=SsrMode::Async />
            <Route path=path!("customers/new") view={Lazy::<NewCustomerScreen>::new()} ssr=SsrMode::Async />
            <Route path=path!("customers/:id") view={Lazy::<CustomerScreen>::new()} ssr=SsrMode::Async />
            <Route path=path!("organizations") view={Lazy::<OrganizationsScreen>::new()} ssr=SsrMode::Async />
            <Route path=path!("organizations/new") view={Lazy::<NewOrganizationScreen>::new()} ssr=SsrMode::Async />
            <Route path=path!("organizations/:id") view={Lazy::<OrganizationScreen>::new()} ssr=SsrMode::Async />
            <Route path=path!("import") view={Lazy::<ImportScreen>::new()} ssr=SsrMode::Async />
            <Route path=path!("profile") view={Lazy::<ProfileScreen>::new()} ssr=SsrMode::Async />
            <ParentRoute path=path!("admin") view={Lazy::<AdminFrame>::new()} ssr=SsrMode::Async>
                <Route path=path!("") view=|| view! { <Redirect path="/desk/admin/agents" /> } ssr=SsrMode::Async />
                <Route path=path!("agents") view={Lazy::<AgentsScreen>::new()} ssr=SsrMode::Async />
                <Route path=path!("teams") view={Lazy::<TeamsScreen>::new()} ssr=SsrMode::Async />
                <Route path=path!("workspace") view={Lazy::<WorkspaceScreen>::new()} ssr=SsrMode::Async />
                <Route path=path!("mail") view={Lazy::<MailScreen>::new()} ssr=SsrMode::Async />
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
}
