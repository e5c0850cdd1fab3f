//! What is found while somebody types into the search box of the frame, under it. The box itself is the frame's, and works without this;
//! its keys are heard here before it hears them.

use super::{
    entry::{Does, Entry, Section, all_tickets, found},
    finder::Finder,
};
use crate::{
    agent::{
        frame::bar::SEARCH,
        shared::{recent, remember},
    },
    api::{
        filters::{Choice, Suggestions},
        find::Found,
    },
    i18n::{I18n, use_i18n},
    t,
    ui::{by_id, place},
};
use leptos::{html, prelude::*};
use leptos_router::location::Url;
use std::sync::Arc;
use wasm_bindgen::{JsCast, closure::Closure};

/// Most suggestions of how the text could go on.
const SUGGESTED: usize = 4;

/// What lies under the search box.
pub(super) fn search() -> AnyView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let finder = Finder::new(SEARCH, open, None, i18n, Arc::new(move |typed, answer| shown(i18n, typed, answer)));
    let node = NodeRef::<html::Div>::new();
    hear(finder, i18n);
    Effect::new(move |_| {
        let Some(field) = by_id(SEARCH) else { return };
        let (open, active) = (open.get(), finder.active());
        let _ = field.set_attribute("aria-expanded", if open { "true" } else { "false" });
        let _ = match active.filter(|_| open) {
            Some(id) => field.set_attribute("aria-activedescendant", &id),
            None => field.remove_attribute("aria-activedescendant"),
        };
        if let (true, Some(list)) = (open, node.get()) {
            place(&list, &field, true, false);
        }
    });
    view! {
        <div node_ref=node class="finder finder-under" role="region" aria-label=t!(i18n, frame_search) hidden=move || !open.get()>
            {finder.list(t!(i18n, frame_search))}
        </div>
    }
    .into_any()
}

/// What was searched for lately; or else how the text could go on, what was found, and the way to all of it.
fn shown(i18n: I18n, typed: &str, answer: Option<Found>) -> Vec<Section> {
    if typed.is_empty() {
        let to_list = |text: &str| format!("/desk/tickets?view=all&q={}", Url::escape(text));
        let list: Vec<Entry> = recent().into_iter().map(|text| Entry::place("clock", text.clone(), to_list(&text))).collect();
        return if list.is_empty() { Vec::new() } else { vec![Section::new(t!(i18n, find_recent_searches), list)] };
    }
    let Some(mut answer) = answer else { return Vec::new() };
    let mut sections = Vec::new();
    if let Some(Suggestions { from, to, suggestions }) = answer.completion.take().filter(|found| !found.suggestions.is_empty()) {
        let entry = |choice: Choice| {
            let put = Suggestions { from, to, suggestions: Vec::new() };
            let hint = if choice.label == choice.value.trim_matches('"') { String::new() } else { choice.label.clone() };
            Entry { hint, ..Entry::new("filter", choice.value.clone(), Does::Put(put, choice)) }
        };
        let list = suggestions.into_iter().take(SUGGESTED).map(entry).collect();
        sections.push(Section::new(t!(i18n, tickets_filter_suggestions), list));
    }
    let understood = answer.problem.is_empty();
    // Views are chosen by name in the panel beside; here they come after what was searched for.
    sections.extend(found(i18n, answer));
    if understood {
        sections.extend(all_tickets(i18n, typed, &sections));
    }
    sections
}

/// Hears the field of the frame, before the frame does.
fn hear(finder: Finder, i18n: I18n) {
    let Some(field) = finder.field() else { return };
    let show = move || {
        let typed = finder.typed();
        if typed.trim().is_empty() {
            finder.forget();
            finder.shown.set(shown(i18n, "", None));
            finder.open.set(finder.shown.with_untracked(|all| !all.is_empty()));
        } else {
            finder.open.set(true);
            finder.type_on();
        }
    };
    let on_event = move |event: web_sys::Event| match event.type_().as_str() {
        "input" | "click" => show(),
        "blur" => finder.open.set(false),
        _ => {
            let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
            if !event.is_composing() && key(finder, &event.key()) {
                event.prevent_default();
                event.stop_immediate_propagation();
            }
        }
    };
    let heard = Closure::<dyn FnMut(web_sys::Event)>::new(on_event);
    for name in ["input", "click", "blur", "keydown"] {
        let _ = field.add_event_listener_with_callback_and_bool(name, heard.as_ref().unchecked_ref(), true);
    }
    // It lives as long as the field: both are the frame's.
    heard.forget();
    if document().active_element().as_ref() == Some(field.as_ref()) {
        show();
    }
}

/// Does what a key says; whether it said anything here.
fn key(finder: Finder, key: &str) -> bool {
    let open = finder.open.get_untracked();
    match key {
        "ArrowDown" if !open => {
            finder.open.set(true);
            finder.type_on();
        }
        "ArrowDown" | "ArrowUp" if open => return finder.walk(key),
        "Tab" | "Enter" if open => match finder.chosen() {
            Some(entry) if key == "Enter" || matches!(entry.does, Does::Put(..)) => finder.choose(entry),
            _ if key == "Tab" => return false,
            _ => return submit(finder),
        },
        "Enter" => return submit(finder),
        "Escape" if open => finder.open.set(false),
        _ => return false,
    }
    true
}

/// What is not understood is told, and stays to be mended; the rest goes the way of the form. Whether it was told.
fn submit(finder: Finder) -> bool {
    let found = finder.found.get_value().filter(|found| !found.problem.is_empty());
    if let (Some(found), Some(field)) = (found, finder.field()) {
        let _ = field.set_selection_range(found.at.0, found.at.1);
        finder.shown.set(Vec::new());
        finder.problem.set(found.problem);
        finder.open.set(true);
        return true;
    }
    remember(finder.typed().trim());
    finder.open.set(false);
    false
}
