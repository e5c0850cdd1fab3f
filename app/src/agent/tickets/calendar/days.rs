//! What the calendar shows: which days, and what came of them.

use super::span::Span;
use crate::{
    agent::tickets::store::ListStore,
    api::{self, ApiError, ApiResult, items::ListQuery},
    i18n::{Ticker, clock_of},
    state::{Asked, Fresh},
};
use domain::{
    calendar::{Date, Unit},
    filter::Field,
    id::ItemNumber,
    item::ItemRow,
    limits,
    live::News,
    time::Timestamp,
    view::{CalendarBy, CalendarDay, Dated},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How long what the stream tells is collected before the days are asked for anew.
const SETTLE: Duration = Duration::from_millis(1_200);

/// Where loading stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The days are on their way; of another stretch, or the first ones.
    Waiting,
    /// They have come.
    There,
    /// They have not.
    Failed(ApiError),
}

/// A question for days.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    list: ListQuery,
    field: Field,
    from: Date,
    days: u16,
    each: u16,
}

impl Question {
    async fn ask(self) -> ApiResult<Vec<CalendarDay>> {
        api::items::calendar(self.list, self.field.key().to_owned(), self.from, self.days, self.each).await
    }
}

type Go = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The calendar of a list.
#[derive(Clone, Copy)]
pub struct Days {
    /// The list.
    pub list: ListStore,
    /// By which date, and how much at once.
    pub by: Memo<CalendarBy>,
    /// The days that are seen.
    pub span: Memo<Span>,
    /// The day that it is where the person is.
    pub today: Memo<Date>,
    /// The day at which the keyboard is.
    pub cursor: RwSignal<Date>,
    /// The days that hold anything.
    pub shown: RwSignal<BTreeMap<Date, CalendarDay>>,
    /// Where loading stands.
    pub standing: RwSignal<Standing>,
    /// Whether nothing shall move at the moment, because somebody holds a chip.
    pub held: RwSignal<bool>,
    /// Whether the keyboard is to go to the day that is meant once its page is there.
    pub wants_keyboard: StoredValue<bool>,
    /// How many hundreds of rows of a single day are wanted.
    hundreds: RwSignal<u16>,
    question: Memo<Question>,
    /// Counts questions, so that an answer that comes too late is dropped.
    generation: StoredValue<u64>,
    renewing: Fresh,
    settling: StoredValue<bool>,
    go: StoredValue<Go>,
}

impl Days {
    /// The calendar that the address of a list names. Asks for its days, as long as it is there.
    pub fn new(list: ListStore) -> Self {
        let ticker = use_context::<Ticker>();
        let now = move || ticker.and_then(Ticker::now).and_then(clock_of).map_or(Date(0), |(date, ..)| date);
        let today = Memo::new(move |_| now());
        let by = Memo::new(move |_| list.shown().calendar);
        let day = Memo::new(move |_| list.address.with(|address| address.day).unwrap_or_else(|| today.get()));
        let span = Memo::new(move |_| Span::of(by.with(|by| by.scale), day.get()));
        let hundreds = RwSignal::new(1);
        let question = Memo::new(move |_| {
            let (settings, span, field) = (list.settings(), span.get(), by.with(|by| by.field.clone()));
            let mut query = list.address.with(|address| address.request(&settings, None, 0));
            // Days have an order of their own.
            query.sort.clear();
            Question { list: query, field, from: span.first, days: span.days, each: span.each(hundreds.get()) }
        });
        let days = Self {
            list,
            by,
            span,
            today,
            cursor: RwSignal::new(day.get_untracked()),
            shown: RwSignal::new(BTreeMap::new()),
            standing: RwSignal::new(Standing::Waiting),
            held: RwSignal::new(false),
            wants_keyboard: StoredValue::new(false),
            hundreds,
            question,
            generation: StoredValue::new(0),
            renewing: Fresh::begin(),
            settling: StoredValue::new(false),
            go: StoredValue::new(Arc::new(use_navigate())),
        };
        Effect::watch(move || question.get(), move |_, _, _| days.load(), true);
        Effect::watch(
            move || span.get(),
            move |span, before, _| {
                days.cursor.set(span.day);
                if before.is_some() {
                    hundreds.set(1);
                }
            },
            false,
        );
        days
    }

    /// Asks for the days. What is there stays until they have come.
    pub fn load(self) {
        let generation = self.generation.try_update_value(|generation| {
            *generation += 1;
            *generation
        });
        self.standing.set(Standing::Waiting);
        let question = self.question.get_untracked();
        spawn_local(async move {
            let answer = question.ask().await;
            if self.generation.try_get_value() != generation {
                return;
            }
            match answer {
                Ok(days) => self.take(days),
                Err(error) => self.standing.set(Standing::Failed(error)),
            }
        });
    }

    fn take(self, days: Vec<CalendarDay>) {
        self.shown.set(days.into_iter().map(|day| (day.day, day)).collect());
        self.standing.set(Standing::There);
    }

