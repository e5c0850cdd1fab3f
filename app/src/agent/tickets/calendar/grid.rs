//! The days: a month in weeks, a week beside each other, or one day.

use super::{
    chip::chip,
    days::{Days, Standing},
    keys,
    moves::Moves,
    names,
    span::Span,
};
use crate::{
    agent::tickets::change,
    i18n::use_i18n,
    plural, t,
    ui::{ErrorState, StatusDot, by_id, on_resize},
};
use domain::{
    calendar::{Date, Unit},
    view::{CalendarDay, Layout},
};
use leptos::prelude::*;

/// The grid.
pub const GRID: &str = "calendar-grid";
/// Heights in pixels: of a row of weekdays, of the head of a day with the room around it, and of a line of it. The styles say the same.
const WEEKDAYS: i32 = 28;
const HEAD: i32 = 34;
const LINE: i32 = 24;
/// Lines for which a day of a month has room at least, and at most as many as it has rows.
const LINES: (i32, i32) = (3, 5);
/// Dots that stand for tickets where a day is small.
const DOTS: usize = 3;

/// The id of a day's cell.
pub fn id_of(day: Date) -> String {
    format!("day-{day}")
}

/// The days, or why they have not come.
pub fn grid(days: Days, moves: Moves) -> AnyView {
    let failed = Memo::new(move |_| match days.standing.get() {
        Standing::Failed(error) => Some(error),
        _ => None,
    });
    let room = RwSignal::new(LINES.1);
    move_room(days, room);
    (move || match failed.get() {
        Some(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| days.load()) /> }.into_any(),
        None => table(days, moves, room),
    })
    .into_any()
}

/// Looks how many lines find room in the days of a month.
fn move_room(days: Days, room: RwSignal<i32>) {
    let look = move || {
        let Some(grid) = by_id(GRID) else { return };
        let weeks = i32::try_from(untrack(|| days.span.get()).rows().len()).unwrap_or(1).max(1);
        let lines = ((grid.client_height() - WEEKDAYS) / weeks - HEAD) / LINE;
        let lines = lines.clamp(LINES.0, LINES.1);
        if room.try_get_untracked().is_some_and(|now| now != lines) {
            room.set(lines);
        }
    };
    Effect::new(move |_| {
        days.span.track();
        request_animation_frame(look);
    });
    Effect::new(move |_| on_resize("calendar", look));
}

fn table(days: Days, moves: Moves, room: RwSignal<i32>) -> AnyView {
    let i18n = use_i18n();
    let span = days.span;
    let waiting = move || matches!(days.standing.get(), Standing::Waiting);
    let first = move || waiting() && days.shown.with(|shown| shown.is_empty());
    let rows = move || span.get().rows().into_iter().map(|row| (span.get(), row)).collect::<Vec<_>>();
    let weekdays = move || {
        let span = span.get();
        (span.scale == Unit::Month).then(|| {
            let weekday = |day: Date| {
                view! { <div role="columnheader" class="calendar-weekday" aria-label=names::long_weekday(i18n, day)>{names::weekday(i18n, day)}</div> }
            };
            view! { <div role="row" class="calendar-weekdays">{span.dates().take(7).map(weekday).collect_view()}</div> }
        })
    };
    let row = move |(span, dates): (Span, Vec<Date>)| {
        let cells = dates.into_iter().map(|day| cell(days, moves, room, span, day)).collect_view();
        view! { <div role="row" class="calendar-row">{cells}</div> }
    };
    view! {
        <div
            id=GRID
            class="calendar-grid"
            class:calendar-first=first
            data-scale=move || span.get().scale.key()
            role="grid"
            aria-label=move || names::title(i18n, span.get())
            aria-busy=move || waiting().then_some("true")
            on:keydown=move |event| keys::in_grid(days, moves, &event)
        >
            {weekdays}
            <For each=rows key=|(span, dates)| (span.scale.key(), span.is_of(dates[0]), dates[0]) children=row />
        </div>
    }
    .into_any()
}

