//! Who follows a ticket: agents (each decides for oneself) and customers, whom agents add and take out.

use super::fields::customer_loader;
use crate::{
    agent::tickets::{open::OpenTicket, store::ListStore},
    api,
    i18n::use_i18n,
    t,
    ui::{ComboOption, Combobox, IconButton, Person, use_toasts},
};
use domain::{customer::CustomerRef, id::CustomerId, item::ItemRights};
use leptos::{prelude::*, task::spawn_local};

/// The followers.
#[component]
pub fn Followers(
    /// The ticket.
    ticket: OpenTicket,
    /// The list beside it.
    list: ListStore,
    /// What the agent may do.
    may: ItemRights,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let set = move |customer: CustomerId, follows: bool| {
        spawn_local(async move {
            match api::items::set_customer_follows(ticket.number, customer, follows).await {
                Ok(detail) => ticket.take(&detail),
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
        });
    };
    let remove = move |customer: CustomerRef| {
        let id = customer.id;
        set(id, false);
        toasts.undoable(t!(i18n, tickets_follower_removed, name = customer.name), move || set(id, true));
    };
    let agents = move || {
        let ids = ticket.shown.with(|shown| shown.following_agents.clone());
        let names = list.catalog.with(|catalog| {
            ids.iter()
                .filter_map(|id| catalog.agents.iter().find(|agent| agent.id == *id).map(|agent| agent.name.clone()))
                .collect::<Vec<_>>()
        });
        names.into_iter().map(|name| view! { <li class="follower"><Person name /></li> }).collect_view().into_any()
    };
    let customer = move |customer: CustomerRef, is_requester: bool| {
        let label = t!(i18n, remove_named, name = customer.name);
        let name = customer.name.clone();
        let button = (may.change && !is_requester)
            .then(|| view! { <IconButton icon="close" label on_click=Callback::new(move |_| remove(customer.clone())) /> });
        view! {
            <li class="follower">
                <Person name />
                {is_requester.then(|| view! { <span class="follower-why">{i18n.name("field", "requester")}</span> })}
                {button}
            </li>
        }
    };
    let customers = move || {
        let (all, requester) = ticket
            .shown
            .with(|shown| (shown.following_customers.clone(), shown.row.requester.as_ref().map(|requester| requester.id)));
        let row = |one: CustomerRef| {
            let is_requester = Some(one.id) == requester;
            customer(one, is_requester)
        };
        all.into_iter().map(row).collect_view().into_any()
    };
    let add = move |options: Vec<ComboOption>| {
        if let Some(id) = options.first().and_then(|option| option.value.parse().ok()) {
            set(id, true);
        }
    };
    view! {
        <section class="followers">
            <h3 class="section-title">{t!(i18n, tickets_followers)}</h3>
            <h4 class="section-part">{t!(i18n, tickets_agents)}</h4>
            <ul>{agents}</ul>
            <h4 class="section-part">{t!(i18n, tickets_customers)}</h4>
            <ul>{customers}</ul>
            {may.change.then(|| view! {
                <Combobox
                    id="followers-add"
                    label=t!(i18n, tickets_follower_add)
                    hide_label=true
                    placeholder=t!(i18n, tickets_follower_add)
                    selected=Signal::derive(Vec::new)
                    load=customer_loader()
                    on_change=Callback::new(add)
                />
            })}
        </section>
    }
    .into_any()
}
