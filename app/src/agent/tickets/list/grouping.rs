//! The menu that says what the list is grouped by.

use crate::{
    agent::tickets::{address::ListAddress, store::ListStore},
    i18n::use_i18n,
    t,
    ui::{Icon, Menu, MenuItem, MenuLabel, MenuSeparator},
};
use domain::{
    calendar::Unit,
    limits,
    view::{GroupBy, GroupSort, Layout, Measure, Number, Take},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::sync::Arc;

/// The menu.
#[component]
pub fn GroupMenu(
    /// The list.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let go: Arc<dyn Fn(ListAddress) + Send + Sync> = Arc::new(move |address: ListAddress| {
        let href = address.beside(list.open_number.get_untracked());
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let entries = move || {
        let (shown, of_view) = (list.shown(), list.settings());
        let address = list.address.get();
        let choose = |text: String, chosen: bool, groups: Vec<GroupBy>| {
            let to = address.grouped(groups, &of_view.groups);
            let go = go.clone();
            view! { <MenuItem chosen=Signal::stored(chosen) on_select=Callback::new(move |()| go(to.clone()))>{text}</MenuItem> }
        };
        let levels = shown.groups.clone();
        let named = |by: &GroupBy| i18n.name("field", by.name());
        let mut all: Vec<GroupBy> = GroupBy::all().collect();
        all.sort_by_key(|by| named(by).to_lowercase());
        // The level that is chosen is replaced as a whole; further ones stay.
        let first = all.iter().map(|by| {
            let chosen = levels.first().is_some_and(|level| level.name() == by.name());
            let groups = std::iter::once(by).chain(levels.iter().skip(1).filter(|level| level.name() != by.name())).cloned();
            choose(named(by), chosen, groups.collect())
        });
        let none = choose(t!(i18n, tickets_group_by_nothing).to_owned(), levels.is_empty(), Vec::new());
        let units = levels.iter().enumerate().filter_map(|(at, level)| match level {
            GroupBy::Time(field, unit) => Some((at, field.clone(), *unit)),
            _ => None,
        });
        let units = units.map(|(at, field, now)| {
            let entry = |unit: Unit| {
                let mut groups = levels.clone();
                groups[at] = GroupBy::Time(field.clone(), unit);
                choose(i18n.name("period", unit.key()), unit == now, groups)
            };
            let entries = Unit::ALL.into_iter().map(entry).collect_view();
            view! { <MenuSeparator /> <MenuLabel text=i18n.name("field", field.key()) /> {entries} }
        });
        // A board has columns and, by one further level, lanes.
        let board = shown.layout == Layout::Board;
        let then = (!levels.is_empty() && (board || levels.len() < limits::GROUP_LEVELS)).then(|| {
            let further = all.iter().filter(|by| levels.first().is_none_or(|level| level.name() != by.name()));
            let entries = further.map(|by| {
                let at = levels.iter().position(|level| level.name() == by.name());
                let mut groups = levels.clone();
                match at {
                    Some(at) => {
                        groups.remove(at);
                    }
                    None => {
                        groups.truncate(if board { 1 } else { limits::GROUP_LEVELS });
                        groups.push(by.clone());
                    }
                }
                choose(named(by), at.is_some(), groups)
            });
            let name = if board { t!(i18n, tickets_lanes) } else { t!(i18n, tickets_group_then) };
            view! { <MenuSeparator /> <MenuLabel text=name /> {entries.collect_view()} }
        });
        let order = (!levels.is_empty()).then(|| {
            // By a measure only where there is one.
            let sorts = GroupSort::ALL.into_iter().filter(|sort| {
                !shown.measures.is_empty() || !matches!(sort, GroupSort::Highest | GroupSort::Lowest)
            });
            let entries = sorts.map(|sort| {
                let to = ListAddress { group_sort: (sort != of_view.group_sort).then_some(sort), ..address.clone() };
                let go = go.clone();
                let chosen = Signal::stored(sort == shown.group_sort);
                view! {
                    <MenuItem chosen on_select=Callback::new(move |()| go(to.clone()))>{i18n.name("group_sort", sort.key())}</MenuItem>
                }
            });
            // The columns of a board are all shown and always open.
            let folds = !board || levels.len() > 1;
            let empty = !shown.empty_groups;
            let to = ListAddress { empty_groups: (empty != of_view.empty_groups).then_some(empty), ..address.clone() };
            let go = go.clone();
            view! {
                <MenuSeparator />
                <MenuLabel text=t!(i18n, tickets_group_order) />
                {entries.collect_view()}
                {folds.then(|| view! {
                    <MenuSeparator />
                    <MenuItem on_select=Callback::new(move |()| go(to.clone()))>
                        {if empty { t!(i18n, tickets_group_show_empty) } else { t!(i18n, tickets_group_hide_empty) }}
                    </MenuItem>
                    <MenuItem on_select=Callback::new(move |()| list.open_groups(true))>{t!(i18n, tickets_group_open_all)}</MenuItem>
                    <MenuItem on_select=Callback::new(move |()| list.open_groups(false))>{t!(i18n, tickets_group_close_all)}</MenuItem>
                })}
            }
        });
        let measures = measures(&shown.measures).map(|(measure, chosen, measures)| {
            let to = address.measured(measures, &of_view.measures);
            let go = go.clone();
            let name = i18n.name("measure", &measure.name());
            view! { <MenuItem chosen=Signal::stored(chosen) on_select=Callback::new(move |()| go(to.clone()))>{name}</MenuItem> }
        });
        let measures = view! { <MenuSeparator /> <MenuLabel text=t!(i18n, tickets_measures) /> {measures.collect_view()} };
        view! { {none} {first.collect_view()} {units.collect_view()} {then} {order} {measures} }
    };
    let trigger = move || {
        let name = move || list.levels().first().map(|by| i18n.name("field", by.name()));
        view! {
            <Icon name="columns" />
            <span class="btn-text-wide">{move || name().unwrap_or_else(|| t!(i18n, tickets_group).to_owned())}</span>
        }
    };
    view! {
        <span class="list-group" class:list-grouped=move || !list.levels().is_empty()>
            <Menu id="tickets-group" label=t!(i18n, tickets_group_by) trigger=ViewFn::from(trigger) class="btn btn-ghost btn-small" at_end=true>
                {entries}
            </Menu>
        </span>
    }
    .into_any()
}

/// The measures that there are, whether each is told, and what is told once that is changed. As many as may be: further ones are offered
/// when one of those is given up.
fn measures(told: &[Measure]) -> impl Iterator<Item = (Measure, bool, Vec<Measure>)> {
    let all = Number::ALL.into_iter().flat_map(|of| Take::ALL.map(|take| Measure { take, of }));
    all.filter_map(|measure| {
        let chosen = told.contains(&measure);
        let mut next: Vec<Measure> = told.iter().copied().filter(|other| *other != measure).collect();
        if !chosen {
            next.push(measure);
        }
        (next.len() <= limits::MEASURES).then_some((measure, chosen, next))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_measures_are_offered_than_may_be_told() {
        let all: Vec<Measure> = measures(&[]).map(|(measure, ..)| measure).collect();
        assert_eq!(all.len(), 6);
        let full = &all[..limits::MEASURES];
        assert!(measures(full).all(|(_, chosen, next)| chosen && next.len() == limits::MEASURES - 1));
        assert_eq!(measures(full).count(), limits::MEASURES);
    }
}
