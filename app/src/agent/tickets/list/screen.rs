//! `/desk/tickets`: views, list, and the open ticket beside it (or over it on a smaller screen).

use super::{
    bulk::Bulk,
    empty::NothingHere,
    head::ListHead,
    keys,
    selection::SelectionBar,
    table::TicketTable,
    views::{ViewsPanel, keep_counting},
};
use crate::{
    agent::tickets::{
        address::ListAddress,
        board, calendar, dashboard, editing,
        store::{Beginning, ListStore, Loading},
        triage,
    },
    api::views::Views,
    i18n::use_i18n,
    state::{load, on_news, use_session},
    t,
    ui::{Dialog, ErrorState, PageTitle, use_toasts},
};
use domain::view::Layout;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    LazyRoute,
    components::Outlet,
    hooks::{use_location, use_query_map},
    lazy_route,
};

/// Where tickets live.
const BASE: &str = "/desk/tickets";

/// `/desk/tickets`: the list with the ticket beside it.
pub struct TicketsScreen;

#[lazy_route]
impl LazyRoute for TicketsScreen {
    fn data() -> Self {
        Self
    }
    fn view(_this: Self) -> AnyView {
        screen()
    }
}

fn screen() -> AnyView {
    let i18n = use_i18n();
    let query = use_query_map();
    let path = use_location().pathname;
    let beside = Memo::new(move |_| path.with(|path| path.strip_prefix(BASE).map(|rest| rest.trim_matches('/').to_owned())));
    let views = RwSignal::new(Views::default());
    let names_view = move || query.with(|query| query.get_str("view").is_some());
    let address = Memo::new(move |before: Option<&ListAddress>| {
        let mut now = query.with(ListAddress::read);
        // An address that names no view is that of the view with which the person begins.
        if let (false, Some(first)) = (names_view(), views.with(|views| views.default)) {
            now.view = first;
        }
        // A new ticket can be begun from anywhere, without the list's query; the list beside it stays what it was.
        let plain = !names_view() && beside.with(|beside| beside.as_deref() == Some("new"));
        before.filter(|_| plain).cloned().unwrap_or(now)
    });
    let open_number = Memo::new(move |_| beside.with(|beside| beside.as_ref().and_then(|text| text.parse().ok())));
    let list = ListStore::new(address.get_untracked(), views, open_number.into(), use_session());
    let bulk = Bulk::new(list, use_toasts(), i18n);
    provide_context(list);
    let beginning = {
        let asked = (address.get_untracked(), untrack(names_view), open_number.get_untracked());
        load(|| (), move |()| Beginning::load(asked.0.clone(), asked.1, asked.2))
    };
    keys::listen(list, bulk, i18n);
    on_news(move |_, text| {
        if let Ok(news) = serde_json::from_str(text) {
            list.hear(&news);
        }
    });
    Effect::watch(
        move || address.get(),
        // Leaving for another screen changes the address, too; that is not another list.
        move |now, _, _| {
            if beside.with_untracked(Option::is_some) {
                list.show(now.clone());
            }
        },
        false,
    );
    Effect::watch(
        move || open_number.get(),
        move |now, _, _| {
            if now.is_some() {
                list.current.set(*now);
            }
            list.tidy();
        },
        true,
    );
    // In the browser numbers follow the first page; the server has sent them with it.
    Effect::watch(
        move || list.loading.get() == Loading::Idle && list.total.get().is_none(),
        move |missing, _, _| {
            if *missing {
                list.count_total();
            }
        },
        true,
    );
    // One thing is waited for and then everything is made from it, so that server and browser make the same whatever comes first.
    let body = move || {
        Suspend::new(async move {
            list.take_beginning(beginning.await);
            view! { <Whole list bulk beside /> }
        })
    };
    let waiting = move || {
        view! {
            <div class="tickets">
                <div class="views-place"><ViewsPanel list /></div>
                <section class="ticket-list" aria-label=t!(i18n, tickets)>{skeleton()}</section>
            </div>
        }
    };
    let title = move || list.view_name(i18n);
    view! {
        <PageTitle text=title />
        <Suspense fallback=waiting>{body}</Suspense>
    }
    .into_any()
}

