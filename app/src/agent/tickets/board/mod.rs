//! The board: a column for each group, a card for each ticket. A card that is moved to another column gets what the tickets there have
//! in common. A part of its own, which comes when a board is first shown.

mod card;
mod keys;

use super::{
    grouped::Node,
    list::{Bulk, group_title},
    moves::Moves,
    store::ListStore,
};
use crate::{
    i18n::use_i18n,
    t,
    ui::{VirtualList, use_toasts},
};
use card::card;
use domain::id::ItemNumber;
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Height of a card with the room below it, in pixels; the styles say the same.
const CARD: f64 = 96.0;
/// Columns that are drawn at first, and so many more whenever the end comes near.
const COLUMNS: usize = 8;
/// How near, in pixels.
const NEAR: i32 = 400;

/// Draws a board of a list; what is done with the cards is done like everything that is done from the list.
#[lazy]
pub fn board() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(list: ListStore, bulk: Bulk) -> AnyView {
    let i18n = use_i18n();
    let moves = Moves::new(list, bulk, use_toasts(), i18n);
    let drawn = RwSignal::new(COLUMNS);
    let listener = window_event_listener(ev::keydown, move |event| keys::key(list, moves, &event));
    on_cleanup(move || listener.remove());
    // The columns by what their tickets have in common: they stay while what is in them changes.
    let columns = move || {
        list.lines.track();
        list.tree.with_untracked(|tree| {
            let keys = tree.iter().enumerate().map(|(at, node)| format!("{at}:{}", node.group.key));
            keys.take(drawn.get()).enumerate().collect::<Vec<_>>()
        })
    };
    let on_scroll = move |event: ev::Event| {
        let element: web_sys::HtmlElement = event_target(&event);
        let left = element.scroll_width() - element.scroll_left() - element.client_width();
        let there = list.tree.with_untracked(Vec::len);
        if left < NEAR && drawn.get_untracked() < there {
            drawn.update(|drawn| *drawn += COLUMNS);
        } else if left < NEAR {
            list.want_groups(&[]);
        }
    };
    view! {
        <div class="board" aria-label=move || list.view_name(i18n) role="group" on:scroll=on_scroll>
            <For each=columns key=|(_, key)| key.clone() children=move |(at, _)| column(list, moves, at) />
        </div>
    }
    .into_any()
}

/// A column: its head, and its cards as far as they are in sight.
fn column(list: ListStore, moves: Moves, at: usize) -> AnyView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let look = move |see: fn(&Node) -> usize| {
        list.lines.track();
        list.node(&[at]).map(|node| see(&node)).unwrap_or_default()
    };
    let count = Signal::derive(move || look(|node| node.rows().len()));
    let all = Signal::derive(move || look(|node| usize::try_from(node.group.count).unwrap_or_default()));
    let total = Signal::derive(move || i64::try_from(all.get()).ok());
    let number = move |place: usize| list.node(&[at]).and_then(|node| node.rows().get(place).map(|row| row.number));
    let place_of = move |number: ItemNumber| list.node(&[at])?.rows().iter().position(|row| row.number == number);
    let active = Signal::derive(move || {
        list.lines.track();
        list.current.get().and_then(place_of)
    });
    let key = Callback::new(move |place: usize| {
        list.lines.track();
        number(place).map(|number| number.to_string()).unwrap_or_default()
    });
    let open = move |place: usize| {
        let Some(number) = number(place) else { return };
        let href = list.address.with_untracked(|address| address.ticket(number));
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    // Where the first cards are missing they are asked for, also when the groups came anew.
    Effect::new(move |_| {
        list.lines.track();
        if list.node(&[at]).is_some_and(|node| node.is_unknown() && node.group.count > 0) {
            list.want_group(&[at]);
        }
    });
    let title = move || list.node(&[at]).map(|node| group_title(list, &node));
    let label = Signal::derive(move || {
        list.lines.track();
        list.node(&[at]).map(|node| node.group.name).unwrap_or_default()
    });
    let failed = move || {
        list.lines.track();
        let why = list.node(&[at]).and_then(|node| node.failure().map(|error| i18n.error(&error.0)))?;
        Some(view! {
            <p class="board-failed">
                {why} " "
                <button type="button" class="link" on:click=move |_| list.want_group(&[at])>{t!(i18n, retry)}</button>
            </p>
        })
    };
    let over = move || moves.is_over(&[at]);
    view! {
        <section
            class="board-column"
            class:board-over=move || over() && moves.fits(&[at])
            class:board-refuses=move || over() && !moves.fits(&[at])
            aria-label=label
            on:dragover=move |event| moves.drag_over(&event, &[at])
            on:dragleave=move |_| moves.leave(&[at])
            on:drop=move |event| moves.drop(&event, &[at])
        >
            <header class="board-head">{title} <span class="count">{move || i18n.number(total.get().unwrap_or_default())}</span></header>
            {failed}
            <VirtualList
                id=format!("board-{at}")
                label
                count
                total
                row_height=Signal::stored(CARD)
                key
                row=Callback::new(move |place| card(list, moves, at, place))
                active
                on_move=Callback::new(move |place| list.current.set(number(place)))
                on_open=Callback::new(open)
                on_end=Callback::new(move |()| if count.get_untracked() < all.get_untracked() && count.get_untracked() > 0 { list.want_group(&[at]) })
            />
        </section>
    }
    .into_any()
}
