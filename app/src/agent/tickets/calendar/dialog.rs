//! Another day for a ticket, for who does not drag.

use super::{days::Days, moves::Moves};
use crate::{
    i18n::use_i18n,
    t,
    ui::{Button, Dialog, Look, TextField},
};
use domain::calendar::Date;
use leptos::prelude::*;

/// The dialog, open while a ticket is chosen.
pub fn dialog(days: Days, moves: Moves) -> AnyView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let day = RwSignal::new(String::new());
    Effect::watch(
        move || moves.choosing.get(),
        move |number, _, _| {
            if let Some((from, _)) = number.and_then(|number| days.find(number)) {
                day.set(from.to_string());
                open.set(true);
            }
        },
        false,
    );
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                moves.choosing.set(None);
            }
        },
        false,
    );
    let chosen = move || day.with(|day| day.parse::<Date>().ok());
    let put = move |_| {
        if let (Some(number), Some(day)) = (moves.choosing.get_untracked(), untrack(chosen)) {
            open.set(false);
            moves.put(number, day);
        }
    };
    let title = move || moves.choosing.get().map(|number| t!(i18n, tickets_calendar_move, number = number)).unwrap_or_default();
    view! {
        <Dialog open title=Signal::derive(title)>
            <TextField id="calendar-move-day" name="day" kind="date" label=t!(i18n, tickets_calendar_move_day) value=day />
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| open.set(false))>{t!(i18n, cancel)}</Button>
                <Button look=Look::Primary disabled=Signal::derive(move || chosen().is_none()) on_click=Callback::new(put)>
                    {t!(i18n, tickets_calendar_move_do)}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
