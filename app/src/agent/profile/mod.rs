//! The signed-in agent: settings, password, sessions.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/profile`
pub struct ProfileScreen;

#[lazy_route]
impl LazyRoute for ProfileScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
