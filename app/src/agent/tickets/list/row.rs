//! A row of the list.

use super::table::GRID;
use crate::{
    agent::tickets::{change, others, store::ListStore},
    i18n::use_i18n,
    t,
    ui::{Avatar, Moment, Stars, StatusBadge},
};
use domain::item::{Catalog, ItemRow};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;

/// Row `at` of the list.
pub fn row(list: ListStore, at: usize) -> AnyView {
    let i18n = use_i18n();
    let Some(row) = list.rows.with_untracked(|rows| rows.get(at).cloned()) else { return ().into_any() };
    let number = row.number;
    let item = RwSignal::from(row.item);
    let href = move || list.address.with(|address| address.ticket(number));
    let selected = Memo::new(move |_| list.selected.with(|selected| selected.contains(&number)));
    let navigate = use_navigate();
    let on_click = move |event: ev::MouseEvent| {
        if is_control(&event) {
            return;
        }
        if event.shift_key() {
            event.prevent_default();
            list.extend_to(number);
        } else if event.ctrl_key() || event.meta_key() {
            list.toggle(number);
        } else {
            list.current.set(Some(number));
            navigate(&href(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    let on_tick = move |event: ev::MouseEvent| {
        if event.shift_key() { list.extend_to(number) } else { list.toggle(number) }
    };
    let priority = Signal::derive(move || item.with(|item| item.priority));
    let status = move || {
        let id = item.with(|item| item.status_id);
        let status = list.catalog.with(|catalog| change::status_of(catalog, id).cloned());
        status.map(|status| view! { <StatusBadge status /> })
    };
    view! {
        <div
            role="row"
            id=format!("{GRID}-row-{at}")
            class="ticket-row"
            class:ticket-row-current=move || list.current.get() == Some(number)
            class:ticket-row-open=move || list.open_number.get() == Some(number)
            class:ticket-row-done=move || item.with(|item| item.category == domain::types::Category::Done)
            aria-rowindex=at + 2
            aria-selected=move || if selected.get() { "true" } else { "false" }
            on:click=on_click
            // Keeps shift-click from selecting text.
            on:mousedown=move |event| if event.shift_key() { event.prevent_default() }
        >
            <div role="gridcell" class="cell-select">
                <input
                    type="checkbox"
                    tabindex="-1"
                    aria-label=t!(i18n, tickets_select_ticket, number = number)
                    prop:checked=selected
                    on:click=on_tick
                />
            </div>
            <div role="gridcell" class="cell-number">"#" {number.0}</div>
            <div role="gridcell" class="cell-stars"><Stars value=priority /></div>
            <div role="gridcell" class="cell-title">
                <a class="ticket-link truncate" href=href tabindex="-1">{move || item.with(|item| item.title.clone())}</a>
                {move || item.with(|item| tags(&item.tags))}
                {others::in_row(number)}
            </div>
            <div role="gridcell" class="cell-requester">
                <span class="truncate">
                    {move || item.with(|item| item.requester.as_ref().map(|requester| requester.name.clone()))}
                </span>
                <span class="ticket-organization truncate">
                    {move || item.with(|item| item.organization.as_ref().map(|organization| organization.name.clone()))}
                </span>
            </div>
            <div role="gridcell" class="cell-people">{move || item.with(|item| list.catalog.with(|catalog| people(item, catalog)))}</div>
            <div role="gridcell" class="cell-status">{status}</div>
            <div role="gridcell" class="cell-updated">
                {move || {
                    let at = item.with(|item| item.updated_at);
                    view! { <Moment at /> }
                }}
            </div>
        </div>
    }
    .into_any()
}

/// Whether a click was on something inside the row that answers itself.
fn is_control(event: &ev::MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let control = target.and_then(|element| element.closest("input,button,a").ok().flatten());
    // A plain click on the link is the row's click: the router follows it anyway.
    control.is_some_and(|control| control.tag_name() != "A" || !event.shift_key())
}

/// The first tags of a row, as many as find room.
fn tags(tags: &[String]) -> Option<AnyView> {
    let shown =
        tags.iter().take(2).map(|tag| view! { <span class="chip ticket-tag"><span class="truncate">{tag.clone()}</span></span> });
    (!tags.is_empty()).then(|| shown.collect_view().into_any())
}

/// Who it is assigned to: avatars of agents, names of teams.
fn people(item: &ItemRow, catalog: &Catalog) -> AnyView {
    let agents: Vec<String> = item
        .agents
        .iter()
        .filter_map(|id| catalog.agents.iter().find(|agent| agent.id == *id))
        .map(|agent| agent.name.clone())
        .collect();
    let teams: Vec<String> = item
        .teams
        .iter()
        .filter_map(|id| catalog.teams.iter().find(|team| team.id == *id))
        .map(|team| team.name.clone())
        .collect();
    let only = (agents.len() == 1).then(|| agents.first().cloned()).flatten();
    let names = agents.iter().chain(&teams).cloned().collect::<Vec<_>>().join(", ");
    let title = names.clone();
    let avatars = agents.iter().take(3).map(|name| view! { <Avatar name=name.clone() /> }).collect_view();
    let rest = agents.len().saturating_sub(3);
    view! {
        <span class="people" title=title>
            <span class="sr-only">{names}</span>
            {avatars}
            {(rest > 0).then(|| view! { <span class="people-rest" aria-hidden="true">{format!("+{rest}")}</span> })}
            {only.map(|name| view! { <span class="people-name truncate" aria-hidden="true">{name}</span> })}
            {(agents.is_empty() && !teams.is_empty())
                .then(|| view! { <span class="people-team truncate" aria-hidden="true">{teams.join(", ")}</span> })}
        </span>
    }
    .into_any()
}