/// A day: its number and how much it holds, and its tickets as far as they find room.
fn cell(days: Days, moves: Moves, room: RwSignal<i32>, span: Span, day: Date) -> AnyView {
    let i18n = use_i18n();
    let holds = Memo::new(move |_| days.day(day));
    let count = move || holds.with(|day| day.as_ref().map_or(0, |day| day.count));
    let lines = move || if span.scale == Unit::Month { usize::try_from(room.get()).unwrap_or(1) } else { usize::MAX };
    let items = move || {
        let all = holds.get().map(|day| day.items).unwrap_or_default();
        // The line that says how many more there are takes the place of one.
        let fit = if usize::try_from(count()).is_ok_and(|count| count > lines()) { lines() - 1 } else { all.len() };
        all.into_iter().take(fit).collect::<Vec<_>>()
    };
    let more = move || count() - i64::try_from(items().len()).unwrap_or_default();
    let label =
        move || t!(i18n, tickets_calendar_day, day = names::day(i18n, day), count = plural!(i18n, tickets_count, count()));
    let is_cursor = move || days.cursor.get() == day;
    let is_today = move || days.today.get() == day;
    let over = move || moves.over.get() == Some(day);
    let (_, _, number) = day.parts();
    let weekday = (span.scale != Unit::Month).then(|| view! { <span class="day-weekday">{names::weekday(i18n, day)}</span> });
    let none = move || {
        let empty = span.scale == Unit::Day && days.standing.get() == Standing::There && count() == 0;
        empty.then(|| view! { <p class="day-none">{t!(i18n, tickets_calendar_none)}</p> })
    };
    view! {
        <div
            role="gridcell"
            id=id_of(day)
            class="calendar-day"
            class:day-other=!span.is_of(day)
            class:day-today=is_today
            class:day-cursor=is_cursor
            class:day-over=move || over() && moves.fits(day)
            class:day-refuses=move || over() && !moves.fits(day)
            tabindex=move || if is_cursor() { "0" } else { "-1" }
            aria-label=label
            aria-selected=move || if is_cursor() { "true" } else { "false" }
            aria-current=move || is_today().then_some("date")
            on:focusin=move |_| days.cursor.set(day)
            on:click=move |_| days.cursor.set(day)
            on:dragover=move |event| moves.drag_over(&event, day)
            on:drop=move |event| moves.drop(&event, day)
        >
            <div class="day-head">
                <a class="day-number" href=move || days.href(Unit::Day, day) tabindex="-1" data-noscroll aria-label=names::day(i18n, day)>
                    {weekday}
                    <span class="day-figure">{number}</span>
                </a>
                <span class="day-count">{move || Some(count()).filter(|count| *count > 0).map(|count| i18n.number(count))}</span>
            </div>
            <div class="day-dots" aria-hidden="true">{move || holds.with(|day| day.as_ref().map(|day| dots(days, day)))}</div>
            <div class="day-items">
                <For each=items key=|dated| dated.row.id children=move |dated| chip(days, moves, day, dated, "-1") />
            </div>
            {move || (more() > 0).then(|| rest(days, span, day, more(), "-1"))}
            {none}
        </div>
    }
    .into_any()
}

/// A few tickets of a day as dots, for small screens.
fn dots(days: Days, day: &CalendarDay) -> AnyView {
    let colours = day.items.iter().take(DOTS).filter_map(|dated| {
        days.list
            .catalog
            .with_untracked(|catalog| change::status_of(catalog, dated.row.status_id).map(|status| status.colour.clone()))
    });
    let rest = day.count - i64::try_from(DOTS).unwrap_or_default();
    view! {
        {colours.map(|colour| view! { <StatusDot colour /> }).collect_view()}
        {(rest > 0).then(|| format!("+{rest}"))}
    }
    .into_any()
}

/// What leads to the tickets that found no room: the day, or more of it, or a table of it.
pub fn rest(days: Days, span: Span, day: Date, more: i64, tab: &'static str) -> AnyView {
    let i18n = use_i18n();
    let text = plural!(i18n, tickets_calendar_more, more);
    if span.scale != Unit::Day {
        return view! { <a class="day-more" href=move || days.href(Unit::Day, day) tabindex=tab data-noscroll>{text}</a> }
            .into_any();
    }
    if days.can_show_more() {
        return view! { <button type="button" class="day-more" tabindex=tab on:click=move |_| days.show_more()>{text}</button> }
            .into_any();
    }
    let href = move || {
        let settings = days.list.settings();
        let filter = format!("{}:{day}", days.by.with(|by| by.field.key().to_owned()));
        days.list.address.with(|address| {
            let mut table = address.dated(settings.calendar.clone(), None, &settings);
            table.layout = (settings.layout != Layout::Table).then_some(Layout::Table);
            table.text = crate::agent::tickets::store::both(&table.text, &filter);
            table.list()
        })
    };
    view! { <a class="day-more" href=href tabindex=tab data-noscroll>{text}</a> }.into_any()
}
