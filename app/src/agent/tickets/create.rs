//! A new ticket by an agent.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/tickets/new`: the form of a new ticket.
pub struct NewTicketScreen;

#[lazy_route]
impl LazyRoute for NewTicketScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
