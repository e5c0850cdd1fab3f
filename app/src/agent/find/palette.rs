//! The palette: everything that can be done, opened or found, by its name.

use super::{
    acting,
    entry::{Section, all_tickets, commands, fitting, found, places, recent},
    finder::Finder,
};
use crate::{
    i18n::use_i18n,
    state::{shortcuts::Shortcuts, use_session},
    t,
};
use leptos::{ev, html, prelude::*};
use std::{sync::Arc, time::Duration};

/// Id of the text field.
const ID: &str = "palette";

/// The dialog.
pub(super) fn palette(open: RwSignal<bool>) -> AnyView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        let Some(element) = node.get() else { return };
        if open && !element.open() {
            let _ = element.show_modal();
        } else if !open && element.open() {
            element.close();
        }
    });
    // A click beside what is in it is one on the dialog itself.
    let beside = move |event: ev::MouseEvent| {
        if event.target() == event.current_target() {
            open.set(false);
        }
    };
    view! {
        <dialog node_ref=node class="dialog palette" aria-label=t!(i18n, frame_palette) on:close=move |_| open.set(false) on:click=beside>
            <Show when=move || open.get()>{move || inside(open)}</Show>
        </dialog>
    }
    .into_any()
}

/// What is there whatever the server finds: to begin with, and with what only stands in menus otherwise once something is typed.
struct There {
    first: Vec<Section>,
    more: Vec<Section>,
    /// What is acted on; empty for nothing.
    about: String,
}

fn there() -> There {
    let (i18n, session) = (use_i18n(), use_session());
    let groups = use_context::<Shortcuts>().map(|shortcuts| untrack(|| shortcuts.groups())).unwrap_or_default();
    let (mut first, mut more, mut about) = (Vec::new(), Vec::new(), String::new());
    // The nearest first.
    for group in groups.into_iter().rev() {
        let (keyed, unkeyed) = commands(&group);
        let Some(acting) = group.acting else {
            first.push(Section::new(group.title.clone(), keyed));
            more.push(Section::new(group.title, unkeyed));
            continue;
        };
        if let Some(meant) = (acting.about)() {
            first.insert(0, Section::new(meant.clone(), keyed));
            more.push(Section::new(meant.clone(), [unkeyed, acting::by_name(i18n, session, &acting)].concat()));
            about = meant;
        }
    }
    first.push(places(i18n, session));
    There { first, more, about }
}

fn inside(open: RwSignal<bool>) -> AnyView {
    let i18n = use_i18n();
    let There { first, more, about } = there();
    let shows = move |typed: &str, answer: Option<crate::api::find::Found>| {
        let asked = answer.map(|answer| found(i18n, answer)).unwrap_or_default();
        if typed.is_empty() {
            let all = [first.clone(), asked].concat();
            return recent(i18n, &all).into_iter().chain(all).filter(|section| !section.list.is_empty()).collect();
        }
        let mut all = fitting(&[first.clone(), more.clone()].concat(), typed);
        all.extend(asked);
        all.extend(all_tickets(i18n, typed, &all));
        all
    };
    let finder = Finder::new(ID, open, Some(0), i18n, Arc::new(shows));
    let on_keydown = move |event: ev::KeyboardEvent| {
        let done = finder.walk(&event.key());
        if event.key() == "Enter" && !event.is_composing() {
            if let Some(entry) = finder.chosen() {
                finder.choose(entry);
            }
        } else if !done {
            return;
        }
        event.prevent_default();
    };
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            request_animation_frame(move || {
                let _ = field.focus();
                finder.ask(Duration::ZERO);
            });
        }
    });
    view! {
        <div class="finder">
            <div class="finder-head">
                {(!about.is_empty()).then(|| view! { <span class="chip finder-about truncate">{about}</span> })}
                <input
                    node_ref=field
                    id=ID
                    class="finder-field"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    autocapitalize="none"
                    maxlength=domain::limits::SEARCH
                    aria-label=t!(i18n, frame_palette)
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || finder.active()
                    placeholder=t!(i18n, find_hint)
                    on:input=move |_| finder.type_on()
                    on:keydown=on_keydown
                />
            </div>
            {finder.list(t!(i18n, frame_palette))}
        </div>
    }
    .into_any()
}
