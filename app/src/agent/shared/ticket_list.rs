//! A short list of tickets on the page of a customer or an organization.

use crate::{
    i18n::{Moment, use_i18n},
    state::use_session,
    t,
    ui::StatusBadge,
};
use domain::item::ItemRow;
use leptos::prelude::*;
use leptos_router::components::A;

/// The tickets, latest change first.
#[component]
pub fn TicketList(
    /// The tickets.
    rows: Vec<ItemRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    if rows.is_empty() {
        return view! { <p class="muted">{t!(i18n, people_no_tickets)}</p> }.into_any();
    }
    let session = use_session();
    view! {
        <ul class="tickets-of">
            {rows
                .into_iter()
                .map(|row| {
                    let status = session.status(row.status_id);
                    view! {
                        <li>
                            <A href=format!("/desk/tickets/{}", row.number)>
                                <span class="ticket-list-number">{format!("#{}", row.number)}</span>
                                <span class="truncate">{row.title}</span>
                            </A>
                            {status.map(|status| view! { <StatusBadge status /> })}
                            <Moment at=row.updated_at />
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
