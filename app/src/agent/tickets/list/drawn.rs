//! How the list is drawn: how much room a row has, which columns the table has, in which order and how wide.

use super::header::name_of;
use crate::{
    agent::tickets::{address::ListAddress, store::ListStore},
    i18n::use_i18n,
    t,
    ui::{Button, Dialog, Icon, Menu, MenuItem, MenuLabel, MenuSeparator, focus},
};
use domain::view::{Column, Density, Layout, layout};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

/// Shows the list with these columns; none for the usual ones.
pub type Go = Arc<dyn Fn(Vec<Column>) + Send + Sync>;

/// Shows a list with other columns, at its address. What is tried out on the way is not a place to come back to.
pub fn navigation(list: ListStore, navigate: impl Fn(&str, NavigateOptions) + Send + Sync + 'static) -> Go {
    Arc::new(move |columns| {
        let address = untrack(|| {
            let (shown, of_view) = (list.shown(), list.settings());
            list.address.with(|address| address.drawn(shown.layout, shown.density, columns, &of_view))
        });
        go_to(list, &address, &navigate);
    })
}

/// Goes to another address of the list in the place of this one, with the same ticket beside it.
pub fn go_to(list: ListStore, address: &ListAddress, navigate: &impl Fn(&str, NavigateOptions)) {
    let href = address.beside(list.open_number.get_untracked());
    navigate(&href, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
}

/// Columns with one of them before another one, as when it is dropped there; behind it if it comes from before it.
#[must_use]
pub fn moved(mut columns: Vec<Column>, key: &str, to: &str) -> Vec<Column> {
    let place = |key: &str| columns.iter().position(|column| column.key == key);
    if let (Some(from), Some(to)) = (place(key), place(to)) {
        let column = columns.remove(from);
        columns.insert(to, column);
    }
    columns
}

/// Columns where one of them is so wide, in pixels.
#[must_use]
pub fn wide(mut columns: Vec<Column>, key: &str, width: u16) -> Vec<Column> {
    if let Some(column) = columns.iter_mut().find(|column| column.key == key) {
        column.width = width;
    }
    columns
}

/// The menu.
#[component]
pub fn DrawnMenu(
    /// The list.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let choosing = RwSignal::new(false);
    let navigate = use_navigate();
    let entry = move |text: String, layout: Option<Layout>, density: Option<Density>| {
        let navigate = navigate.clone();
        let choose = move |()| {
            let address = untrack(|| {
                let (shown, of_view) = (list.shown(), list.settings());
                let (layout, density) = (layout.unwrap_or(shown.layout), density.unwrap_or(shown.density));
                list.address.with(|address| address.drawn(layout, density, shown.columns, &of_view))
            });
            go_to(list, &address, &navigate);
        };
        let chosen = Signal::derive(move || {
            let shown = list.shown();
            layout.is_none_or(|layout| layout == shown.layout) && density.is_none_or(|density| density == shown.density)
        });
        view! { <MenuItem chosen on_select=Callback::new(choose)>{text}</MenuItem> }
    };
    let density = {
        let entry = entry.clone();
        move |one: Density| entry(i18n.name("density", one.key()), None, Some(one))
    };
    let layout = move |one: Layout| entry(i18n.name("layout", one.key()), Some(one), None);
    view! {
        <span class="list-drawn">
            <Menu
                id="tickets-drawn"
                label=t!(i18n, tickets_drawn)
                trigger=ViewFn::from(move || {
                    let name = move || i18n.name("layout", list.shown().layout.key());
                    view! { <Icon name="list" /> <span class="btn-text-wide">{name}</span> }
                })
                class="btn btn-ghost btn-small"
                at_end=true
            >
                {Layout::ALL.map(layout).collect_view()}
                <MenuSeparator />
                <MenuLabel text=t!(i18n, tickets_density) />
                {Density::ALL.map(density).collect_view()}
                <MenuSeparator />
                <MenuItem on_select=Callback::new(move |()| choosing.set(true))>{t!(i18n, tickets_columns)}</MenuItem>
            </Menu>
        </span>
        <Dialog open=choosing title=Signal::derive(move || t!(i18n, tickets_columns).to_owned())>
            <Columns list />
        </Dialog>
    }
    .into_any()
}

/// All columns: which are shown, in which order and how wide. What is chosen is seen at once.
#[component]
fn Columns(list: ListStore) -> impl IntoView {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_moved_and_made_wider() {
        let columns = layout::columns_of("number,title,status");
        let text = |columns: Vec<Column>| layout::columns_text(&columns);
        assert_eq!(text(moved(columns.clone(), "status", "number")), "status,number,title");
        assert_eq!(text(moved(columns.clone(), "number", "status")), "title,status,number");
        assert_eq!(text(moved(columns.clone(), "nothing", "status")), "number,title,status");
        assert_eq!(text(wide(columns, "title", 400)), "number,title.400,status");
    }
}
