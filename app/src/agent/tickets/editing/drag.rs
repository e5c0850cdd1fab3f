//! Rows of a table in groups are dragged to another group. The same is done without a pointer in the cell of the field, or with the keys
//! that set it.

use super::cell::line_of;
use crate::{
    agent::tickets::{grouped::Line, list::GRID, moves::Moves, store::ListStore},
    ui::{by_id, capture, closest},
};
use leptos::{ev, prelude::*};
use web_sys::HtmlElement;

/// The lines that are dragged, and over which.
const LINES: &str = ".vlist-body > [role=row]";

/// Listens as long as the part is there.
pub fn listen(list: ListStore, moves: Moves) {
    let line = move |event: &ev::DragEvent| line(list, event);
    let place = move |event: &ev::DragEvent| Some(list.conditions(&list.group_of(line(event)?)?));
    // Rows can be dragged where they have somewhere to go; where they have not, text can be selected.
    capture("pointerdown", move |event: ev::PointerEvent| {
        if let Some(row) = closest(&event, LINES).filter(|row| row.id().starts_with(GRID)) {
            row.set_draggable(list.is_grouped() && event.pointer_type() == "mouse");
        }
    });
    capture("dragstart", move |event: ev::DragEvent| {
        let Some(at) = line(&event) else { return };
        if let (Some(number), Some(from)) = (list.ticket_at(at), list.group_of(at)) {
            moves.begin(&event, number, list.conditions(&from));
        }
    });
    capture("dragover", move |event: ev::DragEvent| match place(&event) {
        Some(to) => moves.drag_over(&event, &to),
        None => moves.over.set(None),
    });
    capture("drop", move |event: ev::DragEvent| {
        if let (Some(to), Some((number, from))) = (place(&event), moves.drop(&event)) {
            moves.move_to(number, &from, &to);
        }
    });
    capture("dragend", move |_: ev::DragEvent| moves.end());
    mark(list, moves);
}

/// The line of a list in groups under the pointer.
fn line(list: ListStore, event: &ev::DragEvent) -> Option<usize> {
    let row = closest(event, LINES).filter(|_| list.is_grouped())?;
    line_of(&row)
}

/// Marks the head of the group that a row is over.
fn mark(list: ListStore, moves: Moves) {
    let marked = StoredValue::new_local(None::<HtmlElement>);
    Effect::new(move |_| {
        if let Some(Some(before)) = marked.try_update_value(Option::take) {
            let _ = before.class_list().remove_2("group-over", "group-refuses");
        }
        let Some(over) = moves.over.get() else { return };
        let is_head = |line: &Line| matches!(line, Line::Head(path) if list.conditions(path) == over);
        let head = list.lines.with_untracked(|lines| lines.iter().position(is_head));
        if let Some(head) = head.and_then(|at| by_id(&format!("{GRID}-row-{at}"))) {
            let _ = head.class_list().add_1(if moves.fits(&over) { "group-over" } else { "group-refuses" });
            marked.set_value(Some(head));
        }
    });
}
