//! Moving tickets to another day: by dragging, with Shift and the arrow keys, and in a dialog. Only until when a ticket sleeps can be
//! chosen; the other dates are facts.

use super::{days::Days, names, span::later};
use crate::{
    api,
    i18n::{I18n, clock_of},
    t,
    ui::Toasts,
};
use domain::{
    calendar::Date,
    filter::Field,
    id::ItemNumber,
    limits,
    time::{DAY, HOUR, MINUTE, Timestamp},
    view::Dated,
};
use leptos::{ev, prelude::*, task::spawn_local};

/// What moves tickets.
#[derive(Clone, Copy)]
pub struct Moves {
    /// The day under the chip that is dragged.
    pub over: RwSignal<Option<Date>>,
    /// The ticket for which another day is chosen in the dialog.
    pub choosing: RwSignal<Option<ItemNumber>>,
    /// Whether tickets can be moved at all.
    pub possible: Memo<bool>,
    dragged: RwSignal<Option<ItemNumber>>,
    days: Days,
    toasts: Toasts,
    i18n: I18n,
}

/// The same time of day, where the person is, so many days later.
fn moved(at: Timestamp, by: i32) -> Timestamp {
    let then = at.plus(i64::from(by) * DAY);
    let minutes = |at| clock_of(at).map(|(_, hour, minute)| i64::from(hour) * 60 + i64::from(minute));
    let (Some(is), Some(was)) = (minutes(then), minutes(at)) else { return then };
    then.plus(ahead(was - is) * MINUTE)
}

/// How far a clock is to be put, in minutes, if it is so many ahead: no further than half a day, since midnight may lie between.
fn ahead(minutes: i64) -> i64 {
    let half = 12 * HOUR / MINUTE;
    (minutes + half).rem_euclid(2 * half) - half
}

impl Moves {
    /// Nothing moves yet.
    pub fn new(days: Days, toasts: Toasts, i18n: I18n) -> Self {
        let possible =
            Memo::new(move |_| days.by.with(|by| by.field == Field::Snoozed) && days.list.me.with(|me| me.role.works()));
        let (over, choosing, dragged) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
        Self { over, choosing, possible, dragged, days, toasts, i18n }
    }

    /// A chip is taken.
    pub fn begin(self, event: &ev::DragEvent, number: ItemNumber) {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &format!("#{number}"));
            data.set_effect_allowed("move");
        }
        self.days.held.set(true);
        self.dragged.set(Some(number));
    }

    /// It is over a day, which takes it or not.
    pub fn drag_over(self, event: &ev::DragEvent, day: Date) {
        if self.dragged.get_untracked().is_none() {
            return;
        }
        if untrack(|| self.fits(day)) {
            event.prevent_default();
        }
        if self.over.get_untracked() != Some(day) {
            self.over.set(Some(day));
        }
    }

    /// It was let go, wherever.
    pub fn end(self) {
        self.days.held.set(false);
        self.over.set(None);
        self.dragged.set(None);
    }

    /// It was let go over a day.
    pub fn drop(self, event: &ev::DragEvent, day: Date) {
        event.prevent_default();
        let dragged = self.dragged.get_untracked();
        self.end();
        if let Some(number) = dragged {
            self.put(number, day);
        }
    }

    /// Whether a day takes the chip that is dragged. Tracked.
    pub fn fits(self, day: Date) -> bool {
        let dragged = self.dragged.get().and_then(|number| self.days.find(number));
        dragged.is_some_and(|(from, dated)| from == day || can_be(moved(dated.at, day.0 - from.0)))
    }

    /// Moves a ticket by so many days; answers where it stands then.
    pub fn step(self, number: ItemNumber, by: i32) -> Option<Date> {
        let (from, _) = self.days.find(number)?;
        self.put(number, later(from, by));
        self.days.find(number).map(|(day, _)| day)
    }

    /// Moves a ticket to a day.
    pub fn put(self, number: ItemNumber, day: Date) {
        let Some((from, dated)) = self.days.find(number).filter(|(from, _)| *from != day) else { return };
        if !self.possible.get_untracked() {
            return;
        }
        let at = moved(dated.at, day.0 - from.0);
        if !can_be(at) {
            return self.toasts.error(t!(self.i18n, tickets_calendar_refused, days = limits::SNOOZE_DAYS));
        }
        self.send(dated, (at, day), true);
    }

    /// Sends a ticket to sleep until a moment of a day, and offers to take it back to where it was.
    fn send(self, dated: Dated, (at, day): (Timestamp, Date), undoable: bool) {
        let number = dated.row.number;
        let from = self.days.find(number).map_or(day, |(from, _)| from);
        self.days.place(dated.clone(), at, day);
        spawn_local(async move {
            match api::actions::snooze(number, Some(at)).await {
                Ok(detail) => {
                    self.days.list.take(&detail);
                    if undoable {
                        let text = t!(self.i18n, tickets_calendar_moved, number = number, day = names::day(self.i18n, day));
                        let (was, now) = (dated.at, Dated { at, row: detail.row });
                        self.toasts.undoable(text, move || self.send(now.clone(), (was, from), false));
                    }
                }
                Err(error) => {
                    self.days.place(dated.clone(), dated.at, from);
                    self.days.settle();
                    self.toasts.error(self.i18n.error_at_once(&error.0));
                }
            }
        });
    }
}

/// Whether a ticket may sleep until then.
fn can_be(at: Timestamp) -> bool {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of our time are far below 2⁵³")]
    let now = Timestamp(js_sys::Date::now() as i64);
    at > now && at <= now.plus(limits::SNOOZE_DAYS * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_put_the_short_way() {
        for (given, is) in [(0, 0), (60, 60), (-60, -60), (23 * 60, -60), (-23 * 60, 60)] {
            assert_eq!(ahead(given), is);
        }
    }
}
