//! What is drawn of a list in groups: heads, tickets, and places for what has not come.

use super::{row::Draw, table::GRID};
use crate::{
    agent::tickets::{
        change,
        grouped::{Line, Node, Path},
        store::{ListStore, Loading},
    },
    i18n::use_i18n,
    plural, t,
    ui::{Avatar, Icon, Stars, StatusDot},
};
use domain::view::Measure;
use leptos::prelude::*;

/// What makes a line the same as before.
pub fn key(list: ListStore, at: usize) -> String {
    let line = list.lines.with(|lines| lines.get(at).cloned());
    match line {
        Some(Line::Head(path)) => match list.node(&path) {
            Some(node) => format!("{path:?}{}{}{}{:?}", node.group.key, node.group.count, node.open, node.group.measures),
            None => String::new(),
        },
        Some(Line::Ticket(row)) => format!("{at}:{}", row.number),
        // Behind each page it is another one, which is wanted anew.
        Some(Line::Waiting(path, have)) => format!("{at}.{path:?}{have}"),
        Some(Line::Failed(path)) => format!("{at}!{path:?}"),
        Some(Line::More(path)) => {
            let rest = list.rest(&path);
            format!("{at}+{path:?}{:?}{}", rest.next, rest.failed.is_some())
        }
        None => String::new(),
    }
}

/// Line `at` of a list in groups.
pub fn line(list: ListStore, at: usize, draw: Draw) -> AnyView {
    let i18n = use_i18n();
    let id = format!("{GRID}-row-{at}");
    match list.lines.with_untracked(|lines| lines.get(at).cloned()) {
        Some(Line::Ticket(row)) => draw(list, at, row),
        Some(Line::Head(path)) => match list.node(&path) {
            Some(node) => head(list, id, at, path, &node),
            None => ().into_any(),
        },
        Some(Line::Waiting(path, _)) => {
            // Seen: now it is wanted. Not while it is being drawn.
            Effect::new(move |_| list.want_group(&path));
            view! {
                <div role="row" id=id class="ticket-skeleton" aria-rowindex=at + 2>
                    <span role="gridcell" class="skeleton-line"><span class="sr-only">{t!(i18n, loading)}</span></span>
                </div>
            }
            .into_any()
        }
        Some(Line::Failed(path)) => {
            let why = list.node(&path).and_then(|node| node.failure().map(|error| i18n.error(&error.0)));
            view! {
                <div role="row" id=id class="ticket-group" aria-rowindex=at + 2>
                    <span role="gridcell">
                        {why} " "
                        <button type="button" class="link" on:click=move |_| list.want_group(&path)>{t!(i18n, retry)}</button>
                    </span>
                </div>
            }
            .into_any()
        }
        Some(Line::More(path)) => more(list, id, at, path),
        None => ().into_any(),
    }
}

/// The place of the groups that have not come: seen, they are wanted, unless they have failed to come.
fn more(list: ListStore, id: String, at: usize, path: Path) -> AnyView {
    let i18n = use_i18n();
    let rest = list.rest(&path);
    let seen = path.clone();
    let failed = rest.failed.is_some();
    Effect::new(move |_| {
        if !failed {
            list.want_groups(&seen);
        }
    });
    view! {
        <div role="row" id=id class="ticket-group group-more" aria-rowindex=at + 2>
            <span role="gridcell" class="truncate">
                {rest.failed.map(|error| i18n.error(&error.0) + " ")}
                {plural!(i18n, tickets_groups_more, rest.more)}
                " "
                <button type="button" class="link" on:click=move |_| list.want_groups(&path)>{t!(i18n, tickets_groups_show_more)}</button>
            </span>
        </div>
    }
    .into_any()
}

fn head(list: ListStore, id: String, at: usize, path: Vec<usize>, node: &Node) -> AnyView {
    let i18n = use_i18n();
    let open = node.open;
    let level = path.len();
    let (choosing, of) = (path.clone(), path.clone());
    let choice = (node.group.count > 0).then(|| {
        view! {
            <input
                type="checkbox"
                aria-label=t!(i18n, tickets_select_group, group = node.group.name)
                prop:checked=move || list.is_group_chosen(&of)
                on:click=move |_| list.toggle_group_choice(&choosing)
            />
        }
    });
    let toggle = move |_| list.toggle_group(&path);
    view! {
        <div role="row" id=id class="ticket-group" data-level=level aria-rowindex=at + 2>
            <div role="gridcell" class="group-select">{choice}</div>
            <div role="gridcell">
                <button type="button" class="group-head" aria-expanded=if open { "true" } else { "false" } on:click=toggle>
                    <Icon name=if open { "chevron-down" } else { "chevron-right" } />
                    {title(list, node)}
                    <span class="count">{i18n.number(node.group.count)}</span>
                    {measures(list, &node.group.measures)}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// What is told of a group, or of the whole list, beside how much it holds.
fn measures(list: ListStore, told: &[String]) -> AnyView {
    let i18n = use_i18n();
    let asked = untrack(|| list.shown().measures);
    let told = asked.into_iter().zip(told.to_vec()).filter(|(_, told)| !told.is_empty());
    let each = told.map(|(measure, told)| {
        view! {
            <span class="measure">
                <span class="measure-name">{i18n.name("measure", &measure.name())}</span>
                " "
                {told}
            </span>
        }
    });
    each.collect_view().into_any()
}

/// The last line of a list in groups, or of one that is added up: how much it holds, and what is told of that.
#[component]
pub fn Foot(
    /// The list.
    list: ListStore,
) -> impl IntoView {
    let i18n = use_i18n();
    let total = move || list.total.get().map(|total| plural!(i18n, tickets_count, total));
    let grouped = move || !list.levels().is_empty();
    // Groups tell it with themselves; of another list it is asked once its beginning is there.
    let asks = Memo::new(move |_| {
        list.address.track();
        (list.loading.get() != Loading::First && !grouped()).then(|| list.shown().measures)
    });
    Effect::new(move |_| {
        if asks.with(Option::is_some) {
            list.add_up();
        }
    });
    let told = move || {
        if grouped() {
            return list.whole.get();
        }
        let text = |(measure, made): (Measure, Option<f64>)| made.map(|made| i18n.measured(measure, made)).unwrap_or_default();
        list.shown().measures.into_iter().zip(list.sums.get()).map(text).collect()
    };
    view! {
        <div class="list-foot" role="group" aria-label=t!(i18n, tickets_whole_list)>
            <span>{total}</span>
            {move || measures(list, &told())}
        </div>
    }
    .into_any()
}

/// What a group is called, with the look that its kind has everywhere.
fn title(list: ListStore, node: &Node) -> AnyView {
    look(list, &node.group.name, &node.group.look)
}

/// The same of a name and a look ([`crate::api::items::Group::look`]).
pub fn look(list: ListStore, name: &str, look: &str) -> AnyView {
    let name = name.to_owned();
    let (kind, rest) = look.split_once(':').unwrap_or((look, ""));
    let look = match kind {
        "stars" => {
            let value: u8 = rest.parse().unwrap_or_default();
            return view! { <Stars value /> }.into_any();
        }
        "person" => Some(view! { <Avatar name=name.clone() /> }.into_any()),
        "status" => {
            let id = rest.parse().ok();
            let status = list.catalog.with_untracked(|catalog| id.and_then(|id| change::status_of(catalog, id).cloned()));
            status.map(|status| view! { <StatusDot colour=status.colour /> }.into_any())
        }
        _ => None,
    };
    view! { {look} <span class="group-name truncate">{name}</span> }.into_any()
}
