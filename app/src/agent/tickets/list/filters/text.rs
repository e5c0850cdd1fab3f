//! The filter as text, with what could stand where somebody types.

use super::{Filters, filtered};
use crate::{
    agent::shared::{recent, remember, with_suggestion},
    api::{
        self,
        filters::{Choice, Suggestions},
    },
    i18n::use_i18n,
    t,
    ui::{Button, Look, by_id},
};
use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// Id of the field.
const FIELD: &str = "filter-text";
/// Pause in typing after which the server is asked.
const PAUSE: Duration = Duration::from_millis(120);
/// The field, in the place of the chips.
#[component]
pub fn FilterText(
    /// What it changes.
    filters: Filters,
) -> impl IntoView {
    let Filters { list, as_text, go, .. } = filters;
    let i18n = use_i18n();
    let input = NodeRef::<html::Input>::new();
    let text = RwSignal::new(list.wording());
    let completion = RwSignal::new(None::<Suggestions>);
    let at = RwSignal::new(None::<usize>);
    let problem = RwSignal::new(String::new());
    let asked = StoredValue::new(0_u64);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let caret = move || input.get_untracked()?.selection_end().ok().flatten();
    // What could stand here, and what is wrong so far.
    let ask = move || {
        let Some(turn) = asked.try_get_value().map(|turn| turn + 1) else { return };
        asked.set_value(turn);
        let typed = text.get_untracked();
        if typed.trim().is_empty() {
            problem.set(String::new());
            let suggestions = recent().into_iter().map(|text| Choice { label: text.clone(), value: text }).collect();
            completion.set(Some(Suggestions { from: 0, to: u32::MAX, suggestions }));
            return;
        }
        let place = caret().unwrap_or(u32::MAX);
        spawn_local(async move {
            let suggested = api::filters::complete(typed.clone(), place).await.ok();
            let understood = api::filters::understand(typed).await.ok();
            if asked.try_get_value() == Some(turn) {
                at.set(None);
                completion.set(suggested);
                problem.set(understood.map(|bar| bar.problem).unwrap_or_default());
            }
        });
    };
    Effect::new(move |ran: Option<()>| {
        if let (None, Some(element)) = (ran, input.get()) {
            let _ = element.focus();
            element.select();
        }
    });
    let close = move || {
        completion.set(None);
        at.set(None);
    };
    let choose = move |suggestion: &Choice| {
        let Some(found) = completion.get_untracked() else { return };
        let (now, caret) = with_suggestion(&text.get_untracked(), &found, suggestion);
        if let Some(element) = input.get_untracked() {
            element.set_value(&now);
            let _ = element.set_selection_range(caret, caret);
        }
        text.set(now);
        ask();
    };
    let apply = move || {
        let typed = text.get_untracked().trim().to_owned();
        let go = go.clone();
        spawn_local(async move {
            // What is not understood is told, and stays to be mended.
            match api::filters::understand(typed.clone()).await {
                Ok(bar) if !bar.problem.is_empty() => {
                    if let Some(element) = input.get_untracked() {
                        let _ = element.focus();
                        let _ = element.set_selection_range(bar.at.0, bar.at.1);
                    }
                    problem.set(bar.problem);
                    completion.set(None);
                }
                answer => {
                    if answer.is_ok() {
                        remember(&typed);
                    }
                    as_text.set(false);
                    go(filtered(list, typed));
                }
            }
        });
    };
    let apply = StoredValue::new(apply);
    let on_input = move |event: ev::Event| {
        text.set(event_target_value(&event));
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        let count = completion.with_untracked(|found| found.as_ref().map_or(0, |found| found.suggestions.len()));
        let chosen = || {
            let at = at.get_untracked()?;
            completion.with_untracked(|found| found.as_ref().and_then(|found| found.suggestions.get(at).cloned()))
        };
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = Some(at.map_or(0, |at| (at + 1) % count))),
            "ArrowUp" if count > 0 => at.update(|at| *at = Some(at.map_or(count - 1, |at| (at + count - 1) % count))),
            "ArrowDown" => ask(),
            "Enter" => match chosen() {
                Some(suggestion) => choose(&suggestion),
                None => apply.with_value(|apply| apply()),
            },
            "Tab" if !event.shift_key() => match chosen() {
                Some(suggestion) => choose(&suggestion),
                None => return,
            },
            "Escape" if count > 0 => close(),
            "Escape" => as_text.set(false),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    Effect::new(move |_| {
        at.track();
        if let Some(element) = by_id("filter-text-chosen") {
            element.scroll_into_view_with_bool(false);
        }
    });
    let row = move |(n, suggestion): (usize, Choice)| {
        let pick = suggestion.clone();
        let chosen = move || at.get() == Some(n);
        let hint = (suggestion.label != suggestion.value.trim_matches('"')).then(|| suggestion.label.clone());
        view! {
            <li
                id=move || if chosen() { "filter-text-chosen".to_owned() } else { format!("filter-text-{n}") }
                role="option"
                class="combo-option"
                class:combo-active=chosen
                aria-selected=move || if chosen() { "true" } else { "false" }
                on:mousedown=move |event| {
                    event.prevent_default();
                    choose(&pick);
                }
            >
                <code>{suggestion.value.clone()}</code>
                <span class="combo-hint truncate">{hint}</span>
            </li>
        }
    };
    let shown = move || completion.with(|found| found.as_ref().is_some_and(|found| !found.suggestions.is_empty()));
    // What could stand here says enough of what is missing.
    let told = move || if shown() { String::new() } else { problem.get() };
    view! {
        <div class="filter-text">
            <input
                node_ref=input
                id=FIELD
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="none"
                aria-label=t!(i18n, tickets_filter_as_text)
                aria-autocomplete="list"
                aria-controls="filter-text-list"
                aria-expanded=move || if shown() { "true" } else { "false" }
                aria-activedescendant=move || at.get().map(|_| "filter-text-chosen")
                aria-invalid=move || (!told().is_empty()).then_some("true")
                aria-describedby="filter-text-problem"
                placeholder=t!(i18n, tickets_filter_example)
                value=text.get_untracked()
                on:input=on_input
                on:keydown=on_keydown
                on:click=move |_| ask()
                on:blur=move |_| close()
            />
            <Button look=Look::Primary on_click=Callback::new(move |_| apply.with_value(|apply| apply()))>{t!(i18n, tickets_filter_apply)}</Button>
            <p id="filter-text-problem" class="filter-problem" role="status">{told}</p>
            <ul id="filter-text-list" class="filter-suggestions" role="listbox" aria-label=t!(i18n, tickets_filter_suggestions) hidden=move || !shown()>
                {move || completion.get().map(|found| found.suggestions.into_iter().enumerate().map(row).collect_view())}
            </ul>
        </div>
    }
    .into_any()
}
