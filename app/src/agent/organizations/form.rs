//! The form of an organization: for a new one and for changing one.

use crate::{
    agent::shared::plain_error,
    api::{self, ApiError},
    i18n::use_i18n,
    state::use_session,
    t,
    ui::{Banner, Button, Forbidden, LinkButton, Look, PageTitle, TextArea, TextField, Tone, field_error, use_toasts},
};
use domain::{
    limits,
    organization::{NewOrganization, Organization, OrganizationPatch},
    patch::Patch,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The page of a new organization.
#[component]
pub fn NewOrganizationScreen() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let works = move || session.me.with(|me| me.role.works());
    let navigate = use_navigate();
    let saved = Callback::new(move |organization: Organization| {
        let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
        navigate(&format!("/desk/organizations/{}", organization.id), options);
    });
    view! {
        <PageTitle text=t!(i18n, people_new_organization) />
        <div class="page">
            <div class="page-narrow">
                <div class="page-head"><h1 class="page-title">{t!(i18n, people_new_organization)}</h1></div>
                <Show when=works fallback=|| view! { <Forbidden /> }>
                    <OrganizationForm on_saved=saved>
                        <LinkButton href="/desk/organizations">{t!(i18n, cancel)}</LinkButton>
                    </OrganizationForm>
                </Show>
            </div>
        </div>
    }
}

/// The form itself.
#[component]
pub fn OrganizationForm(
    /// The organization to change; none for a new one.
    #[prop(optional)]
    organization: Option<Organization>,
    /// Called with what the server kept.
    on_saved: Callback<Organization>,
    /// The way out without saving.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let id = organization.as_ref().map(|organization| organization.id);
    let text = |get: fn(&Organization) -> String| RwSignal::new(organization.as_ref().map(get).unwrap_or_default());
    let name = text(|o| o.name.clone());
    let domains = text(|o| o.domains.join("\n"));
    let address = text(|o| o.address.clone());
    let notes = text(|o| o.notes.clone());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let typed = domains.get_untracked();
        let list = typed.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|d| !d.is_empty());
        let made = NewOrganization {
            name: name.get_untracked(),
            domains: list.map(str::to_owned).collect(),
            address: address.get_untracked(),
            notes: notes.get_untracked(),
        };
        spawn_local(async move {
            let result = match id {
                Some(id) => {
                    let NewOrganization { name, domains, address, notes } = made;
                    let patch = OrganizationPatch {
                        name: Patch::Set(name),
                        domains: Patch::Set(domains),
                        address: Patch::Set(address),
                        notes: Patch::Set(notes),
                    };
                    api::organizations::change(id, patch).await
                }
                None => api::organizations::create(made).await,
            };
            busy.set(false);
            match result {
                Ok(organization) => {
                    toasts.success(t!(i18n, saved));
                    on_saved.run(organization);
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    view! {
        <form class="form" on:submit=save>
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
            <TextField id="organization-name" name="name" label=t!(i18n, people_name) value=name required=true maxlength=limits::NAME error=field_error(plain, "name") />
            <TextArea
                id="organization-domains"
                name="domains"
                label=t!(i18n, people_domains)
                help=t!(i18n, people_domains_help)
                rows=2
                value=domains
                error=field_error(plain, "domains")
            />
            <TextArea id="organization-address" name="address" label=t!(i18n, people_address) rows=3 value=address error=field_error(plain, "address") />
            <TextArea
                id="organization-notes"
                name="notes"
                label=t!(i18n, people_notes)
                help=t!(i18n, people_notes_help)
                rows=4
                value=notes
                maxlength=limits::NOTES
                error=field_error(plain, "notes")
            />
            <div class="form-actions">
                <Button look=Look::Primary submit=true busy>{t!(i18n, save)}</Button>
                {children()}
            </div>
        </form>
    }
}