    /// Takes what the stream tells: a row changes where it is, and the days settle a moment later.
    pub fn hear(self, news: &News) {
        match news {
            News::Item { row, .. } => {
                self.take_row(row);
                self.settle();
            }
            News::Gone { number } => {
                self.take_out(*number);
                self.settle();
            }
            News::Reset => self.settle(),
            _ => {}
        }
    }

    fn take_row(self, row: &ItemRow) {
        let older = |dated: &Dated| dated.row.number == row.number && dated.row.version < row.version;
        if self.shown.with_untracked(|shown| shown.values().any(|day| day.items.iter().any(older))) {
            self.shown.update(|shown| {
                for dated in shown.values_mut().flat_map(|day| &mut day.items).filter(|dated| older(dated)) {
                    dated.row = row.clone();
                }
            });
        }
    }

    /// Soon, once for all that comes together: asks for the days anew.
    pub fn settle(self) {
        if self.settling.try_update_value(|settling| std::mem::replace(settling, true)) != Some(false) {
            return;
        }
        set_timeout(
            move || {
                if self.settling.try_update_value(|settling| *settling = false).is_none() {
                    return;
                }
                if self.held.get_untracked() {
                    self.settle();
                } else {
                    self.renew();
                }
            },
            SETTLE,
        );
    }

    fn renew(self) {
        self.renewing.ask(move || async move {
            let (Some(question), Some(generation)) = (self.question.try_get_untracked(), self.generation.try_get_value()) else {
                return Asked::Refused;
            };
            Asked::of(question.ask().await, move |days| {
                // Another stretch that was asked for meanwhile is new anyway.
                if self.generation.try_get_value() == Some(generation) {
                    self.take(days);
                }
            })
        });
    }

    /// A day as far as it has come. Tracked.
    pub fn day(self, day: Date) -> Option<CalendarDay> {
        self.shown.with(|shown| shown.get(&day).cloned())
    }

    /// A ticket that is shown, and on which day; none if the calendar is gone.
    pub fn find(self, number: ItemNumber) -> Option<(Date, Dated)> {
        let found = self.shown.try_with_untracked(|shown| {
            let of_day = |day: &CalendarDay| day.items.iter().find(|dated| dated.row.number == number).cloned();
            shown.iter().find_map(|(date, day)| of_day(day).map(|dated| (*date, dated)))
        });
        found.flatten()
    }

    fn take_out(self, number: ItemNumber) {
        let Some((date, _)) = self.find(number) else { return };
        self.shown.update(|shown| {
            let Some(day) = shown.get_mut(&date) else { return };
            day.items.retain(|dated| dated.row.number != number);
            day.count -= 1;
            if day.count < 1 {
                shown.remove(&date);
            }
        });
    }

    /// Shows a ticket at another moment, of this day, before the server has said so; unless the calendar is gone.
    pub fn place(self, mut dated: Dated, at: Timestamp, date: Date) {
        if self.shown.try_with_untracked(|_| ()).is_none() {
            return;
        }
        self.take_out(dated.row.number);
        self.renewing.overtaken();
        dated.at = at;
        self.shown.update(|shown| {
            let day = shown.entry(date).or_insert_with(|| CalendarDay { day: date, count: 0, items: Vec::new() });
            let place = day.items.partition_point(|other| (other.at, other.row.id) <= (at, dated.row.id));
            day.items.insert(place, dated);
            day.count += 1;
        });
    }

    /// How many rows more of a single day can be asked for; none where it has to do.
    pub fn can_show_more(self) -> bool {
        self.span.get().scale == Unit::Day && self.span.get().each(self.hundreds.get() + 1) <= limits::CALENDAR_ROWS
    }

    /// Asks for more rows of the day.
    pub fn show_more(self) {
        self.hundreds.update(|hundreds| *hundreds += 1);
    }

    /// The address of this calendar at a day, with the same ticket open as now. Tracked.
    pub fn href(self, scale: Unit, day: Date) -> String {
        let by = CalendarBy { scale, ..self.by.get() };
        self.address(by, day)
    }

    fn address(self, by: CalendarBy, day: Date) -> String {
        let (settings, day) = (self.list.settings(), (day != self.today.get()).then_some(day));
        self.list.address.with(|address| address.dated(by, day, &settings)).beside(self.list.open_number.get())
    }

    /// Goes to a day.
    pub fn show(self, scale: Unit, day: Date) {
        let href = untrack(|| self.href(scale, day));
        self.follow(&href, false);
    }

    /// Goes to the stretch before (or after).
    pub fn turn(self, by: i32) {
        let span = self.span.get_untracked();
        self.show(span.scale, span.turned(by));
    }

    /// Has the tickets stand by another date. What is tried out on the way is not a place to come back to.
    pub fn stand_by(self, field: Field) {
        let href = untrack(|| self.address(CalendarBy { field, ..self.by.get() }, self.cursor.get()));
        self.follow(&href, true);
    }

    fn follow(self, href: &str, replace: bool) {
        let go = self.go.get_value();
        go(href, NavigateOptions { scroll: false, replace, ..NavigateOptions::default() });
    }
}
