//! What is done with a whole ticket that can be taken back: putting it away, and to sleep.

use super::store::ListStore;
use crate::{
    api,
    i18n::{I18n, use_i18n},
    t,
    ui::{Toasts, use_toasts},
};
use domain::{
    action::Away,
    id::ItemNumber,
    item::ItemDetail,
    time::{HOUR, Timestamp},
};
use leptos::{prelude::*, task::spawn_local};

/// Where a ticket is put.
#[derive(Debug, Clone, Copy)]
pub enum Put {
    /// Among what is deleted, or back.
    Deleted(bool),
    /// Among spam, or back.
    Spam(bool),
    /// To sleep until then, or awake.
    Snoozed(Option<Timestamp>),
}

/// What is asked of the server about one ticket, also when it is no longer open.
#[derive(Clone, Copy)]
pub struct Acts {
    /// The ticket.
    pub number: ItemNumber,
    /// The list that it is in.
    pub list: ListStore,
    /// Where it is said what was done.
    pub toasts: Toasts,
    /// In the language of the person.
    pub i18n: I18n,
}

impl Acts {
    /// For a ticket of a list.
    #[must_use]
    pub fn new(number: ItemNumber, list: ListStore) -> Self {
        Self { number, list, toasts: use_toasts(), i18n: use_i18n() }
    }

    /// Puts the ticket away, or brings it back, and offers to take that back.
    pub fn put(self, put: Put) {
        let Some(before) = self.away() else { return };
        let back = match put {
            Put::Deleted(_) => Put::Deleted(before.deleted_at.is_some()),
            Put::Spam(_) => Put::Spam(before.spam),
            Put::Snoozed(_) => Put::Snoozed(before.snoozed_until),
        };
        self.send(put, Some(back));
    }

    /// Where the ticket lies now.
    fn away(self) -> Option<Away> {
        let open = self.list.open.get_untracked().filter(|open| open.number == self.number);
        let of_row = || self.list.row(self.number).map(|row| row.away);
        open.map(|open| open.shown.with_untracked(|shown| shown.row.away)).or_else(of_row)
    }

    fn send(self, put: Put, back: Option<Put>) {
        let number = self.number;
        spawn_local(async move {
            let answer = match put {
                Put::Deleted(deleted) => api::actions::delete(number, deleted).await,
                Put::Spam(spam) => api::actions::spam(number, spam).await,
                Put::Snoozed(until) => api::actions::snooze(number, until).await,
            };
            match answer {
                Ok(detail) => {
                    self.took(&detail);
                    match back {
                        Some(back) => self.toasts.undoable(self.said(put), move || self.send(back, None)),
                        None => self.list.bring_back(number),
                    }
                }
                Err(error) => self.toasts.error(self.i18n.error_at_once(&error.0)),
            }
        });
    }

    /// Takes how a ticket stands now.
    pub fn took(self, detail: &ItemDetail) {
        self.list.take(detail);
        self.list.tidy();
    }

    fn said(self, put: Put) -> String {
        let (i18n, number) = (self.i18n, self.number);
        match put {
            Put::Deleted(true) => t!(i18n, ticket_deleted, number = number),
            Put::Deleted(false) => t!(i18n, ticket_restored, number = number),
            Put::Spam(true) => t!(i18n, ticket_is_spam, number = number),
            Put::Spam(false) => t!(i18n, ticket_is_no_spam, number = number),
            Put::Snoozed(Some(_)) => t!(i18n, ticket_snoozed, number = number),
            Put::Snoozed(None) => t!(i18n, ticket_woken, number = number),
        }
    }
}

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

/// A date of the browser.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of our time are far below 2⁵³")]
#[must_use]
pub fn at(date: &js_sys::Date) -> Timestamp {
    Timestamp(date.get_time() as i64)
}

/// Days until the Monday after this week.
fn next_week() -> u32 {
    let today = js_sys::Date::new_0().get_day();
    (7 - today) % 7 + 1
}

/// A time until which tickets sleep: what it is called, and when that is from now.
pub type Sleep = (&'static str, fn() -> Timestamp);

/// Until when a ticket is usually put to sleep.
#[must_use]
pub fn sleeps(i18n: I18n) -> [Sleep; 3] {
    [
        (t!(i18n, tickets_snooze_later), || at(&js_sys::Date::new_0()).plus(3 * HOUR)),
        (t!(i18n, tickets_snooze_tomorrow), || morning(1)),
        (t!(i18n, tickets_snooze_week), || morning(next_week())),
    ]
}
