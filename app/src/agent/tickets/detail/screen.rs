//! `/desk/tickets/:number`: loads a ticket and shows it beside the list.

use super::panel::TicketPanel;
use crate::{
    agent::tickets::store::ListStore,
    api,
    i18n::use_i18n,
    t,
    ui::{ErrorState, LinkButton, Skeleton},
};
use domain::{Error, id::ItemNumber};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/desk/tickets/:number`: one ticket.
pub struct TicketScreen;

impl TicketScreen {
    /// Begins to load what the screen shows.
    pub fn data() -> Self {
        Self
    }
    /// The screen.
    pub fn view(this: Self) -> AnyView {
        let _ = this;
        let Some(list) = use_context::<ListStore>() else { return ().into_any() };
        let params = use_params_map();
        let number = Memo::new(move |_| params.with(|params| params.get_str("number")?.parse::<ItemNumber>().ok()));
        // Another ticket is another panel: nothing of the one before stays.
        let panel = move || match number.get() {
            Some(number) => view! { <Loader number list /> }.into_any(),
            None => view! { <section class="ticket-panel"><Failed list error=Error::not_found() /></section> }.into_any(),
        };
        panel.into_any()
    }
}

/// Loads the ticket.
#[component]
fn Loader(number: ItemNumber, list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let detail = Resource::new(|| (), move |()| api::items::get(number));
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(detail) => view! { <TicketPanel detail list /> }.into_any(),
                Err(error) => {
                    let retry = Callback::new(move |()| detail.refetch());
                    view! { <Failed list error=error.0 retry /> }.into_any()
                }
            }
        })
    };
    // What the list knows already stands there at once.
    let known = move || list.row(number).map(|row| row.title).unwrap_or_default();
    view! {
        <section class="ticket-panel" aria-label=t!(i18n, ticket_number, number = number)>
            <Title text=format!("#{number}") />
            <Suspense fallback=move || {
                view! {
                    <div class="ticket-top"><span class="ticket-number">"#" {number.0}</span></div>
                    <p class="ticket-title ticket-title-waiting">{known()}</p>
                    <div class="ticket-body"><Skeleton lines=9 /></div>
                }
            }>{body}</Suspense>
        </section>
    }
    .into_any()
}

/// It could not be shown: why, and the way back.
#[component]
fn Failed(list: ListStore, error: Error, #[prop(optional)] retry: Option<Callback<()>>) -> impl IntoView {
    let i18n = use_i18n();
    let back = list.address.with_untracked(|address| address.list());
    let state = match retry {
        Some(retry) => view! { <ErrorState error retry /> }.into_any(),
        None => view! { <ErrorState error /> }.into_any(),
    };
    view! {
        <div class="ticket-body">
            {state}
            <div class="state-actions"><LinkButton href=back icon="arrow-left">{t!(i18n, tickets_back_to_list)}</LinkButton></div>
        </div>
    }
    .into_any()
}
