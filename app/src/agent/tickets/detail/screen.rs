//! `/desk/tickets/:number`: loads a ticket and shows it beside the list.

use super::panel::TicketPanel;
use crate::{
    agent::tickets::store::ListStore,
    api::{self, ApiError},
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
        let i18n = use_i18n();
        let params = use_params_map();
        let number = Memo::new(move |_| params.with(|params| params.get_str("number")?.parse::<ItemNumber>().ok()));
        // Made here, where code runs once: what is inside `Suspense` runs several times on the server, and a resource made there
        // would have another id in the browser.
        let detail = Resource::new(
            move || number.get(),
            |number| async move {
                match number {
                    Some(number) => api::items::get(number).await,
                    None => Err(ApiError::from(Error::not_found())),
                }
            },
        );
        // Another ticket is another panel: nothing of the one before stays.
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
            <Title text=name />
            <section class="ticket-panel" aria-label=label>
                <Suspense fallback=waiting>{body}</Suspense>
            </section>
        }
        .into_any()
    }
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
