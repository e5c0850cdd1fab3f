//! The table of tickets: sortable headers over a windowed list.

use super::row::row;
use crate::{
    agent::tickets::store::{ListStore, Loading},
    i18n::use_i18n,
    t,
    ui::{Banner, Button, Icon, Tone, VirtualList, by_id, session_storage},
};
use domain::view::SortField;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Id of the table.
pub const GRID: &str = "tickets";
/// Height of a row on a desktop, in pixels; the styles say the same.
const ROW: f64 = 32.0;
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
    let row_height = RwSignal::new(ROW);
    Effect::new(move |_| {
        let measure = move || {
            let phone = window().match_media(PHONE).ok().flatten().is_some_and(|query| query.matches());
            row_height.set(if phone { PHONE_ROW } else { ROW });
        };
        measure();
        let listener = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || listener.remove());
    });
    restore_scroll(list, row_height);
    let count = Signal::derive(move || list.rows.with(Vec::len));
    let total = Signal::derive(move || list.total.get().map(|total| total + 1));
    let active = Signal::derive(move || {
        let current = list.current.get()?;
        list.rows.with(|rows| rows.iter().position(|row| row.number == current))
    });
    let key = Callback::new(move |at: usize| {
        // Tracked: another list of the same length is another list.
        list.rows.with(|rows| rows.get(at).map(|row| format!("{at}:{}", row.number))).unwrap_or_default()
    });
    let label = Signal::derive(move || list.address.with(|address| i18n.name("view", address.view.key())));
    let move_to = move |at: usize| list.current.set(list.rows.with_untracked(|rows| rows.get(at).map(|row| row.number)));
    let open = move |at: usize| {
        let Some(number) = list.rows.with_untracked(|rows| rows.get(at).map(|row| row.number)) else { return };
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
        <div class="ticket-table" aria-busy=move || (list.loading.get() == Loading::First).then_some("true")>
            <VirtualList
                id=GRID
                label
                count
                total
                row_height
                key
                row=Callback::new(move |at| row(list, at))
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

/// The columns: what they sort by, if they do.
fn columns() -> [(&'static str, Option<SortField>); 7] {
    [
        ("cell-number", Some(SortField::Number)),
        ("cell-stars", Some(SortField::Priority)),
        ("cell-title", Some(SortField::Title)),
        ("cell-requester", Some(SortField::Requester)),
        ("cell-people", None),
        ("cell-status", Some(SortField::Status)),
        ("cell-updated", Some(SortField::Updated)),
    ]
}

/// The row of headers.
#[component]
fn Header(list: ListStore) -> impl IntoView {
    let i18n = use_i18n();
    let all = move || {
        let loaded = list.rows.with(Vec::len);
        loaded > 0 && list.selected.with(|selected| selected.len() >= loaded)
    };
    let header = move |(class, by): (&'static str, Option<SortField>)| {
        let text = match by {
            Some(SortField::Number) => t!(i18n, tickets_column_number),
            Some(SortField::Priority) => t!(i18n, priority),
            Some(SortField::Title) => t!(i18n, tickets_column_title),
            Some(SortField::Requester) => t!(i18n, tickets_column_requester),
            Some(SortField::Status) => t!(i18n, status),
            Some(SortField::Updated) => t!(i18n, tickets_column_updated),
            Some(SortField::Created) => t!(i18n, tickets_column_created),
            None => t!(i18n, tickets_column_assigned),
        };
        let Some(by) = by else {
            return view! { <div role="columnheader" class=class><span class="column-name truncate">{text}</span></div> }
                .into_any();
        };
        let sorted = move || list.address.with(|address| (address.sort.by == by).then_some(address.sort.descending));
        let href = move || list.address.with(|address| address.sorted_by(by).beside(list.open_number.get()));
        view! {
            <div
                role="columnheader"
                class=class
                aria-sort=move || match sorted() {
                    Some(true) => "descending",
                    Some(false) => "ascending",
                    None => "none",
                }
            >
                <a class="column-sort" href=href title=text>
                    {match by {
                        // The numbers themselves begin with the sign.
                        SortField::Number => view! { <span aria-hidden="true">"#"</span><span class="sr-only">{text}</span> }.into_any(),
                        _ => view! { <span class="truncate">{text}</span> }.into_any(),
                    }}
                    {move || sorted().map(|down| view! { <Icon name=if down { "arrow-down" } else { "arrow-up" } /> })}
                </a>
            </div>
        }
        .into_any()
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
            {columns().into_iter().map(header).collect_view()}
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
