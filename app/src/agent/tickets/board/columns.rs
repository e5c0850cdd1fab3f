//! The columns of a board: which there are, and how much is in each over the whole list, whatever the lanes.

use crate::{
    agent::tickets::{
        address::ListAddress,
        folds::Condition,
        store::{ListStore, Loading},
    },
    api::items::Group,
    state::{Asked, Fresh},
};
use domain::view::{ColumnLimit, GroupBy, most};
use leptos::prelude::*;

/// The columns.
#[derive(Clone, Copy)]
pub struct Columns {
    list: ListStore,
    /// Whether they are crossed by lanes. It stays what it was until another list has come.
    pub in_lanes: Memo<bool>,
    /// Where there are lanes they are the groups of the list, and the columns are asked for on their own.
    asked: RwSignal<Vec<Group>>,
    /// What they are, and how much they are meant to hold.
    by: Memo<Option<GroupBy>>,
    limits: Memo<Vec<ColumnLimit>>,
    fresh: Fresh,
}

impl Columns {
    /// Those of a list.
    pub fn new(list: ListStore) -> Self {
        let in_lanes = Memo::new(move |before: Option<&bool>| match before {
            Some(before) if list.loading.get() == Loading::First => *before,
            _ => list.shown().groups.len() > 1,
        });
        let by = Memo::new(move |_| list.shown().groups.into_iter().next());
        let limits = Memo::new(move |_| list.shown().limits);
        let this = Self { list, in_lanes, asked: RwSignal::new(Vec::new()), by, limits, fresh: Fresh::begin() };
        // The groups came, or came anew: so the columns are asked for, too.
        Effect::new(move |_| {
            list.tree.track();
            if in_lanes.get() && list.loading.get_untracked() != Loading::First {
                this.ask();
            }
        });
        this
    }

    fn ask(self) {
        self.fresh.ask(move || async move {
            // Nobody looks any more.
            let Some(generation) = self.list.address.try_get_untracked().map(|_| self.list.generation()) else {
                return Asked::Refused;
            };
            let shown = untrack(|| self.list.shown());
            let Some(by) = shown.groups.first().cloned() else { return Asked::Refused };
            let answer = ListStore::ask_groups(self.list.query(None, 0), &by, &shown, 0).await;
            Asked::of(answer, move |columns| {
                if self.list.is(generation) {
                    let _ = self.asked.try_set(columns.groups);
                }
            })
        });
    }

    /// How many there are. Tracked.
    pub fn count(self) -> usize {
        if self.in_lanes.get() {
            return self.asked.with(Vec::len);
        }
        self.list.lines.track();
        self.list.tree.with_untracked(Vec::len)
    }

    /// A column. Tracked.
    pub fn get(self, at: usize) -> Option<Group> {
        if self.in_lanes.get() {
            return self.asked.with(|columns| columns.get(at).cloned());
        }
        self.list.lines.track();
        self.list.see(&[at], |node| node.group.clone())
    }

    /// What each of the first columns is known by, with its place. Tracked.
    pub fn first(self, how_many: usize) -> Vec<(usize, String)> {
        (0..self.count().min(how_many)).filter_map(|at| Some((at, format!("{at}:{}", self.get(at)?.key)))).collect()
    }

    /// What the tickets of a column have in common.
    pub fn condition(self, at: usize) -> Option<Condition> {
        let key = untrack(|| self.get(at))?.key;
        Some((self.by.get_untracked()?.to_string(), key))
    }

    /// Tickets went from one column to another: shown before the server has counted them.
    pub fn shift(self, from: &Condition, to: &Condition, how_many: usize) {
        let moved = i64::try_from(how_many).unwrap_or_default();
        self.asked.update(|columns| {
            for column in columns {
                column.count += if column.key == to.1 { moved } else { 0 } - if column.key == from.1 { moved } else { 0 };
            }
        });
    }

    /// How much a column is meant to hold at most. Tracked.
    pub fn most(self, at: usize) -> Option<u16> {
        let (by, key) = self.name(at)?;
        self.limits.with(|limits| limits.iter().find(|limit| limit.is_of(&by, &key)).map(|limit| limit.most))
    }

    /// The address of the board where a column is meant to hold so much.
    pub fn with_most(self, at: usize, most: Option<u16>) -> Option<ListAddress> {
        untrack(|| {
            let (by, key) = self.name(at)?;
            let limits = most::limited(self.limits.get(), &by, &key, most);
            let of_view = self.list.settings().limits;
            Some(self.list.address.with(|address| address.limited(limits, &of_view)))
        })
    }

    /// What a column is known by among limits. Tracked.
    fn name(self, at: usize) -> Option<(GroupBy, String)> {
        let key = serde_json::from_str(&self.get(at)?.key).ok()?;
        Some((self.by.get()?, most::column_key(&key)?))
    }
}
