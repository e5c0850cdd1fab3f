//! `/desk/tickets/:number`: loads a ticket and shows it beside the list.

use super::panel::TicketPanel;
use crate::{
    agent::tickets::store::ListStore,
    api::{self, ApiError},
    i18n::use_i18n,
    t,
    ui::{ErrorState, LinkButton, Skeleton},
};
use domain::{Error, id::ItemNumber, item::ItemDetail};
use leptos::{prelude::*, task::spawn_local};
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
        // Only the first ticket comes with the page. A panel must not stand inside a `Suspend` that runs again: its signals would be
        // gone while what it shows still listens.
        let beginning = number.get_untracked();
        let first = Resource::new(|| (), move |()| ask(beginning));
        let shown = RwSignal::new(None::<Shown>);
        let current = number;
        let load = move |number: Option<ItemNumber>| {
            shown.set(None);
            spawn_local(async move {
                let answer = ask(number).await;
                // An answer that comes after somebody went on is dropped.
                if current.try_get_untracked() == Some(number) {
                    let _ = shown.try_set(Some(Shown { number, answer }));
                }
            });
        };
        Effect::watch(move || number.get(), move |now, _, _| load(*now), false);
        let panel = move |one: Shown| match one.answer {
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
        let body = move || {
            Suspend::new(async move {
                let answer = first.await;
                if number.get_untracked() == beginning && shown.with_untracked(Option::is_none) {
                    shown.set(Some(Shown { number: beginning, answer }));
                }
                view! {
                    <For each=move || shown.get() key=|one| one.number let:one>
                        {panel(one)}
                    </For>
                    <Show when=move || shown.with(Option::is_none)>{waiting}</Show>
                }
                .into_any()
            })
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

/// The ticket that is shown, or why it is not.
#[derive(Clone)]
struct Shown {
    number: Option<ItemNumber>,
    answer: Result<ItemDetail, ApiError>,
}

/// Asks for a ticket; an address without a number is one of nothing.
async fn ask(number: Option<ItemNumber>) -> Result<ItemDetail, ApiError> {
    match number {
        Some(number) => api::items::get(number).await,
        None => Err(ApiError::from(Error::not_found())),
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
