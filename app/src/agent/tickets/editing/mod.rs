//! Changing tickets in the table: in its cells, and by dragging rows from group to group. A part of its own, which comes when a table is
//! shown to somebody who may change tickets; rows know nothing of it but which of their cells can be changed.

mod cell;
mod cursor;
mod drag;
mod editor;

use super::{list::Bulk, moves::Moves, store::ListStore};
use crate::{
    i18n::{I18n, use_i18n},
    ui::use_toasts,
};
use cell::Cell;
use domain::{id::ItemNumber, item::Change};
use editor::Typed;
use leptos::prelude::*;
use std::collections::VecDeque;

/// Makes the table of a list one that is changed where it stands.
#[lazy]
pub fn editing() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(list: ListStore, bulk: Bulk) -> AnyView {
    let i18n = use_i18n();
    let editing = Editing {
        cell: RwSignal::new(None),
        at: StoredValue::new(None),
        hovered: RwSignal::new(None),
        typed: Typed::new(),
        waiting: StoredValue::new(VecDeque::new()),
        list,
        bulk,
        i18n,
    };
    Effect::new(move |_| {
        if bulk.progress.get().is_none() {
            editing.send();
        }
    });
    cursor::listen(editing);
    drag::listen(list, Moves::new(list, bulk, use_toasts(), i18n));
    view! {
        <div class="editing">
            {cursor::button(editing)}
            {editor::editor(editing)}
        </div>
    }
    .into_any()
}

/// What is changed in the table.
#[derive(Clone, Copy)]
struct Editing {
    /// The cell whose editor is open.
    cell: RwSignal<Option<Cell>>,
    /// The cell that the keyboard is at.
    at: StoredValue<Option<Cell>>,
    /// The column of the cell under the pointer.
    hovered: RwSignal<Option<&'static str>>,
    /// What is typed in the editor.
    typed: Typed,
    /// Changes that wait for another one.
    waiting: StoredValue<VecDeque<(ItemNumber, Change)>>,
    list: ListStore,
    bulk: Bulk,
    i18n: I18n,
}

impl Editing {
    /// Makes a change, after those that are under way.
    fn put(self, cell: Cell, change: Change) {
        if let Some(element) = cell.element() {
            let _ = element.class_list().add_1("pending");
        }
        self.waiting.update_value(|waiting| waiting.push_back((cell.number, change)));
        self.send();
    }

    /// Makes the next changes, unless one is under way: its end calls this again.
    fn send(self) {
        while self.bulk.progress.get_untracked().is_none() {
            let Some((number, change)) = self.waiting.try_update_value(VecDeque::pop_front).flatten() else {
                return cell::settled();
            };
            let row = self.list.row(number);
            self.bulk.change(row.into_iter().collect(), |_| Some(change.clone()));
        }
    }
}
