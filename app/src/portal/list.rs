//! The list of requests: status filter, search, latest change first. The address holds what is shown.

use super::{
    frame::use_portal,
    parts::{ErrorPage, StatusName},
};
use crate::{
    api,
    i18n::{I18n, Moment, use_i18n},
    state::{Asked, Fresh, load, on_news},
    t,
    ui::PageTitle,
};
use domain::{
    page::{Cursor, Page},
    portal::{PortalQuery, PortalRow},
    types::Category,
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};

/// The list of requests.
#[component]
pub fn List() -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        PortalQuery {
            category: params.get("status").and_then(|key| Category::from_key(&key)),
            search: params.get("q").unwrap_or_default(),
            after: params.get("after").filter(|after| !after.is_empty()).map(Cursor),
        }
    });
    let page = load(move || query.get(), api::portal::list);
    // What is shown stays until the list as it is now has come.
    let fresh = Fresh::begin();
    on_news(move |notice, _| {
        if matches!(notice.kind.as_str(), "ticket" | "gone" | "reset") {
            fresh.ask(move || async move {
                let Some(asked) = query.try_get_untracked() else { return Asked::Refused };
                Asked::of(api::portal::list(asked.clone()).await, move |now| {
                    if query.try_get_untracked() == Some(asked) {
                        page.put(now);
                    }
                })
            });
        }
    });
    view! {
        <PageTitle text=t!(i18n, portal_my_requests)/>
        <h1>{t!(i18n, portal_my_requests)}</h1>
        {move || {
            let query = query.get();
            view! { <Filters query/> }
        }}
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                let query = query.get_untracked();
                match page.await {
                    Ok(page) => view! { <Rows page query/> }.into_any(),
                    Err(error) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Transition>
        <a class="portal-fab" href=portal.href("/new")>
            <span aria-hidden="true">"+ "</span>
            {t!(i18n, portal_new_request)}
        </a>
    }
}

#[component]
fn Filters(query: PortalQuery) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = query.category;
    let tabs = [None, Some(Category::Todo), Some(Category::Waiting), Some(Category::Done)];
    let search = query.search.clone();
    view! {
        <Form method="GET" action="" attr:class="portal-search" attr:role="search">
            {chosen.map(|category| view! { <input type="hidden" name="status" value=category.key()/> })}
            <label class="sr-only" for="portal-q">{t!(i18n, portal_search_label)}</label>
            <input id="portal-q" type="search" name="q" value=search maxlength="200" placeholder=t!(i18n, portal_search_hint)/>
            <button type="submit" class="portal-button portal-button-quiet">{t!(i18n, search)}</button>
        </Form>
        <nav class="portal-tabs" aria-label=t!(i18n, portal_filter_status)>
            {tabs
                .into_iter()
                .map(|category| {
                    let href = address(category, &query.search, None);
                    view! {
                        <a href=href aria-current=(category == chosen).then_some("page")>{tab_name(i18n, category)}</a>
                    }
                })
                .collect_view()}
        </nav>
    }
    .into_any()
}

/// What customers read for a category: their side of it.
fn tab_name(i18n: I18n, category: Option<Category>) -> &'static str {
    match category {
        None => t!(i18n, portal_tab_all),
        Some(Category::Todo) => t!(i18n, portal_tab_todo),
        Some(Category::Waiting) => t!(i18n, portal_tab_waiting),
        Some(Category::Done) => t!(i18n, portal_tab_done),
    }
}

/// The address of the list, relative to itself.
fn address(category: Option<Category>, search: &str, after: Option<&Cursor>) -> String {
    let mut pairs = Vec::new();
    if let Some(category) = category {
        pairs.push(format!("status={}", category.key()));
    }
    if !search.is_empty() {
        pairs.push(format!("q={}", encode(search)));
    }
    if let Some(after) = after {
        pairs.push(format!("after={}", encode(&after.0)));
    }
    format!("?{}", pairs.join("&"))
}

fn encode(text: &str) -> String {
    leptos_router::location::Url::escape(text)
}

#[component]
fn Rows(page: Page<PortalRow>, query: PortalQuery) -> impl IntoView {
    let i18n = use_i18n();
    if page.rows.is_empty() {
        return view! { <Empty filtered=query.category.is_some() || !query.search.is_empty() || query.after.is_some()/> }
            .into_any();
    }
    let next = page.next.map(|after| address(query.category, &query.search, Some(&after)));
    let first = query.after.is_some().then(|| address(query.category, &query.search, None));
    view! {
        <ul class="portal-list">{page.rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</ul>
        <nav class="portal-pages" aria-label=t!(i18n, portal_pages)>
            {first.map(|href| view! { <a class="portal-button portal-button-quiet" href=href>{t!(i18n, portal_first_page)}</a> })}
            {next.map(|href| view! { <a class="portal-button portal-button-quiet" href=href>{t!(i18n, portal_older)}</a> })}
        </nav>
    }
    .into_any()
}

#[component]
fn Row(row: PortalRow) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let href = portal.href(&format!("/tickets/{}", row.number));
    let other =
        (!row.own && !row.requester.is_empty()).then(|| view! { <span>{t!(i18n, portal_by, name = row.requester)}</span> });
    // Who asked is told already.
    let by = (!row.last_by.is_empty() && (row.own || row.last_by != row.requester))
        .then(|| view! { <span>{row.last_by.clone()}</span> });
    view! {
        <li>
            <a href=href class="portal-row" class:portal-row-unread=row.unread>
                <span class="portal-row-title">
                    {row.unread.then(|| view! {
                        <span class="portal-unread" role="img" aria-label=t!(i18n, portal_unread)></span>
                    })}
                    {row.title.clone()}
                </span>
                <span class="portal-row-meta">
                    <span class="portal-number">{format!("#{}", row.number)}</span>
                    <StatusName status=row.status/>
                    {other}
                    {by}
                    <Moment at=row.last_at/>
                </span>
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn Empty(filtered: bool) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    if filtered {
        return view! {
            <section class="portal-state">
                <h2>{t!(i18n, portal_nothing_found)}</h2>
                <a class="portal-button portal-button-quiet" href=portal.href("")>{t!(i18n, portal_show_all)}</a>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="portal-state">
            <h2>{t!(i18n, portal_no_requests)}</h2>
            <p>{t!(i18n, portal_no_requests_lead)}</p>
            <a class="portal-button" href=portal.href("/new")>{t!(i18n, portal_new_request)}</a>
        </section>
    }
    .into_any()
}
