//! What is done most with a ticket, at the end of its row: take it, finish it, put it to sleep. Each is taken back like everywhere.

use crate::{
    agent::tickets::{
        acts::{Acts, Put, Sleep, sleeps},
        change,
        list::Bulk,
        store::ListStore,
    },
    i18n::{I18n, use_i18n},
    t,
    ui::{Icon, MenuItem, Toasts, by_id, focus_entry, place, use_toasts, walk_menu},
};
use domain::{
    id::ItemNumber,
    item::{Change, ItemRow},
    time::Timestamp,
    types::Category,
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Id of the menu of times.
const SLEEPS: &str = "row-sleeps";

/// What is done at the end of rows.
#[derive(Clone, Copy)]
pub struct Quick {
    /// The ticket whose menu of times is open.
    sleeping: RwSignal<Option<ItemNumber>>,
    list: ListStore,
    bulk: Bulk,
    toasts: Toasts,
    i18n: I18n,
}

impl Quick {
    /// For the rows of a list.
    pub fn new(list: ListStore, bulk: Bulk) -> Self {
        Self { sleeping: RwSignal::new(None), list, bulk, toasts: use_toasts(), i18n: use_i18n() }
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

    /// Opens the menu of times under its button.
    fn choose_time(self, number: ItemNumber, event: &ev::MouseEvent) {
        let button: Option<HtmlElement> = event.current_target().and_then(|target| target.dyn_into().ok());
        self.sleeping.set(Some(number));
        if let (Some(menu), Some(button)) = (by_id(SLEEPS), button) {
            let _ = menu.show_popover();
            place(&menu, &button, false, true);
            focus_entry(&menu);
        }
    }

    fn sleep(self, until: Timestamp) {
        if let Some(number) = self.sleeping.get_untracked() {
            let Self { list, toasts, i18n, .. } = self;
            Acts { number, list, toasts, i18n }.put(Put::Snoozed(Some(until)));
        }
        if let Some(menu) = by_id(SLEEPS) {
            let _ = menu.hide_popover();
        }
    }
}

/// The buttons of a row. The keyboard gets to those of the row that it is at.
pub fn buttons(quick: Quick, item: RwSignal<ItemRow>) -> AnyView {
    let Quick { list, i18n, .. } = quick;
    let number = item.with_untracked(|item| item.number);
    let tabindex = move || if list.current.get() == Some(number) { "0" } else { "-1" };
    let button = move |icon: &'static str, text: &'static str, run: Box<dyn Fn(&ev::MouseEvent) + Send + Sync>| {
        let label = t!(i18n, tickets_of_ticket, what = text, number = number);
        view! {
            <button type="button" class="btn btn-ghost btn-icon" tabindex=tabindex title=text aria-label=label on:click=move |event| run(&event)>
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
            (!mine.get()).then(|| button("person", t!(i18n, tickets_assign_to_me), Box::new(move |_| quick.take(row()))))
        }}
        {move || (!done.get()).then(|| button("check", t!(i18n, tickets_mark_done), Box::new(move |_| quick.finish(row()))))}
        {button("clock", t!(i18n, tickets_snooze_title), Box::new(move |event| quick.choose_time(number, event)))}
    }
    .into_any()
}

/// The menu of times, one for all rows.
pub fn snooze_menu(quick: Quick) -> AnyView {
    let i18n = quick.i18n;
    let entry = move |(text, time): Sleep| {
        view! { <MenuItem icon="clock" on_select=Callback::new(move |()| quick.sleep(time()))>{text}</MenuItem> }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if let Some(menu) = by_id(SLEEPS) {
            walk_menu(&menu, &event);
        }
    };
    view! {
        <div id=SLEEPS popover="auto" class="menu" role="menu" aria-label=t!(i18n, tickets_snooze_title) on:keydown=on_keydown>
            {sleeps(i18n).map(entry).collect_view()}
        </div>
    }
    .into_any()
}
