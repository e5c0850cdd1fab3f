//! The top bar: add, tools, search, help, and the person.

use super::{Finding, add::Add, person::PersonMenu};
use crate::{
    i18n::use_i18n,
    state::use_session,
    t,
    ui::{Icon, IconButton, Kbd, Menu, MenuLink},
};
use leptos::{ev, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    location::Url,
};

/// Id of the search field; `/` goes there.
pub const SEARCH: &str = "desk-search";

#[component]
pub(super) fn Bar(
    /// What opens over the screens.
    finding: Finding,
) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <header class="desk-bar">
            <Show when=move || session.me.with(|me| me.role.works())>
                <Add />
            </Show>
            <Show when=move || session.me.with(|me| me.role.administers())>
                <Menu
                    id="tools-menu"
                    label=t!(i18n, frame_tools)
                    trigger=move || {
                        view! {
                            <Icon name="tools" />
                            <span class="btn-text-wide">{t!(i18n, frame_tools)}</span>
                        }
                    }
                >
                    <MenuLink href="/desk/import" icon="upload">
                        {t!(i18n, frame_import)}
                    </MenuLink>
                </Menu>
            </Show>
            <Search finding />
            <IconButton icon="command" label=t!(i18n, frame_palette) shortcut="Ctrl K" on_click=Callback::new(move |_| finding.palette.set(true)) />
            <div class="hidden md:block">
                <IconButton icon="help" label=t!(i18n, frame_shortcuts) shortcut="?" on_click=Callback::new(move |_| finding.help.set(true)) />
            </div>
            <PersonMenu />
        </header>
    }
}

/// The search: a form that leads to the list, so that Enter, back and a pasted address do the same. What is found while somebody types
/// comes with another part ([`crate::agent::find`]).
#[component]
fn Search(finding: Finding) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Input>::new();
    let query = use_query_map();
    let path = use_location().pathname;
    let asked =
        Memo::new(move |_| if path.get() == "/desk/tickets" { query.read().get("q").unwrap_or_default() } else { String::new() });
    // Back and forward change the field, but never under the fingers of somebody who types.
    Effect::new(move |_| {
        let asked = asked.get();
        let Some(input) = node.get() else { return };
        if document().active_element().as_ref() != Some(input.as_ref()) {
            input.set_value(&asked);
        }
    });
    let navigate = use_navigate();
    let go = {
        let navigate = navigate.clone();
        move |text: &str, replace: bool| {
            let to = if text.is_empty() {
                "/desk/tickets".to_owned()
            } else {
                format!("/desk/tickets?view=all&q={}", Url::escape(text))
            };
            navigate(&to, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
        }
    };
    let on_submit = {
        let go = go.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            if let Some(input) = node.get_untracked() {
                go(input.value().trim(), false);
            }
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        let Some(input) = node.get_untracked().filter(|_| event.key() == "Escape") else { return };
        if input.value().is_empty() {
            let _ = input.blur();
        } else {
            input.set_value("");
            if !asked.get_untracked().is_empty() {
                go("", true);
            }
        }
    };
    view! {
        <form class="desk-search" role="search" action="/desk/tickets" method="get" on:submit=on_submit>
            <Icon name="search" />
            <input type="hidden" name="view" value="all" />
            <input
                node_ref=node
                id=SEARCH
                class="input"
                type="search"
                name="q"
                autocomplete="off"
                enterkeyhint="search"
                value=asked.get_untracked()
                role="combobox"
                aria-expanded="false"
                aria-autocomplete="list"
                aria-controls="desk-search-list"
                aria-label=t!(i18n, frame_search)
                placeholder=t!(i18n, frame_search_short)
                on:keydown=on_keydown
                on:focus=move |_| finding.search.set(true)
            />
            <span aria-hidden="true"><Kbd key="/" /></span>
        </form>
    }
}
