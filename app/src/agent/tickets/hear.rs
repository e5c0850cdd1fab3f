//! What the list does with what the live updates tell: rows change where they are, what is new waits to be asked for, and numbers
//! and rows that no longer belong here settle a moment later, once for all that comes together.

use super::{change, list::GRID, open::OpenTicket, store::ListStore};
use crate::{
    api::{self, items::ListQuery},
    ui::by_id,
};
use domain::{
    id::ItemNumber,
    item::ItemRow,
    limits,
    live::{Happening, News},
    view::{SystemView, ViewKey},
};
use leptos::{prelude::*, task::spawn_local};
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
                // Which group it was in, and what that counts now, only the server says.
                if self.is_grouped() {
                    self.touched.update_value(|touched| {
                        touched.insert(*number);
                    });
                }
                self.gone.set(Some(*number));
                self.settle();
            }
            News::Reset => {
                self.renew();
                self.renew_views();
                self.count_views();
                if let Some(open) = self.open.get_untracked() {
                    open.refresh();
                }
            }
            // Who is where is heard for the whole application.
            News::Names => self.renew_views(),
            News::Ticket { .. } | News::Presence(_) | News::Ended | News::Beat => {}
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
            (None, None) => {}
        }
        match self.plain_view() {
            Some(view) => {
                let belongs = self.me.with_untracked(|me| change::fits(view, row, me));
                self.note_fresh(number, belongs);
            }
            None => self.touched.update_value(|touched| {
                touched.insert(number);
            }),
        }
        self.settle();
    }

    /// The view that the list shows, if it is one whose rows are told from others here: one that every workspace has, as it is and not
    /// in groups.
    pub(super) fn plain_view(self) -> Option<SystemView> {
        let address = self.address.get_untracked();
        match address.view {
            ViewKey::System(view) if address.filter.is_none() && address.text.is_empty() && !self.is_grouped() => Some(view),
            _ => None,
        }
    }

    /// A ticket belongs here, or it does not. If it is not here yet it waits to be asked for.
    fn note_fresh(self, number: ItemNumber, belongs: bool) {
        let waits = belongs && self.place(number).is_none();
        if self.fresh.with_untracked(|fresh| fresh.contains(&number)) != waits {
            self.fresh.update(|fresh| {
                if waits {
                    fresh.insert(number);
                } else {
                    fresh.remove(&number);
                }
            });
        }
    }

    /// Asks which of the tickets that something has happened to belong here.
    fn sort_out(self, pointed_at: bool) {
        let touched = self.touched.try_update_value(std::mem::take).unwrap_or_default();
        if touched.is_empty() {
            return;
        }
        if self.is_grouped() {
            if pointed_at {
                self.fresh.update(|fresh| fresh.extend(&touched));
            } else {
                self.renew_groups();
            }
            return;
        }
        let numbers = touched.iter().take(usize::from(limits::PAGE)).copied().collect();
        let query = ListQuery { numbers, ..self.query(None, limits::PAGE) };
        let generation = self.generation();
        spawn_local(async move {
            let answer = api::items::list(query).await;
            if !self.is(generation) {
                return;
            }
            let Ok(page) = answer else {
                // Asked again with whatever happens next, and by the reset after the connection is back.
                self.touched.update_value(|waiting| waiting.extend(&touched));
                return;
            };
            let here: BTreeSet<ItemNumber> = page.rows.iter().map(|row| row.number).collect();
            for number in &touched {
                self.note_fresh(*number, here.contains(number));
            }
            if !pointed_at {
                self.let_go(&touched.difference(&here).copied().collect());
            }
        });
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
                self.add_up();
                let pointed_at = by_id(GRID).and_then(|list| list.matches(":hover").ok()).unwrap_or_default();
                if !pointed_at {
                    self.tidy();
                }
                self.sort_out(pointed_at);
            },
            SETTLE,
        );
    }
}
