//! Where a card is put together: what it draws, of what, divided by what.

use super::Dashboard;
use crate::{
    i18n::I18n,
    t,
    ui::{Button, Look, Select},
};
use domain::{
    calendar::Unit,
    filter::Field,
    view::{Card, CardKind, GroupBy, Measure, Number, Take},
};
use leptos::{ev, prelude::*};

/// What is chosen.
#[derive(Clone, Copy)]
struct Choice {
    kind: RwSignal<String>,
    by: RwSignal<String>,
    unit: RwSignal<String>,
    measure: RwSignal<String>,
}

impl Choice {
    /// What a card says.
    fn of(card: &Card) -> Self {
        let unit = match &card.by {
            Some(GroupBy::Time(_, unit)) => *unit,
            _ => Unit::Week,
        };
        Self {
            kind: RwSignal::new(card.kind.key().to_owned()),
            by: RwSignal::new(card.by.as_ref().map_or(Field::Status.key(), GroupBy::name).to_owned()),
            unit: RwSignal::new(unit.key().to_owned()),
            measure: RwSignal::new(card.measure.map(|measure| measure.to_string()).unwrap_or_default()),
        }
    }

    fn kind(self) -> CardKind {
        self.kind.with(|key| CardKind::from_key(key)).unwrap_or(CardKind::Bar)
    }

    /// What a card of the chosen kind can be divided by.
    fn levels(self) -> Vec<GroupBy> {
        let kind = self.kind();
        GroupBy::all().filter(|by| kind.takes(Some(by), None)).collect()
    }

    /// What it is divided by; a kind that cannot be divided so takes the first that it can.
    fn level(self) -> Option<GroupBy> {
        let levels = self.levels();
        let chosen = self.by.with(|by| levels.iter().find(|level| level.name() == by).cloned());
        let unit = self.unit.with(|unit| Unit::from_key(unit)).unwrap_or(Unit::Week);
        Some(match chosen.or_else(|| levels.into_iter().next())? {
            GroupBy::Time(field, _) => GroupBy::Time(field, unit),
            level => level,
        })
    }

    fn measures(self) -> Vec<Measure> {
        let kind = self.kind();
        let by = self.level();
        let all = Number::ALL.into_iter().flat_map(|of| Take::ALL.map(|take| Measure { take, of }));
        all.filter(|measure| kind.takes(by.as_ref(), Some(*measure))).collect()
    }

    /// The card.
    fn card(self) -> Card {
        let measures = self.measures();
        let measure = self.measure.with(|text| text.parse().ok()).filter(|measure| measures.contains(measure));
        Card::new(self.kind(), self.level(), measure)
    }
}

fn levels(i18n: I18n, choice: Choice) -> Vec<(String, String)> {
    let named = |by: &GroupBy| (by.name().to_owned(), i18n.name("field", by.name()));
    let mut all: Vec<(String, String)> = choice.levels().iter().map(named).collect();
    all.sort_by_key(|(_, name)| name.to_lowercase());
    all
}

fn measures(i18n: I18n, choice: Choice) -> Vec<(String, String)> {
    let named = |measure: Measure| (measure.to_string(), i18n.name("measure", &measure.name()));
    let how_many = (String::new(), t!(i18n, tickets_card_how_many).to_owned());
    std::iter::once(how_many).chain(choice.measures().into_iter().map(named)).collect()
}

/// The form in the dialog.
#[component]
pub fn CardForm(
    /// The dashboard.
    dashboard: Dashboard,
) -> impl IntoView {
    let Dashboard { i18n, cards, forming, formed, .. } = dashboard;
    let at = formed.get_value();
    let before = at.and_then(|at| cards.with_untracked(|cards| cards.get(at).cloned()));
    let new = || Card::new(CardKind::Bar, Some(GroupBy::Field(Field::Status)), None);
    let choice = Choice::of(&before.clone().unwrap_or_else(new));
    let is_new = before.is_none();
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let mut all = cards.get_untracked();
        let card = untrack(|| choice.card());
        let place = match (at, &before) {
            (Some(at), Some(before)) if at < all.len() => {
                // It keeps its room.
                all[at] = Card { width: before.width, ..card };
                at
            }
            _ => {
                all.push(card);
                all.len() - 1
            }
        };
        forming.set(false);
        dashboard.arrange_at(all, place);
    };
    // What cannot be chosen any more gives way to what the card will have.
    let on_kind = move |_| {
        let card = untrack(|| choice.card());
        if let Some(by) = &card.by {
            choice.by.set(by.name().to_owned());
        }
        choice.measure.set(card.measure.map(|measure| measure.to_string()).unwrap_or_default());
    };
    let kinds = CardKind::ALL.map(|kind| (kind.key().to_owned(), i18n.name("card", kind.key()))).to_vec();
    let units = Unit::ALL.map(|unit| (unit.key().to_owned(), i18n.name("period", unit.key()))).to_vec();
    let is_divided = move || choice.kind() != CardKind::Number;
    let is_time = Memo::new(move |_| matches!(choice.level(), Some(GroupBy::Time(..))) && is_divided());
    view! {
        <form class="form" on:submit=on_submit>
            <Select
                id="card-kind"
                name="kind"
                label=t!(i18n, tickets_card_kind)
                value=choice.kind
                options=Signal::stored(kinds)
                on_change=Callback::new(on_kind)
            />
            <Show when=is_divided>
                <Select
                    id="card-by"
                    name="by"
                    label=t!(i18n, tickets_card_by)
                    value=choice.by
                    options=Signal::derive(move || levels(i18n, choice))
                />
            </Show>
            <Show when=move || is_time.get()>
                <Select id="card-unit" name="unit" label=t!(i18n, tickets_card_unit) value=choice.unit options=Signal::stored(units.clone()) />
            </Show>
            <Select
                id="card-measure"
                name="measure"
                label=t!(i18n, tickets_card_measure)
                value=choice.measure
                options=Signal::derive(move || measures(i18n, choice))
            />
            <div class="dialog-actions">
                <Button on_click=Callback::new(move |_| forming.set(false))>{t!(i18n, cancel)}</Button>
                <Button look=Look::Primary submit=true>{if is_new { t!(i18n, tickets_cards_add) } else { t!(i18n, save) }}</Button>
            </div>
        </form>
    }
    .into_any()
}
