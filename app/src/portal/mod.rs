//! The portal: what customers see. Complete without JavaScript.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/p/:slug`: what is around every page of the portal (`<Outlet/>`).
pub struct PortalFrame;

#[lazy_route]
impl LazyRoute for PortalFrame {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        view! { <leptos_router::components::Outlet /> }.into_any()
    }
}

/// `/p/:slug`: the list.
pub struct PortalListScreen;

#[lazy_route]
impl LazyRoute for PortalListScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/p/:slug/sign-in`
pub struct PortalSignInScreen;

#[lazy_route]
impl LazyRoute for PortalSignInScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/p/:slug/register`
pub struct PortalRegisterScreen;

#[lazy_route]
impl LazyRoute for PortalRegisterScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/p/:slug/forgot`
pub struct PortalForgotScreen;

#[lazy_route]
impl LazyRoute for PortalForgotScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/p/:slug/invitation/:token`
pub struct PortalInvitationScreen;

#[lazy_route]
impl LazyRoute for PortalInvitationScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/p/:slug/tickets/:number`
pub struct PortalTicketScreen;

#[lazy_route]
impl LazyRoute for PortalTicketScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/p/:slug/new`
pub struct PortalNewScreen;

#[lazy_route]
impl LazyRoute for PortalNewScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/p/:slug/profile`
pub struct PortalProfileScreen;

#[lazy_route]
impl LazyRoute for PortalProfileScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
