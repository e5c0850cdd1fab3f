//! What can be done with the selected tickets. The bar appears with the first one selected.

use super::{bulk::Bulk, dialogs::once_wanted, runs::RunBar};
use crate::{
    agent::tickets::{change, folds::Condition, store::ListStore},
    i18n::{I18n, use_i18n},
    plural, t,
    ui::{Button, Icon, IconButton, Look, Menu, MenuItem, MenuLabel, MenuSeparator, Progress, Stars, StatusDot},
};
use domain::{
    action::Put,
    agent::AgentState,
    item::{Change, PRIORITY_MAX},
    types::Status,
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
    let runs = bulk.runs;
    // Everything is meant only until somebody chooses again.
    Effect::watch(move || list.selected.track(), move |_, _, _| list.mean_selected(), false);
    let meant = move || match list.whole_meant() {
        Some((total, None)) => plural!(i18n, tickets_selected_whole, total),
        Some((total, Some(group))) => plural!(i18n, tickets_selected_group, total, group = group),
        None => plural!(i18n, tickets_selected_count, count()),
    };
    // All that has come is selected, and there is more.
    let others = move || {
        list.total
            .get()
            .filter(|total| *total > count() && count() >= i64::try_from(list.rows.with(Vec::len)).unwrap_or_default())
    };
    let choose_whole = move || {
        others().filter(|_| !runs.whole.get()).map(|total| {
            view! {
                <button type="button" class="link" on:click=move |_| list.mean_whole(Vec::new())>{plural!(i18n, tickets_select_whole, total)}</button>
            }
        })
    };
    let works = move || list.me.get().role.works();
    let progress = move || {
        bulk.progress.get().filter(|(_, all)| *all > 1).map(|(done, all)| {
            #[allow(clippy::cast_precision_loss)]
            let (value, max) = (done as f64, all as f64);
            view! { <Progress value max label=t!(i18n, tickets_bulk_progress) /> }
        })
    };
    view! {
        <Show when=move || list.chooses()>
            <div class="selection" role="region" aria-label=t!(i18n, tickets_selection)>
                <span class="selection-count" aria-live="polite">{meant}</span>
                {choose_whole}
                <Show when=works>
                    <StatusMenu list bulk />
                    <AssignMenu list bulk />
                    <PriorityMenu bulk />
                    <Button look=Look::Ghost icon="tag" on_click=Callback::new(move |_| bulk.tag())>{t!(i18n, tickets_tags)}</Button>
                </Show>
                <ExportMenu list bulk />
                <Show when=works>
                    <MoreMenu list bulk />
                </Show>
                {progress}
                <span class="selection-space"></span>
                <IconButton icon="close" label=t!(i18n, tickets_clear_selection) on_click=Callback::new(move |_| list.select_nothing()) />
            </div>
        </Show>
        <RunBar runs />
        {once_wanted(move || bulk.tagging.get(), move |dialogs| (dialogs.tags)(bulk))}
        {once_wanted(move || bulk.snoozing.get(), move |dialogs| (dialogs.snooze)(bulk))}
        {once_wanted(move || bulk.following.get(), move |dialogs| (dialogs.followers)(bulk))}
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
        let set = move |()| bulk.set(Change::Status(id));
        view! {
            <MenuItem on_select=Callback::new(set)>
                <StatusDot colour=status.colour.clone() />
                {i18n.status(&status)}
            </MenuItem>
        }
    };
    view! {
        <Menu id="bulk-status" shortcut="S" label=t!(i18n, tickets_set_status) trigger=ViewFn::from(move || t!(i18n, status))>
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
                <MenuItem on_select=Callback::new(move |()| bulk.set(Change::Agents(vec![id])))>{agent.name}</MenuItem>
            }
        });
        let has_teams = !catalog.teams.is_empty();
        let teams = catalog.teams.into_iter().map(|team| {
            let id = team.id;
            view! {
                <MenuItem icon="people" on_select=Callback::new(move |()| bulk.set(Change::Teams(vec![id])))>{team.name}</MenuItem>
            }
        });
        view! {
            <MenuItem icon="person" shortcut="I" on_select=Callback::new(move |()| bulk.set(Change::Agents(vec![me])))>
                {t!(i18n, tickets_assign_to_me)}
            </MenuItem>
            <MenuItem on_select=Callback::new(move |()| bulk.set(Change::Agents(Vec::new())))>{t!(i18n, tickets_assign_to_nobody)}</MenuItem>
            <MenuSeparator />
            <MenuLabel text=t!(i18n, tickets_agents) />
            {agents.collect_view()}
            {has_teams.then(|| view! { <MenuLabel text=t!(i18n, tickets_teams) /> })}
            {teams.collect_view()}
        }
    };
    view! {
        <Menu id="bulk-assign" shortcut="A" label=t!(i18n, tickets_assign) trigger=ViewFn::from(move || t!(i18n, tickets_assign))>
            {entries}
        </Menu>
    }
    .into_any()
}

