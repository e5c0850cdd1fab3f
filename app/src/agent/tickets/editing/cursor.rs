//! The keyboard in the cells: F2 goes from the row into its cells, the arrows and Tab from cell to cell, Enter opens one and Escape leads
//! back to the row. For the pointer there is a button in the cell that it is over.

use super::{Editing, cell::Cell};
use crate::{
    agent::tickets::list::GRID,
    state::is_typing,
    t,
    ui::{Icon, capture, closest, focus},
};
use domain::id::ItemNumber;
use leptos::{ev, html, prelude::*};
use web_sys::Element;

/// What is not the table, although it is on the page with it.
const ELSEWHERE: &str = "dialog,[popover],.ticket-panel,input:not([type=checkbox]),textarea,select";
/// How many frames a row may take to be drawn.
const FRAMES: u8 = 8;

/// Listens as long as the part is there.
pub fn listen(editing: Editing) {
    // Before the list and the page do: in a cell the arrows mean something else.
    capture("keydown", move |event: ev::KeyboardEvent| {
        if editing.key(&event) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    capture("pointerdown", move |_: ev::PointerEvent| editing.at.set_value(None));
    // A row that was made anew has lost the keyboard.
    let list = editing.list;
    Effect::new(move |_| {
        list.rows.track();
        if let Some(cell) = editing.at.get_value() {
            request_animation_frame(move || {
                if nothing_has_focus() && editing.at.try_get_value().flatten() == Some(cell) {
                    editing.back(cell);
                }
            });
        }
    });
}

/// Whether the keyboard is nowhere.
fn nothing_has_focus() -> bool {
    document().active_element().is_none_or(|element: Element| element.tag_name() == "BODY")
}

impl Editing {
    /// Does what a key says; whether it said anything.
    fn key(self, event: &ev::KeyboardEvent) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || closest(event, ELSEWHERE).is_some() {
            return false;
        }
        let on = closest(event, "[data-cell][tabindex]").and_then(|_| Cell::of(self.list, event));
        let Some((cell, _)) = on else { return event.key() == "F2" && !is_typing(event) && self.begin() };
        let sideways = match event.key().as_str() {
            "F2" | "Enter" => {
                self.open(cell);
                return true;
            }
            "Escape" => {
                self.at.set_value(None);
                focus(GRID);
                return true;
            }
            "ArrowDown" => return self.go(cell, 1, cell.key),
            "ArrowUp" => return self.go(cell, -1, cell.key),
            "Tab" if event.shift_key() => -1,
            "ArrowLeft" => -1,
            "Tab" | "ArrowRight" => 1,
            _ => return false,
        };
        self.step(cell, sideways);
        true
    }

    /// From the row into its cells.
    fn begin(self) -> bool {
        let Some(number) = self.list.current.get_untracked().or_else(|| self.list.neighbour(None, 1)) else { return false };
        self.list.current.set(Some(number));
        self.arrive(number, None, FRAMES);
        true
    }

    /// To the next cell of the row, or of the next row behind the last one.
    pub(super) fn step(self, cell: Cell, by: isize) {
        let line = Cell::line(cell.at);
        let to = line.iter().position(|key| *key == cell.key).and_then(|at| at.checked_add_signed(by));
        match to.and_then(|to| line.get(to)).copied() {
            Some(key) => self.rest(Cell { key, ..cell }),
            None => {
                let edge = if by > 0 { line.first() } else { line.last() };
                self.go(cell, by, edge.copied().unwrap_or(cell.key));
            }
        }
    }

    /// To a column of the row before or after.
    fn go(self, cell: Cell, by: isize, key: &'static str) -> bool {
        if let Some(to) = self.list.neighbour(Some(cell.number), by) {
            self.list.current.set(Some(to));
            self.arrive(to, Some(key), FRAMES);
        }
        true
    }

    /// Puts the keyboard into a row once it is drawn: into this column, or the first one.
    fn arrive(self, number: ItemNumber, key: Option<&'static str>, frames: u8) {
        let at = self.list.line_of(number);
        let found = at.and_then(|at| {
            let line = Cell::line(at);
            let key = key.filter(|key| line.contains(key)).or_else(|| line.first().copied())?;
            Some(Cell { number, key, at })
        });
        match found {
            Some(cell) => self.rest(cell),
            None if frames > 0 => request_animation_frame(move || {
                if self.cell.try_get_untracked().is_some() {
                    self.arrive(number, key, frames - 1);
                }
            }),
            None => focus(GRID),
        }
    }

    /// Puts the keyboard to a cell. Only so long it can have it: a click into a row is none into a cell.
    fn rest(self, cell: Cell) {
        let Some(element) = cell.element() else { return };
        let _ = element.set_attribute("tabindex", "-1");
        let _ = element.focus();
        self.at.set_value(Some(cell));
        self.list.current.set(Some(cell.number));
    }

    /// Back to a cell, wherever its ticket stands now; to the table if that is gone.
    pub(super) fn back(self, cell: Cell) {
        match self.list.line_of(cell.number) {
            Some(at) => self.rest(Cell { at, ..cell }),
            None => focus(GRID),
        }
    }
}

/// The button that stands in the cell under the pointer.
pub fn button(editing: Editing) -> AnyView {
    let (i18n, list) = (editing.i18n, editing.list);
    let node = NodeRef::<html::Button>::new();
    let over = StoredValue::new(None::<Cell>);
    capture("pointerover", move |event: ev::PointerEvent| {
        // A finger opens the ticket, where there is room for controls.
        if event.pointer_type() != "mouse" {
            return;
        }
        let Some((cell, element)) = Cell::of(list, &event) else { return };
        let Some(Some(button)) = node.try_get_untracked() else { return };
        over.set_value(Some(cell));
        if button.parent_element().as_ref() != Some(element.as_ref()) {
            editing.hovered.set(Some(cell.key));
            let _ = element.append_child(&button);
        }
    });
    let label = move || editing.hovered.get().map(|key| t!(i18n, tickets_cell_change, field = i18n.name("field", key)));
    let open = move |event: ev::MouseEvent| {
        event.stop_propagation();
        if let Some(cell) = over.get_value() {
            editing.open(cell);
        }
    };
    view! {
        <button node_ref=node type="button" class="cell-edit" tabindex="-1" aria-label=label title=label on:click=open>
            <Icon name="edit" />
        </button>
    }
    .into_any()
}
