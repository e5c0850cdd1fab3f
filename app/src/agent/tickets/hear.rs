//! What the list does with what the live updates tell: rows change where they are, what is new waits to be asked for, and numbers
//! and rows that no longer belong here settle a moment later, once for all that comes together.

use super::{change, list::GRID, open::OpenTicket, store::ListStore};
use crate::ui::by_id;
use domain::{
    item::ItemRow,
    live::{Happening, News},
};
use leptos::prelude::*;
use std::{collections::BTreeSet, time::Duration};

/// How long what the stream tells is collected before the numbers are asked for anew.
const SETTLE: Duration = Duration::from_millis(400);

impl ListStore {
    /// Takes what the stream tells.
    pub fn hear(self, news: &News) {
        match news {
            News::Item { row, what } => self.hear_of(row, what),
            News::Gone { number } => {
                self.fresh.update(|fresh| {
                    fresh.remove(number);
                });
                self.take_out(&BTreeSet::from([*number]));
                self.gone.set(Some(*number));
                self.settle();
            }
            News::Reset => {
                self.renew();
                self.count_views();
                if let Some(open) = self.open.get_untracked() {
                    open.refresh();
                }
            }
            // Who is where is heard for the whole application.
            News::Ticket { .. } | News::Presence(_) | News::Names | News::Ended | News::Beat => {}
        }
    }

    /// A ticket is there to hear what happens to it; what was told before it was there is asked for.
    pub fn catch_up(self, ticket: OpenTicket) {
        let missed = self.missed.try_update_value(Option::take).flatten();
        if missed == Some(ticket.number) {
            ticket.refresh();
        }
    }

    fn hear_of(self, row: &ItemRow, what: &[Happening]) {
        let number = row.number;
        let open = self.open.get_untracked().filter(|open| open.number == number);
        if open.is_none() && self.open_number.get_untracked() == Some(number) {
            self.missed.set_value(Some(number));
        }
        match (&open, self.row(number)) {
            // It takes the row with the rest, and keeps on it what is not confirmed yet.
            (Some(open), _) => open.hear(row.version, what),
            (None, Some(shown)) if shown.version > row.version => {}
            (None, Some(_)) => self.take_row(row),
            (None, None) => {
                let belongs = self.address.with_untracked(|address| {
                    address.search.is_empty() && self.me.with_untracked(|me| change::fits(address.view, row, me))
                });
                self.fresh.update(|fresh| {
                    if belongs {
                        fresh.insert(number);
                    } else {
                        fresh.remove(&number);
                    }
                });
            }
        }
        self.settle();
    }

    /// Soon, once for all that comes together: counts anew, and lets rows go that no longer belong here, unless somebody points
    /// at the list.
    fn settle(self) {
        if self.settling.get_value() {
            return;
        }
        self.settling.set_value(true);
        set_timeout(
            move || {
                if self.settling.try_update_value(|settling| *settling = false).is_none() {
                    return;
                }
                self.count_views();
                self.count_total();
                let pointed_at = by_id(GRID).and_then(|list| list.matches(":hover").ok()).unwrap_or_default();
                if !pointed_at {
                    self.tidy();
                }
            },
            SETTLE,
        );
    }
}
