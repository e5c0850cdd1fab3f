//! What cards draw, in SVG of our own. What is shown by length, height or size also stands there as a number; each group leads to its
//! tickets.

use super::{
    Go,
    card::measured,
    scale::{self, middle, path, percent, thousandths, ticks},
};
use crate::{
    agent::tickets::{
        list::group_look,
        store::{ListStore, both},
    },
    api::cards::{Slice, Slices},
    i18n::{I18n, rounded},
    t,
};
use domain::view::{Card, CardKind, Measure, Take};
use leptos::prelude::*;
use leptos_router::NavigateOptions;

/// Most names along the bottom of a line, and of one in a narrow card.
const NAMED: usize = 5;
const NAMED_NARROW: usize = 3;
/// A line through no more places has a point at each of them.
const POINTS: usize = 60;
/// Room between the parts of a ring, in thousandths of it.
const GAP: i64 = 5;

/// What is drawn of groups.
pub struct Chart {
    /// The list that it is of.
    pub list: ListStore,
    /// The language.
    pub i18n: I18n,
    /// The card.
    pub card: Card,
    /// Where the ids of its links begin.
    pub id: String,
    /// What the card is called.
    pub name: String,
    /// The groups.
    pub told: Slices,
    /// Leads to the tickets of a group.
    pub go: StoredValue<Go>,
}

/// A number as people read it: how many, how long, how many stars.
fn shown(i18n: I18n, measure: Option<Measure>, value: f64) -> String {
    measure.map_or_else(|| i18n.number(rounded(value)), |measure| i18n.measured(measure, value))
}

fn shown_or_none(i18n: I18n, measure: Option<Measure>, value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| shown(i18n, measure, value))
}

/// The address of the tickets of a group.
fn rows(list: ListStore, filter: &str) -> String {
    let all = both(&list.wording(), filter);
    untrack(|| list.address.with(|address| address.filtered(all).rows(&list.settings()).list()))
}

/// The address of all tickets.
fn all_rows(list: ListStore) -> String {
    untrack(|| list.address.with(|address| address.rows(&list.settings()).list()))
}

/// One number for all.
pub fn number(list: ListStore, i18n: I18n, card: &Card, value: Option<f64>) -> AnyView {
    let text = shown_or_none(i18n, card.measure, value);
    view! { <a class="dash-figure" href=all_rows(list)>{text}</a> }.into_any()
}

impl Chart {
    /// Draws it as its kind is drawn.
    pub fn draw(self) -> AnyView {
        if self.told.total == 0 {
            return view! { <p class="dash-nothing">{t!(self.i18n, tickets_card_nothing)}</p> }.into_any();
        }
        match self.card.kind {
            CardKind::Line => self.line(),
            CardKind::Donut => self.ring(),
            CardKind::Table => self.table(),
            CardKind::Bar | CardKind::Number => self.bars(),
        }
    }

    /// What is drawn of a group.
    fn value(&self, slice: &Slice) -> Option<f64> {
        if self.card.measure.is_some() { slice.value } else { Some(amount(slice.count)) }
    }

    /// What is drawn of the groups that are not drawn each.
    fn rest(&self) -> Option<f64> {
        if self.card.measure.is_some() { self.told.rest_value } else { Some(amount(self.told.rest)) }
    }

    fn shown(&self, value: Option<f64>) -> String {
        shown_or_none(self.i18n, self.card.measure, value)
    }

    fn highest(&self) -> f64 {
        self.told.slices.iter().filter_map(|slice| self.value(slice)).fold(0.0, f64::max)
    }

    fn link(&self, at: usize) -> String {
        format!("{}-{at}", self.id)
    }

