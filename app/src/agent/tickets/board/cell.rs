//! Where cards stand: a column, or where a column crosses a lane.

use super::{Board, card::card};
use crate::{
    agent::tickets::{
        grouped::{Node, Path},
        moves::Place,
        store::Row,
    },
    t,
    ui::VirtualList,
};
use domain::id::ItemNumber;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Height of a card with the room below it, in pixels; the styles say the same.
const CARD: f64 = 96.0;
/// Cards of a column that are drawn at first, and of a place in a lane, where few are seen.
const FIRST: (usize, usize) = (40, 8);

/// A place for cards.
#[derive(Clone, Copy)]
pub struct Cell {
    /// The board.
    pub board: Board,
    /// The lane, where there are lanes.
    pub lane: Option<usize>,
    /// The column.
    pub column: usize,
}

impl Cell {
    /// Its id on the page, which the keyboard goes to.
    pub fn id(self) -> String {
        match self.lane {
            Some(lane) => format!("board-{lane}-{}", self.column),
            None => format!("board-{}", self.column),
        }
    }

    /// The place of its group in the list; none if nothing was told of it, so it holds nothing.
    fn path(self) -> Option<Path> {
        let Some(lane) = self.lane else { return Some(vec![self.column]) };
        let key = untrack(|| self.board.columns.get(self.column))?.key;
        let place = |lane: &Node| lane.groups().iter().position(|node| node.group.key == key);
        Some(vec![lane, self.board.list.see(&[lane], place)??])
    }

    /// What the tickets here have in common.
    pub fn place(self) -> Place {
        let lane = self.lane.and_then(|lane| self.board.list.see(&[lane], Node::condition));
        lane.into_iter().chain(self.board.columns.condition(self.column)).collect()
    }

    /// What there is to see of its group. Tracked.
    fn see<T>(self, see: impl FnOnce(&Node) -> T) -> Option<T> {
        self.board.list.lines.track();
        self.board.list.see(&self.path()?, see)
    }

    /// How many tickets it holds. Tracked.
    pub fn count(self) -> i64 {
        self.see(|node| node.group.count).unwrap_or_default()
    }

    /// A row of it, as far as they have come. Tracked.
    pub fn row(self, place: usize) -> Option<Row> {
        self.see(|node| node.rows().get(place).cloned()).flatten()
    }

    /// The row at a place, or else the last one.
    pub fn nearest(self, place: usize) -> Option<ItemNumber> {
        untrack(|| self.see(|node| node.rows().get(place).or(node.rows().last()).map(|row| row.number)).flatten())
    }

    /// How many rows have come. Tracked.
    pub fn len(self) -> usize {
        self.see(|node| node.rows().len()).unwrap_or_default()
    }

    /// Where a ticket stands in it. Tracked.
    pub fn place_of(self, number: ItemNumber) -> Option<usize> {
        self.see(|node| node.rows().iter().position(|row| row.number == number)).flatten()
    }

    fn want(self) {
        if let Some(path) = self.path() {
            self.board.list.want_group(&path);
        }
    }

    /// What it is called: the lane and the column. Tracked.
    pub fn name(self) -> String {
        let column = self.board.columns.get(self.column).map(|column| column.name).unwrap_or_default();
        let Some(lane) = self.lane else { return column };
        self.board.list.lines.track();
        let lane = self.board.list.see(&[lane], |node| node.group.name.clone()).unwrap_or_default();
        format!("{lane}, {column}")
    }

    /// The place with what is in it: cards can be dropped there.
    pub fn around(self, class: &'static str, head: AnyView, inside: AnyView) -> AnyView {
        let moves = self.board.moves;
        let over = move || moves.is_over(&self.place());
        let on_drop = move |event| {
            if let Some((number, from)) = moves.drop(&event) {
                self.board.carry(number, &from, &self.place());
            }
        };
        view! {
            <section
                class=class
                role=self.lane.map(|_| "group")
                class:board-over=move || over() && moves.fits(&self.place())
                class:board-refuses=move || over() && !moves.fits(&self.place())
                aria-label=move || self.name()
                on:dragover=move |event| moves.drag_over(&event, &self.place())
                on:dragleave=move |_| moves.leave(&self.place())
                on:drop=on_drop
            >
                {head}
                {inside}
            </section>
        }
        .into_any()
    }

    /// Its cards, as far as they are in sight, and why the next ones did not come.
    pub fn cards(self) -> AnyView {
        let Board { list, i18n, .. } = self.board;
        let navigate = use_navigate();
        let count = Signal::derive(move || self.len());
        let all = Signal::derive(move || usize::try_from(self.count()).unwrap_or_default());
        let active = Signal::derive(move || list.current.get().and_then(|number| self.place_of(number)));
        let number = move |place: usize| self.row(place).map(|row| row.number);
        let key = Callback::new(move |place: usize| number(place).map(|number| number.to_string()).unwrap_or_default());
        let open = move |place: usize| {
            let Some(number) = untrack(|| number(place)) else { return };
            let href = list.address.with_untracked(|address| address.ticket(number));
            navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        };
        // Where the first cards are missing they are asked for, also when the groups came anew.
        Effect::new(move |_| {
            if self.see(|node| node.is_unknown() && node.group.count > 0) == Some(true) {
                self.want();
            }
        });
        let more = move |()| {
            let have = count.get_untracked();
            if have > 0 && have < all.get_untracked() {
                self.want();
            }
        };
        let failed = move || {
            let why = self.see(|node| node.failure().map(|error| i18n.error(&error.0))).flatten()?;
            Some(view! {
                <p class="board-failed">
                    {why} " " <button type="button" class="link" on:click=move |_| self.want()>{t!(i18n, retry)}</button>
                </p>
            })
        };
        view! {
            {failed}
            <VirtualList
                id=self.id()
                label=Signal::derive(move || self.name())
                count
                total=Signal::derive(move || i64::try_from(all.get()).ok())
                row_height=Signal::stored(CARD)
                key
                row=Callback::new(move |place| card(self, place))
                active
                ahead=if self.lane.is_some() { FIRST.1 } else { FIRST.0 }
                on_move=Callback::new(move |place| list.current.set(untrack(|| number(place))))
                on_open=Callback::new(open)
                on_end=Callback::new(more)
            />
        }
        .into_any()
    }
}
