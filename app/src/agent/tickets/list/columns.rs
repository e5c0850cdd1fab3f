//! What stands in the dialog of the columns. A part of its own, which comes when the dialog is first opened.

use super::{
    drawn::{Go, moved, navigation, wide},
    header::name_of,
};
use crate::{
    agent::tickets::store::ListStore,
    i18n::use_i18n,
    t,
    ui::{Button, Icon, focus},
};
use domain::view::{Column, layout};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Draws it for a list.
#[lazy]
pub fn columns() -> fn(ListStore) -> AnyView {
    whole
}

/// All columns: which are shown, in which order and how wide. What is chosen is seen at once.
fn whole(list: ListStore) -> AnyView {
    let i18n = use_i18n();
    let go = navigation(list, use_navigate());
    // Those that are shown come first, in their order.
    let keys = move || {
        let (shown, _) = list.columns();
        let shown: Vec<String> = shown.into_iter().map(|column| column.key).collect();
        let others =
            layout::COLUMNS.iter().map(|(key, _)| (*key).to_owned()).filter(|key| !shown.contains(key)).collect::<Vec<_>>();
        shown.into_iter().chain(others).collect::<Vec<_>>()
    };
    let usual = go.clone();
    view! {
        <ul class="column-choices">
            <For each=keys key=Clone::clone children=move |key| entry(list, key, &go) />
        </ul>
        <div class="dialog-actions">
            <Button on_click=Callback::new(move |_| usual(Vec::new()))>{t!(i18n, tickets_columns_usual)}</Button>
        </div>
    }
    .into_any()
}

/// A column in the list of all of them.
fn entry(list: ListStore, key: String, go: &Go) -> AnyView {
    let i18n = use_i18n();
    let name = name_of(i18n, &key);
    let now = move || untrack(|| list.columns().0);
    // Its line may move to another place, which takes the keyboard away from it.
    let keep = |id: String| request_animation_frame(move || focus(&id));
    let own = key.clone();
    let place = Signal::derive(move || list.columns().0.iter().position(|column| column.key == own));
    let shown = move || place.get().is_some();
    let step = |label: String, icon: &'static str, which: &'static str, by: isize| {
        let to = move |place: Option<usize>| place.and_then(|place| place.checked_add_signed(by));
        let id = format!("column-{key}-{which}");
        let (go, key, kept) = (go.clone(), key.clone(), id.clone());
        let step = move |_| {
            let columns = now();
            if let Some(target) = to(place.get_untracked()).and_then(|to| columns.get(to)).map(|column| column.key.clone()) {
                go(moved(columns, &key, &target));
                keep(kept.clone());
            }
        };
        let disabled = move || to(place.get()).is_none_or(|to| to >= list.columns().0.len());
        view! {
            <button type="button" id=id class="btn btn-ghost btn-icon" title=label.clone() aria-label=label aria-disabled=move || disabled().then_some("true") on:click=step>
                <Icon name=icon />
            </button>
        }
    };
    let (tick, ticked) = (go.clone(), key.clone());
    let on_tick = move |_| {
        let mut columns = now();
        if columns.iter().all(|column| column.key != ticked) {
            columns.push(Column::usual(&ticked));
        } else if columns.len() > 1 {
            // A table without columns would be none.
            columns.retain(|column| column.key != ticked);
        }
        tick(columns);
        keep(format!("column-{ticked}"));
    };
    let (set, wider) = (go.clone(), key.clone());
    let on_width = move |event| {
        let width = event_target_value(&event).parse().map_or(0, layout::step);
        set(wide(now(), &wider, width));
    };
    let sized = key.clone();
    let width = move || list.columns().0.iter().find(|column| column.key == sized).map(Column::pixels);
    view! {
        <li class="column-choice">
            <label class="column-name">
                <input id=format!("column-{key}") type="checkbox" prop:checked=shown on:change=on_tick />
                <span class="truncate">{name.clone()}</span>
            </label>
            <span class="column-controls" hidden=move || !shown()>
                <input
                    class="input column-width"
                    type="number"
                    min=layout::NARROWEST
                    max=layout::WIDEST
                    step=layout::WIDTH_STEP
                    aria-label=t!(i18n, tickets_column_width, column = name)
                    prop:value=width
                    on:change=on_width
                />
                {step(t!(i18n, tickets_column_up, column = name), "arrow-up", "up", -1)}
                {step(t!(i18n, tickets_column_down, column = name), "arrow-down", "down", 1)}
            </span>
        </li>
    }
    .into_any()
}