    /// The group at a place leads to its tickets, for who points at a drawing. For others it stands in a list or a table.
    fn lead(&self, slice: &Slice) -> impl Fn() + 'static + use<> {
        let (go, href) = (self.go, rows(self.list, &slice.filter));
        move || go.with_value(|go| go(&href, NavigateOptions::default()))
    }

    fn bars(&self) -> AnyView {
        let highest = self.highest();
        let bar = |(at, slice): (usize, &Slice)| {
            let value = self.value(slice);
            let width = percent(thousandths(value.unwrap_or_default(), highest));
            view! {
                <li>
                    <a id=self.link(at) class="dash-bar" href=rows(self.list, &slice.filter)>
                        <span class="dash-name">{group_look(self.list, &slice.name, &slice.look)}</span>
                        <svg class="dash-track" aria-hidden="true" focusable="false">
                            <rect class="dash-fill" width=width height="100%" rx="3"></rect>
                        </svg>
                        <span class="dash-value">{self.shown(value)}</span>
                    </a>
                </li>
            }
        };
        let bars = self.told.slices.iter().enumerate().map(bar).collect_view();
        let rest = (self.told.rest > 0).then(|| {
            view! {
                <li class="dash-bar dash-rest">
                    <span class="dash-name">{t!(self.i18n, tickets_card_rest)}</span>
                    <span></span>
                    <span class="dash-value">{self.shown(self.rest())}</span>
                </li>
            }
        });
        view! { <ul class="dash-bars" aria-label=self.name.clone()>{bars} {rest}</ul> }.into_any()
    }

    /// A ring of its parts, which stand beside it in the same order, clockwise from the top.
    fn ring(&self) -> AnyView {
        let mut parts: Vec<f64> = self.told.slices.iter().map(|slice| self.value(slice).unwrap_or_default()).collect();
        let rest = self.rest().filter(|rest| *rest > 0.0);
        parts.extend(rest);
        let whole: f64 = parts.iter().sum();
        let gap = if parts.iter().filter(|part| **part > 0.0).count() > 1 { GAP } else { 0 };
        let mut before = 0.0;
        let arcs = parts.iter().enumerate().map(|(at, part)| {
            let from = thousandths(before, whole);
            before += part;
            let long = (thousandths(before, whole) - from - gap).max(0);
            let slice = self.told.slices.get(at);
            let lead = slice.map(|slice| self.lead(slice));
            let act = move |_| {
                if let Some(lead) = &lead {
                    lead();
                }
            };
            view! {
                <circle
                    class=format!("dash-arc {}", colour(slice.map(|_| at)))
                    cx="50"
                    cy="50"
                    r="40"
                    pathLength="1000"
                    stroke-dasharray=format!("{long} {}", 1_000 - long)
                    stroke-dashoffset=(-from).to_string()
                    transform="rotate(-90 50 50)"
                    on:click=act
                ></circle>
            }
        });
        let arcs = arcs.collect_view();
        let part = |(at, slice): (usize, &Slice)| {
            let value = self.value(slice);
            view! {
                <li>
                    <a id=self.link(at) class="dash-part" href=rows(self.list, &slice.filter)>
                        {swatch(Some(at))}
                        <span class="dash-name">{group_look(self.list, &slice.name, &slice.look)}</span>
                        <span class="dash-share">{self.share(value, whole)}</span>
                        <span class="dash-value">{self.shown(value)}</span>
                    </a>
                </li>
            }
        };
        let legend = self.told.slices.iter().enumerate().map(part).collect_view();
        let rest = rest.map(|rest| {
            view! {
                <li class="dash-part dash-rest">
                    {swatch(None)}
                    <span class="dash-name">{t!(self.i18n, tickets_card_rest)}</span>
                    <span class="dash-share">{self.share(Some(rest), whole)}</span>
                    <span class="dash-value">{self.shown(Some(rest))}</span>
                </li>
            }
        });
        view! {
            <div class="dash-ring">
                <div class="dash-circle">
                    <svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">{arcs}</svg>
                    <span class="dash-whole">{self.shown(Some(whole))}</span>
                </div>
                <ul class="dash-legend" aria-label=self.name.clone()>{legend} {rest}</ul>
            </div>
        }
        .into_any()
    }

    fn share(&self, value: Option<f64>, whole: f64) -> String {
        let hundredths = (thousandths(value.unwrap_or_default(), whole) + 5) / 10;
        t!(self.i18n, tickets_card_percent, n = hundredths)
    }

    /// A line from the left to the right. What the pointer is at is said above it; without one the last place.
    fn line(&self) -> AnyView {
        let Self { told: Slices { slices, .. }, i18n, card, .. } = self;
        let (i18n, measure, places) = (*i18n, card.measure, slices.len());
        let Some(last) = places.checked_sub(1) else {
            return view! { <p class="dash-nothing">{t!(i18n, tickets_card_nothing)}</p> }.into_any();
        };
        // Nothing added up is nothing; the mean of nothing is not there.
        let gap = |value: Option<f64>| {
            if measure.is_some_and(|one| one.take == Take::Average) { value } else { Some(value.unwrap_or_default()) }
        };
        let values: Vec<Option<f64>> = slices.iter().map(|slice| gap(self.value(slice))).collect();
        let lines = ticks(self.highest(), measure);
        let top = amount(lines.last().copied().unwrap_or(1));
        let height = move |value: f64| 1_000 - thousandths(value, top);
        let at = RwSignal::new(last);
        let said: Vec<(String, String)> =
            slices.iter().zip(&values).map(|(slice, value)| (slice.name.clone(), self.shown(*value))).collect();
        let label = said.get(last).map(|(name, value)| format!("{}. {name}: {value}", self.name));
        let said = StoredValue::new(said);
        let readout = move || {
            said.with_value(|said| said.get(at.get()).cloned())
                .map(|(name, value)| view! { <span class="dash-value">{value}</span> <span class="truncate">{name}</span> })
        };
        let grid = lines.iter().map(|line| {
            let y = percent(height(amount(*line)));
            view! { <line class="dash-grid" x1="0" x2="100%" y1=y.clone() y2=y></line> }
        });
        let side = lines.iter().rev().map(|line| view! { <span>{shown(i18n, measure, amount(*line))}</span> }).collect_view();
        let point = |(place, value): (usize, &Option<f64>)| {
            let (x, y) = (percent(middle(place, places)), percent(height((*value)?)));
            Some(view! { <circle class="dash-point" class:dash-at=move || at.get() == place cx=x cy=y r="3"></circle> })
        };
        let points = values.iter().enumerate().map(point).collect::<Vec<_>>();
        let width = percent(1_000 / i64::try_from(places).unwrap_or(1).max(1) + 1);
        let hit = |(place, slice): (usize, &Slice)| {
            let lead = self.lead(slice);
            let x = percent(scale::edge(place, places));
            view! {
                <rect
                    class="dash-hit"
                    x=x
                    width=width.clone()
                    height="100%"
                    on:pointerenter=move |_| at.set(place)
                    on:click=move |_| lead()
                ></rect>
            }
        };
        let hits = slices.iter().enumerate().map(hit).collect_view();
        let bottom = scale::named(places, if card.width == 1 { NAMED_NARROW } else { NAMED }).into_iter().filter_map(|place| {
            let x = middle(place, places);
            let anchor = match x {
                ..120 => "start",
                881.. => "end",
                _ => "middle",
            };
            Some(view! { <text x=percent(x) y="12" text-anchor=anchor>{slices.get(place)?.short.clone()}</text> })
        });
        let (drawn, dense) = (path(&values, top), places > POINTS);
        view! {
            <div class="dash-line">
                <p class="dash-readout">{readout}</p>
                <div class="dash-side" aria-hidden="true">{side}</div>
                <svg
                    class="dash-plot"
                    class:dash-dense=dense
                    role="img"
                    aria-label=label
                    focusable="false"
                    on:pointerleave=move |_| at.set(last)
                >
                    {grid.collect_view()}
                    <svg class="dash-through" aria-hidden="true" viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">
                        <path d=drawn></path>
                    </svg>
                    {points}
                    {hits}
                </svg>
                <svg class="dash-bottom" aria-hidden="true" focusable="false">{bottom.collect_view()}</svg>
            </div>
        }
        .into_any()
    }

    /// The groups in rows.
    pub fn table(&self) -> AnyView {
        let Self { told, i18n, card, .. } = self;
        let i18n = *i18n;
        let field = card.by.as_ref().map(|by| i18n.name("field", by.name()));
        let told_of = card.measure.is_some();
        let row = |(at, slice): (usize, &Slice)| {
            view! {
                <tr>
                    <th scope="row">
                        <a id=self.link(at) class="dash-name" href=rows(self.list, &slice.filter)>
                            {group_look(self.list, &slice.name, &slice.look)}
                        </a>
                    </th>
                    <td>{i18n.number(slice.count)}</td>
                    {told_of.then(|| view! { <td>{self.shown(slice.value)}</td> })}
                </tr>
            }
        };
        let slices = told.slices.iter().enumerate();
        // Of times the latest is what people look for.
        let table_rows =
            if card.kind == CardKind::Line { slices.rev().map(row).collect_view() } else { slices.map(row).collect_view() };
        let rest = (told.rest > 0).then(|| {
            view! {
                <tr class="dash-rest">
                    <th scope="row">{t!(i18n, tickets_card_rest)}</th>
                    <td>{i18n.number(told.rest)}</td>
                    {told_of.then(|| view! { <td>{self.shown(told.rest_value)}</td> })}
                </tr>
            }
        });
        view! {
            <div class="dash-rows">
                <table aria-label=self.name.clone()>
                    <thead>
                        <tr>
                            <th scope="col">{field}</th>
                            <th scope="col">{t!(i18n, tickets)}</th>
                            {told_of.then(|| view! { <th scope="col">{measured(i18n, card)}</th> })}
                        </tr>
                    </thead>
                    <tbody>{table_rows} {rest}</tbody>
                </table>
            </div>
        }
        .into_any()
    }
}

/// How many, as it is drawn.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2⁵³ items")]
fn amount(count: i64) -> f64 {
    count as f64
}

/// The colour of a part of a ring; none: of the rest.
fn colour(part: Option<usize>) -> String {
    part.map_or_else(|| "dash-colour-rest".to_owned(), |at| format!("dash-colour-{}", at + 1))
}

fn swatch(part: Option<usize>) -> AnyView {
    view! {
        <svg class=format!("dash-swatch {}", colour(part)) viewBox="0 0 10 10" aria-hidden="true" focusable="false">
            <rect x="0" y="0" width="10" height="10" rx="3"></rect>
        </svg>
    }
    .into_any()
}
