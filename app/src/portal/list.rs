//! The list of requests: search, the filters that the portal offers, order. The address holds what is shown.

use super::{
    frame::use_portal,
    parts::{ErrorPage, StatusName, impact_name, stars_name},
};
use crate::{
    api,
    i18n::{I18n, Moment, use_i18n},
    state::{Asked, Fresh, load, on_news},
    t,
    ui::PageTitle,
};
use domain::{
    id::TypeId,
    item::{Impact, PRIORITY_MAX},
    page::{Cursor, Page},
    portal::{PortalInfo, PortalMe, PortalOffers, PortalQuery, PortalRow, PortalSort, rules::PortalFilter},
    types::Category,
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map, params::ParamsMap};

/// What an address asks for.
fn asked(params: &ParamsMap) -> PortalQuery {
    let number = |name| params.get(name).and_then(|text| text.parse::<i64>().ok());
    PortalQuery {
        category: params.get("status").and_then(|key| Category::from_key(&key)),
        type_id: number("type").map(TypeId),
        priority: number("stars").and_then(|stars| u8::try_from(stars).ok()).filter(|stars| *stars <= PRIORITY_MAX),
        impact: params.get("impact").and_then(|key| Impact::from_key(&key)),
        own: match params.get("by").as_deref() {
            Some("me") => Some(true),
            Some("others") => Some(false),
            _ => None,
        },
        sort: params.get("sort").and_then(|key| PortalSort::from_key(&key)).unwrap_or_default(),
        search: params.get("q").unwrap_or_default(),
        after: params.get("after").filter(|after| !after.is_empty()).map(Cursor),
    }
}

/// The names and values of an address that asks for this; without the place in the list.
fn pairs(query: &PortalQuery) -> Vec<(&'static str, String)> {
    let mut pairs = Vec::new();
    let mut put = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
    put("status", query.category.map(|category| category.key().to_owned()));
    put("type", query.type_id.map(|id| id.to_string()));
    put("stars", query.priority.map(|stars| stars.to_string()));
    put("impact", query.impact.map(|impact| impact.key().to_owned()));
    put("by", query.own.map(|own| if own { "me" } else { "others" }.to_owned()));
    put("sort", (query.sort != PortalSort::default()).then(|| query.sort.key().to_owned()));
    put("q", Some(query.search.clone()).filter(|search| !search.is_empty()));
    pairs
}

