//! A ticket on a day.

use super::{days::Days, moves::Moves};
use crate::{
    agent::tickets::change,
    i18n::{clock_of, use_i18n},
    t,
    ui::{Icon, StatusDot},
};
use domain::{time::Timestamp, types::Category, view::Dated};
use leptos::prelude::*;

/// The time of day, where the person is.
fn time(at: Timestamp) -> String {
    clock_of(at).map(|(_, hour, minute)| format!("{hour:02}:{minute:02}")).unwrap_or_default()
}

/// The link to a ticket, which can be taken elsewhere where that means something.
pub fn chip(days: Days, moves: Moves, dated: Dated) -> AnyView {
    let i18n = use_i18n();
    let list = days.list;
    let Dated { at, row } = dated;
    let number = row.number;
    let status = list.catalog.with_untracked(|catalog| change::status_of(catalog, row.status_id).cloned());
    let name = status.as_ref().map(|status| i18n.status(status)).unwrap_or_default();
    let dot = status.map(|status| view! { <StatusDot colour=status.colour /> });
    let href = move || list.address.with(|address| address.ticket(number));
    let tooltip = format!("#{number} {} – {}, {name}", row.title, time(at));
    let label = t!(i18n, tickets_calendar_move, number = number);
    let elsewhere = move || {
        let label = label.clone();
        moves.possible.get().then(|| {
            view! {
                <button type="button" class="chip-move" tabindex="-1" title=label.clone() aria-label=label on:click=move |_| moves.choosing.set(Some(number))>
                    <Icon name="clock" />
                </button>
            }
        })
    };
    view! {
        <div
            class="day-item"
            class:day-item-open=move || list.open_number.get() == Some(number)
            class:day-item-done=row.category == Category::Done
            data-number=number.to_string()
            draggable=move || moves.possible.get().then_some("true")
            on:dragstart=move |event| moves.begin(&event, number)
            on:dragend=move |_| moves.end()
        >
            <a class="day-link" href=href title=tooltip tabindex="-1" draggable="false" data-noscroll on:click=move |_| list.current.set(Some(number))>
                {dot}
                <span class="day-time">{time(at)}</span>
                <span class="day-ticket">{format!("#{number}")}</span>
                <span class="truncate">{row.title}</span>
                <span class="sr-only">{format!(", {name}")}</span>
            </a>
            {elsewhere}
        </div>
    }
    .into_any()
}
