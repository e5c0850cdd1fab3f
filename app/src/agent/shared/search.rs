//! The search above a list. What is searched stands in the address (`?q=`), so that back, reload and a shared link keep it.

use crate::{i18n::use_i18n, t, ui::TextField};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    location::Url,
};
use std::time::Duration;

/// What the address says is searched; tracked.
pub fn search_of_address() -> Memo<String> {
    let params = use_query_map();
    Memo::new(move |_| params.read().get("q").unwrap_or_default())
}

/// A search field that moves the address a quarter of a second after the last key.
#[component]
pub fn SearchBox(
    /// Id of the field.
    id: &'static str,
    /// Label, read out and shown inside the empty field.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let address = search_of_address();
    let navigate = use_navigate();
    let location = use_location();
    let value = RwSignal::new(address.get_untracked());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    // Back and forward change the address; the field follows.
    Effect::new(move |_| {
        let text = address.get();
        if value.get_untracked().trim() != text {
            value.set(text);
        }
    });
    let go = move || {
        // The pause in typing may end when the screen is gone.
        let Some(text) = value.try_get_untracked() else { return };
        let path = location.pathname.get_untracked();
        let text = text.trim();
        let target = if text.is_empty() { path } else { format!("{path}?q={}", Url::escape(text)) };
        navigate(&target, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    let typed = move |_| {
        if let Some(Some(handle)) = waiting.try_get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(go.clone(), Duration::from_millis(250)).ok();
        waiting.set_value(handle);
    };
    view! {
        <form role="search" class="list-search" aria-label=t!(i18n, search) on:submit=move |event| event.prevent_default()>
            <TextField
                id
                name="q"
                label=label.clone()
                placeholder=label
                kind="search"
                hide_label=true
                value
                maxlength=domain::limits::SEARCH
                on_input=Callback::new(typed)
            />
        </form>
    }
}
