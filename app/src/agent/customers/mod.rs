//! Customers: list, one customer, a new one. Light agents read.

mod detail;
mod form;
mod list;

use crate::{
    agent::shared::{id_of_address, no_such_thing, search_of_address},
    api::{self, ApiError},
};
use domain::{
    customer::{Customer, CustomerRow},
    id::CustomerId,
    page::{Page, PageQuery},
};
use leptos::prelude::*;

/// `/desk/customers`
pub struct CustomersScreen {
    search: Memo<String>,
    first: Resource<Result<Page<CustomerRow>, ApiError>>,
}

impl CustomersScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        let search = search_of_address();
        let first =
            Resource::new(move || search.get(), |search| api::customers::list(PageQuery { search, ..PageQuery::default() }));
        Self { search, first }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <list::List search=this.search first=this.first /> }.into_any()
    }
}

/// `/desk/customers/new`
pub struct NewCustomerScreen;

impl NewCustomerScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self
    }
    /// The screen.
    pub fn view(_this: Self) -> AnyView {
        view! { <form::NewCustomerPage /> }.into_any()
    }
}

/// `/desk/customers/:id`
pub struct CustomerScreen {
    customer: Resource<Result<Customer, ApiError>>,
}

impl CustomerScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        let id = id_of_address("id");
        let customer = Resource::new(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => api::customers::get(CustomerId(id)).await,
                    None => no_such_thing(),
                }
            },
        );
        Self { customer }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <detail::Detail customer=this.customer /> }.into_any()
    }
}
