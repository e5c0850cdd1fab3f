//! What stands in the place of a list that has nothing: why, and what to do next.

use crate::{
    agent::tickets::{address::ListAddress, store::ListStore},
    i18n::use_i18n,
    t,
    ui::{EmptyState, LinkButton, Look},
};
use domain::view::{SystemView, ViewKey};
use leptos::prelude::*;

/// Nothing to show.
#[component]
pub fn NothingHere(
    /// The list.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let works = list.me.with(|me| me.role.works());
    let address = list.address.get();
    if !address.text.is_empty() {
        let everything = ListAddress::of_view(SystemView::All).list();
        let title = t!(i18n, tickets_empty_search, text = address.text);
        return view! {
            <EmptyState icon="search" title text=t!(i18n, tickets_empty_search_text)>
                <LinkButton href=everything>{i18n.name("view", SystemView::All.key())}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let is_new = list.counts.with(|counts| counts.iter().any(|count| count.view == SystemView::All.into() && count.count == 0));
    if !is_new && (address.filter.is_some() || matches!(address.view, ViewKey::Saved(_))) {
        return view! { <EmptyState icon="filter" title=t!(i18n, tickets_empty_filter) text=t!(i18n, tickets_empty_filter_text) /> }.into_any();
    }
    // In a workspace without any ticket every view says so, and how to begin.
    let view = match address.view {
        ViewKey::System(view) if !is_new => view,
        _ => SystemView::All,
    };
    let (title, text) = match view {
        SystemView::Mine => (t!(i18n, tickets_empty_mine), t!(i18n, tickets_empty_mine_text)),
        SystemView::TeamUnassigned => (t!(i18n, tickets_empty_team), t!(i18n, tickets_empty_team_text)),
        SystemView::Open => (t!(i18n, tickets_empty_open), t!(i18n, tickets_empty_open_text)),
        SystemView::Waiting => (t!(i18n, tickets_empty_waiting), t!(i18n, tickets_empty_waiting_text)),
        SystemView::Unanswered => (t!(i18n, tickets_empty_unanswered), t!(i18n, tickets_empty_unanswered_text)),
        SystemView::RecentlyDone => (t!(i18n, tickets_empty_done), t!(i18n, tickets_empty_done_text)),
        SystemView::All => (t!(i18n, tickets_empty_all), t!(i18n, tickets_empty_all_text)),
        SystemView::Snoozed => (t!(i18n, tickets_empty_snoozed), t!(i18n, tickets_empty_snoozed_text)),
        SystemView::Spam => (t!(i18n, tickets_empty_spam), t!(i18n, tickets_empty_spam_text)),
        SystemView::Deleted => (t!(i18n, tickets_empty_deleted), t!(i18n, tickets_empty_deleted_text)),
    };
    let next = match view {
        SystemView::Mine => Some(SystemView::TeamUnassigned),
        SystemView::TeamUnassigned | SystemView::Waiting | SystemView::Unanswered => Some(SystemView::Open),
        SystemView::Open | SystemView::RecentlyDone => Some(SystemView::All),
        SystemView::All | SystemView::Snoozed | SystemView::Spam | SystemView::Deleted => None,
    };
    let next = next.map(|view| {
        view! { <LinkButton href=ListAddress::of_view(view).list()>{i18n.name("view", view.key())}</LinkButton> }
    });
    let ordinary = !matches!(view, SystemView::Snoozed | SystemView::Spam | SystemView::Deleted);
    let new = (works && ordinary).then(|| {
        let look = if next.is_none() { Look::Primary } else { Look::Plain };
        view! { <LinkButton href=address.new_ticket() look icon="plus">{t!(i18n, tickets_new_ticket)}</LinkButton> }
    });
    let import = (view == SystemView::All && list.me.with(|me| me.role.administers()))
        .then(|| view! { <LinkButton href="/desk/import" icon="upload">{t!(i18n, tickets_import_tickets)}</LinkButton> });
    view! {
        <EmptyState icon="inbox" title text>
            {next} {new} {import}
        </EmptyState>
    }
    .into_any()
}
