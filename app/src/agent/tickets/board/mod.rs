//! The board: a column for each group, a card for each ticket; by a second level of groups lanes, which cross the columns. A card that
//! is moved elsewhere gets what the tickets there have in common. A part of its own, which comes when a board is first shown.

mod card;
mod cell;
mod columns;
mod head;
mod keys;
mod lane;
mod limit;

use super::{
    address::ListAddress,
    list::{Bulk, go_to},
    moves::{Moves, Place},
    store::ListStore,
};
use crate::{
    i18n::{I18n, use_i18n},
    plural,
    ui::{Toasts, by_id, find_all, use_toasts},
};
use cell::Cell;
use columns::Columns;
use domain::id::ItemNumber;
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use web_sys::HtmlElement;

/// Id of the board.
const BOARD: &str = "board";
/// Columns that are drawn at first, and so many more whenever the end comes near.
const COLUMNS: usize = 8;
/// The same of lanes.
const LANES: usize = 20;
/// Lanes that have their cards before it is known how many are in sight.
const SEEN: usize = 4;
/// How near, in pixels; so far around what is seen lanes have their cards.
const NEAR: i32 = 400;

/// A board, and what is done on it.
#[derive(Clone, Copy)]
struct Board {
    list: ListStore,
    moves: Moves,
    columns: Columns,
    /// How many columns and lanes are drawn.
    drawn: RwSignal<(usize, usize)>,
    /// The lanes that are in sight or near it: from one to before another.
    sight: RwSignal<(usize, usize)>,
    /// The column whose limit is being set.
    limiting: RwSignal<Option<usize>>,
    /// Shows the board at another address.
    go: Callback<ListAddress>,
    toasts: Toasts,
    i18n: I18n,
}

/// Draws a board of a list; what is done with the cards is done like everything that is done from the list.
#[lazy]
pub fn board() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(list: ListStore, bulk: Bulk) -> AnyView {
    let (i18n, toasts, navigate) = (use_i18n(), use_toasts(), use_navigate());
    let board = Board {
        list,
        moves: Moves::new(list, bulk, toasts, i18n),
        columns: Columns::new(list),
        drawn: RwSignal::new((COLUMNS, LANES)),
        sight: RwSignal::new((0, SEEN)),
        limiting: RwSignal::new(None),
        go: Callback::new(move |address| go_to(list, &address, &navigate)),
        toasts,
        i18n,
    };
    keys::listen(board);
    let resized = window_event_listener(ev::resize, move |_| board.look());
    on_cleanup(move || {
        resized.remove();
        let _ = list.sight.try_set_value(None);
    });
    // What came may have moved what is in sight.
    Effect::new(move |_| {
        list.lines.track();
        board.columns.count();
        request_animation_frame(move || board.look());
    });
    let columns = move || board.columns.first(board.drawn.get().0);
    let in_lanes = move || board.columns.in_lanes.get();
    let body = move || {
        if in_lanes() {
            return lane::lanes(board);
        }
        view! { <For each=columns key=|(_, key)| key.clone() children=move |(at, _)| column(board, at) /> }.into_any()
    };
    view! {
        <div
            id=BOARD
            class="board"
            class:board-lanes=in_lanes
            aria-label=move || list.view_name(i18n)
            role="group"
            on:scroll=move |_| board.look()
        >
            {body}
        </div>
        {limit::dialog(board)}
    }
    .into_any()
}

/// A column: its head, and its cards as far as they are in sight.
fn column(board: Board, at: usize) -> AnyView {
    let cell = Cell { board, lane: None, column: at };
    cell.around("board-column", head::head(board, at), cell.cards())
}

impl Board {
    /// Draws what comes near, and notes which lanes are in sight.
    fn look(self) {
        let Some(element) = by_id(BOARD).filter(|_| !self.drawn.is_disposed()) else { return };
        self.grow(&element);
        let (top, bottom) = (element.scroll_top() - NEAR, element.scroll_top() + element.client_height() + NEAR);
        let near = |lane: &HtmlElement| lane.offset_top() < bottom && lane.offset_top() + lane.offset_height() > top;
        let lanes = find_all(&element, ".board-lane");
        let first = lanes.iter().position(near).unwrap_or_default();
        let sight = (first, first + lanes.iter().skip(first).take_while(|lane| near(lane)).count());
        self.list.sight.set_value((!lanes.is_empty()).then_some(sight));
        if !lanes.is_empty() && self.sight.get_untracked() != sight {
            self.sight.set(sight);
        }
    }

    /// Draws further columns and lanes where their end is near.
    fn grow(self, element: &HtmlElement) {
        let (columns, lanes) = self.drawn.get_untracked();
        let right = element.scroll_width() - element.scroll_left() - element.client_width();
        let below = element.scroll_height() - element.scroll_top() - element.client_height();
        let more = |near: bool, step: usize| if near { step } else { 0 };
        let grown = (
            columns + more(right < NEAR && columns < untrack(|| self.columns.count()), COLUMNS),
            lanes + more(below < NEAR && lanes < self.list.tree.with_untracked(Vec::len), LANES),
        );
        if grown != (columns, lanes) {
            self.drawn.set(grown);
        }
        // The groups behind those that came.
        let there = self.list.tree.with_untracked(Vec::len);
        let in_lanes = untrack(|| self.columns.in_lanes.get());
        if if in_lanes { below < NEAR && lanes >= there } else { right < NEAR && columns >= there } {
            self.list.want_groups(&[]);
        }
    }

    /// Means a column to hold so much.
    fn limit(self, at: usize, most: Option<u16>) {
        if let Some(address) = self.columns.with_most(at, most) {
            self.go.run(address);
        }
    }

    /// Moves a ticket to another place, with the others that are selected. A column takes more than its limit: it is a number that
    /// people agree on, so it is told and not refused.
    fn carry(self, number: ItemNumber, from: &Place, to: &Place) {
        let moved = self.moves.move_to(number, from, to);
        let (Some(left), Some(entered)) = (from.last(), to.last()) else { return };
        if moved == 0 || left == entered {
            return;
        }
        self.columns.shift(left, entered, moved);
        let column = (0..untrack(|| self.columns.count())).find(|at| self.columns.condition(*at).as_ref() == Some(entered));
        let told = untrack(|| column.and_then(|at| Some((self.columns.get(at)?, self.columns.most(at)?))));
        if let Some((column, most)) = told.filter(|(column, most)| column.count > i64::from(*most)) {
            self.toasts.warning(plural!(self.i18n, tickets_limit_passed, column.count, column = column.name, most = most));
        }
    }
}
