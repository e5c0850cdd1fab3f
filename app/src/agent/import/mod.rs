//! Import of tickets from CSV.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/import`
pub struct ImportScreen;

#[lazy_route]
impl LazyRoute for ImportScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
