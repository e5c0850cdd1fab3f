//! Who a reply goes to, named before it leaves: the requester, the customers who follow, and further addresses.

use crate::{
    agent::tickets::open::OpenTicket,
    i18n::use_i18n,
    t,
    ui::{ComboOption, Combobox},
};
use domain::{customer::CustomerRef, limits, text::normalize_email};
use leptos::prelude::*;

/// The line over the text of a reply.
#[component]
pub fn Recipients(
    /// The ticket.
    ticket: OpenTicket,
    /// Further addresses.
    cc: RwSignal<Vec<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(cc.with_untracked(|cc| !cc.is_empty()));
    let to = move || {
        ticket.shown.with(|shown| match &shown.row.requester {
            Some(requester) => named(requester),
            None => t!(i18n, tickets_no_requester).to_owned(),
        })
    };
    let others = move || {
        ticket.shown.with(|shown| {
            let requester = shown.row.requester.as_ref().map(|requester| requester.id);
            let others: Vec<String> =
                shown.following_customers.iter().filter(|customer| Some(customer.id) != requester).map(named).collect();
            (!others.is_empty()).then(|| t!(i18n, tickets_reply_copies, names = others.join(", ")))
        })
    };
    view! {
        <div class="composer-to">
            <span class="composer-to-label">{t!(i18n, tickets_reply_to)}</span>
            <span class="composer-to-names">{to} {move || others().map(|others| format!(" · {others}"))}</span>
            <button type="button" class="btn btn-ghost btn-small" aria-expanded=move || if open.get() { "true" } else { "false" } on:click=move |_| open.update(|open| *open = !*open)>
                {t!(i18n, tickets_cc)}
            </button>
        </div>
        <Show when=move || open.get()>
            <Addresses id="composer-cc" label=t!(i18n, tickets_cc_label) addresses=cc />
        </Show>
    }
    .into_any()
}

/// Addresses that are typed, each looked at as it comes in.
#[component]
pub fn Addresses(
    /// Id of the field.
    id: &'static str,
    /// What they are for; read out but not shown.
    label: &'static str,
    /// The addresses.
    addresses: RwSignal<Vec<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let wrong = RwSignal::new(None::<String>);
    let selected = Signal::derive(move || {
        addresses.get().into_iter().map(|address| ComboOption::new(address.clone(), address)).collect::<Vec<_>>()
    });
    let changed = move |options: Vec<ComboOption>| {
        let mut good = Vec::new();
        wrong.set(None);
        for option in options {
            match normalize_email(&option.value) {
                Some(address) if good.len() < limits::RECIPIENTS && !good.contains(&address) => good.push(address),
                Some(_) => {}
                None => wrong.set(Some(t!(i18n, tickets_cc_wrong, address = option.value))),
            }
        }
        addresses.set(good);
    };
    view! {
        <Combobox
            id
            label
            hide_label=true
            placeholder=t!(i18n, tickets_cc_placeholder)
            selected
            on_change=Callback::new(changed)
            multiple=true
            create=true
            error=Signal::derive(move || wrong.get())
        />
    }
    .into_any()
}

/// Name and address of a customer.
fn named(customer: &CustomerRef) -> String {
    match &customer.email {
        Some(email) if *email != customer.name => format!("{} <{email}>", customer.name),
        _ => customer.name.clone(),
    }
}
