//! The line over the days: where one is, how one gets elsewhere, how much is seen, and by which date.

use super::{days::Days, names};
use crate::{
    i18n::use_i18n,
    plural, t,
    ui::{Icon, Menu, MenuItem},
};
use domain::{
    calendar::Unit,
    view::days::{DATES, SCALES},
};
use leptos::prelude::*;

/// The line.
pub fn head(days: Days) -> AnyView {
    let i18n = use_i18n();
    let span = days.span;
    let label = move |before: bool| match (span.get().scale, before) {
        (Unit::Month, true) => t!(i18n, tickets_calendar_month_before),
        (Unit::Month, false) => t!(i18n, tickets_calendar_month_after),
        (Unit::Week, true) => t!(i18n, tickets_calendar_week_before),
        (Unit::Week, false) => t!(i18n, tickets_calendar_week_after),
        (_, true) => t!(i18n, tickets_calendar_day_before),
        (_, false) => t!(i18n, tickets_calendar_day_after),
    };
    let turn = move |icon: &'static str, by: i32| {
        view! {
            <button type="button" class="btn btn-ghost btn-icon" title=move || label(by < 0) aria-label=move || label(by < 0) on:click=move |_| days.turn(by)>
                <Icon name=icon />
            </button>
        }
    };
    let total = move || {
        let span = span.get();
        let of_span = |shown: &std::collections::BTreeMap<_, domain::view::CalendarDay>| {
            shown.values().filter(|day| span.contains(day.day) && span.is_of(day.day)).map(|day| day.count).sum::<i64>()
        };
        plural!(i18n, tickets_count, days.shown.with(of_span))
    };
    let scale = move |scale: Unit| {
        let now = move || if span.get().scale == scale { "true" } else { "false" };
        view! {
            <button type="button" class="segment" aria-pressed=now on:click=move |_| days.show(scale, days.cursor.get_untracked())>
                {i18n.name("period", scale.key())}
            </button>
        }
    };
    let field = move || days.by.with(|by| i18n.name("field", by.field.key()));
    let date = move |field: domain::filter::Field| {
        let name = i18n.name("field", field.key());
        let own = field.clone();
        let chosen = Signal::derive(move || days.by.with(|by| by.field == own));
        view! { <MenuItem chosen on_select=Callback::new(move |()| days.stand_by(field.clone()))>{name}</MenuItem> }
    };
    let today = move |_| days.show(span.get_untracked().scale, days.today.get_untracked());
    view! {
        <header class="calendar-head">
            <button type="button" class="btn btn-small" on:click=today title=format!("{} (T)", t!(i18n, tickets_calendar_today))>
                {t!(i18n, tickets_calendar_today)}
            </button>
            <span class="calendar-turn">{turn("chevron-left", -1)} {turn("chevron-right", 1)}</span>
            <h2 class="calendar-title" aria-live="polite">{move || names::title(i18n, span.get())}</h2>
            <span class="calendar-total" aria-live="polite">{total}</span>
            <span class="calendar-space"></span>
            <Menu
                id="calendar-by"
                label=Signal::derive(move || t!(i18n, tickets_calendar_by, field = field()))
                trigger=ViewFn::from(move || view! { <span class="truncate">{field}</span> <Icon name="chevron-down" /> })
                class="btn btn-ghost btn-small"
                at_end=true
            >
                {DATES.map(date).collect_view()}
            </Menu>
            <div class="segments" role="group" aria-label=t!(i18n, tickets_calendar_scale)>{SCALES.map(scale).collect_view()}</div>
        </header>
    }
    .into_any()
}
