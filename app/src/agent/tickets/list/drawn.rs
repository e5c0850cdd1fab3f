//! How the list is drawn: how much room a row has, which columns the table has, in which order and how wide.

use super::columns;
use crate::{
    agent::tickets::{address::ListAddress, store::ListStore},
    i18n::use_i18n,
    t,
    ui::{Dialog, Icon, Menu, MenuItem, MenuLabel, MenuSeparator},
};
use domain::view::{Column, Density, Layout};
use leptos::{prelude::*, task::spawn_local};
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
    // What stands in the dialog is a part of its own, which few open.
    let choosing = RwSignal::new(false);
    let part = RwSignal::new(None::<fn(ListStore) -> AnyView>);
    let choose_columns = move |()| {
        spawn_local(async move {
            let loaded = columns::columns().await;
            if part.try_set(Some(loaded)).is_none() {
                choosing.set(true);
            }
        });
    };
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
                <MenuItem on_select=Callback::new(choose_columns)>{t!(i18n, tickets_columns)}</MenuItem>
            </Menu>
        </span>
        <Dialog open=choosing title=Signal::derive(move || t!(i18n, tickets_columns).to_owned())>
            {move || part.get().map(|part| part(list))}
        </Dialog>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::view::layout;

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
