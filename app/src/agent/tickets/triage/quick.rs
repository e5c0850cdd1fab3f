//! What is done most with a ticket, at the end of its row: take it, finish it, put it to sleep. Each is taken back like everywhere.

use crate::{
    agent::tickets::{change, list::Bulk, snooze::SnoozeDialog, store::ListStore},
    api,
    i18n::{I18n, use_i18n},
    t,
    ui::{Icon, Toasts, use_toasts},
};
use domain::{
    id::ItemNumber,
    item::{Change, ItemRow},
    time::Timestamp,
    types::Category,
};
use leptos::{prelude::*, task::spawn_local};

/// What is done at the end of rows.
#[derive(Clone, Copy)]
pub struct Quick {
    /// The ticket that is put to sleep.
    sleeping: StoredValue<Option<ItemRow>>,
    /// Whether it is being chosen until when.
    choosing: RwSignal<bool>,
    list: ListStore,
    bulk: Bulk,
    toasts: Toasts,
    i18n: I18n,
}

impl Quick {
    /// For the rows of a list.
    pub fn new(list: ListStore, bulk: Bulk) -> Self {
        Self {
            sleeping: StoredValue::new(None),
            choosing: RwSignal::new(false),
            list,
            bulk,
            toasts: use_toasts(),
            i18n: use_i18n(),
        }
    }

    fn take(self, item: ItemRow) {
        let me = self.list.me.with_untracked(|me| me.id);
        self.bulk.change(vec![item], |row| {
            let mut agents = row.agents.clone();
            agents.push(me);
            (!row.agents.contains(&me)).then_some(Change::Agents(agents))
        });
    }

    fn finish(self, item: ItemRow) {
        let catalog = self.list.catalog.get_untracked();
        self.bulk.change(vec![item], |row| change::first_of(&catalog, row.type_id, Category::Done).map(Change::Status));
    }

    /// Begins to choose until when a ticket sleeps.
    fn choose_time(self, item: ItemRow) {
        self.sleeping.set_value(Some(item));
        self.choosing.set(true);
    }

    /// Puts the ticket to sleep, and offers to take that back.
    fn sleep(self, until: Timestamp) {
        let Some(item) = self.sleeping.get_value() else { return };
        self.send(item.number, Some(until), item.away.snoozed_until, true);
    }

    /// `before`: until when it slept before, which is offered if `offers`.
    fn send(self, number: ItemNumber, until: Option<Timestamp>, before: Option<Timestamp>, offers: bool) {
        spawn_local(async move {
            match api::actions::snooze(number, until).await {
                Ok(detail) => {
                    self.list.take(&detail);
                    self.list.tidy();
                    if offers {
                        let text = t!(self.i18n, ticket_snoozed, number = number);
                        self.toasts.undoable(text, move || self.send(number, before, None, false));
                    } else {
                        self.list.bring_back(number);
                    }
                }
                Err(error) => self.toasts.error(self.i18n.error_at_once(&error.0)),
            }
        });
    }
}

/// The buttons of a row. The keyboard gets to those of the row that it is at.
pub fn buttons(quick: Quick, item: RwSignal<ItemRow>) -> AnyView {
    let Quick { list, i18n, .. } = quick;
    let number = item.with_untracked(|item| item.number);
    let tabindex = move || if list.current.get() == Some(number) { "0" } else { "-1" };
    let button = move |icon: &'static str, text: &'static str, run: Box<dyn Fn() + Send + Sync>| {
        let label = t!(i18n, tickets_of_ticket, what = text, number = number);
        view! {
            <button type="button" class="btn btn-ghost btn-icon" tabindex=tabindex title=text aria-label=label on:click=move |_| run()>
                <Icon name=icon />
            </button>
        }
    };
    let mine = Memo::new(move |_| {
        let me = list.me.with(|me| me.id);
        item.with(|item| item.agents.contains(&me))
    });
    let done = Memo::new(move |_| item.with(|item| item.category == Category::Done));
    let row = move || item.get_untracked();
    view! {
        {move || {
            (!mine.get()).then(|| button("person", t!(i18n, tickets_assign_to_me), Box::new(move || quick.take(row()))))
        }}
        {move || (!done.get()).then(|| button("check", t!(i18n, tickets_mark_done), Box::new(move || quick.finish(row()))))}
        {button("clock", t!(i18n, tickets_snooze_do), Box::new(move || quick.choose_time(row())))}
    }
    .into_any()
}

/// The dialog of times, one for all rows.
pub fn snooze_dialog(quick: Quick) -> AnyView {
    let choose = Callback::new(move |until: Timestamp| quick.sleep(until));
    view! { <SnoozeDialog id="row-snooze-until" open=quick.choosing choose /> }.into_any()
}
