//! The card in the middle of the page that all ways in share, and the pieces of its forms.

use crate::{
    api::ApiError,
    i18n::use_i18n,
    t,
    ui::{PageTitle, TextField, field_error},
};
use leptos::prelude::*;

/// A card with a heading.
#[component]
pub fn AuthCard(
    /// Heading.
    title: &'static str,
    /// One sentence below it.
    #[prop(optional, into)]
    lead: String,
    /// Forms and links.
    children: Children,
) -> impl IntoView {
    view! {
        <PageTitle text=format!("{title} – Taquilla") />
        <main class="auth">
            <section class="auth-card">
                <p class="auth-brand" aria-hidden="true">"Taquilla"</p>
                <h1>{title}</h1>
                {(!lead.is_empty()).then_some(view! { <p class="auth-lead">{lead}</p> })}
                {children()}
            </section>
        </main>
    }
}

/// Why a form failed; an empty line otherwise, so that both sides render the same.
#[component]
pub fn FailedForm(
    /// Why.
    error: Option<ApiError>,
) -> impl IntoView {
    let i18n = use_i18n();
    let none = error.is_none();
    view! { <p class="form-error" role="alert" hidden=none>{error.map(|error| i18n.error(&error.0)).unwrap_or_default()}</p> }
}

/// The error of one field of a plain form.
pub fn wrong(error: &Option<ApiError>, field: &'static str) -> Signal<Option<String>> {
    let error = error.clone().map(|error| error.0);
    field_error(Signal::stored(error), field)
}

/// The e-mail address of a form.
#[component]
pub fn Email(
    /// Id, when the page has several.
    #[prop(default = "email")]
    id: &'static str,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Takes the keyboard when the page opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <TextField
            id
            name="form[email]"
            label=t!(i18n, auth_email)
            kind="email"
            autocomplete="username"
            required=true
            maxlength=domain::limits::EMAIL
            error
            autofocus
        />
    }
}

/// The code out of a mail.
#[component]
pub fn MailedCode(
    /// What is wrong with it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <TextField
            id="code"
            name="form[code]"
            label=t!(i18n, auth_code)
            autocomplete="one-time-code"
            required=true
            maxlength=20
            error
            autofocus=true
        />
    }
}

/// A new password, with the rule beside it.
#[component]
pub fn NewPassword(
    /// What is wrong with it.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <TextField
            id="password"
            name="form[password]"
            label=t!(i18n, auth_new_password)
            kind="password"
            autocomplete="new-password"
            required=true
            maxlength=domain::limits::PASSWORD_MAX
            help=t!(i18n, auth_password_rule, min = domain::limits::PASSWORD_MIN)
            error
        />
    }
}
