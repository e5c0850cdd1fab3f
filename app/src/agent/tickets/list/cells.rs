//! The cells of a row: one way to show each column.

use crate::{
    agent::tickets::{change, others, store::ListStore},
    i18n::use_i18n,
    ui::{Avatar, Moment, Stars, StatusBadge, TypeLabel},
};
use domain::{
    item::{Catalog, Impact, ItemRow},
    time::Timestamp,
    view::Column,
};
use leptos::prelude::*;

/// The columns whose cells can be changed where they are.
pub const EDITABLE: [&str; 9] = ["title", "status", "priority", "agents", "teams", "type", "tags", "impact", "product"];

/// The classes of the cells of a column: which it is, and how wide it is where somebody chose the columns.
pub fn class(column: &Column, own: bool) -> String {
    if own { format!("cell-{} col-{}", column.key, column.pixels()) } else { format!("cell-{}", column.key) }
}

/// What a column shows of a ticket.
pub fn content(list: ListStore, key: &str, item: RwSignal<ItemRow>) -> AnyView {
    let (i18n, number) = (use_i18n(), item.with_untracked(|item| item.number));
    match key {
        "number" => format!("#{number}").into_any(),
        "priority" => {
            let value = Signal::derive(move || item.with(|item| item.priority));
            view! { <Stars value /> }.into_any()
        }
        "title" => {
            let href = move || list.address.with(|address| address.ticket(number));
            view! {
                <a class="ticket-link truncate" href=href tabindex="-1">{move || item.with(|item| item.title.clone())}</a>
                {move || item.with(|item| tags(&item.tags, 2))}
                {others::in_row(number)}
            }
            .into_any()
        }
        "requester" => view! {
            {text(item, |item| item.requester.as_ref().map(|requester| requester.name.clone()))}
            <span class="ticket-organization truncate">{move || item.with(organization)}</span>
        }
        .into_any(),
        "organization" => text(item, organization),
        "agents" => (move || item.with(|item| list.catalog.with(|catalog| people(item, catalog)))).into_any(),
        "teams" => (move || item.with(|item| list.catalog.with(|catalog| team_names(item, catalog).join(", ")))).into_any(),
        "status" => (move || {
            let id = item.with(|item| item.status_id);
            let status = list.catalog.with(|catalog| change::status_of(catalog, id).cloned());
            status.map(|status| view! { <StatusBadge status /> })
        })
        .into_any(),
        "type" => (move || {
            let id = item.with(|item| item.type_id);
            let kind = list.catalog.with(|catalog| change::type_of(catalog, id).cloned());
            kind.map(|kind| view! { <TypeLabel kind /> })
        })
        .into_any(),
        "tags" => (move || item.with(|item| tags(&item.tags, 4))).into_any(),
        "created" => time(item, |item| Some(item.created_at)),
        "updated" => time(item, |item| Some(item.updated_at)),
        "last_message" => time(item, |item| item.last_message_at),
        "first_response" => time(item, |item| item.first_response_at),
        "resolved" => time(item, |item| item.resolved_at),
        "snoozed" => time(item, |item| item.away.snoozed_until),
        "product" => text(item, |item| Some(item.product.clone())),
        "channel" => (move || item.with(|item| i18n.name("channel", item.channel.key()))).into_any(),
        "impact" => {
            let said = move || Some(item.with(|item| item.impact)).filter(|impact| *impact != Impact::None);
            (move || said().map(|impact| i18n.name("impact", impact.key()))).into_any()
        }
        _ => ().into_any(),
    }
}

fn text(item: RwSignal<ItemRow>, of: fn(&ItemRow) -> Option<String>) -> AnyView {
    view! { <span class="truncate">{move || item.with(of)}</span> }.into_any()
}

fn time(item: RwSignal<ItemRow>, of: fn(&ItemRow) -> Option<Timestamp>) -> AnyView {
    (move || item.with(of).map(|at| view! { <Moment at /> })).into_any()
}

fn organization(item: &ItemRow) -> Option<String> {
    item.organization.as_ref().map(|organization| organization.name.clone())
}

fn team_names(item: &ItemRow, catalog: &Catalog) -> Vec<String> {
    let found = item.teams.iter().filter_map(|id| catalog.teams.iter().find(|team| team.id == *id));
    found.map(|team| team.name.clone()).collect()
}

/// The first tags of a ticket, as many as find room.
fn tags(tags: &[String], most: usize) -> Option<AnyView> {
    let shown = tags
        .iter()
        .take(most)
        .map(|tag| view! { <span class="chip ticket-tag"><span class="truncate">{tag.clone()}</span></span> });
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
    let teams = team_names(item, catalog);
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
