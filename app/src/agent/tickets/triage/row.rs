//! A row of two lines.

use super::{
    excerpts::Excerpts,
    quick::{self, Quick},
};
use crate::{
    agent::tickets::{
        change,
        list::{cells, line},
        store::{ListStore, Row},
    },
    i18n::use_i18n,
    t,
    ui::{Icon, Moment, StatusDot},
};
use domain::{actor::Party, item::ItemRow};
use leptos::prelude::*;

/// The ticket in the line `at`.
pub fn row(list: ListStore, at: usize, row: Row) -> AnyView {
    let item = RwSignal::from(row.item);
    let works = list.me.with_untracked(|me| me.role.works());
    let acts = use_context::<Quick>().filter(|_| works).map(|quick| {
        view! { <div role="gridcell" class="triage-acts">{quick::buttons(quick, item)}</div> }
    });
    let cell = move |key: &str| cells::content(list, key, item);
    let time = move || item.with(|item| item.last_message_at.unwrap_or(item.created_at));
    let cells = view! {
        <div role="gridcell" class="triage-main">
            <div class="triage-line">
                <span class="triage-who truncate">{move || item.with(who)}</span>
                <span class="triage-title">{cell("title")}</span>
                <span class="triage-time">{move || view! { <Moment at=time() /> }}</span>
            </div>
            <div class="triage-line triage-second">
                {status(list, item)}
                <span class="triage-number">{cell("number")}</span>
                <span class="triage-stars">{cell("priority")}</span>
                {excerpt(item)}
                <span class="triage-agents">{cell("agents")}</span>
            </div>
        </div>
        {acts}
    };
    line(list, at, item, "triage-row", cells.into_any())
}

/// Who asks.
fn who(item: &ItemRow) -> String {
    item.requester.as_ref().map(|requester| requester.name.clone()).unwrap_or_default()
}

fn status(list: ListStore, item: RwSignal<ItemRow>) -> AnyView {
    let i18n = use_i18n();
    let status = move || {
        let id = item.with(|item| item.status_id);
        list.catalog.with(|catalog| change::status_of(catalog, id).cloned())
    };
    let shown = move || {
        status().map(|status| {
            view! { <StatusDot colour=status.colour.clone() /> <span class="truncate">{i18n.status(&status)}</span> }
        })
    };
    view! { <span class="triage-status">{shown}</span> }.into_any()
}

/// How the last public message begins, with a sign where the desk has written it.
fn excerpt(item: RwSignal<ItemRow>) -> AnyView {
    let i18n = use_i18n();
    let text = use_context::<Excerpts>().map(|excerpts| excerpts.of(item));
    let by_agent = Memo::new(move |_| item.with(|item| matches!(item.last_message_by, Some(Party::Agent(_)))));
    let sign = move || {
        by_agent.get().then(|| view! { <Icon name="reply" /> <span class="sr-only">{t!(i18n, tickets_excerpt_ours)}</span> })
    };
    let shown = move || text.and_then(|text| text.get());
    view! { <span class="triage-excerpt">{sign} <span class="truncate">{shown}</span></span> }.into_any()
}
