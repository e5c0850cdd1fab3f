//! One organization: its data, its members, its tickets.

use super::form::OrganizationForm;
use crate::{
    agent::shared::{Later, TicketList, id_of_address, no_such_thing},
    api,
    i18n::use_i18n,
    state::{load, use_session},
    t,
    ui::{Button, Card, ErrorState, PageTitle, Person, Skeleton},
};
use domain::{customer::CustomerRow, id::OrganizationId, organization::Organization};
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen.
#[component]
pub fn OrganizationScreen() -> impl IntoView {
    let id = id_of_address("id");
    let organization = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::organizations::get(OrganizationId(id)).await,
                None => no_such_thing(),
            }
        },
    );
    view! {
        <div class="page">
            <Suspense fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match organization.await {
                        Ok(organization) => view! { <Loaded organization /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error.0 alone=true retry=Callback::new(move |()| organization.refetch()) /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Loaded(organization: Organization) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let id = organization.id;
    let shown = RwSignal::new(organization);
    let editing = RwSignal::new(false);
    let name = move || shown.with(|organization| organization.name.clone());
    let members = Later::new(move || api::organizations::members(id));
    let tickets = Later::new(move || api::items::of_organization(id));
    view! {
        <PageTitle text=name />
        <div class="page-head">
            <h1 class="page-title">{name}</h1>
            <Show when=move || session.me.with(|me| me.role.works()) && !editing.get()>
                <Button icon="edit" on_click=Callback::new(move |_| editing.set(true))>{t!(i18n, edit)}</Button>
            </Show>
        </div>
        <div class="page-columns">
            <div>
                {move || {
                    if editing.get() {
                        let saved = Callback::new(move |organization| {
                            shown.set(organization);
                            editing.set(false);
                            // A newly listed domain may have brought members.
                            members.refresh();
                        });
                        view! {
                            <OrganizationForm organization=shown.get_untracked() on_saved=saved>
                                <Button on_click=Callback::new(move |_| editing.set(false))>{t!(i18n, cancel)}</Button>
                            </OrganizationForm>
                        }
                        .into_any()
                    } else {
                        view! { <About organization=shown.get() /> }.into_any()
                    }
                }}
                <Card title=t!(i18n, people_members)>
                    {members.view(|rows| view! { <Members rows /> }.into_any())}
                </Card>
            </div>
            <Card title=t!(i18n, people_tickets)>
                {tickets.view(|rows| view! { <TicketList rows /> }.into_any())}
            </Card>
        </div>
    }
}

#[component]
fn About(organization: Organization) -> impl IntoView {
    let i18n = use_i18n();
    let line =
        |label: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{label}</dt><dd class="preline">{text}</dd> });
    view! {
        <dl class="facts">
            {line(t!(i18n, people_domains), organization.domains.join(", "))}
            {line(t!(i18n, people_address), organization.address)}
            {line(t!(i18n, people_notes), organization.notes)}
        </dl>
    }
}

#[component]
fn Members(rows: Vec<CustomerRow>) -> impl IntoView {
    let i18n = use_i18n();
    if rows.is_empty() {
        return view! { <p class="muted">{t!(i18n, people_no_members)}</p> }.into_any();
    }
    view! {
        <ul class="lines">
            {rows
                .into_iter()
                .map(|row| view! {
                    <li>
                        <A href=format!("/desk/customers/{}", row.id)><Person name=row.name /></A>
                        <span class="truncate muted">{row.email}</span>
                    </li>
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
