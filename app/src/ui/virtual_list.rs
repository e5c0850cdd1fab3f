//! A list that scrolls 100,000 rows like 100: only the rows in sight (and a few around them) exist.

use super::dom::find_all;
use leptos::{ev, html, prelude::*};

/// Rows beyond each edge that exist, so that scrolling does not show gaps.
const BEYOND: usize = 12;
/// Rows that the server renders and the browser wakes, the first screenful of a large screen; so many before the end more are asked for.
const AHEAD: usize = 40;

/// A windowed list of rows of one height.
///
/// The caller keeps the rows and renders row `n` as one element of exactly `row_height` pixels with `role="row"`,
/// `id="{id}-row-{n}"` and `aria-rowindex`. A row is made anew when its key changes, so a key should contain what changes it
/// (id and version), unless the row itself is reactive.
#[component]
pub fn VirtualList(
    /// Id of the list.
    #[prop(into)]
    id: String,
    /// What the list is, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// How many rows are loaded.
    #[prop(into)]
    count: Signal<usize>,
    /// How many rows there are in all, if known.
    #[prop(optional, into)]
    total: Signal<Option<i64>>,
    /// Height of a row in pixels; may change with the width of the window.
    #[prop(into, default = Signal::stored(32.0))]
    row_height: Signal<f64>,
    /// Identity of a row: the same key keeps the same element.
    #[prop(into)]
    key: Callback<usize, String>,
    /// Renders a row.
    #[prop(into)]
    row: Callback<usize, AnyView>,
    /// The row that the keyboard is on; it is kept in sight.
    #[prop(optional, into)]
    active: Signal<Option<usize>>,
    /// Called when the keyboard moves to a row (arrows, Page up and down, Home, End).
    #[prop(optional, into)]
    on_move: Option<Callback<usize>>,
    /// Called by Enter on the active row.
    #[prop(optional, into)]
    on_open: Option<Callback<usize>>,
    /// Rows that are there from the start, and so many before the end more are asked for: fewer where many such lists are seen at once.
    #[prop(default = AHEAD)]
    ahead: usize,
    /// Called when it was scrolled.
    #[prop(optional)]
    on_scroll: Option<Callback<()>>,
    /// Called when the end comes near: load more.
    #[prop(optional, into)]
    on_end: Option<Callback<()>>,
    /// The row with the column headers; stays at the top. It has `role="row"`.
    #[prop(default = None)]
    header: Option<ViewFn>,
    /// `grid` for rows with cells, `list` for plain ones.
    #[prop(default = "grid")]
    role: &'static str,
) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let before = NodeRef::<html::Div>::new();
    let after = NodeRef::<html::Div>::new();
    // First row and number of rows in sight, as whole rows: it changes only when a row enters or leaves.
    let sight = RwSignal::new((0_usize, ahead));
    let look = move || {
        let Some(element) = scroller.get_untracked() else { return };
        let height = row_height.get_untracked();
        let now = (rows(f64::from(element.scroll_top()) / height), rows(f64::from(element.client_height()) / height) + 1);
        if sight.get_untracked() != now {
            sight.set(now);
        }
    };
    let span = Memo::new(move |_| {
        let (first, seen) = sight.get();
        let count = count.get();
        let beyond = BEYOND.min(ahead);
        let start = first.saturating_sub(beyond).min(count);
        (start, (first + seen + beyond).max(ahead).min(count))
    });
    // Heights go through the object model: a `style` attribute from the server would be refused.
    Effect::new(move |_| {
        let (start, end) = span.get();
        let rest = count.get().saturating_sub(end);
        for (node, rows) in [(before, start), (after, rest)] {
            if let Some(element) = node.get() {
                let style = web_sys::HtmlElement::style(&element);
                let _ = style.set_property("height", &format!("{}px", pixels(rows, row_height.get())));
            }
        }
        if let (Some(on_end), true) = (on_end, rest < ahead) {
            on_end.run(());
        }
    });
    Effect::new(move |_| {
        scroller.track();
        row_height.track();
        look();
    });
    let resized = window_event_listener(ev::resize, move |_| look());
    on_cleanup(move || resized.remove());
    Effect::new(move |_| {
        let Some(at) = active.get() else { return };
        let Some(element) = scroller.get_untracked() else { return };
        let head = find_all(&element, ".vlist-head").first().map_or(0.0, |head| f64::from(head.offset_height()));
        let row_height = row_height.get_untracked();
        let top = pixels(at, row_height);
        let (from, height) = (f64::from(element.scroll_top()), f64::from(element.client_height()) - head);
        let to = if top < from { Some(top) } else { (top + row_height > from + height).then_some(top + row_height - height) };
        if let Some(to) = to {
            #[allow(clippy::cast_possible_truncation)]
            element.set_scroll_top(to as i32);
        }
    });
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || !is_own(&event) {
            return;
        }
        let last = count.get_untracked().saturating_sub(1);
        let page = sight.get_untracked().1.saturating_sub(2).max(1);
        let at = active.get_untracked();
        let to = match event.key().as_str() {
            // With Shift they extend a selection, which is not the business of this control.
            "ArrowDown" | "ArrowUp" if event.shift_key() => return,
            "ArrowDown" => at.map_or(0, |at| at + 1),
            "ArrowUp" => at.map_or(0, |at| at.saturating_sub(1)),
            "PageDown" => at.unwrap_or(0) + page,
            "PageUp" => at.unwrap_or(0).saturating_sub(page),
            "Home" => 0,
            "End" => last,
            "Enter" => {
                if let (Some(on_open), Some(at)) = (on_open, at) {
                    event.prevent_default();
                    on_open.run(at);
                }
                return;
            }
            _ => return,
        };
        if let Some(on_move) = on_move {
            event.prevent_default();
            on_move.run(to.min(last));
        }
    };
    let own = id.clone();
    // Only a row that exists may be named.
    let descendant = move || {
        let (start, end) = span.get();
        active.get().filter(|at| (start..end).contains(at)).map(|at| format!("{own}-row-{at}"))
    };
    let each = move || {
        let (start, end) = span.get();
        (start..end).map(|at| (at, key.run(at))).collect::<Vec<_>>()
    };
    view! {
        <div
            id=id
            node_ref=scroller
            class="vlist"
            role=role
            tabindex="0"
            aria-label=label
            aria-rowcount=move || total.get().map(|total| total.to_string())
            aria-activedescendant=descendant
            on:scroll=move |_| {
                look();
                if let Some(on_scroll) = on_scroll {
                    on_scroll.run(());
                }
            }
            on:keydown=on_keydown
        >
            {header.map(|header| view! { <div class="vlist-head" role="rowgroup">{header.run()}</div> })}
            <div class="vlist-body" role=if role == "grid" { "rowgroup" } else { "presentation" }>
                <div node_ref=before role="presentation"></div>
                <For each=each key=|(_, key)| key.clone() children=move |(at, _)| row.run(at) />
                <div node_ref=after role="presentation"></div>
            </div>
        </div>
    }
}

/// Whether the key was pressed on the list itself or a row, not in a control inside it.
fn is_own(event: &ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| element.closest("input,textarea,select,button,[contenteditable]").ok().flatten().is_none())
}

/// Pixels as whole rows.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rows(exact: f64) -> usize {
    exact.max(0.0) as usize
}

/// The height of some rows.
#[allow(clippy::cast_precision_loss)]
fn pixels(rows: usize, height: f64) -> f64 {
    rows as f64 * height
}
