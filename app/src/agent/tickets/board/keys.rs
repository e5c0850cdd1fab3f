//! The keyboard of the board.

use crate::{
    agent::tickets::{
        moves::Moves,
        store::{ListStore, Row},
    },
    state::is_typing,
    ui::focus,
};
use domain::id::ItemNumber;
use leptos::{ev, prelude::*};

/// Left and right go to the neighbouring column, with Shift they take the card along.
pub fn key(list: ListStore, moves: Moves, event: &ev::KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowLeft" => -1,
        "ArrowRight" => 1,
        _ => return,
    };
    if is_typing(event) {
        return;
    }
    let Some(number) = list.current.get_untracked() else { return };
    let Some((column, place)) = place_of(list, number) else { return };
    let columns = list.tree.with_untracked(Vec::len);
    let Some(to) = column.checked_add_signed(step).filter(|to| *to < columns) else { return };
    event.prevent_default();
    if event.shift_key() {
        moves.move_to(number, &[column], &[to]);
    } else {
        let there = list.node(&[to]).and_then(|node| node.rows().get(place).or(node.rows().last()).map(|row| row.number));
        list.current.set(there.or(Some(number)));
        if there.is_none() {
            return;
        }
    }
    focus(&format!("board-{to}"));
}

/// The column of a ticket, and its place there.
fn place_of(list: ListStore, number: ItemNumber) -> Option<(usize, usize)> {
    list.tree.with_untracked(|tree| {
        let place = |rows: &[Row]| rows.iter().position(|row| row.number == number);
        tree.iter().enumerate().find_map(|(at, node)| place(node.rows()).map(|place| (at, place)))
    })
}
