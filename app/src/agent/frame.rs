//! The frame of the agent application: rail, top bar, what is around every screen.

use leptos::prelude::*;
use leptos_router::{LazyRoute, components::Outlet, lazy_route};

/// `/desk`: what is around every screen of the agent application.
pub struct Frame;

#[lazy_route]
impl LazyRoute for Frame {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        view! { <Outlet /> }.into_any()
    }
}
