//! Until when tickets sleep: later today, tomorrow, next week, or a time that is chosen.

use crate::{
    i18n::use_i18n,
    t,
    ui::{Button, Dialog, Look, TextField},
};
use domain::time::{HOUR, Timestamp};
use leptos::prelude::*;

/// The hour at which days of work begin.
const MORNING: u32 = 9;

/// So many days from today, in the morning, where the reader is.
fn morning(days: u32) -> Timestamp {
    let now = js_sys::Date::new_0();
    now.set_date(now.get_date() + days);
    now.set_hours(MORNING);
    now.set_minutes(0);
    now.set_seconds(0);
    now.set_milliseconds(0);
    at(&now)
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds of our time are far below 2⁵³")]
fn at(date: &js_sys::Date) -> Timestamp {
    Timestamp(date.get_time() as i64)
}

/// Days until the Monday after this week.
fn next_week() -> u32 {
    let today = js_sys::Date::new_0().get_day();
    (7 - today) % 7 + 1
}

/// The dialog.
#[component]
pub fn SnoozeDialog(
    /// The identifier of the control for a time.
    id: &'static str,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What is done with the time.
    choose: Callback<Timestamp>,
) -> impl IntoView {
    let i18n = use_i18n();
    let until = RwSignal::new(String::new());
    let snooze = move |until: Timestamp| {
        open.set(false);
        choose.run(until);
    };
    let choice = move |text: &'static str, time: fn() -> Timestamp| {
        view! { <Button on_click=Callback::new(move |_| snooze(time()))>{text}</Button> }.into_any()
    };
    // What the control holds is a time where the reader is; half a time is none.
    let chosen = move || {
        let date = js_sys::Date::new(&until.get().into());
        (!date.get_time().is_nan()).then(|| at(&date))
    };
    view! {
        <Dialog open title=t!(i18n, tickets_snooze_title)>
            <div class="snooze-choices">
                {choice(t!(i18n, tickets_snooze_later), || at(&js_sys::Date::new_0()).plus(3 * HOUR))}
                {choice(t!(i18n, tickets_snooze_tomorrow), || morning(1))}
                {choice(t!(i18n, tickets_snooze_week), || morning(next_week()))}
            </div>
            <TextField id name="until" kind="datetime-local" label=t!(i18n, tickets_snooze_until) value=until />
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button
                    look=Look::Primary
                    disabled=Signal::derive(move || chosen().is_none())
                    on_click=Callback::new(move |_| {
                        if let Some(until) = untrack(chosen) {
                            snooze(until);
                        }
                    })
                >
                    {t!(i18n, tickets_snooze_do)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
