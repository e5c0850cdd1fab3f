//! The list of organizations.

use crate::{
    agent::shared::{MoreRows, Paged, SearchBox, search_of_address},
    api,
    i18n::use_i18n,
    state::{load, use_session},
    t,
    ui::{EmptyState, ErrorState, LinkButton, Look, PageTitle, Skeleton},
};
use domain::{
    organization::OrganizationRow,
    page::{Page, PageQuery},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen: search, table, more.
#[component]
pub fn OrganizationsScreen() -> impl IntoView {
    let search = search_of_address();
    let first = load(move || search.get(), |search| api::organizations::list(PageQuery { search, ..PageQuery::default() }));
    let i18n = use_i18n();
    let session = use_session();
    let works = move || session.me.with(|me| me.role.works());
    view! {
        <PageTitle text=t!(i18n, people_organizations) />
        <div class="page">
            <div class="page-head">
                <h1 class="page-title">{t!(i18n, people_organizations)}</h1>
                <SearchBox id="organizations-search" label=t!(i18n, people_search_organizations) />
                <Show when=works>
                    <LinkButton href="/desk/organizations/new" look=Look::Primary icon="plus">{t!(i18n, people_new_organization)}</LinkButton>
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
fn Table(page: Page<OrganizationRow>, search: String) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    if page.rows.is_empty() {
        return if search.is_empty() {
            view! {
                <EmptyState icon="building" title=t!(i18n, people_no_organizations) text=t!(i18n, people_no_organizations_text)>
                    <Show when=move || session.me.with(|me| me.role.works())>
                        <LinkButton href="/desk/organizations/new" look=Look::Primary>{t!(i18n, people_new_organization)}</LinkButton>
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
    let load = move |after| api::organizations::list(PageQuery { search: search.clone(), after: Some(after), limit: 0 });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t!(i18n, people_organizations)>
            <table class="table table-organizations">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, people_name)}</th>
                        <th scope="col">{t!(i18n, people_domains)}</th>
                        <th scope="col" class="table-number">{t!(i18n, people_members)}</th>
                        <th scope="col" class="table-number">{t!(i18n, people_open_tickets)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || paged.rows.get() key=|row| row.id let(row)>
                        <tr>
                            <td><A href=format!("/desk/organizations/{}", row.id)>{row.name.clone()}</A></td>
                            <td>{row.domains.join(", ")}</td>
                            <td class="table-number">{i18n.number(row.members)}</td>
                            <td class="table-number">{(row.open_items > 0).then(|| i18n.number(row.open_items))}</td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </div>
        <MoreRows paged load />
    }
    .into_any()
}
