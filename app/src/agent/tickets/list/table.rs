//! The table of tickets: sortable headers over a windowed list.

use super::{
    group::{self, Foot},
    header::Header,
    row::{self, Draw},
};
use crate::{
    agent::tickets::store::{ListStore, Loading},
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

/// How the rows of a list are drawn where they are not a table's.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Their height in pixels, on any screen; the styles say the same.
    pub height: f64,
    /// Draws the ticket of a line.
    pub draw: Draw,
}

/// The table.
#[component]
pub fn TicketTable(
    /// The list.
    list: ListStore,
    /// Other rows than those of a table: without columns, so nothing stands over them.
    #[prop(optional)]
    rows: Option<Rows>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    // The styles say the same.
    let density = move || list.shown().density;
    let height = move || rows.map_or_else(|| f64::from(density().height()), |rows| rows.height);
    let row_height = RwSignal::new(untrack(height));
    Effect::new(move |_| {
        let row = height();
        let measure = move || {
            let phone = window().match_media(PHONE).ok().flatten().is_some_and(|query| query.matches());
            row_height.set(if phone && rows.is_none() { PHONE_ROW } else { row });
        };
        measure();
        let listener = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || listener.remove());
    });
    restore_scroll(list, row_height);
    let grouped = Memo::new(move |_| list.tree.with(|tree| !tree.is_empty()));
    let added_up = Memo::new(move |_| !list.shown().measures.is_empty());
    let count = Signal::derive(move || if grouped.get() { list.lines.with(Vec::len) } else { list.rows.with(Vec::len) });
    // Of groups it is not known how many lines there will be.
    let total = Signal::derive(move || list.total.get().filter(|_| !grouped.get()).map(|total| total + 1));
    let active = Signal::derive(move || list.current.get().and_then(|current| list.line_of(current)));
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
    let move_to = move |at: usize| list.current.set(list.ticket_at(at));
    let open = move |at: usize| {
        let Some(number) = list.ticket_at(at) else { return };
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
    let draw = rows.map_or(row::ticket as Draw, |rows| rows.draw);
    let header = rows.is_none().then(|| ViewFn::from(move || view! { <Header list /> }));
    view! {
        <div
            class="ticket-table"
            class:ticket-lines=rows.is_some()
            class:ticket-columns=move || rows.is_none() && columns.with(|columns| !columns.is_empty())
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
                row=Callback::new(move |at| if grouped.get_untracked() { group::line(list, at, draw) } else { row::row(list, at, draw) })
                active
                on_move=Callback::new(move_to)
                on_open=Callback::new(open)
                on_end=Callback::new(move |()| list.want(list.rows.with_untracked(Vec::len) + 1))
                header
                on_scroll=Callback::new(move |()| remember_scroll(list))
            />
            {move || (grouped.get() || added_up.get()).then(|| view! { <Foot list /> })}
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
