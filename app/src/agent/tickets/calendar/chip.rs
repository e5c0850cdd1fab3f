//! A ticket on a day.

use super::{days::Days, moves::Moves};
use crate::{
    agent::tickets::change,
    i18n::{clock_of, use_i18n},
    t,
    ui::{Icon, StatusDot},
};
use domain::{
    calendar::Date,
    time::Timestamp,
    types::Category,
    view::{CalendarDay, Dated},
};
use leptos::prelude::*;

/// The time of day, where the person is.
fn time(at: Timestamp) -> String {
    clock_of(at).map(|(_, hour, minute)| format!("{hour:02}:{minute:02}")).unwrap_or_default()
}

/// The link to a ticket of a day, which can be taken elsewhere where that means something. It stays while the ticket changes, and with
/// it the keyboard, which comes to it from the cell of its day (`tab` is `-1`) or by Tab (`0`).
pub fn chip(days: Days, moves: Moves, day: Date, first: Dated, tab: &'static str) -> AnyView {
    let i18n = use_i18n();
    let list = days.list;
    let (id, number) = (first.row.id, first.row.number);
    let shown = Memo::new(move |before: Option<&Dated>| {
        let of_day = |day: &CalendarDay| day.items.iter().find(|dated| dated.row.id == id).cloned();
        let now = days.shown.with(|shown| shown.get(&day).and_then(of_day));
        now.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    let status = Memo::new(move |_| {
        let id = shown.with(|dated| dated.row.status_id);
        list.catalog.with(|catalog| change::status_of(catalog, id).cloned())
    });
    let named = move || status.with(|status| status.as_ref().map(|status| i18n.status(status))).unwrap_or_default();
    let dot = move || status.get().map(|status| view! { <StatusDot colour=status.colour /> });
    let at = move || shown.with(|dated| time(dated.at));
    let title = move || shown.with(|dated| dated.row.title.clone());
    let tooltip = move || format!("#{number} {} – {}, {}", title(), at(), named());
    let href = move || list.address.with(|address| address.ticket(number));
    let elsewhere = move || {
        let label = t!(i18n, tickets_calendar_move, number = number);
        moves.possible.get().then(|| {
            view! {
                <button type="button" class="chip-move" tabindex=tab title=label.clone() aria-label=label on:click=move |_| moves.choosing.set(Some(number))>
                    <Icon name="clock" />
                </button>
            }
        })
    };
    view! {
        <div
            class="day-item"
            class:day-item-open=move || list.open_number.get() == Some(number)
            class:day-item-done=move || shown.with(|dated| dated.row.category == Category::Done)
            data-number=number.to_string()
            draggable=move || moves.possible.get().then_some("true")
            on:dragstart=move |event| moves.begin(&event, number)
            on:dragend=move |_| moves.end()
        >
            <a class="day-link" href=href title=tooltip tabindex=tab draggable="false" data-noscroll on:click=move |_| list.current.set(Some(number))>
                {dot}
                <span class="day-time">{at}</span>
                <span class="day-ticket">{format!("#{number}")}</span>
                <span class="truncate">{title}</span>
                <span class="sr-only">{move || format!(", {}", named())}</span>
            </a>
            {elsewhere}
        </div>
    }
    .into_any()
}
