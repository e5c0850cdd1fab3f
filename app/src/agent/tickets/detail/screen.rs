//! `/desk/tickets/:number`: loads a ticket and shows it beside the list.

use super::panel::TicketPanel;
use crate::{
    agent::tickets::store::{ListStore, LoadedTicket},
    i18n::use_i18n,
    t,
    ui::{ErrorState, LinkButton, PageTitle, Skeleton},
};
use domain::{Error, id::ItemNumber};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

/// `/desk/tickets/:number`: one ticket.
#[component]
pub fn TicketScreen() -> impl IntoView {
    let Some(list) = use_context::<ListStore>() else { return ().into_any() };
    let i18n = use_i18n();
    let params = use_params_map();
    let number = Memo::new(move |_| params.with(|params| params.get_str("number")?.parse::<ItemNumber>().ok()));
    let shown = RwSignal::new(list.first_ticket(number.get_untracked()));
    let load = move |number: Option<ItemNumber>| {
        shown.set(None);
        spawn_local(async move {
            let loaded = LoadedTicket::load(number).await;
            // An answer that comes after somebody went on is dropped.
            if shown.try_get_untracked().is_some() && list.open_number.try_get_untracked() == Some(number) {
                shown.set(Some(loaded));
            }
        });
    };
    Effect::watch(
        move || number.get(),
        move |now, _, _| {
            if shown.with_untracked(|shown| shown.as_ref().is_none_or(|shown| shown.number != *now)) {
                load(*now);
            }
        },
        true,
    );
    // Who may no longer see it is told so, as if they had come anew.
    Effect::watch(
        move || list.gone.get(),
        move |gone, _, _| {
            if gone.is_some() && *gone == number.get_untracked() {
                load(*gone);
            }
        },
        false,
    );
    let panel = move |one: LoadedTicket| match one.answer {
        Ok(detail) => view! { <TicketPanel detail list /> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| load(one.number));
            view! { <Failed list error=error.0 retry /> }.into_any()
        }
    };
    // What the list knows already stands there at once.
    let waiting = move || {
        let number = number.get();
        let title = number.and_then(|number| list.row(number)).map(|row| row.title);
        view! {
            <div class="ticket-top"><span class="ticket-number">{number.map(|number| format!("#{number}"))}</span></div>
            <p class="ticket-title ticket-title-waiting">{title}</p>
            <div class="ticket-body"><Skeleton lines=9 /></div>
        }
        .into_any()
    };
    let name = move || number.get().map(|number| format!("#{number}")).unwrap_or_default();
    let label = move || number.get().map(|number| t!(i18n, ticket_number, number = number));
    view! {
        <PageTitle text=name />
        <section class="ticket-panel" aria-label=label>
            <For each=move || shown.get() key=|one| one.number let:one>
                {panel(one)}
            </For>
            <Show when=move || shown.with(Option::is_none)>{waiting}</Show>
        </section>
    }
    .into_any()
}

/// It could not be shown: why, and the way back.
#[component]
fn Failed(list: ListStore, error: Error, retry: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let back = list.address.with_untracked(|address| address.list());
    view! {
        <div class="ticket-body">
            <ErrorState error retry />
            <div class="state-actions"><LinkButton href=back icon="arrow-left">{t!(i18n, tickets_back_to_list)}</LinkButton></div>
        </div>
    }
    .into_any()
}
