//! The ticket that is open: what the server last confirmed, and the changes on their way to it. What is shown is always the
//! first with the second applied, so a change shows at once and a refused one leaves no trace.

use super::{change, store::ListStore};
use crate::api::{self, ApiError};
use domain::{
    Error, ErrorCode,
    id::ItemNumber,
    item::{Change, ItemDetail},
    live::Happening,
};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::VecDeque, sync::Arc};

/// A change that somebody else's stands against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The change that was asked for.
    pub yours: Change,
    /// What the field holds now, as a change to it; `None` if it cannot be told.
    pub theirs: Option<Change>,
}

/// A change that the server did not take, for another reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The change that was asked for.
    pub change: Change,
    /// Why it was refused.
    pub error: ApiError,
}

/// What follows a change. Not a `Callback`: that one goes with the control that asked, and the answer comes later.
pub type Done = Arc<dyn Fn() + Send + Sync>;

/// The ticket that is open.
#[derive(Debug, Clone, Copy)]
pub struct OpenTicket {
    /// Its number.
    pub number: ItemNumber,
    /// What is shown.
    pub shown: RwSignal<ItemDetail>,
    /// Two people changed the same field: waits for a decision.
    pub clash: RwSignal<Option<Clash>>,
    /// The last change that was refused, and why.
    pub refused: RwSignal<Option<Refused>>,
    confirmed: StoredValue<ItemDetail>,
    waiting: RwSignal<VecDeque<Change>>,
    sending: StoredValue<bool>,
    /// What to do once a change is confirmed.
    then: StoredValue<Vec<(Change, Done)>>,
    list: ListStore,
}

impl OpenTicket {
    /// A ticket as the server sent it.
    #[must_use]
    pub fn new(detail: ItemDetail, list: ListStore) -> Self {
        Self {
            number: detail.row.number,
            shown: RwSignal::new(detail.clone()),
            clash: RwSignal::new(None),
            refused: RwSignal::new(None),
            confirmed: StoredValue::new(detail),
            waiting: RwSignal::new(VecDeque::new()),
            sending: StoredValue::new(false),
            then: StoredValue::new(Vec::new()),
            list,
        }
    }

    /// Whether a change of the field is on its way. Tracked.
    #[must_use]
    pub fn is_pending(self, field: &str) -> bool {
        self.waiting.with(|waiting| waiting.iter().any(|change| change.key() == field))
    }

    /// Changes a field: shown at once, sent in its turn.
    pub fn change(self, change: Change) {
        if self.shown.with_untracked(|shown| change::is_idle(&shown.row, &change)) {
            return;
        }
        // The last word about a field that has not left yet is enough.
        self.waiting.update(|waiting| {
            let first_leaves = usize::from(self.sending.get_value());
            if let Some(earlier) = waiting.iter_mut().skip(first_leaves).find(|earlier| earlier.key() == change.key()) {
                *earlier = change;
            } else {
                waiting.push_back(change);
            }
        });
        self.redraw();
        self.send();
    }

    /// Changes a field, and does something once the server has confirmed it.
    pub fn change_then(self, change: Change, done: Done) {
        self.then.update_value(|then| then.push((change.clone(), done)));
        self.change(change);
    }

    /// Puts the description, which was `seen` when writing began. Writing takes its time: what has come meanwhile is not written
    /// over without asking.
    pub fn describe(self, seen: &str, html: String) {
        let now = self.shown.with_untracked(|shown| shown.description.clone());
        let yours = Change::Description(html);
        if now == seen {
            self.change(yours);
        } else {
            self.clash.set(Some(Clash { yours, theirs: Some(Change::Description(now)) }));
        }
    }

    /// Takes what the server confirmed; changes on their way stay applied.
    pub fn take(self, detail: &ItemDetail) {
        if detail.row.number != self.number || self.confirmed.try_get_value().is_none() {
            return;
        }
        self.confirmed.set_value(detail.clone());
        self.redraw();
    }

    /// Something has happened to the ticket, which is at this version since.
    pub fn hear(self, version: i64, what: &[Happening]) {
        let known = self.confirmed.try_with_value(|confirmed| confirmed.row.version).unwrap_or(i64::MAX);
        // Who follows is no part of the version.
        if version > known || what.iter().any(|one| one.field.starts_with("following_")) {
            self.refresh();
        }
    }

    /// Asks the server how the ticket stands.
    pub fn refresh(self) {
        spawn_local(async move {
            if let Ok(detail) = api::items::get(self.number).await {
                self.take(&detail);
            }
        });
    }

    /// Puts the field to what was asked for, over what somebody else wrote.
    pub fn keep_mine(self) {
        let Some(clash) = self.clash.get_untracked() else { return };
        self.clash.set(None);
        self.change(clash.yours);
    }

    /// Leaves the field as somebody else wrote it.
    pub fn keep_theirs(self) {
        self.clash.set(None);
    }

    /// Decides nothing now: the field stays as somebody else wrote it, and a description that took work comes back to be put
    /// together with theirs.
    pub fn put_off(self) {
        let Some(Clash { yours, .. }) = self.clash.get_untracked() else { return };
        self.clash.set(None);
        if matches!(yours, Change::Description(_)) {
            let error = ApiError(Error::new(ErrorCode::Conflict, "error_conflict"));
            self.refused.set(Some(Refused { change: yours, error }));
        }
    }

    fn redraw(self) {
        let mut shown = self.confirmed.get_value();
        self.list.catalog.with_untracked(|catalog| {
            self.waiting.with_untracked(|waiting| waiting.iter().for_each(|change| change::apply(&mut shown, change, catalog)));
        });
        self.list.take_row(&shown.row);
        self.shown.set(shown);
    }

    fn send(self) {
        if self.sending.get_value() {
            return;
        }
        let Some(change) = self.waiting.with_untracked(|waiting| waiting.front().cloned()) else { return };
        self.sending.set_value(true);
        let version = self.confirmed.with_value(|confirmed| confirmed.row.version);
        spawn_local(async move {
            let answer = api::items::change(self.number, version, vec![change.clone()]).await;
            self.arrived(change, answer);
        });
    }

    fn arrived(self, change: Change, answer: Result<ItemDetail, ApiError>) {
        // The ticket was closed meanwhile: the list still wants to know.
        if self.sending.try_get_value().is_none() {
            if let Ok(detail) = answer {
                self.list.take_row(&detail.row);
            }
            return;
        }
        self.sending.set_value(false);
        self.waiting.update(|waiting| {
            waiting.pop_front();
        });
        let mut done = Vec::new();
        self.then.update_value(|then| done.extend(then.extract_if(.., |(of, _)| *of == change).map(|(_, done)| done)));
        match answer {
            Ok(detail) => {
                self.confirmed.set_value(detail);
                done.into_iter().for_each(|done| done());
                self.list.count_views();
            }
            Err(error) if error.code() == ErrorCode::Conflict => {
                let theirs = error.0.conflicts.iter().find(|conflict| conflict.field == change.key());
                let theirs = theirs.and_then(|conflict| change::change_of(&conflict.field, &conflict.theirs));
                self.clash.set(Some(Clash { yours: change, theirs }));
                self.refresh();
            }
            Err(error) => self.refused.set(Some(Refused { change, error })),
        }
        self.redraw();
        self.send();
    }
}
