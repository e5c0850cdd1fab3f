//! The ticket that is open: what the server last confirmed, and the changes on their way to it. What is shown is always the
//! first with the second applied, so a change shows at once and a refused one leaves no trace.

use super::{change, store::ListStore};
use crate::{
    api::{self, ApiError},
    i18n::{I18n, use_i18n},
    state::{Asked, Fresh},
    t,
    ui::{Toasts, use_toasts},
};
use domain::{
    Error, ErrorCode,
    actor::Party,
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
type Done = Arc<dyn Fn() + Send + Sync>;

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
    /// Who has last shared, changed or taken over a draft here, if it was somebody else.
    pub draft_by: RwSignal<Option<String>>,
    confirmed: StoredValue<ItemDetail>,
    fresh: Fresh,
    waiting: RwSignal<VecDeque<Change>>,
    sending: StoredValue<bool>,
    /// What to do once a change is confirmed.
    then: StoredValue<Vec<(Change, Done)>>,
    list: ListStore,
    toasts: Toasts,
    i18n: I18n,
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
            draft_by: RwSignal::new(None),
            confirmed: StoredValue::new(detail),
            fresh: Fresh::begin(),
            waiting: RwSignal::new(VecDeque::new()),
            sending: StoredValue::new(false),
            then: StoredValue::new(Vec::new()),
            list,
            toasts: use_toasts(),
            i18n: use_i18n(),
        }
    }

    /// Whether a change of the field is on its way. Tracked.
    #[must_use]
    pub fn is_pending(self, field: &str) -> bool {
        self.waiting.with(|waiting| waiting.iter().any(|change| change.key() == field))
    }

    /// Changes a field: shown at once, sent in its turn, and offered to be taken back once it is confirmed.
    pub fn change(self, change: Change) {
        let Some(back) = self.shown.with_untracked(|shown| change::inverse_of(shown, &change)) else { return };
        if back == change {
            return;
        }
        let done = {
            let field = self.i18n.name("field", change.key());
            let text = t!(self.i18n, ticket_changed, number = self.number, field = field);
            move || {
                let version = self.confirmed.with_value(|confirmed| confirmed.row.version);
                let back = back.clone();
                self.toasts.undoable(text.clone(), move || self.take_back(version, back.clone()));
            }
        };
        self.then.update_value(|then| then.push((change.clone(), Arc::new(done))));
        self.put(change);
    }

    /// Puts a field back as it was before the change that made this version, whether the ticket is still open or not. Who has
    /// changed it since is not written over.
    fn take_back(self, version: i64, back: Change) {
        spawn_local(async move {
            match api::items::change(self.number, version, vec![back]).await {
                Ok(detail) => self.list.take(&detail),
                Err(error) => self.toasts.error(self.i18n.error_at_once(&error.0)),
            }
        });
    }

    fn put(self, change: Change) {
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
        self.confirm(detail.clone());
        self.fresh.overtaken();
        self.redraw();
    }

    /// Keeps what the server confirmed, unless something later was confirmed already: that holds it.
    fn confirm(self, detail: ItemDetail) {
        self.confirmed.update_value(|confirmed| {
            if confirmed.row.version <= detail.row.version {
                *confirmed = detail;
            }
        });
    }

    /// Something has happened to the ticket, which is at this version since.
    pub fn hear(self, version: i64, what: &[Happening]) {
        let known = self.confirmed.try_with_value(|confirmed| confirmed.row.version).unwrap_or(i64::MAX);
        let me = Party::Agent(self.list.me.with_untracked(|me| me.id));
        if let Some(other) = what.iter().find(|one| one.name == "draft" && one.by != me) {
            self.draft_by.set(Some(other.by_name.clone()));
        }
        // Who follows, what waits to be sent or is shared while it is written, and whether a mail arrived, is no part of the version.
        let beside = |one: &Happening| {
            one.field.starts_with("following_")
                || one.name.starts_with("delivery_")
                || matches!(one.name.as_str(), "held" | "taken_back" | "draft")
        };
        if version > known || what.iter().any(beside) {
            self.refresh();
        }
    }

    /// Asks the server how the ticket stands, until it answers.
    pub fn refresh(self) {
        self.fresh.ask(move || async move {
            Asked::of(api::items::get(self.number).await, move |detail| {
                if self.confirmed.try_get_value().is_some() {
                    self.confirm(detail);
                    self.redraw();
                }
            })
        });
    }

    /// Puts the field to what was asked for, over what somebody else wrote.
    pub fn keep_mine(self) {
        let Some(clash) = self.clash.get_untracked() else { return };
        self.clash.set(None);
        self.put(clash.yours);
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
                self.confirm(detail);
                self.fresh.overtaken();
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
