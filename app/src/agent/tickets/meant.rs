//! What is meant by who does something with many tickets: those that are selected, or everything that the list shows, or everything in one of
//! its groups, also what has not come.

use super::{folds::Condition, store::ListStore};
use domain::id::ItemNumber;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What more is meant than what is selected.
#[derive(Debug, Clone, Copy)]
pub struct Meant {
    /// Whether it is everything that the list shows, or that a group of it holds.
    pub whole: RwSignal<bool>,
    /// What the items of that group, and of those around it, have in common; empty for the whole list.
    pub within: RwSignal<Vec<Condition>>,
    /// What was selected when that was chosen.
    beside: StoredValue<BTreeSet<ItemNumber>>,
}

impl Meant {
    /// Nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self { whole: RwSignal::new(false), within: RwSignal::new(Vec::new()), beside: StoredValue::new(BTreeSet::new()) }
    }
}

impl ListStore {
    /// Means everything that the list shows, or that a group of it holds, until somebody chooses again.
    pub fn mean_whole(self, within: Vec<Condition>) {
        self.meant.beside.set_value(self.selected.get_untracked());
        self.meant.within.set(within);
        self.meant.whole.set(true);
    }

    /// Somebody has selected something: if that is something else, only that is meant.
    pub fn mean_selected(self) {
        let other = self.selected.with_untracked(|selected| self.meant.beside.with_value(|beside| beside != selected));
        if other && self.meant.whole.get_untracked() {
            self.meant.whole.set(false);
        }
    }

    /// Selects nothing, and means nothing.
    pub fn select_nothing(self) {
        self.meant.whole.set(false);
        self.selected.update(BTreeSet::clear);
    }

    /// Whether anything is selected or meant. Tracked.
    #[must_use]
    pub fn chooses(self) -> bool {
        self.meant.whole.get() || self.selected.with(|selected| !selected.is_empty())
    }

    /// How much is meant, where that is more than what is selected, once it is known; with the name of the group. Tracked.
    #[must_use]
    pub fn whole_meant(self) -> Option<(i64, Option<String>)> {
        if !self.meant.whole.get() {
            return None;
        }
        if self.meant.within.with(Vec::is_empty) {
            return self.total.get().map(|total| (total, None));
        }
        self.lines.track();
        let group = self.node(&self.meant.within.with(|within| self.place_of_group(within))?)?.group;
        Some((group.count, Some(group.name)))
    }

    /// Whether all of a group is selected or meant. Tracked.
    #[must_use]
    pub fn is_group_chosen(self, path: &[usize]) -> bool {
        let conditions = self.conditions(path);
        if self.meant.whole.get() {
            return self.meant.within.with(|within| conditions.starts_with(within));
        }
        let (tickets, all) = self.tickets_of(path);
        all && !tickets.is_empty() && self.selected.with(|selected| tickets.is_subset(selected))
    }

    /// Selects all of a group, or no longer. Of what has not come it is meant.
    pub fn toggle_group_choice(self, path: &[usize]) {
        let (tickets, all) = self.tickets_of(path);
        if untrack(|| self.is_group_chosen(path)) {
            if self.meant.whole.get_untracked() {
                return self.select_nothing();
            }
            self.selected.update(|selected| selected.retain(|number| !tickets.contains(number)));
        } else if all {
            self.selected.update(|selected| selected.extend(tickets));
        } else {
            self.selected.set(tickets);
            self.mean_whole(self.conditions(path));
        }
    }
}
