//! What people see: the pages of the agent application and of the portal, and the server functions they call.
//!
//! A surface has a folder with its addresses (`agent`, `portal`), inside it a screen has a file. Each is an application and a build
//! of its own in the browser; `shell` is the document around both. `ui` is the design system, `i18n` the languages, `api` the doors to the desk. Nothing here knows SQL.
#![recursion_limit = "512"]

#[cfg(feature = "desk")]
pub mod agent;
pub mod api;
pub mod i18n;
pub mod portal;
#[cfg(feature = "ssr")]
mod shell;
pub mod state;
pub mod ui;

#[cfg(feature = "desk")]
pub use agent::Desk;
pub use portal::Portal;
#[cfg(feature = "ssr")]
pub use shell::{applications, shell};

use leptos::prelude::*;

/// What each application begins with.
fn begin() {
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
}
