//! The calendar: the items of a list by one of their dates, in months, weeks and days. A part of its own, which comes when a
//! calendar is first shown.

mod chip;
mod days;
mod dialog;
mod grid;
mod head;
mod keys;
mod moves;
mod names;
mod span;

use super::{list::Bulk, store::ListStore};
use crate::{
    i18n::use_i18n,
    state::on_news,
    t,
    ui::{focus, use_toasts},
};
use chip::chip;
use days::Days;
use domain::calendar::Unit;
use leptos::prelude::*;
use moves::Moves;

/// Draws a calendar of a list.
#[lazy]
pub fn calendar() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(list: ListStore, _bulk: Bulk) -> AnyView {
    let i18n = use_i18n();
    let days = Days::new(list);
    let moves = Moves::new(days, use_toasts(), i18n);
    // What the keyboard was at in another layout is not seen here, and nothing shall be done with it.
    list.selected.update(std::collections::BTreeSet::clear);
    list.current.set(None);
    keys::listen(days, i18n);
    on_news(move |_, text| {
        if let Ok(news) = serde_json::from_str(text) {
            days.hear(&news);
        }
    });
    // Who turned the page by keyboard goes on from there.
    Effect::watch(
        move || days.span.get(),
        move |span, _, _| {
            if days.wants_keyboard.try_update_value(std::mem::take) == Some(true) {
                let cell = grid::id_of(span.day);
                request_animation_frame(move || focus(&cell));
            }
        },
        false,
    );
    let month = Memo::new(move |_| days.span.get().scale == Unit::Month);
    view! {
        <div id="calendar" class="calendar">
            {head::head(days)}
            {grid::grid(days, moves)}
            {move || month.get().then(|| agenda(days, moves))}
            {dialog::dialog(days, moves)}
        </div>
    }
    .into_any()
}

/// The tickets of the day that is chosen, under a month in which they find no room.
fn agenda(days: Days, moves: Moves) -> AnyView {
    let i18n = use_i18n();
    let chosen = move || days.day(days.cursor.get());
    let items = move || {
        let items = chosen().map(|day| day.items.into_iter().map(move |dated| (day.day, dated)).collect::<Vec<_>>());
        items.unwrap_or_default()
    };
    let more = move || chosen().map_or(0, |day| day.count - i64::try_from(day.items.len()).unwrap_or_default());
    view! {
        <section class="calendar-agenda" aria-label=move || names::day(i18n, days.cursor.get())>
            <h3 class="agenda-day">{move || names::day(i18n, days.cursor.get())}</h3>
            <For each=items key=|(day, dated)| (*day, dated.row.id) children=move |(day, dated)| chip(days, moves, day, dated, "0") />
            {move || (more() > 0).then(|| grid::rest(days, days.span.get(), days.cursor.get(), more(), "0"))}
            {move || chosen().is_none().then(|| view! { <p class="agenda-none">{t!(i18n, tickets_calendar_none)}</p> })}
        </section>
    }
    .into_any()
}
