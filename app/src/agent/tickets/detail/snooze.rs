//! Until when a ticket sleeps: later today, tomorrow, next week, or a time that is chosen.

use crate::{
    agent::tickets::acts::{Acts, Put, Sleep, at, sleeps},
    t,
    ui::{Button, Dialog, Look, TextField},
};
use domain::time::Timestamp;
use leptos::prelude::*;

/// The dialog.
#[component]
pub fn SnoozeDialog(
    /// The ticket.
    acts: Acts,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = acts.i18n;
    let until = RwSignal::new(String::new());
    let snooze = move |until: Timestamp| {
        open.set(false);
        acts.put(Put::Snoozed(Some(until)));
    };
    let choice =
        move |(text, time): Sleep| view! { <Button on_click=Callback::new(move |_| snooze(time()))>{text}</Button> }.into_any();
    // What the control holds is a time where the reader is; half a time is none.
    let chosen = move || {
        let date = js_sys::Date::new(&until.get().into());
        (!date.get_time().is_nan()).then(|| at(&date))
    };
    view! {
        <Dialog open title=t!(i18n, tickets_snooze_title)>
            <div class="snooze-choices">
                {sleeps(i18n).map(choice)}
            </div>
            <TextField id="snooze-until" name="until" kind="datetime-local" label=t!(i18n, tickets_snooze_until) value=until />
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
