//! What the cards have been told. Cards that ask the same are told once, few are asked for at a time, and what is there stays until
//! something newer has come.

use crate::{
    agent::tickets::store::ListStore,
    api::{self, ApiError, ApiResult, cards::Slices},
    ui::focus,
};
use domain::view::{Card, CardKind};
use leptos::{prelude::*, task::spawn_local};
use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

/// Cards that are asked for at a time.
const AT_ONCE: usize = 4;
/// How long what happens is collected before the cards are asked for anew; longer where the last answers took long.
const SETTLE: Duration = Duration::from_millis(2_500);
/// So many times as long as the answers took it is waited at least.
const PATIENT: u32 = 4;
/// What is told of the list of which cards show something else than before.
const NEWS: [&str; 3] = ["item", "gone", "reset"];

/// What a card shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// One number; none where no item has it.
    Number(Option<f64>),
    /// Groups.
    Groups(Slices),
}

/// What a card was told, and where its question stands.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What came last.
    pub told: Option<Told>,
    /// Why nothing newer came.
    pub failed: Option<ApiError>,
}

/// The answers for all cards of a dashboard.
#[derive(Clone, Copy)]
pub struct Answers {
    list: ListStore,
    known: StoredValue<BTreeMap<String, ArcRwSignal<Answer>>>,
    queue: StoredValue<VecDeque<Card>>,
    /// How many questions are on their way.
    asked: StoredValue<usize>,
    /// Counts lists: what was asked of another one is too late.
    generation: StoredValue<u64>,
    /// Whether it is about to be asked anew.
    stirred: StoredValue<bool>,
    /// When the questions began that are on their way, in milliseconds since 1970, and how long the last ones took.
    begun: StoredValue<f64>,
    took: StoredValue<Duration>,
}

/// What a card asks, whatever room it has.
fn question(card: &Card) -> Card {
    Card { width: 1, ..card.clone() }
}

impl Answers {
    /// Nothing was asked yet.
    pub fn new(list: ListStore) -> Self {
        Self {
            list,
            known: StoredValue::default(),
            queue: StoredValue::default(),
            asked: StoredValue::new(0),
            generation: StoredValue::new(0),
            stirred: StoredValue::new(false),
            begun: StoredValue::new(0.0),
            took: StoredValue::new(Duration::ZERO),
        }
    }

    /// What a card was told; asked for if it was not yet.
    pub fn of(self, card: &Card) -> ArcRwSignal<Answer> {
        let card = question(card);
        let name = card.to_string();
        if let Some(known) = self.known.with_value(|known| known.get(&name).cloned()) {
            return known;
        }
        let answer = ArcRwSignal::new(Answer::default());
        self.known.update_value(|known| {
            known.insert(name, answer.clone());
        });
        self.ask(card);
        answer
    }

    /// Asks for a card, also if it was told something already.
    pub fn ask(self, card: Card) {
        let card = question(&card);
        self.queue.update_value(|queue| {
            if !queue.contains(&card) {
                queue.push_back(card);
            }
        });
        self.go();
    }

    /// Asks for these cards anew and forgets all others.
    pub fn renew(self, cards: &[Card]) {
        let names: Vec<String> = cards.iter().map(|card| question(card).to_string()).collect();
        self.known.update_value(|known| known.retain(|name, _| names.contains(name)));
        self.queue.update_value(|queue| queue.retain(|card| names.contains(&card.to_string())));
        cards.iter().for_each(|card| self.ask(card.clone()));
    }

    /// Another list is shown: what was asked of the one before is not waited for.
    pub fn begin(self, cards: &[Card]) {
        self.generation.update_value(|generation| *generation += 1);
        self.renew(cards);
    }

    /// Something has happened: soon the cards are asked for anew, once for all that comes together. `cards`: those that are shown then.
    pub fn stir(self, kind: &str, cards: Memo<Vec<Card>>) {
        if NEWS.contains(&kind) && !self.stirred.get_value() {
            self.stirred.set_value(true);
            self.settle(cards);
        }
    }

    fn settle(self, cards: Memo<Vec<Card>>) {
        let wait = SETTLE.max(self.took.get_value() * PATIENT);
        set_timeout(
            move || {
                // Otherwise the dashboard is gone.
                let Some(cards_now) = cards.try_get_untracked() else { return };
                if document().hidden() {
                    return self.settle(cards);
                }
                self.stirred.set_value(false);
                self.renew(&cards_now);
            },
            wait,
        );
    }

    /// Sends the next questions.
    fn go(self) {
        while self.asked.get_value() < AT_ONCE {
            let Some(card) = self.queue.try_update_value(VecDeque::pop_front).flatten() else { return };
            if self.asked.get_value() == 0 {
                self.begun.set_value(js_sys::Date::now());
            }
            self.asked.update_value(|asked| *asked += 1);
            let generation = self.generation.get_value();
            spawn_local(async move {
                let told = tell(self.list, &card).await;
                // Otherwise the dashboard is gone.
                let Some(now) = self.generation.try_get_value() else { return };
                self.asked.update_value(|asked| *asked -= 1);
                if now == generation {
                    self.take(&card, told);
                }
                self.go();
                if self.asked.get_value() == 0 {
                    let took = (js_sys::Date::now() - self.begun.get_value()) / 1_000.0;
                    self.took.set_value(Duration::try_from_secs_f64(took).unwrap_or_default());
                }
            });
        }
    }

    fn take(self, card: &Card, told: ApiResult<Told>) {
        let Some(answer) = self.known.with_value(|known| known.get(&card.to_string()).cloned()) else { return };
        match told {
            Ok(told) => {
                let same = answer.with_untracked(|answer| answer.failed.is_none() && answer.told.as_ref() == Some(&told));
                if !same {
                    keep_focus();
                    answer.set(Answer { told: Some(told), failed: None });
                }
            }
            Err(error) => answer.update(|answer| answer.failed = Some(error)),
        }
    }
}

/// What is drawn anew takes the keyboard from what was there: it goes to what stands in its place.
fn keep_focus() {
    let id = document().active_element().map(|element| element.id()).filter(|id| id.starts_with("card-"));
    if let Some(id) = id {
        request_animation_frame(move || focus(&id));
    }
}

async fn tell(list: ListStore, card: &Card) -> ApiResult<Told> {
    let query = list.query(None, 0);
    match (card.kind, card.measure) {
        (CardKind::Number, Some(measure)) => {
            let sums = api::items::sums(query, vec![measure]).await?;
            Ok(Told::Number(sums.into_iter().next().flatten()))
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2⁵³ items")]
        (CardKind::Number, None) => Ok(Told::Number(Some(api::items::total(query).await? as f64))),
        _ => Ok(Told::Groups(api::cards::slices_of(query, card.clone()).await?)),
    }
}
