//! What happened to a ticket, latest first, each event a sentence.

use crate::{
    agent::tickets::open::OpenTicket,
    api::{self, ApiError},
    i18n::{I18n, use_i18n},
    t,
    ui::{Avatar, EmptyState, ErrorState, Moment, Skeleton},
};
use domain::{event::Activity, id::ItemNumber};
use leptos::{prelude::*, task::spawn_local};

/// The activity.
#[component]
pub fn ActivityTab(
    /// The ticket.
    ticket: OpenTicket,
) -> impl IntoView {
    let i18n = use_i18n();
    let number: ItemNumber = ticket.number;
    let version = Memo::new(move |_| {
        ticket.shown.with(|shown| {
            let undelivered: usize = shown.messages.iter().map(|message| message.undelivered.len()).sum();
            (shown.row.version, shown.messages.len(), undelivered)
        })
    });
    // Asked for in the browser, again after every change; what was there stays until the answer has come.
    let events = RwSignal::new(None::<Result<Vec<Activity>, ApiError>>);
    let load = move || {
        spawn_local(async move {
            let _ = events.try_set(Some(api::items::activity(number).await));
        });
    };
    Effect::new(move |_| {
        version.track();
        load();
    });
    move || match events.get() {
        None => view! { <Skeleton lines=6 /> }.into_any(),
        Some(Ok(list)) if list.is_empty() => view! { <EmptyState icon="clock" title=t!(i18n, tickets_no_activity) /> }.into_any(),
        Some(Ok(list)) => {
            view! { <ol class="activity">{list.into_iter().map(|event| entry(i18n, event)).collect_view()}</ol> }.into_any()
        }
        Some(Err(error)) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| load()) /> }.into_any(),
    }
}

fn entry(i18n: I18n, event: Activity) -> AnyView {
    view! {
        <li class="activity-entry">
            <Avatar name=event.actor_name.clone() />
            <p class="activity-text">{sentence(i18n, &event)}</p>
            <Moment at=event.at />
        </li>
    }
    .into_any()
}

/// An event as a sentence, never put together from words of one language.
fn sentence(i18n: I18n, event: &Activity) -> String {
    let who = &event.actor_name;
    match event.name.as_str() {
        "delivery_failed" => return t!(i18n, tickets_activity_not_delivered, address = event.new),
        "delivery_retried" => return t!(i18n, tickets_activity_delivered_again, who = who, address = event.new),
        "linked" | "unlinked" => {
            let link = i18n.name("link", &event.field);
            return match event.name.as_str() {
                "linked" => t!(i18n, tickets_activity_linked, who = who, link = link, other = event.new),
                _ => t!(i18n, tickets_activity_unlinked, who = who, link = link, other = event.new),
            };
        }
        "woke" => return t!(i18n, tickets_activity_woke).to_owned(),
        // They name another ticket.
        "split" | "merged" | "merged_in" | "unmerged" | "unmerged_from" | "replied_in" => {
            let what = i18n.name("event", &event.name);
            return t!(i18n, tickets_activity_did_with, who = who, what = what, with = event.new);
        }
        _ => {}
    }
    if event.name != "changed" {
        return t!(i18n, tickets_activity_did, who = who, what = i18n.name("event", &event.name));
    }
    let field = i18n.name("field", &event.field);
    let (old, new) = (value(i18n, &event.field, &event.old), value(i18n, &event.field, &event.new));
    match (old.is_empty(), new.is_empty()) {
        _ if event.field == "description" => t!(i18n, tickets_activity_changed, who = who, field = field),
        (true, true) => t!(i18n, tickets_activity_changed, who = who, field = field),
        (true, false) => t!(i18n, tickets_activity_set, who = who, field = field, new = new),
        (false, true) => t!(i18n, tickets_activity_cleared, who = who, field = field, old = old),
        (false, false) => t!(i18n, tickets_activity_changed_to, who = who, field = field, old = old, new = new),
    }
}

/// A value as people read it: the log keeps names, and stable keys where there is a translation.
fn value(i18n: I18n, field: &str, text: &str) -> String {
    match (field, text) {
        ("published", "true") => t!(i18n, yes).to_owned(),
        ("published", "false") => t!(i18n, no).to_owned(),
        ("priority", "0") => t!(i18n, stars_none).to_owned(),
        ("priority", stars) => stars.parse().map(|n: usize| "★".repeat(n.min(5))).unwrap_or_else(|_| stars.to_owned()),
        ("impact", key) if !key.is_empty() => i18n.name("impact", key),
        // Names of statuses and types are kept in English for the seeded ones; their keys are those names in lower case.
        ("status" | "type", name) if !name.is_empty() => i18n
            .key(&format!("{field}_{}", name.to_lowercase().replace(' ', "_")), &std::collections::BTreeMap::new())
            .unwrap_or_else(|| name.to_owned()),
        (_, text) => text.to_owned(),
    }
}
