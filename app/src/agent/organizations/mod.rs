//! Organizations: list, one organization, a new one.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/organizations`
pub struct OrganizationsScreen;

#[lazy_route]
impl LazyRoute for OrganizationsScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/organizations/new`
pub struct NewOrganizationScreen;

#[lazy_route]
impl LazyRoute for NewOrganizationScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/organizations/:id`
pub struct OrganizationScreen;

#[lazy_route]
impl LazyRoute for OrganizationScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
