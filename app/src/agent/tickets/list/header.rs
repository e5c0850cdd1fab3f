//! The headers of the table: they sort, and are dragged to be elsewhere or wider. What dragging does is also in the dialog of the
//! columns.

use super::{cells, drawn};
use crate::{
    agent::tickets::{address::turned, store::ListStore},
    i18n::{I18n, use_i18n},
    t,
    ui::Icon,
};
use domain::view::{Column, SortField, layout};
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;

/// What a column is called.
#[must_use]
pub fn name_of(i18n: I18n, key: &str) -> String {
    match key {
        "title" => t!(i18n, tickets_column_title).to_owned(),
        "agents" => t!(i18n, tickets_column_assigned).to_owned(),
        "updated" => t!(i18n, tickets_column_updated).to_owned(),
        _ => i18n.name("field", key),
    }
}

/// The row of headers.
#[component]
pub fn Header(
    /// The list.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = move || {
        let loaded = list.rows.with(Vec::len);
        loaded > 0 && list.selected.with(|selected| selected.len() >= loaded)
    };
    let go = drawn::navigation(list, use_navigate());
    let columns = move || {
        let (columns, own) = list.columns();
        let each = columns.iter().map(|column| header(list, column, own, go.clone()));
        each.collect_view()
    };
    view! {
        <div role="row" class="ticket-row ticket-head" aria-rowindex="1">
            <div role="columnheader" class="cell-select">
                <input
                    type="checkbox"
                    aria-label=t!(i18n, tickets_select_all)
                    prop:checked=all
                    on:click=move |_| list.toggle_all()
                />
            </div>
            {columns}
        </div>
    }
    .into_any()
}

fn header(list: ListStore, column: &Column, own: bool, go: drawn::Go) -> AnyView {
    let i18n = use_i18n();
    let key = column.key.clone();
    let text = name_of(i18n, &key);
    let content = match SortField::from_key(&key) {
        None => view! { <span class="column-name truncate">{text}</span> }.into_any(),
        Some(by) => {
            let href = move || {
                let sorted = turned(by, list.sort());
                list.address.with(|address| address.sorted(sorted, list.settings().sort).beside(list.open_number.get()))
            };
            let shown = match by {
                // The numbers themselves begin with the sign.
                SortField::Number => {
                    view! { <span aria-hidden="true">"#"</span><span class="sr-only">{text.clone()}</span> }.into_any()
                }
                _ => view! { <span class="truncate">{text.clone()}</span> }.into_any(),
            };
            view! {
                <a class="column-sort" href=href title=text draggable="false">
                    {shown}
                    {move || sorted(list, by).map(|down| view! { <Icon name=if down { "arrow-down" } else { "arrow-up" } /> })}
                </a>
            }
            .into_any()
        }
    };
    let by = SortField::from_key(&key);
    let order = move || {
        by.map(|by| match sorted(list, by) {
            Some(true) => "descending",
            Some(false) => "ascending",
            None => "none",
        })
    };
    let (dragged, target, resized, resize) = (key.clone(), key.clone(), key, go.clone());
    let on_drop = move |event: ev::DragEvent| {
        event.prevent_default();
        let moved = event.data_transfer().and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
        go(drawn::moved(untrack(|| list.columns().0), &moved, &target));
    };
    view! {
        <div
            role="columnheader"
            class=cells::class(column, own)
            aria-sort=order
            draggable="true"
            on:dragstart=move |event| {
                if let Some(data) = event.data_transfer() {
                    let _ = data.set_data("text/plain", &dragged);
                }
            }
            on:dragover=move |event| event.prevent_default()
            on:drop=on_drop
        >
            {content}
            {resizer(move |width| resize(drawn::wide(untrack(|| list.columns().0), &resized, width)))}
        </div>
    }
    .into_any()
}

/// Whether the list is sorted by a field, and if so, downwards.
fn sorted(list: ListStore, by: SortField) -> Option<bool> {
    Some(list.sort()).filter(|sort| sort.by == by).map(|sort| sort.descending)
}

/// The edge of a header. While it is dragged a line follows the pointer; then the column has its width.
fn resizer(done: impl Fn(u16) + 'static) -> AnyView {
    let from = StoredValue::new(None::<i32>);
    let edge = |event: &ev::PointerEvent| event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    let shift = move |element: &web_sys::HtmlElement, to: &str| {
        let _ = element.style().set_property("transform", to);
    };
    let down = move |event: ev::PointerEvent| {
        event.prevent_default();
        if let Some(element) = edge(&event) {
            let _ = element.set_pointer_capture(event.pointer_id());
            from.set_value(Some(event.client_x()));
        }
    };
    let over = move |event: ev::PointerEvent| {
        if let (Some(element), Some(from)) = (edge(&event), from.get_value()) {
            shift(&element, &format!("translateX({}px)", event.client_x() - from));
        }
    };
    let up = move |event: ev::PointerEvent| {
        let (Some(element), Some(begin)) = (edge(&event), from.get_value()) else { return };
        from.set_value(None);
        shift(&element, "none");
        let now = element
            .parent_element()
            .and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok())
            .map(|cell| cell.offset_width());
        let width = now.unwrap_or_default() + event.client_x() - begin;
        done(layout::step(u16::try_from(width.max(0)).unwrap_or(layout::WIDEST)));
    };
    view! {
        <span class="column-edge" draggable="false" aria-hidden="true" on:pointerdown=down on:pointermove=over on:pointerup=up></span>
    }
    .into_any()
}
