//! What can be done with the selected tickets. The bar appears with the first one selected.

use super::{bulk::Bulk, tags::TagDialog};
use crate::{
    agent::tickets::{change, store::ListStore},
    i18n::use_i18n,
    plural, t,
    ui::{Button, IconButton, Look, Menu, MenuItem, MenuLabel, MenuSeparator, Progress, Stars, StatusDot},
};
use domain::{
    agent::AgentState,
    item::{Change, PRIORITY_MAX},
    types::{Category, Status},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The bar over the list.
#[component]
pub fn SelectionBar(
    /// The list.
    list: ListStore,
    /// Makes the changes.
    bulk: Bulk,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || i64::try_from(list.selected.with(BTreeSet::len)).unwrap_or_default();
    let works = move || list.me.get().role.works();
    let progress = move || {
        bulk.progress.get().filter(|(_, all)| *all > 1).map(|(done, all)| {
            #[allow(clippy::cast_precision_loss)]
            let (value, max) = (done as f64, all as f64);
            view! { <Progress value max label=t!(i18n, tickets_bulk_progress) /> }
        })
    };
    view! {
        <Show when=move || { count() > 0 }>
            <div class="selection" role="region" aria-label=t!(i18n, tickets_selection)>
                <span class="selection-count" aria-live="polite">{move || plural!(i18n, tickets_selected_count, count())}</span>
                <Show when=works>
                    <StatusMenu list bulk />
                    <AssignMenu list bulk />
                    <PriorityMenu bulk />
                    <Button look=Look::Ghost icon="tag" on_click=Callback::new(move |_| bulk.tag())>{t!(i18n, tickets_tags)}</Button>
                </Show>
                {progress}
                <span class="selection-space"></span>
                <IconButton icon="close" label=t!(i18n, tickets_clear_selection) on_click=Callback::new(move |_| list.selected.update(BTreeSet::clear)) />
            </div>
        </Show>
        <TagDialog bulk />
    }
    .into_any()
}

/// Sets a status. Tickets of another type get the status that comes nearest.
#[component]
fn StatusMenu(list: ListStore, bulk: Bulk) -> impl IntoView {
    let i18n = use_i18n();
    let statuses = move || {
        let catalog = list.catalog.get();
        let first = list.selected.with(|selected| selected.first().copied());
        let kind = first.and_then(|number| list.row(number)).map(|row| row.type_id);
        let kind = kind.and_then(|kind| change::type_of(&catalog, kind)).or(catalog.types.first());
        kind.map(|kind| kind.statuses.clone()).unwrap_or_default()
    };
    let entry = move |status: Status| {
        let id = status.id;
        let set = move |()| {
            let catalog = list.catalog.get_untracked();
            bulk.run(|row| change::nearest(&catalog, row.type_id, id).map(Change::Status));
        };
        view! {
            <MenuItem on_select=Callback::new(set)>
                <StatusDot colour=status.colour.clone() />
                {i18n.status(&status)}
            </MenuItem>
        }
    };
    view! {
        <Menu id="bulk-status" label=t!(i18n, tickets_set_status) trigger=ViewFn::from(move || t!(i18n, status))>
            {move || statuses().into_iter().map(entry).collect_view()}
        </Menu>
    }
    .into_any()
}

/// Assigns to me, to an agent, to a team, to nobody.
#[component]
fn AssignMenu(list: ListStore, bulk: Bulk) -> impl IntoView {
    let i18n = use_i18n();
    let entries = move || {
        let catalog = list.catalog.get();
        let me = list.me.get().id;
        let mut can = catalog.agents;
        can.retain(|agent| agent.state == AgentState::Active && agent.role.works() && agent.id != me);
        let agents = can.into_iter().map(|agent| {
            let id = agent.id;
            view! {
                <MenuItem on_select=Callback::new(move |()| bulk.run(|_| Some(Change::Agents(vec![id]))))>{agent.name}</MenuItem>
            }
        });
        let has_teams = !catalog.teams.is_empty();
        let teams = catalog.teams.into_iter().map(|team| {
            let id = team.id;
            view! {
                <MenuItem icon="people" on_select=Callback::new(move |()| bulk.run(|_| Some(Change::Teams(vec![id]))))>{team.name}</MenuItem>
            }
        });
        view! {
            <MenuItem icon="person" shortcut="I" on_select=Callback::new(move |()| bulk.run(|_| Some(Change::Agents(vec![me]))))>
                {t!(i18n, tickets_assign_to_me)}
            </MenuItem>
            <MenuItem on_select=Callback::new(move |()| bulk.run(|_| Some(Change::Agents(Vec::new()))))>{t!(i18n, tickets_assign_to_nobody)}</MenuItem>
            <MenuSeparator />
            <MenuLabel text=t!(i18n, tickets_agents) />
            {agents.collect_view()}
            {has_teams.then(|| view! { <MenuLabel text=t!(i18n, tickets_teams) /> })}
            {teams.collect_view()}
        }
    };
    view! {
        <Menu id="bulk-assign" label=t!(i18n, tickets_assign) trigger=ViewFn::from(move || t!(i18n, tickets_assign))>
            {entries}
        </Menu>
    }
    .into_any()
}

/// Sets the stars.
#[component]
fn PriorityMenu(bulk: Bulk) -> impl IntoView {
    let i18n = use_i18n();
    let entry = move |stars: u8| {
        view! {
            <MenuItem on_select=Callback::new(move |()| bulk.run(|_| Some(Change::Priority(stars))))>
                {if stars == 0 { t!(i18n, stars_none).into_any() } else { view! { <Stars value=stars /> }.into_any() }}
            </MenuItem>
        }
    };
    view! {
        <Menu id="bulk-priority" label=t!(i18n, tickets_set_priority) trigger=ViewFn::from(move || t!(i18n, priority))>
            {(0..=PRIORITY_MAX).rev().map(entry).collect_view()}
        </Menu>
    }
    .into_any()
}

/// The status that makes a row done.
#[must_use]
pub fn done(list: ListStore, row: &domain::item::ItemRow) -> Option<Change> {
    change::first_of(&list.catalog.get_untracked(), row.type_id, Category::Done).map(Change::Status)
}
