//! The signed-in agent's own page: name, language, time zone, look; password; sessions.

mod page;

use crate::api::{self, ApiError};
use domain::session::SessionInfo;
use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

/// `/desk/profile`
pub struct ProfileScreen {
    sessions: Resource<Result<Vec<SessionInfo>, ApiError>>,
}

#[lazy_route]
impl LazyRoute for ProfileScreen {
    fn data() -> Self {
        Self { sessions: Resource::new(|| (), |()| api::accounts::sessions()) }
    }
    fn view(this: Self) -> AnyView {
        view! { <page::ProfilePage sessions=this.sessions /> }.into_any()
    }
}
