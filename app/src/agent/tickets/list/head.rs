//! The head of the list: which view and what can be done with it, how many, groups, filters, and on small screens the way to the views
//! and the order.

use super::{
    dialogs::once_wanted,
    drawn::DrawnMenu,
    filters::FilterBar,
    grouping::GroupMenu,
    save::{SaveMenu, ViewActions, ViewMenu},
};
use crate::{
    agent::tickets::{address::turned, store::ListStore},
    i18n::use_i18n,
    plural, t,
    ui::{Icon, IconButton, Menu, MenuItem},
};
use domain::view::{Layout, SortField};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::collections::BTreeSet;

/// The line over the table.
#[component]
pub fn ListHead(
    /// The list.
    list: ListStore,
    /// Whether the drawer of the views is open (phones).
    views_open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || list.view_name(i18n);
    let total = move || list.total.get().map(|total| plural!(i18n, tickets_count, total));
    let actions = ViewActions::of(list);
    let fresh = move || i64::try_from(list.fresh.with(BTreeSet::len)).ok().filter(|new| *new > 0);
    // What has no rows in sight follows by itself.
    let in_rows = move || !matches!(list.shown().layout, Layout::Calendar | Layout::Dashboard);
    let refresh = move || {
        fresh().filter(|_| in_rows()).map(|new| {
            view! {
                <button type="button" class="list-new" on:click=move |_| list.reload()>
                    <Icon name="refresh" />
                    {plural!(i18n, tickets_list_new, new)}
                </button>
            }
        })
    };
    let naming = actions.clone();
    view! {
        <header class="list-head">
            <span class="list-views">
                <IconButton icon="menu" label=t!(i18n, tickets_views) on_click=Callback::new(move |_| views_open.set(true)) />
            </span>
            <h1 class="list-title truncate">{title}</h1>
            <ViewMenu list actions=actions.clone() />
            <span class="list-total" aria-live="polite">{total}</span>
            <SaveMenu list actions=actions.clone() />
            <span class="list-space" aria-live="polite">{refresh}</span>
            <Show when=in_rows>
                <GroupMenu list />
            </Show>
            <DrawnMenu list />
            <Show when=in_rows>
                <SortMenu list />
            </Show>
        </header>
        <FilterBar list />
        {once_wanted(move || naming.is_naming(), move |dialogs| (dialogs.naming)(actions.clone()))}
    }
    .into_any()
}

/// The order, for screens and layouts without column headers.
#[component]
fn SortMenu(list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let entry = move |by: SortField| {
        let text = match by {
            SortField::Number => t!(i18n, tickets_column_number),
            SortField::Title => t!(i18n, tickets_column_title),
            SortField::Status => t!(i18n, status),
            SortField::Priority => t!(i18n, priority),
            SortField::Requester => t!(i18n, tickets_column_requester),
            SortField::Created => t!(i18n, tickets_column_created),
            SortField::Updated => t!(i18n, tickets_column_updated),
            SortField::Relevance => t!(i18n, tickets_by_relevance),
        };
        let chosen = Signal::derive(move || list.sort().by == by);
        let navigate = navigate.clone();
        let sort = move |()| {
            // Choosing what it is sorted by already turns it round.
            let (sorted, usual) = untrack(|| (turned(by, list.sort()), list.settings().sort));
            let href =
                list.address.with_untracked(|address| address.sorted(sorted, usual).beside(list.open_number.get_untracked()));
            navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        };
        view! { <MenuItem chosen on_select=Callback::new(sort)>{text}</MenuItem> }
    };
    let sorted = move || list.address.with(|address| address.sort.is_some());
    let searched = move || list.address.with(|address| !address.text.is_empty());
    // No column stands for how well something fits.
    let alone = move || searched() || matches!(list.shown().layout, Layout::List | Layout::Board);
    let fields = move || SortField::ALL.into_iter().filter(move |by| searched() || *by != SortField::Relevance);
    view! {
        <span class="list-sort" class:list-sorted=sorted class:list-sort-shown=alone>
            <Menu id="tickets-sort" label=t!(i18n, tickets_sort_by) trigger=ViewFn::from(|| view! { <Icon name="sort" /> }) class="btn btn-ghost btn-icon" at_end=true>
                {move || fields().map(&entry).collect_view()}
            </Menu>
        </span>
    }
    .into_any()
}
