//! The keyboard of the board: left and right lead to the neighbouring column, up and down from the edge of a lane to the next one; with
//! Shift they take the card along.

use super::{Board, cell::Cell};
use crate::{
    agent::tickets::grouped::Node,
    state::{Command, is_typing, register_commands},
    t,
    ui::{by_id, capture, focus, reveal},
};
use domain::id::ItemNumber;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Where keys mean something else; the buttons of the board know no arrows.
const OTHERS: &str = "input,[role=tab],.ticket-panel,button:not(#board button)";

/// Which way a key leads: so many columns, so many lanes.
type Way = (isize, isize);

/// Tells the keys, and listens to them before the list does: there Shift and an arrow extend the selection.
pub fn listen(board: Board) {
    let Board { list, i18n, columns, .. } = board;
    Effect::new(move |_| {
        let (lanes, works) = (columns.in_lanes.get(), list.me.with(|me| me.role.works()));
        let told = [
            (true, "← →", t!(i18n, tickets_key_column)),
            (works, "⇧ ← →", t!(i18n, tickets_key_column_move)),
            (lanes, "↑ ↓", t!(i18n, tickets_key_lane)),
            (lanes && works, "⇧ ↑ ↓", t!(i18n, tickets_key_lane_move)),
        ];
        let keys = told.into_iter().filter(|(there, ..)| *there).map(|(_, key, label)| Command::key(vec![key], label));
        register_commands(i18n.name("layout", "board"), keys.collect(), None);
    });
    // Where the keyboard is, is in sight.
    Effect::watch(
        move || list.current.get(),
        move |current, _, _| {
            let cell = current.and_then(|number| untrack(|| cell_of(board, number)));
            if let Some(element) = cell.and_then(|(cell, _)| by_id(&cell.id())) {
                reveal(&element);
            }
        },
        false,
    );
    capture("keydown", move |event: ev::KeyboardEvent| {
        if act(board, &event) == Some(true) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
}

/// Does what a key says; whether it said anything here.
fn act(board: Board, event: &ev::KeyboardEvent) -> Option<bool> {
    let way = match event.key().as_str() {
        "ArrowLeft" => (-1, 0),
        "ArrowRight" => (1, 0),
        "ArrowUp" => (0, -1),
        "ArrowDown" => (0, 1),
        _ => return None,
    };
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let elsewhere = target.is_some_and(|element| element.closest(OTHERS).ok().flatten().is_some());
    if elsewhere || is_typing(event) {
        return None;
    }
    let number = board.list.current.get_untracked()?;
    let (from, place) = untrack(|| cell_of(board, number))?;
    Some(if event.shift_key() { carry(board, number, from, way) } else { go(board, from, place, way) })
}

/// Takes a card along.
fn carry(board: Board, number: ItemNumber, from: Cell, way: Way) -> bool {
    if !board.list.me.with_untracked(|me| me.role.works()) {
        return false;
    }
    if let Some(to) = next(board, from, way, |_| true) {
        board.carry(number, &from.place(), &to.place());
        reach(to);
    }
    // Without lanes up and down extend the selection, as everywhere.
    way.1 == 0 || from.lane.is_some()
}

/// Goes to another card.
fn go(board: Board, from: Cell, place: usize, way: Way) -> bool {
    // Inside its list a card has its neighbours.
    let edge = if way.1 < 0 { place == 0 } else { place + 1 >= untrack(|| from.len()) };
    if way.1 != 0 && !(edge && from.lane.is_some()) {
        return false;
    }
    let filled = |cell: Cell| way.1 == 0 || cell.nearest(0).is_some();
    let Some(to) = next(board, from, way, filled) else { return way.1 == 0 };
    let at = match way.1 {
        0 => place,
        1 => 0,
        _ => usize::MAX,
    };
    if let Some(there) = to.nearest(at) {
        board.list.current.set(Some(there));
    }
    reach(to);
    true
}

/// The next place on a way: over lanes that are closed, and those in which there is nothing to go to.
fn next(board: Board, from: Cell, way: Way, wanted: impl Fn(Cell) -> bool) -> Option<Cell> {
    let columns = untrack(|| board.columns.count());
    let column = from.column.checked_add_signed(way.0).filter(|column| *column < columns)?;
    if way.1 == 0 {
        return Some(Cell { column, ..from });
    }
    let mut lane = from.lane?;
    loop {
        lane = lane.checked_add_signed(way.1)?;
        let open = board.list.see(&[lane], |node| node.open)?;
        let cell = Cell { lane: Some(lane), ..from };
        if open && wanted(cell) {
            return Some(cell);
        }
    }
}

/// Gives the keyboard to a place. A lane that is far away is drawn once its head has come into sight.
fn reach(cell: Cell) {
    if let Some(lane) = cell.lane {
        focus(&format!("board-lane-{lane}"));
    }
    request_animation_frame(move || request_animation_frame(move || focus(&cell.id())));
}

/// Where a ticket stands, in the first place that has it.
fn cell_of(board: Board, number: ItemNumber) -> Option<(Cell, usize)> {
    let columns = board.columns.count();
    let stands = |lane: Option<usize>| {
        (0..columns).find_map(|column| {
            let cell = Cell { board, lane, column };
            cell.place_of(number).map(|place| (cell, place))
        })
    };
    if !board.columns.in_lanes.get() {
        return stands(None);
    }
    let here = |node: &Node| node.groups().iter().any(|node| node.rows().iter().any(|row| row.number == number));
    let lane = board.list.tree.with_untracked(|tree| tree.iter().position(here))?;
    stands(Some(lane))
}
