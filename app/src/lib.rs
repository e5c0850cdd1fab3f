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
    #[cfg(feature = "ssr")]
    state::begin_page();
    i18n::provide_i18n();
    i18n::provide_ticker();
    ui::provide_toasts();
    // The server learns the time zone from a cookie, so that the next page is right before it wakes up.
    Effect::new(move |_| {
        let zone = document().document_element().and_then(|root| root.get_attribute("data-zone"));
        if zone.is_none_or(|zone| zone.is_empty()) {
            state::preferences::use_zone("");
        }
    });
    view! {
        <routes::Pages />
        <ui::ToastHost />
    }
}
