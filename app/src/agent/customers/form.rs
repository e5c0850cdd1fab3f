//! The form of a customer: for a new one and for changing one.

use crate::{
    agent::shared::plain_error,
    api::{self, ApiError},
    i18n::use_i18n,
    state::use_session,
    t,
    ui::{
        Banner, Button, Checkbox, ComboOption, Combobox, Forbidden, LinkButton, Look, PageTitle, Select, TextArea, TextField,
        Tone, field_error, use_toasts,
    },
};
use domain::{
    customer::{Customer, CustomerPatch, NewCustomer},
    id::OrganizationId,
    language::Language,
    limits,
    patch::Patch,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// What the form holds while it is edited.
#[derive(Clone, Copy)]
struct Fields {
    first_name: RwSignal<String>,
    last_name: RwSignal<String>,
    emails: RwSignal<String>,
    phone: RwSignal<String>,
    job_title: RwSignal<String>,
    organization: RwSignal<Vec<ComboOption>>,
    language: RwSignal<String>,
    notes: RwSignal<String>,
    main_contact: RwSignal<bool>,
}

impl Fields {
    fn new(customer: Option<&Customer>) -> Self {
        let text = |get: fn(&Customer) -> String| RwSignal::new(customer.map(get).unwrap_or_default());
        let organization = customer.and_then(|customer| customer.organization.clone());
        let language = customer.map_or(use_i18n().language(), |customer| customer.language);
        Self {
            first_name: text(|c| c.first_name.clone()),
            last_name: text(|c| c.last_name.clone()),
            emails: text(|c| c.emails.join("\n")),
            phone: text(|c| c.phone.clone()),
            job_title: text(|c| c.job_title.clone()),
            organization: RwSignal::new(organization.map(|o| ComboOption::new(o.id.to_string(), o.name)).into_iter().collect()),
            language: RwSignal::new(language.tag().to_owned()),
            notes: text(|c| c.notes.clone()),
            main_contact: RwSignal::new(customer.is_some_and(|customer| customer.main_contact)),
        }
    }
    fn emails(&self) -> Vec<String> {
        let text = self.emails.get_untracked();
        text.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|e| !e.is_empty()).map(str::to_owned).collect()
    }
    fn organization(&self) -> Option<OrganizationId> {
        self.organization.with_untracked(|chosen| chosen.first().and_then(|option| option.value.parse().ok()))
    }
    fn language(&self) -> Language {
        Language::from_tag(&self.language.get_untracked()).unwrap_or_default()
    }
    fn new_customer(&self) -> NewCustomer {
        NewCustomer {
            first_name: self.first_name.get_untracked(),
            last_name: self.last_name.get_untracked(),
            emails: self.emails(),
            phone: self.phone.get_untracked(),
            job_title: self.job_title.get_untracked(),
            organization: self.organization(),
            language: self.language(),
            notes: self.notes.get_untracked(),
        }
    }
    fn patch(&self) -> CustomerPatch {
        let NewCustomer { first_name, last_name, emails, phone, job_title, organization, language, notes } = self.new_customer();
        CustomerPatch {
            first_name: Patch::Set(first_name),
            last_name: Patch::Set(last_name),
            emails: Patch::Set(emails),
            phone: Patch::Set(phone),
            job_title: Patch::Set(job_title),
            organization: Patch::Set(organization),
            language: Patch::Set(language),
            notes: Patch::Set(notes),
            main_contact: Patch::Set(self.main_contact.get_untracked()),
            disabled: Patch::Keep,
        }
    }
}

/// The page of a new customer.
#[component]
pub fn NewCustomerScreen() -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    let works = move || session.me.with(|me| me.role.works());
    let navigate = use_navigate();
    let saved = Callback::new(move |customer: Customer| {
        navigate(&format!("/desk/customers/{}", customer.id), NavigateOptions { replace: true, ..NavigateOptions::default() });
    });
    view! {
        <PageTitle text=t!(i18n, people_new_customer) />
        <div class="page">
            <div class="page-narrow">
                <div class="page-head"><h1 class="page-title">{t!(i18n, people_new_customer)}</h1></div>
                <Show when=works fallback=|| view! { <Forbidden /> }>
                    <CustomerForm on_saved=saved>
                        <LinkButton href="/desk/customers">{t!(i18n, cancel)}</LinkButton>
                    </CustomerForm>
                </Show>
            </div>
        </div>
    }
}

/// The form itself.
#[component]
pub fn CustomerForm(
    /// The customer to change; none for a new one.
    #[prop(optional)]
    customer: Option<Customer>,
    /// Called with what the server kept.
    on_saved: Callback<Customer>,
    /// The way out without saving.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let fields = Fields::new(customer.as_ref());
    let id = customer.as_ref().map(|customer| customer.id);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let plain = plain_error(error);
    let organizations = Callback::new(move |(text, show): (String, Callback<Vec<ComboOption>>)| {
        spawn_local(async move {
            let found = api::organizations::suggest(text).await.unwrap_or_default();
            show.run(found.into_iter().map(|o| ComboOption::new(o.id.to_string(), o.name)).collect());
        });
    });
    let languages: Vec<_> = Language::ALL.iter().map(|l| (l.tag().to_owned(), l.name().to_owned())).collect();
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let result = match id {
                Some(id) => api::customers::change(id, fields.patch()).await,
                None => api::customers::create(fields.new_customer()).await,
            };
            busy.set(false);
            match result {
                Ok(customer) => {
                    toasts.success(t!(i18n, saved));
                    on_saved.run(customer);
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    view! {
        <form class="form" on:submit=save>
            {move || error.get().map(|error| view! { <Banner tone=Tone::Danger>{i18n.error(&error.0)}</Banner> })}
            <div class="form-row">
                <TextField id="customer-first" name="first_name" label=t!(i18n, people_first_name) value=fields.first_name maxlength=limits::NAME error=field_error(plain, "first_name") />
                <TextField id="customer-last" name="last_name" label=t!(i18n, people_last_name) value=fields.last_name maxlength=limits::NAME error=field_error(plain, "last_name") />
            </div>
            <TextArea
                id="customer-emails"
                name="emails"
                label=t!(i18n, people_emails)
                help=t!(i18n, people_emails_help)
                rows=2
                value=fields.emails
                error=field_error(plain, "emails")
            />
            <Combobox
                id="customer-organization"
                label=t!(i18n, people_organization)
                help=t!(i18n, people_organization_help)
                selected=fields.organization
                on_change=Callback::new(move |chosen| fields.organization.set(chosen))
                load=organizations
                clearable=true
                error=field_error(plain, "organization")
            />
            {id.is_some().then(|| view! {
                <Checkbox id="customer-main" name="main_contact" label=t!(i18n, people_main_contact) help=t!(i18n, people_main_contact_help) checked=fields.main_contact />
            })}
            <div class="form-row">
                <TextField id="customer-phone" name="phone" label=t!(i18n, people_phone) kind="tel" value=fields.phone maxlength=limits::LINE error=field_error(plain, "phone") />
                <TextField id="customer-job" name="job_title" label=t!(i18n, people_job_title) value=fields.job_title maxlength=limits::LINE error=field_error(plain, "job_title") />
                <Select id="customer-language" name="language" label=t!(i18n, language) value=fields.language options=languages />
            </div>
            <TextArea
                id="customer-notes"
                name="notes"
                label=t!(i18n, people_notes)
                help=t!(i18n, people_notes_help)
                rows=4
                value=fields.notes
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
