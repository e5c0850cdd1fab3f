//! A text control with suggestions: one or several out of many, searched while typing, all by keyboard (ARIA combobox).

use super::{
    Avatar, Field, Icon, StatusDot,
    dom::{by_id, place},
};
use crate::{i18n::use_i18n, t};
use leptos::{ev, html, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// Something that can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComboOption {
    /// Identity.
    pub value: String,
    /// What people read.
    pub label: String,
    /// A second, smaller line: an address, a team.
    pub hint: String,
    /// `#rrggbb` of a dot before the label; empty for none.
    pub colour: String,
    /// Shows the person's avatar.
    pub person: bool,
}

impl ComboOption {
    /// An option with a label only.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
    /// A person with a second line.
    #[must_use]
    pub fn person(value: impl Into<String>, name: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), person: true, ..Self::new(value, name) }
    }
}

/// Where suggestions come from: gets the typed text and a callback for the answer, at once or later.
pub type Loader = Callback<(String, Callback<Vec<ComboOption>>)>;

/// A loader that filters a list at hand by the words typed.
fn filter(options: &[ComboOption], text: &str) -> Vec<ComboOption> {
    let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let fits = |option: &&ComboOption| {
        let all = format!("{} {}", option.label, option.hint).to_lowercase();
        words.iter().all(|word| all.contains(word))
    };
    options.iter().filter(fits).take(50).cloned().collect()
}

