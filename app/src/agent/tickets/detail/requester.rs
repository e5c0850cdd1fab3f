//! The card of who asks: how to reach them, where they belong, what else they have asked.

use crate::{
    agent::tickets::{change, open::OpenTicket, store::ListStore},
    api::{self, ApiError},
    i18n::use_i18n,
    t,
    ui::{Avatar, Banner, Skeleton, StatusDot, Tone},
};
use domain::{
    customer::{Customer, CustomerRef},
    item::ItemRow,
    types::Category,
};
use leptos::{prelude::*, task::spawn_local};

/// Most other tickets to show.
const OTHERS: usize = 5;

/// The requester.
#[component]
pub fn RequesterCard(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let who = Memo::new(move |_| ticket.shown.with(|shown| shown.row.requester.clone()));
    move || match who.get() {
        Some(who) => view! { <Card who ticket list /> }.into_any(),
        None => view! { <p class="requester requester-none">{t!(i18n, tickets_no_requester)}</p> }.into_any(),
    }
}

#[component]
fn Card(who: CustomerRef, ticket: OpenTicket, list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let id = who.id;
    let number = ticket.number;
    // Asked for in the browser: the page is complete without it.
    let known = RwSignal::new(None::<Result<Customer, ApiError>>);
    let items = RwSignal::new(None::<Vec<ItemRow>>);
    Effect::new(move |_| {
        spawn_local(async move {
            let _ = known.try_set(Some(api::customers::get(id).await));
        });
        spawn_local(async move {
            let all = api::items::of_customer(id).await.unwrap_or_default();
            let open = all.into_iter().filter(|item| item.number != number && item.category != Category::Done);
            let _ = items.try_set(Some(open.collect()));
        });
    });
    let contact = move || match known.get() {
        None => view! { <Skeleton lines=2 /> }.into_any(),
        Some(Ok(customer)) => contact(customer),
        Some(Err(error)) => view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> }.into_any(),
    };
    let others = move || items.get().map(|open| others(open, list));
    view! {
        <section class="requester">
            <div class="requester-head">
                <Avatar name=who.name.clone() large=true />
                <div class="requester-names">
                    <a class="link truncate" href=format!("/desk/customers/{id}")>{who.name}</a>
                    <span class="requester-organization">
                        {move || ticket.shown.with(|shown| shown.row.organization.as_ref().map(|organization| {
                            let href = format!("/desk/organizations/{}", organization.id);
                            view! { <a class="link" href=href>{organization.name.clone()}</a> }
                        }))}
                    </span>
                </div>
            </div>
            {contact}
            {others}
        </section>
    }
    .into_any()
}

/// How to reach them and what the team has noted.
fn contact(customer: Customer) -> AnyView {
    let i18n = use_i18n();
    let emails = customer
        .emails
        .iter()
        .map(|email| view! { <a class="link" href=format!("mailto:{email}")>{email.clone()}</a> })
        .collect_view();
    let phone = (!customer.phone.is_empty()).then(|| {
        let href = format!("tel:{}", customer.phone.replace(' ', ""));
        view! { <div><dt>{t!(i18n, tickets_phone)}</dt><dd><a class="link" href=href>{customer.phone.clone()}</a></dd></div> }
    });
    let job = (!customer.job_title.is_empty())
        .then(|| view! { <div><dt>{t!(i18n, tickets_job_title)}</dt><dd>{customer.job_title.clone()}</dd></div> });
    let notes = (!customer.notes.is_empty())
        .then(|| view! { <div><dt>{t!(i18n, tickets_customer_notes)}</dt><dd class="requester-notes">{customer.notes.clone()}</dd></div> });
    view! {
        <dl class="ticket-facts">
            <div><dt>{t!(i18n, tickets_email)}</dt><dd class="requester-emails">{emails}</dd></div>
            {phone}
            {job}
            {notes}
        </dl>
    }
    .into_any()
}

/// What else they wait for.
fn others(open: Vec<ItemRow>, list: ListStore) -> AnyView {
    let i18n = use_i18n();
    if open.is_empty() {
        return view! { <p class="requester-others-none">{t!(i18n, tickets_no_other_open)}</p> }.into_any();
    }
    let row = move |item: ItemRow| {
        let colour =
            list.catalog.with_untracked(|catalog| change::status_of(catalog, item.status_id).map(|status| status.colour.clone()));
        let name =
            list.catalog.with_untracked(|catalog| change::status_of(catalog, item.status_id).map(|status| i18n.status(status)));
        let href = list.address.with_untracked(|address| address.ticket(item.number));
        let title = name.clone();
        view! {
            <li>
                <a class="other-ticket" href=href title=title>
                    {colour.map(|colour| view! { <StatusDot colour /> })}
                    <span class="sr-only">{name}</span>
                    <span class="ticket-number">"#" {item.number.0}</span>
                    <span class="truncate">{item.title}</span>
                </a>
            </li>
        }
    };
    let rest = open.len().saturating_sub(OTHERS);
    view! {
        <h3 class="section-part">{t!(i18n, tickets_other_open)}</h3>
        <ul class="other-tickets">{open.into_iter().take(OTHERS).map(row).collect_view()}</ul>
        {(rest > 0).then(|| view! { <p class="requester-others-none">{t!(i18n, tickets_and_more, count = rest)}</p> })}
    }
    .into_any()
}
