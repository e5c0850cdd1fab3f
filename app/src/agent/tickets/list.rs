//! The list of tickets: views, table, search. The open ticket shows beside it (or over it).

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/tickets`: the list with the ticket beside it.
pub struct TicketsScreen;

#[lazy_route]
impl LazyRoute for TicketsScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        view! { <leptos_router::components::Outlet /> }.into_any()
    }
}
