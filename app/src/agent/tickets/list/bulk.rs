//! Changing tickets from the list: one or many, one request after another, with progress, a result and a way back.

use super::runs::Runs;
use crate::{
    agent::tickets::{change, open::OpenTicket, store::ListStore},
    api::{self, ApiError},
    i18n::I18n,
    plural, t,
    ui::Toasts,
};
use domain::{
    action::{Away, Put},
    id::ItemNumber,
    item::{Change, ItemRow},
    types::Category,
};
use leptos::{prelude::*, task::spawn_local};

/// Changes from the list.
#[derive(Clone, Copy)]
pub struct Bulk {
    /// How many are done of how many, while it runs.
    pub progress: RwSignal<Option<(usize, usize)>>,
    /// Whether the tags of the targets are being chosen.
    pub tagging: RwSignal<bool>,
    /// Whether it is being chosen until when the targets sleep.
    pub snoozing: RwSignal<bool>,
    /// Whether agents are being chosen who follow the targets from now on, or no longer.
    pub following: RwSignal<bool>,
    /// Which of these.
    pub follows: RwSignal<bool>,
    /// What is left to the server, because there is too much of it.
    pub runs: Runs,
    list: ListStore,
    toasts: Toasts,
    i18n: I18n,
}

/// One ticket of a run.
#[derive(Debug, Clone)]
struct Step {
    before: ItemRow,
    changes: Vec<Change>,
}

impl Bulk {
    /// Nothing runs yet.
    #[must_use]
    pub fn new(list: ListStore, toasts: Toasts, i18n: I18n) -> Self {
        Self {
            progress: RwSignal::new(None),
            tagging: RwSignal::new(false),
            snoozing: RwSignal::new(false),
            following: RwSignal::new(false),
            follows: RwSignal::new(true),
            runs: Runs::new(list, toasts, i18n),
            list,
            toasts,
            i18n,
        }
    }

    /// The list that it is done from.
    #[must_use]
    pub fn list(self) -> ListStore {
        self.list
    }

    /// What an action is about: the selected tickets, else the open one, else the one the keyboard is at; of a whole list those that are
    /// selected, too.
    #[must_use]
    pub fn targets(self) -> Vec<ItemNumber> {
        let selected = self.list.selected.get_untracked();
        if !selected.is_empty() || self.runs.whole.get_untracked() {
            // In the order of the list.
            return self
                .list
                .rows
                .with_untracked(|rows| rows.iter().map(|row| row.number).filter(|number| selected.contains(number)).collect());
        }
        self.list.open_number.get_untracked().or_else(|| self.list.current.get_untracked()).into_iter().collect()
    }

    /// The rows of the targets, as they are shown.
    #[must_use]
    pub fn rows(self) -> Vec<ItemRow> {
        let row = |number| {
            self.open(number).map(|open| open.shown.with_untracked(|shown| shown.row.clone())).or_else(|| self.list.row(number))
        };
        self.targets().into_iter().filter_map(row).collect()
    }

    /// What an action is about, in words; none if there is nothing.
    #[must_use]
    pub fn about(self) -> Option<String> {
        let i18n = self.i18n;
        if let Some(all) = self.list.total.get_untracked().filter(|_| self.runs.whole.get_untracked()) {
            return Some(plural!(i18n, tickets_selected_whole, all));
        }
        match self.rows().as_slice() {
            [] => None,
            [one] => Some(format!("#{} {}", one.number, one.title)),
            many => Some(plural!(i18n, tickets_selected_count, i64::try_from(many.len()).unwrap_or_default())),
        }
    }

    /// The numbers of the targets with commas between them; none for all that the list shows.
    #[must_use]
    pub fn numbers(self) -> String {
        if self.runs.whole.get_untracked() {
            return String::new();
        }
        self.targets().iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }

    /// Whether all of the targets are deleted.
    #[must_use]
    pub fn are_deleted(self) -> bool {
        self.are_all(|away| away.deleted_at.is_some())
    }

    /// Whether all of them are spam.
    #[must_use]
    pub fn are_spam(self) -> bool {
        self.are_all(|away| away.spam)
    }

    /// Whether all of them sleep.
    #[must_use]
    pub fn are_asleep(self) -> bool {
        self.are_all(|away| away.snoozed_until.is_some())
    }

    fn are_all(self, is: fn(&Away) -> bool) -> bool {
        let rows = self.rows();
        !rows.is_empty() && rows.iter().all(|row| is(&row.away))
    }

    /// Begins to choose the tags of the targets, if there are any and nothing else is done with them.
    pub fn tag(self) {
        if self.progress.get_untracked().is_none() && (self.runs.whole.get_untracked() || !self.rows().is_empty()) {
            self.tagging.set(true);
        }
    }

    /// Begins to choose until when the targets sleep, if there are any.
    pub fn snooze(self) {
        if self.runs.whole.get_untracked() || !self.targets().is_empty() {
            self.snoozing.set(true);
        }
    }

    /// Begins to choose agents who follow the targets from now on, or no longer.
    pub fn follow(self, follows: bool) {
        self.follows.set(follows);
        self.following.set(true);
    }

    /// Puts everything that is meant away, or brings it back.
    pub fn put(self, put: Put) {
        self.runs.put_away(put, self.targets());
    }

