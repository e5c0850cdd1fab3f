//! The customer portal at `/p/<slug>`: mobile first, rendered on the server, usable with JavaScript off. Everything that
//! changes something is a real form; where the page is awake, answering and asking go without a reload. In the browser it is a
//! build of its own, without the agent application.
//!
//! One file a page. [`frame`] is around all of them, [`parts`] holds what several share.

mod auth;
mod create;
mod files;
mod frame;
mod list;
mod parts;
mod profile;
mod ticket;

use crate::ui::{NotFound, ToastHost};
use auth::{Forgot, Invitation, Register, SignIn};
use create::Create;
use frame::PortalFrame;
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    any_nested_route::AnyNestedRoute,
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use list::List;
use profile::Profile;
use ticket::Ticket;

/// The portal.
#[component]
pub fn Portal() -> impl IntoView {
    crate::begin();
    let busy = RwSignal::new(false);
    view! {
        <div class="routing" class:routing-on=busy aria-hidden="true"></div>
        <Router set_is_routing=busy.write_only()>
            <Routes fallback=|| view! { <NotFound /> }>
                <PortalRoutes />
            </Routes>
        </Router>
        <ToastHost />
    }
}

/// The routes of the portal. All are rendered in one piece, so that they arrive complete without JavaScript.
#[component(transparent)]
fn PortalRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/p/:slug") view=PortalFrame ssr=SsrMode::Async>
            <Route path=path!("") view=List/>
            <Route path=path!("sign-in") view=SignIn/>
            <Route path=path!("register") view=Register/>
            <Route path=path!("forgot") view=Forgot/>
            <Route path=path!("invitation/:token") view=Invitation/>
            <Route path=path!("new") view=Create/>
            <Route path=path!("tickets/:number") view=Ticket/>
            <Route path=path!("profile") view=Profile/>
        </ParentRoute>
    }
    .into_inner()
}
