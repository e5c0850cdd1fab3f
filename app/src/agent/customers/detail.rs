//! One customer: contact data, portal access, tickets; editing in place of the card.

use super::form::CustomerForm;
use crate::{
    agent::shared::{Later, TicketList, id_of_address, no_such_thing},
    api,
    i18n::{Moment, MomentStyle, use_i18n},
    state::{load, use_session},
    t,
    ui::{Avatar, Button, Card, ErrorState, LinkButton, PageTitle, Skeleton, use_toasts},
};
use domain::{
    customer::{Customer, CustomerPatch, PortalAccess},
    id::CustomerId,
    patch::Patch,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::components::A;

/// The screen.
#[component]
pub fn CustomerScreen() -> impl IntoView {
    let id = id_of_address("id");
    let customer = load(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::customers::get(CustomerId(id)).await,
                None => no_such_thing(),
            }
        },
    );
    view! {
        <div class="page">
            <Suspense fallback=|| view! { <Skeleton lines=8 /> }>
                {move || Suspend::new(async move {
                    match customer.await {
                        Ok(customer) => view! { <Loaded customer /> }.into_any(),
                        Err(error) => view! { <ErrorState error=error.0 alone=true retry=Callback::new(move |()| customer.refetch()) /> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Loaded(customer: Customer) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let works = move || session.me.with(|me| me.role.works());
    let id = customer.id;
    let shown = RwSignal::new(customer);
    let editing = RwSignal::new(false);
    let name = move || shown.with(name_of);
    let tickets = Later::new(move || api::items::of_customer(id));
    view! {
        <PageTitle text=name />
        <div class="page-head">
            <h1 class="page-title page-person">
                {move || view! { <Avatar name=name() large=true /> }}
                {name}
            </h1>
            <Show when=move || works() && !editing.get()>
                <div class="form-actions">
                    <Access shown />
                    <Button icon="edit" on_click=Callback::new(move |_| editing.set(true))>{t!(i18n, edit)}</Button>
                </div>
            </Show>
        </div>
        <div class="page-columns">
            <div>
                {move || {
                    if editing.get() {
                        let saved = Callback::new(move |customer| {
                            shown.set(customer);
                            editing.set(false);
                        });
                        view! {
                            <CustomerForm customer=shown.get_untracked() on_saved=saved>
                                <Button on_click=Callback::new(move |_| editing.set(false))>{t!(i18n, cancel)}</Button>
                            </CustomerForm>
                        }
                        .into_any()
                    } else {
                        view! { <About customer=shown.get() /> }.into_any()
                    }
                }}
            </div>
            <Card title=t!(i18n, people_tickets)>
                {tickets.view(|rows| view! { <TicketList rows /> }.into_any())}
                <Show when=works>
                    <LinkButton href=format!("/desk/tickets/new?requester={id}") icon="plus">{t!(i18n, people_new_ticket)}</LinkButton>
                </Show>
            </Card>
        </div>
    }
}

fn name_of(customer: &Customer) -> String {
    domain::text::display_name(&customer.first_name, &customer.last_name, customer.emails.first().map(String::as_str))
}

#[component]
fn About(customer: Customer) -> impl IntoView {
    let i18n = use_i18n();
    let emails =
        customer.emails.iter().map(|email| view! { <a href=format!("mailto:{email}")>{email.clone()}</a><br /> }).collect_view();
    let organization = customer.organization.clone().map(|organization| {
        view! { <A href=format!("/desk/organizations/{}", organization.id)>{organization.name}</A> }
    });
    let line = |label: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{label}</dt><dd>{text}</dd> });
    view! {
        <dl class="facts">
            <dt>{t!(i18n, people_email)}</dt>
            <dd>{emails}</dd>
            {organization.map(|link| view! { <dt>{t!(i18n, people_organization)}</dt><dd>{link}</dd> })}
            {line(t!(i18n, people_phone), customer.phone.clone())}
            {line(t!(i18n, people_job_title), customer.job_title.clone())}
            {line(t!(i18n, language), customer.language.name().to_owned())}
            {line(t!(i18n, people_time_zone), customer.time_zone.clone())}
            {line(t!(i18n, people_organization_role), if customer.main_contact { t!(i18n, people_main_contact).to_owned() } else { String::new() })}
            <dt>{t!(i18n, people_portal)}</dt>
            <dd>{access_text(customer.access)}</dd>
            <dt>{t!(i18n, people_since)}</dt>
            <dd><Moment at=customer.created_at style=MomentStyle::Date /></dd>
            {(!customer.notes.is_empty()).then(|| view! {
                <dt>{t!(i18n, people_notes)}</dt>
                <dd class="preline">{customer.notes.clone()}</dd>
            })}
        </dl>
    }
}

fn access_text(access: PortalAccess) -> &'static str {
    let i18n = use_i18n();
    match access {
        PortalAccess::None => t!(i18n, people_access_none),
        PortalAccess::Invited => t!(i18n, people_access_invited),
        PortalAccess::Active => t!(i18n, people_access_active),
        PortalAccess::Disabled => t!(i18n, people_access_disabled),
    }
}

/// Inviting to the portal, locking out, letting in again.
#[component]
fn Access(shown: RwSignal<Customer>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let session = use_session();
    let busy = RwSignal::new(false);
    let invite = move |_| {
        busy.set(true);
        let id = shown.with_untracked(|customer| customer.id);
        spawn_local(async move {
            match api::customers::invite(id).await {
                Ok(customer) => {
                    shown.set(customer);
                    toasts.success(session.invited(i18n));
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
            busy.set(false);
        });
    };
    let disable = move |disabled: bool| {
        busy.set(true);
        let id = shown.with_untracked(|customer| customer.id);
        spawn_local(async move {
            let patch = CustomerPatch { disabled: Patch::Set(disabled), ..CustomerPatch::default() };
            match api::customers::change(id, patch).await {
                Ok(customer) => {
                    shown.set(customer);
                    toasts.success(if disabled { t!(i18n, people_disabled) } else { t!(i18n, people_enabled) });
                }
                Err(error) => toasts.error(i18n.error(&error.0)),
            }
            busy.set(false);
        });
    };
    view! {
        {move || match shown.with(|customer| (customer.access, customer.emails.is_empty())) {
            (PortalAccess::Disabled, _) => {
                view! { <Button busy on_click=Callback::new(move |_| disable(false))>{t!(i18n, people_enable)}</Button> }.into_any()
            }
            (access, no_address) => view! {
                // Who is in the portal already needs no invitation.
                {(access != PortalAccess::Active).then(|| view! {
                    <Button busy icon="mail" disabled=no_address on_click=Callback::new(invite)>
                        {if access == PortalAccess::Invited { t!(i18n, people_invite_again) } else { t!(i18n, people_invite) }}
                    </Button>
                })}
                <Button busy on_click=Callback::new(move |_| disable(true))>{t!(i18n, people_disable)}</Button>
            }
            .into_any(),
        }}
    }
}
