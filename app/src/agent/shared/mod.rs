//! What several screens of the agent application share: lists that grow page by page, the search above them, a list of tickets.

mod later;
mod paged;
mod search;
mod ticket_list;
mod wording;

pub use later::Later;
pub use paged::{MoreRows, Paged};
pub use search::{SearchBox, search_of_address};
pub use ticket_list::TicketList;
pub use wording::{recent, remember, with_suggestion};

use crate::api::ApiError;
use domain::Error;
use leptos::prelude::*;

/// An id out of the path of the page; tracked.
pub fn id_of_address(name: &'static str) -> Memo<Option<i64>> {
    let params = leptos_router::hooks::use_params_map();
    Memo::new(move |_| params.read().get(name).and_then(|id| id.parse().ok()))
}

/// What a page answers whose address holds no id.
pub fn no_such_thing<T>() -> Result<T, ApiError> {
    Err(ApiError::from(Error::not_found()))
}

/// The error of a request that failed, for the forms of the design system.
pub fn plain_error(error: RwSignal<Option<ApiError>>) -> Signal<Option<Error>> {
    Signal::derive(move || error.with(|error| error.as_ref().map(|error| error.0.clone())))
}
