//! The list of customers.

use crate::{
    agent::shared::{MoreRows, Paged, SearchBox, search_of_address},
    api,
    i18n::{Moment, MomentStyle, use_i18n},
    state::{load, use_session},
    t,
    ui::{EmptyState, ErrorState, LinkButton, Look, PageTitle, Person, Skeleton},
};
use domain::{
    customer::CustomerRow,
    page::{Page, PageQuery},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen: search, table, more.
#[component]
pub fn CustomersScreen() -> impl IntoView {
    let search = search_of_address();
    let first = load(move || search.get(), |search| api::customers::list(PageQuery { search, ..PageQuery::default() }));
    let i18n = use_i18n();
    let session = use_session();
    let works = move || session.me.with(|me| me.role.works());
    view! {
        <PageTitle text=t!(i18n, people_customers) />
        <div class="page">
            <div class="page-head">
                <h1 class="page-title">{t!(i18n, people_customers)}</h1>
                <SearchBox id="customers-search" label=t!(i18n, people_search_customers) />
                <Show when=works>
                    <LinkButton href="/desk/customers/new" look=Look::Primary icon="plus">{t!(i18n, people_new_customer)}</LinkButton>
                </Show>
            </div>
            <Transition fallback=|| view! { <Skeleton lines=12 /> }>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(page) => view! { <Table page search=search.get_untracked() /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error.0 retry=Callback::new(move |()| first.refetch()) /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Table(page: Page<CustomerRow>, search: String) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    if page.rows.is_empty() {
        return if search.is_empty() {
            view! {
                <EmptyState icon="people" title=t!(i18n, people_no_customers) text=t!(i18n, people_no_customers_text)>
                    <Show when=move || session.me.with(|me| me.role.works())>
                        <LinkButton href="/desk/customers/new" look=Look::Primary>{t!(i18n, people_new_customer)}</LinkButton>
                    </Show>
                    <Show when=move || session.me.with(|me| me.role.administers())>
                        <LinkButton href="/desk/import">{t!(i18n, people_import)}</LinkButton>
                    </Show>
                </EmptyState>
            }
            .into_any()
        } else {
            view! { <EmptyState icon="search" title=t!(i18n, people_nothing_found) text=t!(i18n, people_nothing_found_text, text = search) /> }
                .into_any()
        };
    }
    let paged = Paged::new(page);
    let load = move |after| api::customers::list(PageQuery { search: search.clone(), after: Some(after), limit: 0 });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, people_customers)>
            <table class="table table-customers">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, people_name)}</th>
                        <th scope="col">{t!(i18n, people_email)}</th>
                        <th scope="col">{t!(i18n, people_organization)}</th>
                        <th scope="col" class="table-number">{t!(i18n, people_open_tickets)}</th>
                        <th scope="col">{t!(i18n, people_since)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || paged.rows.get() key=|row| row.id let(row)>
                        <Row row />
                    </For>
                </tbody>
            </table>
        </div>
        <MoreRows paged load />
    }
    .into_any()
}

#[component]
fn Row(row: CustomerRow) -> impl IntoView {
    let i18n = use_i18n();
    let organization = row.organization.map(|organization| {
        view! { <A href=format!("/desk/organizations/{}", organization.id)>{organization.name}</A> }
    });
    let disabled = row.disabled.then(|| view! { <span class="chip">{t!(i18n, people_disabled)}</span> });
    view! {
        <tr>
            <td>
                <span class="table-person">
                    <A href=format!("/desk/customers/{}", row.id)><Person name=row.name /></A>
                    {disabled}
                </span>
            </td>
            <td>{row.email}</td>
            <td>{organization}</td>
            <td class="table-number">{(row.open_items > 0).then(|| i18n.number(row.open_items))}</td>
            <td><Moment at=row.created_at style=MomentStyle::Date /></td>
        </tr>
    }
}
