//! A card of the board.

use super::cell::Cell;
use crate::agent::tickets::list::cells;
use domain::types::Category;
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The card at a place of a column or lane.
pub fn card(stands: Cell, place: usize) -> AnyView {
    let Some(row) = untrack(|| stands.row(place)) else { return ().into_any() };
    let (list, moves) = (stands.board.list, stands.board.moves);
    let number = row.number;
    let item = RwSignal::from(row.item);
    let navigate = use_navigate();
    let on_click = move |event: ev::MouseEvent| {
        if event.ctrl_key() || event.meta_key() {
            return list.toggle(number);
        }
        list.current.set(Some(number));
        let href = list.address.with_untracked(|address| address.ticket(number));
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let selected = move || list.selected.with(|selected| selected.contains(&number));
    let cell = move |key: &str| cells::content(list, key, item);
    view! {
        <div
            role="row"
            id=format!("{}-row-{place}", stands.id())
            class="card-place"
            aria-rowindex=place + 1
            aria-selected=move || if selected() { "true" } else { "false" }
            draggable=move || if list.me.with(|me| me.role.works()) { "true" } else { "false" }
            on:dragstart=move |event| moves.begin(&event, number, stands.place())
            on:dragend=move |_| moves.end()
            on:click=on_click
        >
            <div
                role="gridcell"
                class="board-card"
                class:board-card-current=move || list.current.get() == Some(number)
                class:board-card-open=move || list.open_number.get() == Some(number)
                class:board-card-selected=selected
                class:ticket-row-done=move || item.with(|item| item.category == Category::Done)
            >
                <div class="board-line board-title">
                    <a class="ticket-link" href=move || list.address.with(|address| address.ticket(number)) tabindex="-1" draggable="false">
                        {move || item.with(|item| item.title.clone())}
                    </a>
                </div>
                <div class="board-line">
                    <span class="board-number">{cell("number")}</span>
                    <span class="cell-priority">{cell("priority")}</span>
                    <span class="board-who truncate">{cell("requester")}</span>
                    <span class="board-agents">{cell("agents")}</span>
                </div>
            </div>
        </div>
    }
    .into_any()
}