/// The address of the list, relative to itself.
fn address(query: &PortalQuery) -> String {
    let after = query.after.as_ref().map(|after| ("after", after.0.clone()));
    let pairs = pairs(query).into_iter().chain(after).map(|(name, value)| format!("{name}={}", encode(&value)));
    format!("?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// How many of the filters in the drawer are set.
fn set(query: &PortalQuery) -> usize {
    [query.type_id.is_some(), query.priority.is_some(), query.impact.is_some(), query.own.is_some()]
        .into_iter()
        .filter(|set| *set)
        .count()
}

/// The list of requests.
#[component]
pub fn List() -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let params = use_query_map();
    let query = Memo::new(move |_| asked(&params.read()));
    let slug = portal.slug;
    let page = load(move || (slug.get(), query.get()), |(slug, query)| api::portal::list(slug, query));
    // What is shown stays until the list as it is now has come.
    let fresh = Fresh::begin();
    on_news(move |notice, _| {
        if matches!(notice.kind.as_str(), "ticket" | "gone" | "reset") {
            fresh.ask(move || async move {
                let Some(asked) = query.try_get_untracked() else { return Asked::Refused };
                Asked::of(api::portal::list(slug.get_untracked(), asked.clone()).await, move |now| {
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
        <Transition fallback=|| ()>
            {move || {
                let query = query.get();
                Suspend::new(async move {
                    match portal.me.await {
                        Ok(me) => view! { <Welcome/> <Filters query offers=me.offers/> }.into_any(),
                        // The list below says why.
                        Err(_) => ().into_any(),
                    }
                })
            }}
            {move || Suspend::new(async move {
                let query = query.get_untracked();
                match (page.await, portal.me.await) {
                    (Ok(page), Ok(me)) => view! { <Rows page query me/> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What the company says over the list.
#[component]
fn Welcome() -> impl IntoView {
    let welcome = use_texts().welcome;
    (!welcome.is_empty()).then(|| view! { <p class="portal-welcome">{welcome}</p> })
}

/// What the portal says in the language of the reader.
fn use_texts() -> domain::portal::app::PortalTexts {
    let info: PortalInfo = expect_context();
    info.texts(use_i18n().language())
}

#[component]
fn Filters(query: PortalQuery, offers: PortalOffers) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = query.category;
    let by_status = offers.filters.contains(&PortalFilter::Status);
    let tabs = by_status.then_some([None, Some(Category::Todo), Some(Category::Waiting), Some(Category::Done)]);
    let search = query.search.clone();
    let kept = pairs(&query).into_iter().filter(|(name, _)| *name != "q");
    let tabs = tabs.map(|tabs| {
        let tab = |category| {
            let href = address(&PortalQuery { category, after: None, ..query.clone() });
            view! { <a href=href aria-current=(category == chosen).then_some("page")>{tab_name(i18n, category)}</a> }
        };
        view! { <nav class="portal-tabs" aria-label=t!(i18n, portal_filter_status)>{tabs.into_iter().map(tab).collect_view()}</nav> }
    });
    view! {
        <div class="portal-find">
            <Form method="GET" action="" attr:class="portal-search" attr:role="search">
                {kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                <label class="sr-only" for="portal-q">{t!(i18n, portal_search_label)}</label>
                <input id="portal-q" type="search" name="q" value=search maxlength="200" placeholder=t!(i18n, portal_search_hint)/>
                <button type="submit" class="portal-button portal-button-quiet">{t!(i18n, search)}</button>
            </Form>
            <Drawer query=query.clone() offers/>
        </div>
        {tabs}
    }
    .into_any()
}

/// The other filters and the order: from the right, on a phone from below. A plain form behind a button.
#[component]
fn Drawer(query: PortalQuery, offers: PortalOffers) -> impl IntoView {
    let i18n = use_i18n();
    let set = set(&query);
    let offered = |filter| offers.filters.contains(&filter);
    let kept = pairs(&query).into_iter().filter(|(name, _)| matches!(*name, "status" | "q"));
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    let types = offered(PortalFilter::Type).then(|| {
        let types = offers.types.iter().map(|kind| (kind.id.to_string(), i18n.ticket_type(kind)));
        choice("type", t!(i18n, portal_type), t!(i18n, portal_any), types.collect(), query.type_id.map(|id| id.to_string()))
    });
    let stars = offered(PortalFilter::Priority).then(|| {
        let stars = (0..=PRIORITY_MAX).rev().map(|stars| (stars.to_string(), stars_name(i18n, stars)));
        choice("stars", t!(i18n, priority), t!(i18n, portal_any), stars.collect(), query.priority.map(|stars| stars.to_string()))
    });
    let impact = offered(PortalFilter::Impact).then(|| {
        let impacts = Impact::ALL.into_iter().map(|impact| (impact.key().to_owned(), impact_name(i18n, impact).to_owned()));
        choice(
            "impact",
            t!(i18n, portal_impact),
            t!(i18n, portal_any),
            impacts.collect(),
            query.impact.map(|impact| impact.key().to_owned()),
        )
    });
    let by = offered(PortalFilter::Requester).then(|| {
        let who = [("me", t!(i18n, portal_by_me)), ("others", t!(i18n, portal_by_others))];
        let who = who.map(|(key, name)| (key.to_owned(), name.to_owned())).to_vec();
        choice(
            "by",
            t!(i18n, portal_requester),
            t!(i18n, portal_any),
            who,
            query.own.map(|own| if own { "me" } else { "others" }.to_owned()),
        )
    });
    let sorts = PortalSort::ALL.into_iter().filter(|sort| *sort != PortalSort::default());
    let sorts = sorts.map(|sort| (sort.key().to_owned(), sort_name(i18n, sort).to_owned())).collect();
    let sort =
        choice("sort", t!(i18n, portal_sort), sort_name(i18n, PortalSort::default()), sorts, Some(query.sort.key().to_owned()));
    let clear = PortalQuery { type_id: None, priority: None, impact: None, own: None, after: None, ..query };
    view! {
        <details class="portal-drawer">
            <summary class="portal-button portal-button-quiet">
                {t!(i18n, portal_filters)}
                {(set > 0).then(|| view! { <span class="portal-count">{set}</span> })}
            </summary>
            <div class="portal-drawer-box">
                <Form method="GET" action="" attr:class="portal-form">
                    {kept}
                    {types}{stars}{impact}{by}{sort}
                    <div class="portal-drawer-foot">
                        <a class="portal-button portal-button-quiet" href=address(&clear)>{t!(i18n, portal_clear_filters)}</a>
                        <button type="submit" class="portal-button">{t!(i18n, portal_apply)}</button>
                    </div>
                </Form>
            </div>
        </details>
    }
    .into_any()
}

/// One of several values, or none of them.
fn choice(
    name: &'static str,
    label: &'static str,
    none: &'static str,
    values: Vec<(String, String)>,
    chosen: Option<String>,
) -> AnyView {
    let id = format!("filter-{name}");
    let option = move |(value, text): (String, String)| {
        let selected = chosen.as_ref() == Some(&value);
        view! { <option value=value selected=selected>{text}</option> }
    };
    view! {
        <div class="form-field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                <option value="">{none}</option>
                {values.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

fn sort_name(i18n: I18n, sort: PortalSort) -> &'static str {
    match sort {
        PortalSort::Latest => t!(i18n, portal_sort_latest),
        PortalSort::Newest => t!(i18n, portal_sort_newest),
        PortalSort::Oldest => t!(i18n, portal_sort_oldest),
    }
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

fn encode(text: &str) -> String {
    leptos_router::location::Url::escape(text)
}

#[component]
fn Rows(page: Page<PortalRow>, query: PortalQuery, me: PortalMe) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let create = me.offers.may.create;
    let new = create.then(|| {
        view! {
            <a class="portal-fab" href=portal.href("/new")>
                <span aria-hidden="true">"+ "</span>
                {t!(i18n, portal_new_request)}
            </a>
        }
    });
    if page.rows.is_empty() {
        let filtered = query.category.is_some() || set(&query) > 0 || !query.search.is_empty() || query.after.is_some();
        return view! { <Empty filtered create/> {new} }.into_any();
    }
    let next = page.next.map(|after| address(&PortalQuery { after: Some(after), ..query.clone() }));
    let first = query.after.is_some().then(|| address(&PortalQuery { after: None, ..query.clone() }));
    view! {
        <ul class="portal-list">{page.rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</ul>
        <nav class="portal-pages" aria-label=t!(i18n, portal_pages)>
            {first.map(|href| view! { <a class="portal-button portal-button-quiet" href=href>{t!(i18n, portal_first_page)}</a> })}
            {next.map(|href| view! { <a class="portal-button portal-button-quiet" href=href>{t!(i18n, portal_older)}</a> })}
        </nav>
        {new}
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
                    {row.status.map(|status| view! { <StatusName status/> })}
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
fn Empty(filtered: bool, create: bool) -> impl IntoView {
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
    let said = use_texts().empty;
    let lead = if said.is_empty() { t!(i18n, portal_no_requests_lead).to_owned() } else { said };
    view! {
        <section class="portal-state">
            <h2>{t!(i18n, portal_no_requests)}</h2>
            <p class="portal-said">{lead}</p>
            {create.then(|| view! { <a class="portal-button" href=portal.href("/new")>{t!(i18n, portal_new_request)}</a> })}
        </section>
    }
    .into_any()
}
