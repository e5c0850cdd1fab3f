//! How the last public messages of the rows in sight begin. They are asked for together, for the rows that are drawn, and again when
//! somebody has written.

use crate::api;
use domain::{id::ItemNumber, item::ItemRow, limits, time::Timestamp};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::BTreeMap, time::Duration};

/// How long rows are collected before it is asked.
const COLLECT: Duration = Duration::from_millis(30);

/// What is known of one ticket.
#[derive(Debug, Clone)]
struct Known {
    /// When the message was written of which it is known.
    at: Option<Timestamp>,
    text: ArcRwSignal<Option<String>>,
}

/// What is known of tickets.
#[derive(Debug, Clone, Copy)]
pub struct Excerpts {
    known: StoredValue<BTreeMap<ItemNumber, Known>>,
    wanted: StoredValue<Vec<ItemNumber>>,
}

impl Excerpts {
    /// Nothing is known.
    pub fn new() -> Self {
        Self { known: StoredValue::new(BTreeMap::new()), wanted: StoredValue::new(Vec::new()) }
    }

    /// How the last message of a ticket begins; none until it has come.
    pub fn of(self, item: RwSignal<ItemRow>) -> Signal<Option<String>> {
        let (number, at) = item.with_untracked(|item| (item.number, item.last_message_at));
        let fresh = || Known { at: None, text: ArcRwSignal::new(None) };
        let text = self.known.try_update_value(|known| known.entry(number).or_insert_with(fresh).text.clone());
        let text = text.unwrap_or_else(|| ArcRwSignal::new(None));
        self.want(number, at);
        let last = Memo::new(move |_| item.with(|item| item.last_message_at));
        Effect::watch(move || last.get(), move |at, _, _| self.want(number, *at), false);
        RwSignal::from(text).into()
    }

    /// Asks how a message of this time begins, unless that is known.
    fn want(self, number: ItemNumber, at: Option<Timestamp>) {
        let is_known = |known: &mut Known| known.text.with_untracked(Option::is_some) && known.at == at;
        let news = self.known.try_update_value(|all| {
            let known = all.get_mut(&number)?;
            let news = !is_known(known);
            known.at = at;
            Some(news)
        });
        if news != Some(Some(true)) {
            return;
        }
        let first = self.wanted.try_update_value(|wanted| {
            wanted.push(number);
            wanted.len() == 1
        });
        if first == Some(true) {
            set_timeout(move || self.ask(), COLLECT);
        }
    }

    fn ask(self) {
        let most = usize::from(limits::PAGE);
        let asked = self.wanted.try_update_value(|wanted| {
            wanted.sort_unstable();
            wanted.dedup();
            let rest = wanted.split_off(wanted.len().min(most));
            std::mem::replace(wanted, rest)
        });
        let Some(numbers) = asked.filter(|numbers| !numbers.is_empty()) else { return };
        spawn_local(async move {
            // Without an answer the line stays empty until the row is drawn again.
            let told = api::items::excerpts(numbers).await.unwrap_or_default();
            for excerpt in told {
                let text = self.known.try_with_value(|known| known.get(&excerpt.number).map(|known| known.text.clone()));
                if let Some(Some(text)) = text {
                    text.set(Some(excerpt.text));
                }
            }
            if self.wanted.try_with_value(|wanted| !wanted.is_empty()) == Some(true) {
                self.ask();
            }
        });
    }
}
