//! What people see: the pages of the agent application and of the portal, and the server functions they call.
//!
//! `shell` is the document, `routes` the addresses; a surface has a folder (`agent`, `portal`), inside it a screen has a file.
//! `ui` is the design system, `i18n` the languages, `api` the doors to the desk. Nothing here knows SQL.
#![recursion_limit = "512"]

pub mod agent;
pub mod api;
pub mod i18n;
pub mod portal;
mod routes;
#[cfg(feature = "ssr")]
mod shell;
mod start;
pub mod state;
pub mod ui;

#[cfg(feature = "ssr")]
pub use shell::{application, shell};

use leptos::prelude::*;

/// The whole application, for the server and for the browser.
#[component]
pub fn App() -> impl IntoView {
    leptos_meta::provide_meta_context();
    i18n::provide_i18n();
    i18n::provide_ticker();
    ui::provide_toasts();
    view! {
        <routes::Pages />
        <ui::ToastHost />
    }
}
