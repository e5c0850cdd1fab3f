//! The views panel: what there is to look at and how much is in it.

use crate::{
    agent::tickets::{address::ListAddress, store::ListStore},
    i18n::{I18n, use_i18n},
    t,
};
use domain::{limits, view::SystemView};
use leptos::prelude::*;
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

/// The views, each a link with its count.
#[component]
pub fn ViewsPanel(
    /// The list.
    list: ListStore,
    /// Called when a person chose a view (closes the drawer of a phone).
    #[prop(optional, into)]
    on_choose: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move || {
        if let Some(on_choose) = on_choose {
            on_choose.run(());
        }
    };
    let entry = move |view: SystemView| {
        let current = move || list.address.with(|address| address.view == view && address.search.is_empty());
        view! {
            <li>
                <a
                    class="view-link"
                    href=ListAddress::of_view(view).list()
                    aria-current=move || current().then_some("page")
                    on:click=move |_| choose()
                >
                    <span class="truncate">{i18n.name("view", view.key())}</span>
                    <ViewBadge list view />
                </a>
            </li>
        }
    };
    view! {
        <nav class="views" aria-label=t!(i18n, tickets_views)>
            <h2 class="views-title">{t!(i18n, tickets_views)}</h2>
            <ul>{SystemView::ALL.into_iter().map(entry).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// How much is in a view.
#[component]
fn ViewBadge(list: ListStore, view: SystemView) -> impl IntoView {
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
