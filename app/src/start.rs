//! `/`: sends people on. The server redirects before this page is rendered; what it shows is seen only if somebody navigates
//! here inside the application.

use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Sends agents to their tickets; who is not signed in comes from there to the sign-in, an empty desk to its set-up.
#[component]
pub fn Start() -> impl IntoView {
    view! { <Redirect path="/desk/tickets" /> }
}
