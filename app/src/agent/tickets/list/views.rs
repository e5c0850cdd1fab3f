//! The views panel: what there is to look at and how much is in it.

use super::save::{ICONS, ViewActions};
use crate::{
    agent::tickets::{
        address::ListAddress,
        store::{ListStore, name_of},
    },
    api::views::{Own, View},
    i18n::{I18n, use_i18n},
    t,
    ui::{Icon, StatusDot},
};
use domain::{limits, view::ViewKey};
use leptos::{ev, prelude::*};
use std::time::Duration;

/// How often the counts are asked for while the page is seen.
const EVERY: Duration = Duration::from_secs(30);

/// Keeps the counts fresh while the page is seen.
pub fn keep_counting(list: ListStore) {
    Effect::new(move |_| {
        let count = move || {
            if !document().hidden() {
                list.count_views();
            }
        };
        // A list that the browser asked for comes without them.
        if list.counts.with_untracked(Vec::is_empty) {
            count();
        }
        let timer = set_interval_with_handle(count, EVERY);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
}

/// The views, each a link with its count: what the person has pinned, their own, those of their teams, everyone's. One can be dragged
/// before another; the menu of the view does the same.
#[component]
pub fn ViewsPanel(
    /// The list.
    list: ListStore,
    /// Called when a person chose a view (closes the drawer of a phone).
    #[prop(optional, into)]
    on_choose: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let actions = ViewActions::of(list);
    let dragged = StoredValue::new(None::<ViewKey>);
    let choose = move || {
        if let Some(on_choose) = on_choose {
            on_choose.run(());
        }
    };
    let entry = move |view: View| {
        let key = view.key;
        let actions = actions.clone();
        let current = move || list.address.with(|address| address.view) == key;
        let dropped = move |event: ev::DragEvent| {
            event.prevent_default();
            if let Some(moved) = dragged.try_update_value(Option::take).flatten().filter(|moved| *moved != key) {
                actions.own(moved, Own::Before(Some(key)));
            }
        };
        let icon = ICONS.into_iter().find(|icon| *icon == view.icon);
        let mark = match (icon, view.colour.is_empty()) {
            (Some(icon), _) => Some(view! { <Icon name=icon /> }.into_any()),
            (None, false) => Some(view! { <StatusDot colour=view.colour.clone() /> }.into_any()),
            (None, true) => None,
        };
        let broken = view.broken.then(|| {
            view! { <span class="view-broken" role="img" aria-label=t!(i18n, tickets_view_broken) title=t!(i18n, tickets_view_broken)><Icon name="alert" /></span> }
        });
        view! {
            <li
                draggable="true"
                on:dragstart=move |_| dragged.set_value(Some(key))
                on:dragover=move |event: ev::DragEvent| event.prevent_default()
                on:drop=dropped
            >
                <a
                    class="view-link"
                    href=ListAddress::of_view(key).list()
                    aria-current=move || current().then_some("page")
                    on:click=move |_| choose()
                >
                    {mark}
                    <span class="view-name truncate">{name_of(&view, i18n)}</span>
                    {broken}
                    <ViewBadge list view=key />
                </a>
            </li>
        }
        .into_any()
    };
    let sections = move || {
        let (all, teams) = (list.views.get().views, list.catalog.with(|catalog| catalog.teams.clone()));
        let administers = list.me.with(|me| me.role.administers());
        // What is hidden for all administrators still see, to be able to show it again.
        let (all_hidden, all): (Vec<View>, Vec<View>) = all.into_iter().partition(|view| view.hidden_for_all);
        let (hidden, seen): (Vec<View>, Vec<View>) = all.into_iter().partition(|view| view.hidden);
        let hidden: Vec<View> = hidden.into_iter().chain(all_hidden.into_iter().filter(|_| administers)).collect();
        let (pinned, seen): (Vec<View>, Vec<View>) = seen.into_iter().partition(|view| view.pinned);
        let (own, seen): (Vec<View>, Vec<View>) = seen.into_iter().partition(|view| view.scope == "me");
        let (everyone, of_teams): (Vec<View>, Vec<View>) = seen.into_iter().partition(|view| view.scope == "all");
        let mut sections = vec![(String::new(), pinned), (t!(i18n, tickets_views_own).to_owned(), own)];
        for team in teams {
            let views = of_teams.iter().filter(|view| view.scope == team.id.to_string()).cloned().collect();
            sections.push((team.name, views));
        }
        sections.push((t!(i18n, tickets_views_everyone).to_owned(), everyone));
        let shown = sections.into_iter().filter(|(_, views)| !views.is_empty()).map(|(title, views)| {
            let title = (!title.is_empty()).then(|| view! { <h3 class="views-section truncate">{title}</h3> });
            view! { {title} {folders(&entry, views)} }
        });
        let hidden = (!hidden.is_empty()).then(|| {
            let entries = hidden.into_iter().map(&entry).collect_view();
            view! {
                <details class="views-folder">
                    <summary>{t!(i18n, tickets_views_hidden)}</summary>
                    <ul>{entries}</ul>
                </details>
            }
        });
        view! { {shown.collect_view()} {hidden} }.into_any()
    };
    view! {
        <nav class="views" aria-label=t!(i18n, tickets_views)>
            <h2 class="views-title">{t!(i18n, tickets_views)}</h2>
            {sections}
        </nav>
    }
    .into_any()
}

/// Views without a folder, then the folders, each where its first view stands.
fn folders(entry: &impl Fn(View) -> AnyView, views: Vec<View>) -> AnyView {
    let (plain, rest): (Vec<View>, Vec<View>) = views.into_iter().partition(|view| view.folder.is_empty());
    let mut folders: Vec<(String, Vec<View>)> = Vec::new();
    for view in rest {
        match folders.iter_mut().find(|(name, _)| *name == view.folder) {
            Some((_, views)) => views.push(view),
            None => folders.push((view.folder.clone(), vec![view])),
        }
    }
    let folders = folders.into_iter().map(|(name, views)| {
        let entries = views.into_iter().map(entry).collect_view();
        view! {
            <details class="views-folder" open=true>
                <summary class="truncate">{name}</summary>
                <ul>{entries}</ul>
            </details>
        }
    });
    view! {
        <ul>{plain.into_iter().map(entry).collect_view()}</ul>
        {folders.collect_view()}
    }
    .into_any()
}

/// How much is in a view.
#[component]
fn ViewBadge(list: ListStore, view: ViewKey) -> impl IntoView {
    let i18n = use_i18n();
    let text =
        move || list.counts.with(|counts| counts.iter().find(|count| count.view == view).map(|count| many(i18n, count.count)));
    view! { <span class="count">{text}</span> }
}

/// A count as it stands beside a view: counting stops at a limit.
#[must_use]
fn many(i18n: I18n, count: i64) -> String {
    if count >= limits::VIEW_COUNT { format!("{}+", i18n.number(limits::VIEW_COUNT - 1)) } else { i18n.number(count) }
}