/// Takes what is meant away as a file.
#[component]
fn ExportMenu(list: ListStore, bulk: Bulk) -> impl IntoView {
    let i18n = use_i18n();
    let entries = move || {
        if bulk.runs.whole.get() {
            return export_links(list, i18n, "", &list.meant.within.get());
        }
        let numbers = list.selected.with(|selected| selected.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
        export_links(list, i18n, &numbers, &[])
    };
    view! {
        <Menu id="bulk-export" label=t!(i18n, tickets_export) trigger=ViewFn::from(move || t!(i18n, tickets_export))>
            {entries}
        </Menu>
    }
    .into_any()
}

/// Puts away and brings back.
#[component]
fn MoreMenu(list: ListStore, bulk: Bulk) -> impl IntoView {
    let i18n = use_i18n();
    let entry = move |icon: &'static str, text: &'static str, put: Put| {
        view! { <MenuItem icon on_select=Callback::new(move |()| bulk.put(put))>{text}</MenuItem> }.into_any()
    };
    // Where all of them are so already, there is only the way back.
    let entries = move || {
        if bulk.are_deleted() {
            return entry("undo", t!(i18n, tickets_restore), Put::Deleted(false));
        }
        let spam = bulk.are_spam();
        let sleep = if bulk.are_asleep() {
            entry("clock", t!(i18n, tickets_wake), Put::Snoozed(None))
        } else {
            let text = t!(i18n, tickets_snooze);
            view! { <MenuItem icon="clock" shortcut="H" on_select=Callback::new(move |()| bulk.snooze())>{text}</MenuItem> }
                .into_any()
        };
        view! {
            {sleep}
            <MenuItem icon="bell" on_select=Callback::new(move |()| bulk.follow(true))>{t!(i18n, tickets_followers_add)}</MenuItem>
            <MenuItem on_select=Callback::new(move |()| bulk.follow(false))>{t!(i18n, tickets_followers_remove)}</MenuItem>
            <MenuSeparator />
            {entry("shield", if spam { t!(i18n, tickets_no_spam) } else { t!(i18n, tickets_spam) }, Put::Spam(!spam))}
            <MenuSeparator />
            {entry("trash", t!(i18n, tickets_delete), Put::Deleted(true))}
        }
        .into_any()
    };
    view! {
        <Menu id="bulk-more" label=t!(i18n, tickets_more) class="btn btn-ghost btn-icon" trigger=ViewFn::from(|| view! { <Icon name="more" /> })>
            {move || {
                list.selected.track();
                list.rows.track();
                entries()
            }}
        </Menu>
    }
    .into_any()
}

/// Where a list is as a file: all of it, these tickets (with commas between them), or what is in these groups; with the columns that its
/// table shows, or with all. Tracked.
pub fn export_address(list: ListStore, numbers: &str, within: &[Condition], ending: &str, all_columns: bool) -> String {
    let mut query = list.address.with(|address| address.export(&list.settings(), within));
    if !numbers.is_empty() {
        query = query + "&numbers=" + numbers;
    }
    if !all_columns {
        let columns: Vec<String> = list.columns().0.into_iter().map(|column| column.key).collect();
        query = query + "&columns=" + &columns.join(",");
    }
    format!("/desk/export.{ending}{query}")
}

/// The entries of a menu that take a list away as a file.
pub fn export_links(list: ListStore, i18n: I18n, numbers: &str, within: &[Condition]) -> AnyView {
    let link = |ending: &str, text: &'static str, all_columns: bool| {
        let href = export_address(list, numbers, within, ending, all_columns);
        view! { <a class="menu-item" role="menuitem" tabindex="-1" href=href rel="external" download=""><Icon name="download" /><span class="menu-text">{text}</span></a> }
    };
    view! {
        {link("csv", t!(i18n, tickets_export_csv), false)}
        {link("xlsx", t!(i18n, tickets_export_xlsx), false)}
        <MenuSeparator />
        {link("csv", t!(i18n, tickets_export_csv_all), true)}
        {link("xlsx", t!(i18n, tickets_export_xlsx_all), true)}
    }
    .into_any()
}

/// Sets the stars.
#[component]
fn PriorityMenu(bulk: Bulk) -> impl IntoView {
    let i18n = use_i18n();
    let entry = move |stars: u8| {
        view! {
            <MenuItem on_select=Callback::new(move |()| bulk.set(Change::Priority(stars)))>
                {if stars == 0 { t!(i18n, stars_none).into_any() } else { view! { <Stars value=stars /> }.into_any() }}
            </MenuItem>
        }
    };
    view! {
        <Menu id="bulk-priority" shortcut="P" label=t!(i18n, tickets_set_priority) trigger=ViewFn::from(move || t!(i18n, priority))>
            {(0..=PRIORITY_MAX).rev().map(entry).collect_view()}
        </Menu>
    }
    .into_any()
}
