//! The table of tickets: sortable headers over a windowed list.

use super::{group, header::Header, row::row};
use crate::{
    agent::tickets::{
        grouped::Line,
        store::{ListStore, Loading},
    },
    i18n::use_i18n,
    t,
    ui::{Banner, Button, Tone, VirtualList, by_id, session_storage},
};
use domain::view::layout::columns_text;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Id of the table.
pub const GRID: &str = "tickets";
/// Height of a row on a phone, where it has two lines.
const PHONE_ROW: f64 = 60.0;
/// Where rows have two lines.
const PHONE: &str = "(max-width: 47.99rem)";

/// The table.
#[component]
pub fn TicketTable(
    /// The list.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    // The styles say the same.
    let density = move || list.shown().density;
    let row_height = RwSignal::new(f64::from(untrack(density).height()));
    Effect::new(move |_| {
        let row = f64::from(density().height());
        let measure = move || {
            let phone = window().match_media(PHONE).ok().flatten().is_some_and(|query| query.matches());
            row_height.set(if phone { PHONE_ROW } else { row });
        };
        measure();
        let listener = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || listener.remove());
    });
    restore_scroll(list, row_height);
    let grouped = Memo::new(move |_| list.tree.with(|tree| !tree.is_empty()));
    let count = Signal::derive(move || if grouped.get() { list.lines.with(Vec::len) } else { list.rows.with(Vec::len) });
    // Of groups it is not known how many lines there will be.
    let total = Signal::derive(move || list.total.get().filter(|_| !grouped.get()).map(|total| total + 1));
    let active = Signal::derive(move || {
        let current = list.current.get()?;
        if grouped.get() {
            return list.lines.with(|lines| lines.iter().position(|line| line.ticket() == Some(current)));
        }
        list.rows.with(|rows| rows.iter().position(|row| row.number == current))
    });
    // The ticket of a line.
    let ticket = move |at: usize| {
        if grouped.get_untracked() {
            return list.lines.with_untracked(|lines| lines.get(at).and_then(Line::ticket));
        }
        list.rows.with_untracked(|rows| rows.get(at).map(|row| row.number))
    };
    // Rows are made anew for other columns.
    let columns = Memo::new(move |_| columns_text(&list.shown().columns));
    let key = Callback::new(move |at: usize| {
        // Tracked: another list of the same length is another list.
        let line = if grouped.get() {
            group::key(list, at)
        } else {
            list.rows.with(|rows| rows.get(at).map(|row| format!("{at}:{}", row.number))).unwrap_or_default()
        };
        columns.with(|columns| line + columns)
    });
    let label = Signal::derive(move || list.view_name(i18n));
    let move_to = move |at: usize| list.current.set(ticket(at));
    let open = move |at: usize| {
        let Some(number) = ticket(at) else { return };
        let href = list.address.with_untracked(|address| address.ticket(number));
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let failed = move || match list.loading.get() {
        Loading::Failed(error) if list.rows.with(|rows| !rows.is_empty()) => Some(view! {
            <Banner tone=Tone::Danger>
                {i18n.error(&error.0)} " " <Button icon="refresh" on_click=Callback::new(move |_| list.load_more())>{t!(i18n, retry)}</Button>
            </Banner>
        }),
        _ => None,
    };
    view! {
        <div
            class="ticket-table"
            class:ticket-columns=move || columns.with(|columns| !columns.is_empty())
            data-density=move || density().key()
            aria-busy=move || (list.loading.get() == Loading::First).then_some("true")
        >
            <VirtualList
                id=GRID
                label
                count
                total
                row_height
                key
                row=Callback::new(move |at| if grouped.get_untracked() { group::line(list, at) } else { row(list, at) })
                active
                on_move=Callback::new(move_to)
                on_open=Callback::new(open)
                on_end=Callback::new(move |()| list.want(list.rows.with_untracked(Vec::len) + 1))
                header=ViewFn::from(move || view! { <Header list /> })
                on_scroll=Callback::new(move |()| remember_scroll(list))
            />
            {failed}
        </div>
    }
    .into_any()
}

/// Name under which the place of a list is remembered, for reload and coming back.
fn place_key(list: ListStore) -> String {
    format!("taquilla:tickets{}", list.address.with_untracked(|address| address.query()))
}

fn remember_scroll(list: ListStore) {
    if let (Some(storage), Some(element)) = (session_storage(), by_id(GRID)) {
        let _ = storage.set_item(&place_key(list), &element.scroll_top().to_string());
    }
}

/// Scrolls to where the person was when this list was last seen, loading rows until that place is there.
fn restore_scroll(list: ListStore, row_height: RwSignal<f64>) {
    let wanted = StoredValue::new(None::<i32>);
    Effect::new(move |before: Option<String>| {
        list.address.track();
        let key = place_key(list);
        // Only when another list is shown, and when the page begins.
        if before.as_ref() != Some(&key) {
            let place =
                session_storage().and_then(|storage| storage.get_item(&key).ok().flatten()).and_then(|text| text.parse().ok());
            wanted.set_value(Some(place.unwrap_or(0)));
        }
        key
    });
    Effect::new(move |_| {
        let loaded = list.rows.with(Vec::len);
        if list.loading.get() != Loading::Idle {
            return;
        }
        let Some(top) = wanted.get_value() else { return };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rows = (f64::from(top) / row_height.get_untracked()) as usize + 1;
        if rows > loaded && !list.is_complete() {
            list.want(rows);
            return;
        }
        wanted.set_value(None);
        request_animation_frame(move || {
            if let Some(element) = by_id(GRID) {
                element.set_scroll_top(top);
            }
        });
    });
}
