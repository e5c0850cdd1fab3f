//! A row of the list.

use super::{cells, table::GRID};
use crate::{
    agent::tickets::store::{ListStore, Row},
    i18n::use_i18n,
    t,
};
use domain::{item::ItemRow, view::Column};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;

/// Draws a ticket in a line.
pub type Draw = fn(ListStore, usize, Row) -> AnyView;

/// Row `at` of the list.
pub fn row(list: ListStore, at: usize, draw: Draw) -> AnyView {
    match list.rows.with_untracked(|rows| rows.get(at).cloned()) {
        Some(row) => draw(list, at, row),
        None => ().into_any(),
    }
}

/// A ticket in the line `at` of the table.
pub fn ticket(list: ListStore, at: usize, row: Row) -> AnyView {
    let item = RwSignal::from(row.item);
    let (columns, own) = list.columns();
    let cell = |column: Column| {
        let class = cells::class(&column, own);
        let key = cells::EDITABLE.into_iter().find(|key| *key == column.key);
        view! { <div role="gridcell" class=class data-cell=key>{cells::content(list, &column.key, item)}</div> }
    };
    let cells = columns.into_iter().map(cell).collect_view().into_any();
    line(list, at, item, "ticket-row", cells)
}

/// The line `at` with these cells: it is clicked, selected and marked like every line with a ticket.
pub fn line(list: ListStore, at: usize, item: RwSignal<ItemRow>, class: &'static str, cells: AnyView) -> AnyView {
    let i18n = use_i18n();
    let number = item.with_untracked(|item| item.number);
    let href = move || list.address.with(|address| address.ticket(number));
    let selected = Memo::new(move |_| list.selected.with(|selected| selected.contains(&number)));
    let navigate = use_navigate();
    let on_click = move |event: ev::MouseEvent| {
        if is_control(&event) {
            return;
        }
        if event.shift_key() {
            event.prevent_default();
            list.extend_to(number);
        } else if event.ctrl_key() || event.meta_key() {
            list.toggle(number);
        } else {
            list.current.set(Some(number));
            navigate(&href(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    let on_tick = move |event: ev::MouseEvent| {
        if event.shift_key() { list.extend_to(number) } else { list.toggle(number) }
    };
    view! {
        <div
            role="row"
            id=format!("{GRID}-row-{at}")
            class=class
            class:ticket-row-current=move || list.current.get() == Some(number)
            class:ticket-row-open=move || list.open_number.get() == Some(number)
            class:ticket-row-done=move || item.with(|item| item.category == domain::types::Category::Done)
            aria-rowindex=at + 2
            aria-selected=move || if selected.get() { "true" } else { "false" }
            on:click=on_click
            // Keeps shift-click from selecting text.
            on:mousedown=move |event| if event.shift_key() { event.prevent_default() }
        >
            <div role="gridcell" class="cell-select">
                <input
                    type="checkbox"
                    tabindex="-1"
                    aria-label=t!(i18n, tickets_select_ticket, number = number)
                    prop:checked=selected
                    on:click=on_tick
                />
            </div>
            {cells}
        </div>
    }
    .into_any()
}

/// Whether a click was on something inside the row that answers itself.
fn is_control(event: &ev::MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let control = target.and_then(|element| element.closest("input,button,a").ok().flatten());
    // A plain click on the link is the row's click: the router follows it anyway.
    control.is_some_and(|control| control.tag_name() != "A" || !event.shift_key())
}
