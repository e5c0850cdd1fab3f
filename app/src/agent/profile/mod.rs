//! The signed-in agent's own page: name, language, time zone, look; password; sessions.

mod page;

use crate::api::{self, ApiError};
use domain::session::SessionInfo;
use leptos::prelude::*;

/// `/desk/profile`
pub struct ProfileScreen {
    sessions: Resource<Result<Vec<SessionInfo>, ApiError>>,
}

impl ProfileScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self { sessions: Resource::new(|| (), |()| api::accounts::sessions()) }
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        view! { <page::ProfilePage sessions=this.sessions /> }.into_any()
    }
}