/// Views, list, and the open ticket.
#[component]
fn Whole(list: ListStore, bulk: Bulk, beside: Memo<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let panel_open = move || beside.with(|beside| beside.as_ref().is_some_and(|rest| !rest.is_empty()));
    let views_open = RwSignal::new(false);
    keep_counting(list);
    // Not before the browser has made the same as the server.
    Effect::new(move |_| list.recall_groups());
    view! {
        <div class="tickets" class:tickets-open=panel_open>
            <div class="views-place"><ViewsPanel list /></div>
            <section class="ticket-list" aria-label=t!(i18n, tickets)>
                <ListHead list views_open />
                <SelectionBar list bulk />
                <ListBody list bulk />
            </section>
            <Outlet />
        </div>
        <Dialog open=views_open title=Signal::derive(move || t!(i18n, tickets_views).to_owned())>
            <ViewsPanel list on_choose=Callback::new(move |()| views_open.set(false)) />
        </Dialog>
    }
    .into_any()
}

/// What stands in the place of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Table,
    Part(Layout),
    Empty,
    Loading,
    Failed,
}

#[component]
fn ListBody(list: ListStore, bulk: Bulk) -> impl IntoView {
    let what = Memo::new(move |_| {
        let layout = list.shown().layout;
        let empty = list.rows.with(Vec::is_empty) && list.tree.with(Vec::is_empty);
        match list.loading.get() {
            // It asks for what it shows by itself, and says what became of that.
            _ if layout == Layout::Calendar => Body::Part(layout),
            Loading::Failed(_) if empty => Body::Failed,
            Loading::First if empty => Body::Loading,
            // What shows numbers has something to say of nothing, too.
            _ if layout == Layout::Dashboard => Body::Part(layout),
            _ if empty => Body::Empty,
            _ if layout == Layout::Board && list.is_grouped() || layout == Layout::List => Body::Part(layout),
            _ => Body::Table,
        }
    });
    // These layouts are parts of their own. They are made where the page is awake: what is lazy cannot be woken inside a list.
    let part = RwSignal::new(None::<(Layout, fn(ListStore, Bulk) -> AnyView)>);
    Effect::watch(
        move || what.get(),
        move |what, _, _| {
            let Body::Part(layout) = *what else { return };
            if part.with_untracked(|part| part.is_none_or(|(known, _)| known != layout)) {
                spawn_local(async move {
                    let loaded = match layout {
                        Layout::Calendar => calendar::calendar().await,
                        Layout::Dashboard => dashboard::dashboard().await,
                        Layout::List => triage::triage().await,
                        _ => board::board().await,
                    };
                    let _ = part.try_set(Some((layout, loaded)));
                });
            }
        },
        true,
    );
    // Who may not change tickets needs nothing that changes them.
    let changes = RwSignal::new(None::<fn(ListStore, Bulk) -> AnyView>);
    Effect::watch(
        move || what.get() == Body::Table && list.me.with(|me| me.role.works()),
        move |wanted, _, _| {
            if *wanted && changes.with_untracked(Option::is_none) {
                spawn_local(async move {
                    let loaded = editing::editing().await;
                    let _ = changes.try_set(Some(loaded));
                });
            }
        },
        true,
    );
    let drawn = move |layout: Layout| {
        let loaded = part.get().filter(|(known, _)| *known == layout);
        loaded.map_or_else(|| skeleton().into_any(), |(_, part)| part(list, bulk))
    };
    move || match what.get() {
        Body::Table => view! {
            <TicketTable list />
            {move || changes.get().map(|changes| changes(list, bulk))}
        }
        .into_any(),
        Body::Part(layout) => (move || drawn(layout)).into_any(),
        Body::Empty => view! { <NothingHere list /> }.into_any(),
        Body::Loading => skeleton().into_any(),
        Body::Failed => match list.loading.get_untracked() {
            Loading::Failed(error) => {
                view! { <ErrorState error=error.0 retry=Callback::new(move |()| list.reload()) /> }.into_any()
            }
            _ => ().into_any(),
        },
    }
}

/// Rows of the final size while the first ones are on their way.
fn skeleton() -> impl IntoView {
    let i18n = use_i18n();
    let row = |_| view! { <div class="ticket-skeleton"><span class="skeleton-line"></span></div> };
    view! { <div class="ticket-skeletons" role="status" aria-label=t!(i18n, loading)>{(0..16).map(row).collect_view()}</div> }
        .into_any()
}
