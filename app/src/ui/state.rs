//! Designed states of a screen: empty, failed, forbidden, not there.

use crate::{i18n::use_i18n, t};
use leptos::prelude::*;

/// The page of an address that does not exist.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="state">
            <h1>{t!(i18n, state_not_found_title)}</h1>
            <p>{t!(i18n, state_not_found_text)}</p>
        </main>
    }
}
