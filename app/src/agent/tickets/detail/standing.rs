//! What stands over a ticket that is not where others are, and what it is linked to.

use super::{
    merge_dialog::take_back,
    more::{Acts, Put},
};
use crate::{
    agent::tickets::{open::OpenTicket, store::ListStore},
    api, t,
    ui::{Button, IconButton, Moment, MomentStyle},
};
use domain::{action::ItemLink, id::ItemNumber, item::ItemRights};
use leptos::{prelude::*, task::spawn_local};

/// Says that the ticket is deleted, spam, asleep or merged, with the way back.
#[component]
pub fn Standing(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
) -> impl IntoView {
    let acts = Acts::new(ticket, list);
    let i18n = acts.i18n;
    let away = Memo::new(move |_| ticket.shown.with(|shown| shown.row.away));
    let works = move || list.me.with(|me| me.role.works());
    let line = move |text: AnyView, back: &'static str, run: Box<dyn Fn() + Send + Sync>| {
        let button = works().then(|| view! { <Button on_click=Callback::new(move |_| run())>{back}</Button> });
        view! { <p class="ticket-standing" role="status"><span>{text}</span>{button}</p> }.into_any()
    };
    let put = move |put: Put| -> Box<dyn Fn() + Send + Sync> { Box::new(move || acts.put(put)) };
    let lines = move || {
        let away = away.get();
        let mut lines = Vec::new();
        if let Some(into) = away.merged_into {
            let text = view! { {t!(i18n, ticket_goes_on)} " " {to(list, into)} }.into_any();
            lines.push(line(text, t!(i18n, tickets_unmerge), Box::new(move || take_back(acts, ticket.number))));
        }
        if away.deleted_at.is_some() {
            lines.push(line(t!(i18n, ticket_stands_deleted).into_any(), t!(i18n, tickets_restore), put(Put::Deleted(false))));
        }
        if away.spam {
            lines.push(line(t!(i18n, ticket_stands_spam).into_any(), t!(i18n, tickets_no_spam), put(Put::Spam(false))));
        }
        if let Some(at) = away.snoozed_until {
            let text = view! { {i18n.name("field", "snoozed")} " " <Moment at style=MomentStyle::Full /> }.into_any();
            lines.push(line(text, t!(i18n, tickets_wake), put(Put::Snoozed(None))));
        }
        lines
    };
    view! { {lines} }.into_any()
}

/// The way to another ticket.
fn to(list: ListStore, number: ItemNumber) -> AnyView {
    let href = move || list.address.with(|address| address.ticket(number));
    view! { <a href=href>"#" {number.0}</a> }.into_any()
}

/// The tickets that were merged into this one, and those that it is linked to.
#[component]
pub fn Others(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// What the agent may do.
    may: ItemRights,
) -> impl IntoView {
    let acts = Acts::new(ticket, list);
    let i18n = acts.i18n;
    let unlink = move |link: ItemLink| {
        spawn_local(async move {
            match api::actions::unlink(ticket.number, link.number, link.kind).await {
                Ok(detail) => list.take(&detail),
                Err(error) => acts.toasts.error(i18n.error_at_once(&error.0)),
            }
        });
    };
    let link = move |link: ItemLink| {
        let label = t!(i18n, remove_named, name = format!("#{}", link.number));
        let (kind, number, title) = (i18n.name("link", link.kind.key()), link.number, link.title.clone());
        let button =
            may.change.then(|| view! { <IconButton icon="close" label on_click=Callback::new(move |_| unlink(link.clone())) /> });
        view! { <li class="follower"><span class="follower-why">{kind}</span>{to(list, number)}<span class="truncate">{title}</span>{button}</li> }
            .into_any()
    };
    let links = Memo::new(move |_| ticket.shown.with(|shown| shown.links.clone()));
    let merged = Memo::new(move |_| ticket.shown.with(|shown| shown.merged.clone()));
    view! {
        <Show when=move || links.with(|links| !links.is_empty())>
            <section class="followers">
                <h3 class="section-title">{t!(i18n, tickets_links)}</h3>
                <ul>{move || links.get().into_iter().map(link).collect_view()}</ul>
            </section>
        </Show>
        <Show when=move || merged.with(|merged| !merged.is_empty())>
            <section class="followers">
                <h3 class="section-title">{t!(i18n, tickets_merged)}</h3>
                <ul>
                    {move || {
                        merged
                            .get()
                            .into_iter()
                            .map(|one| {
                                let number = one.number;
                                let button = (may.change && one.reversible)
                                    .then(|| view! { <Button on_click=Callback::new(move |_| take_back(acts, number))>{t!(i18n, tickets_unmerge)}</Button> });
                                view! { <li class="follower"><span>"#" {number.0}</span><span class="truncate">{one.title}</span>{button}</li> }
                            })
                            .collect_view()
                    }}
                </ul>
            </section>
        </Show>
    }
    .into_any()
}
