//! One ticket.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/tickets/:number`: one ticket.
pub struct TicketScreen;

#[lazy_route]
impl LazyRoute for TicketScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
