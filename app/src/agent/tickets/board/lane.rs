//! Lanes: what a board is divided by across its columns. Each is one question, which tells how much is in each of its columns; cards are
//! asked for and drawn only where they are in sight, so there can be hundreds of lanes.

use super::{Board, cell::Cell, head};
use crate::{
    agent::tickets::{grouped::Node, list::group_look},
    plural, t,
    ui::{Icon, focus},
};
use leptos::{ev, prelude::*};

/// Cards of the fullest place by which a lane is high; where there are more they are scrolled.
const CARDS: i64 = 4;

/// The heads of the columns, and below them the lanes.
pub fn lanes(board: Board) -> AnyView {
    let Board { list, i18n, .. } = board;
    let columns = move || board.columns.first(board.drawn.get().0);
    let lanes = move || {
        list.lines.track();
        list.tree.with_untracked(|tree| {
            let keys = tree.iter().enumerate().map(|(at, node)| (at, format!("{at}:{}", node.group.key)));
            keys.take(board.drawn.get().1).collect::<Vec<_>>()
        })
    };
    let more = move || {
        list.lines.track();
        let rest = list.rest(&[]);
        (rest.more > 0).then(|| {
            view! {
                <p class="board-failed">
                    {rest.failed.map(|error| i18n.error(&error.0) + " ")}
                    {plural!(i18n, tickets_groups_more, rest.more)}
                    " "
                    <button type="button" class="link" on:click=move |_| list.want_groups(&[])>{t!(i18n, tickets_groups_show_more)}</button>
                </p>
            }
        })
    };
    view! {
        <div class="lane-columns">
            <For each=columns key=|(_, key)| key.clone() children=move |(at, _)| head::head(board, at) />
        </div>
        <For each=lanes key=|(_, key)| key.clone() children=move |(at, _)| lane(board, at) />
        {more}
    }
    .into_any()
}

/// A lane: its head, and where it is open its places.
fn lane(board: Board, at: usize) -> AnyView {
    let Board { list, moves, i18n, .. } = board;
    let see = move || {
        list.lines.track();
        list.see(&[at], |node| (node.open, node.group.clone()))
    };
    let group = Memo::new(move |_| see().map(|(_, group)| group));
    let open = Memo::new(move |_| see().is_some_and(|(open, _)| open));
    let near = Memo::new(move |_| {
        let (from, to) = board.sight.get();
        (from..to).contains(&at)
    });
    // What is in its columns is asked for where it is seen, also when the lanes came anew.
    Effect::new(move |_| {
        list.lines.track();
        if open.get() && near.get() && list.see(&[at], |node| node.is_unknown() && node.group.count > 0) == Some(true) {
            list.want_group(&[at]);
        }
    });
    let name = move || group.get().map(|group| group_look(list, &group.name, &group.look));
    let count = move || group.get().map(|group| i18n.number(group.count));
    let failed = move || {
        list.lines.track();
        let why = list.see(&[at], |node| node.failure().map(|error| i18n.error(&error.0)))??;
        Some(view! {
            <p class="board-failed">
                {why} " " <button type="button" class="link" on:click=move |_| list.want_group(&[at])>{t!(i18n, retry)}</button>
            </p>
        })
    };
    // On the head of a lane, also of a closed one, a card is dropped into its own column.
    let place = move || {
        let column = moves.origin()?.pop()?;
        Some(vec![list.see(&[at], Node::condition)?, column])
    };
    let over = move || place().is_some_and(|place| moves.is_over(&place));
    let takes = move || place().is_some_and(|place| moves.fits(&place));
    let on_over = move |event: ev::DragEvent| {
        if let Some(place) = untrack(place) {
            moves.drag_over(&event, &place);
        }
    };
    let on_leave = move |_| {
        if let Some(place) = untrack(place) {
            untrack(|| moves.leave(&place));
        }
    };
    let on_drop = move |event: ev::DragEvent| {
        if let (Some(place), Some((number, from))) = (untrack(place), moves.drop(&event)) {
            board.carry(number, &from, &place);
        }
    };
    let toggle = move |_| {
        list.toggle_group(&[at]);
        // What is below it moves, the keyboard stays.
        focus(&format!("board-lane-{at}"));
    };
    view! {
        <section class="board-lane" aria-label=move || group.get().map(|group| group.name)>
            <h2
                class="lane-head"
                class:board-over=move || over() && takes()
                class:board-refuses=move || over() && !takes()
                on:dragover=on_over
                on:dragleave=on_leave
                on:drop=on_drop
            >
                <button
                    type="button"
                    id=format!("board-lane-{at}")
                    class="group-head"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    on:click=toggle
                >
                    {move || view! { <Icon name=if open.get() { "chevron-down" } else { "chevron-right" } /> }}
                    {name}
                    <span class="count">{count}</span>
                </button>
            </h2>
            {failed}
            {move || open.get().then(|| places(board, at, near))}
        </section>
    }
    .into_any()
}

/// The places of a lane: as high as its fullest one is, up to a limit; empty as long as they are out of sight.
fn places(board: Board, lane: usize, near: Memo<bool>) -> AnyView {
    let list = board.list;
    let height = Memo::new(move |_| {
        list.lines.track();
        let fullest = |node: &Node| {
            let known = node.groups().iter().map(|node| node.group.count).max();
            known.unwrap_or(node.group.count.min(1)).clamp(0, CARDS)
        };
        list.see(&[lane], fullest).unwrap_or_default()
    });
    let columns = move || if near.get() { board.columns.first(board.drawn.get().0) } else { Vec::new() };
    view! {
        <div class=move || format!("lane-cells lane-{}", height.get())>
            <For each=columns key=|(_, key)| key.clone() children=move |(column, _)| place(Cell { board, lane: Some(lane), column }) />
        </div>
    }
    .into_any()
}

/// Where a column crosses a lane. What is empty is no list, so the keyboard does not stop there.
fn place(cell: Cell) -> AnyView {
    let filled = Memo::new(move |_| cell.count() > 0);
    let inside = move || {
        if filled.get() { cell.cards() } else { view! { <div id=cell.id() class="lane-empty" tabindex="-1"></div> }.into_any() }
    };
    let count = move || Some(cell.count()).filter(|count| *count > 0).map(|count| cell.board.i18n.number(count));
    let head = (move || count().map(|count| view! { <span class="lane-count count">{count}</span> })).into_any();
    cell.around("board-cell", head, inside.into_any())
}