    /// Sets a field of everything that is meant, however much that is. A status that is not one of a ticket's type becomes the one that
    /// comes nearest.
    pub fn set(self, change: Change) {
        if self.runs.are_meant() {
            return self.runs.set(&change);
        }
        let catalog = self.list.catalog.get_untracked();
        self.run(|row| match &change {
            Change::Status(status) => change::nearest(&catalog, row.type_id, *status).map(Change::Status),
            other => Some(other.clone()),
        });
    }

    /// Makes everything that is meant done.
    pub fn finish(self) {
        let catalog = self.list.catalog.get_untracked();
        if self.runs.are_meant() {
            let first = catalog.types.first().and_then(|kind| change::first_of(&catalog, kind.id, Category::Done));
            return first.into_iter().for_each(|status| self.runs.set(&Change::Status(status)));
        }
        self.run(|row| change::first_of(&catalog, row.type_id, Category::Done).map(Change::Status));
    }

    /// Makes one change to each of the targets: shown at once, sent one after another.
    pub fn run(self, make: impl Fn(&ItemRow) -> Option<Change>) {
        self.change(self.rows(), make);
    }

    /// Makes a change to each of these tickets, or several which are one to take back: shown at once, sent one after another.
    pub fn change<C: IntoIterator<Item = Change>>(self, rows: Vec<ItemRow>, make: impl Fn(&ItemRow) -> C) {
        if self.progress.get_untracked().is_some() {
            return;
        }
        let steps: Vec<Step> = rows
            .into_iter()
            .map(|before| {
                let changes = make(&before).into_iter().filter(|change| !change::is_idle(&before, change)).collect();
                Step { changes, before }
            })
            .filter(|step| !step.changes.is_empty())
            .collect();
        self.begin(steps);
    }

    fn begin(self, steps: Vec<Step>) {
        if let [Step { before, changes }] = steps.as_slice()
            && let ([change], Some(open)) = (changes.as_slice(), self.open(before.number))
        {
            // It has a queue of its own, which shows the change at once.
            return open.change(change.clone());
        }
        if !steps.is_empty() {
            self.start(steps, true);
        }
    }

    fn open(self, number: ItemNumber) -> Option<OpenTicket> {
        self.list.open.get_untracked().filter(|open| open.number == number)
    }

    /// What was done to one ticket.
    fn changed(self, number: ItemNumber, changes: &[Change]) -> String {
        t!(self.i18n, ticket_changed, number = number, field = self.fields(changes))
    }

    /// What was changed.
    fn fields(self, changes: &[Change]) -> String {
        changes.iter().map(|change| self.i18n.name("field", change.key())).collect::<Vec<_>>().join(", ")
    }

    fn start(self, steps: Vec<Step>, undoable: bool) {
        let catalog = self.list.catalog.get_untracked();
        for step in &steps {
            let mut shown = step.before.clone();
            step.changes.iter().for_each(|change| change::apply_to_row(&mut shown, change, &catalog));
            self.list.take_row(&shown);
        }
        let all = steps.len();
        self.progress.set(Some((0, all)));
        spawn_local(async move {
            let mut done = Vec::new();
            let mut failed = None;
            for (at, step) in steps.into_iter().enumerate() {
                match self.one(&step).await {
                    Ok(step) => done.push(step),
                    Err(error) => {
                        self.list.take_row(&step.before);
                        failed.get_or_insert((0_i64, error)).0 += 1;
                    }
                }
                let _ = self.progress.try_set(Some((at + 1, all)));
            }
            if self.progress.try_set(None).is_none() {
                self.list.tidy();
                // Of groups only the server says which of them a ticket is in now.
                self.list.renew_groups();
                self.list.add_up();
                self.list.count_views();
            }
            self.tell(done, failed, undoable);
        });
    }

    /// Sends what is to be changed of one ticket; gives back what would undo it.
    async fn one(self, step: &Step) -> Result<Step, ApiError> {
        let before = &step.before;
        let detail = api::items::change(before.number, before.version, step.changes.clone()).await?;
        self.list.take_row(&detail.row);
        if let Some(Some(open)) = self.list.open.try_get_untracked() {
            open.take(&detail);
        }
        let back = |change: &Change| change::inverse(before, change).unwrap_or_else(|| change.clone());
        Ok(Step { before: detail.row, changes: step.changes.iter().map(back).collect() })
    }

    fn tell(self, done: Vec<Step>, failed: Option<(i64, ApiError)>, undoable: bool) {
        let i18n = self.i18n;
        if let Some((count, error)) = failed {
            self.toasts.error(plural!(i18n, tickets_bulk_failed, count, reason = i18n.error(&error.0)));
        }
        let Ok(count) = i64::try_from(done.len()) else { return };
        if count == 0 {
            return;
        }
        if !undoable {
            if let Some(first) = done.first() {
                self.list.bring_back(first.before.number);
            }
            self.toasts.success(plural!(i18n, tickets_bulk_undone, count));
            return;
        }
        let text = match done.as_slice() {
            [one] => self.changed(one.before.number, &one.changes),
            [one, ..] => plural!(i18n, tickets_bulk_done, count, field = self.fields(&one.changes)),
            [] => return,
        };
        self.toasts.undoable(text, move || self.start(done.clone(), false));
    }
}
