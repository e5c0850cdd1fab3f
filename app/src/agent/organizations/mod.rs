//! Organizations: list, one organization, a new one. Light agents read.

mod detail;
mod form;
mod list;

use crate::{
    agent::shared::{id_of_address, no_such_thing, search_of_address},
    api::{self, ApiError},
};
use domain::{
    id::OrganizationId,
    organization::{Organization, OrganizationRow},
    page::{Page, PageQuery},
};
use leptos::prelude::*;

/// `/desk/organizations`
pub struct OrganizationsScreen {
    search: Memo<String>,
    first: Resource<Result<Page<OrganizationRow>, ApiError>>,
}

impl OrganizationsScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        let search = search_of_address();
        let first =
            Resource::new(move || search.get(), |search| api::organizations::list(PageQuery { search, ..PageQuery::default() }));
        Self { search, first }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <list::List search=this.search first=this.first /> }.into_any()
    }
}

/// `/desk/organizations/new`
pub struct NewOrganizationScreen;

impl NewOrganizationScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self
    }
    /// The screen.
    pub fn view(_this: Self) -> AnyView {
        view! { <form::NewOrganizationPage /> }.into_any()
    }
}

/// `/desk/organizations/:id`
pub struct OrganizationScreen {
    organization: Resource<Result<Organization, ApiError>>,
}

impl OrganizationScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        let id = id_of_address("id");
        let organization = Resource::new(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => api::organizations::get(OrganizationId(id)).await,
                    None => no_such_thing(),
                }
            },
        );
        Self { organization }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <detail::Detail organization=this.organization /> }.into_any()
    }
}
