//! Customers: list, one customer, a new one.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/customers`
pub struct CustomersScreen;

#[lazy_route]
impl LazyRoute for CustomersScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/customers/new`
pub struct NewCustomerScreen;

#[lazy_route]
impl LazyRoute for NewCustomerScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}

/// `/desk/customers/:id`
pub struct CustomerScreen;

#[lazy_route]
impl LazyRoute for CustomerScreen {
    fn data() -> Self {
        Self
    }
    fn view(this: Self) -> AnyView {
        let _ = this;
        ().into_any()
    }
}