/// A choice of one or several out of many. Give `options` (filtered here) or `load` (asked while typing).
#[component]
pub fn Combobox(
    /// Id; also the base of the ids of its parts.
    #[prop(into)]
    id: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// What is chosen.
    #[prop(into)]
    selected: Signal<Vec<ComboOption>>,
    /// Called with all that is chosen after a person changed it.
    #[prop(into)]
    on_change: Callback<Vec<ComboOption>>,
    /// Several can be chosen.
    #[prop(optional)]
    multiple: bool,
    /// All that can be chosen, if it is at hand.
    #[prop(optional, into)]
    options: Signal<Vec<ComboOption>>,
    /// Asks for suggestions instead.
    #[prop(optional, into)]
    load: Option<Loader>,
    /// What was typed can be chosen as it is.
    #[prop(optional)]
    create: bool,
    /// One choice may be taken back to none.
    #[prop(optional)]
    clearable: bool,
    /// The label is read out but not shown.
    #[prop(optional)]
    hide_label: bool,
    /// Inside the empty control.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// One sentence of help.
    #[prop(optional, into)]
    help: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Cannot be changed at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<html::Input>::new();
    let text = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let found = RwSignal::new(Vec::<ComboOption>::new());
    // The text that `found` answers; another one is on its way while it differs from what is typed.
    let answered = StoredValue::new(String::new());
    let at = RwSignal::new(0_usize);
    let asked = StoredValue::new(0_u64);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let base = StoredValue::new(id.clone());

    let ask = move || {
        // The pause in typing may end when the control is gone.
        let Some(turn) = asked.try_get_value().map(|turn| turn + 1) else { return };
        let typed = text.get_untracked();
        asked.set_value(turn);
        let show = move |mut list: Vec<ComboOption>| {
            // An answer to an older question is late: the person has typed on.
            if asked.try_get_value() != Some(turn) {
                return;
            }
            let chosen = selected.get_untracked();
            if multiple {
                list.retain(|option| !chosen.iter().any(|one| one.value == option.value));
            }
            let new = typed.trim();
            if create && !new.is_empty() && !list.iter().chain(&chosen).any(|option| option.label.eq_ignore_ascii_case(new)) {
                list.push(ComboOption { hint: t!(i18n, add).to_owned(), ..ComboOption::new(new, new) });
            }
            answered.set_value(typed.clone());
            at.set(0);
            found.set(list);
        };
        match load {
            Some(load) => load.run((text.get_untracked(), Callback::new(show))),
            None => show(options.with_untracked(|options| filter(options, &text.get_untracked()))),
        }
    };
    let float = move |visible: bool| {
        let (Some(list), Some(anchor)) =
            (base.with_value(|id| by_id(&format!("{id}-list"))), base.with_value(|id| by_id(&format!("{id}-box"))))
        else {
            return;
        };
        if visible {
            let _ = list.show_popover();
            place(&list, &anchor, true, false);
        } else {
            let _ = list.hide_popover();
        }
    };
    Effect::new(move |_| {
        found.track();
        float(open.get());
    });
    let begin = move || {
        if !open.get_untracked() && !disabled.get_untracked() {
            open.set(true);
            ask();
        }
    };
    let end = move || {
        open.set(false);
        text.set(String::new());
    };
    let choose = move |option: ComboOption| {
        if multiple {
            let mut all = selected.get_untracked();
            all.push(option);
            on_change.run(all);
            text.set(String::new());
            // What is typed freely goes on by typing; an open list would cover what comes after.
            open.set(!create);
            if !create {
                ask();
            }
        } else {
            on_change.run(vec![option]);
            end();
        }
    };
    let remove = move |value: String| {
        let mut all = selected.get_untracked();
        all.retain(|option| option.value != value);
        on_change.run(all);
    };
    let on_input = move |event: ev::Event| {
        text.set(event_target_value(&event));
        open.set(true);
        if load.is_none() {
            return ask();
        }
        // Wait for a pause in typing before asking the server.
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(ask, Duration::from_millis(150)).ok());
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" if !open.get_untracked() => begin(),
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => at.update(|at| *at = if *at == 0 { last } else { *at - 1 }),
            "Enter" => {
                let typed = text.get_untracked();
                let current = answered.with_value(|answered| *answered == typed);
                let option = if !open.get_untracked() {
                    None
                } else if current {
                    found.with_untracked(|found| found.get(at.get_untracked()).cloned())
                } else {
                    // Faster than the answer: what is typed is meant, not what the list still shows for the text before.
                    (create && !typed.trim().is_empty()).then(|| ComboOption::new(typed.trim(), typed.trim()))
                };
                let Some(option) = option else {
                    // Enter never submits a form from half a choice.
                    if !text.with_untracked(String::is_empty) {
                        event.prevent_default();
                    }
                    return;
                };
                choose(option);
            }
            "Escape" if open.get_untracked() => end(),
            "Backspace" if text.with_untracked(String::is_empty) && (multiple || clearable) => {
                if let Some(option) = selected.get_untracked().pop() {
                    remove(option.value);
                }
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let chips = move || {
        let chip = |option: ComboOption| {
            let value = option.value.clone();
            view! { <super::Chip text=option.label on_remove=move |()| remove(value.clone()) /> }
        };
        multiple.then(|| selected.get().into_iter().map(chip).collect_view())
    };
    // A single choice stands in the control as if typed; typing replaces it.
    let shown = move || {
        let typed = text.get();
        if multiple || open.get() || !typed.is_empty() {
            return typed;
        }
        selected.with(|selected| selected.first().map(|option| option.label.clone()).unwrap_or_default())
    };
    let hint = move || {
        let single = selected.with(|selected| selected.first().map(|option| option.label.clone()));
        if multiple {
            selected.with(Vec::is_empty).then(|| placeholder.clone()).flatten()
        } else {
            single.or_else(|| placeholder.clone())
        }
    };
    let row = move |(n, option): (usize, ComboOption)| {
        let pick = option.clone();
        let id = base.with_value(|id| format!("{id}-option-{n}"));
        view! {
            <li
                id=id
                role="option"
                class="combo-option"
                class:combo-active=move || at.get() == n
                aria-selected=move || if at.get() == n { "true" } else { "false" }
                on:mousedown=move |event| {
                    event.prevent_default();
                    choose(pick.clone());
                }
                on:mousemove=move |_| at.set(n)
            >
                {option.person.then(|| view! { <Avatar name=option.label.clone() /> })}
                {(!option.colour.is_empty()).then(|| view! { <StatusDot colour=option.colour.clone() /> })}
                <span class="truncate">{option.label}</span>
                <span class="combo-hint truncate">{option.hint}</span>
            </li>
        }
    };
    let list = format!("{id}-list");
    let active = move || {
        let there = open.get() && found.with(|found| at.get() < found.len());
        there.then(|| base.with_value(|id| format!("{id}-option-{}", at.get())))
    };
    view! {
        <Field id=id.clone() label=label.clone() help error hide_label>
            <div class="input combo" id=format!("{id}-box") on:click=move |_| super::focus(&base.get_value())>
                {chips}
                <input
                    node_ref=input
                    id=id.clone()
                    type="text"
                    class="combo-input"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-controls=list.clone()
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-activedescendant=active
                    aria-describedby=format!("{id}-note")
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    placeholder=hint
                    disabled=disabled
                    prop:value=shown
                    on:input=on_input
                    on:keydown=on_keydown
                    on:click=move |_| begin()
                    on:blur=move |_| end()
                />
                <Show when=move || clearable && !multiple && !selected.with(Vec::is_empty) && !disabled.get()>
                    <button type="button" class="chip-remove" aria-label=t!(i18n, clear) on:click=move |_| on_change.run(Vec::new())>
                        <Icon name="close" />
                    </button>
                </Show>
            </div>
            <ul id=list popover="manual" class="menu combo-list" role="listbox" aria-label=label>
                {move || {
                    let found = found.get();
                    if found.is_empty() {
                        return view! { <li class="combo-empty" role="option" aria-selected="false" aria-disabled="true">{t!(i18n, no_matches)}</li> }
                            .into_any();
                    }
                    found.into_iter().enumerate().map(row).collect_view().into_any()
                }}
            </ul>
        </Field>
    }
}

/// Tags: several words, suggested while typing, new ones allowed.
#[component]
pub fn TagInput(
    /// Id.
    #[prop(into)]
    id: String,
    /// Label.
    #[prop(into)]
    label: String,
    /// The tags.
    #[prop(into)]
    tags: Signal<Vec<String>>,
    /// Called with all tags after a person changed them.
    #[prop(into)]
    on_change: Callback<Vec<String>>,
    /// Suggests tags that begin with a text.
    #[prop(into)]
    load: Loader,
    /// The label is read out but not shown.
    #[prop(optional)]
    hide_label: bool,
    /// Cannot be changed at the moment.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let selected =
        Signal::derive(move || tags.get().into_iter().map(|tag| ComboOption::new(tag.clone(), tag)).collect::<Vec<_>>());
    let changed =
        Callback::new(move |options: Vec<ComboOption>| on_change.run(options.into_iter().map(|option| option.value).collect()));
    view! { <Combobox id label selected on_change=changed multiple=true create=true load placeholder=t!(i18n, tag_add) hide_label disabled /> }
}
