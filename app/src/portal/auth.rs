//! Coming in: sign-in with a password or a mailed code, registration, a forgotten password, an invitation. Plain forms: each
//! ends in a new page, so that language and session are right from the first byte.

use super::{
    frame::use_portal,
    parts::{FormError, Input, PortalField},
};
use crate::{
    api::{form_error, portal_accounts as forms, typed},
    i18n::use_i18n,
    t,
    ui::PageTitle,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use server_fn::ServerFn;

fn query(name: &str) -> String {
    use_query_map().read_untracked().get(name).unwrap_or_default()
}

/// A card with a heading and one form.
#[component]
fn Card(title: &'static str, #[prop(optional, into)] lead: String, children: Children) -> impl IntoView {
    view! {
        <PageTitle text=title/>
        <section class="portal-card">
            <h1>{title}</h1>
            {(!lead.is_empty()).then_some(view! { <p class="portal-lead">{lead}</p> })}
            {children()}
        </section>
    }
    .into_any()
}

/// Sign-in: first the password (or a wish for a code), then, if asked for, the code.
#[component]
pub fn SignIn() -> impl IntoView {
    if query("step") == "code" { view! { <Code/> }.into_any() } else { view! { <Password/> }.into_any() }
}

#[component]
fn Password() -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let next = query("next");
    let error = form_error::<forms::SignIn>();
    let typed_email = typed::<forms::SignIn>().text("email");
    let code_error = form_error::<forms::RequestCode>();
    let code_email = typed::<forms::RequestCode>().text("email");
    view! {
        <Card title=t!(i18n, sign_in)>
            <form method="post" action=forms::SignIn::PATH class="portal-form">
                <FormError error=error.clone()/>
                <PortalField/>
                <input type="hidden" name="form[next]" value=next.clone()/>
                <Input name="email" label=t!(i18n, portal_email) kind="email" autocomplete="username" value=typed_email max=domain::limits::EMAIL/>
                <Input name="password" label=t!(i18n, portal_password) kind="password" autocomplete="current-password"/>
                <button type="submit" class="portal-button">{t!(i18n, sign_in)}</button>
            </form>
            <p class="portal-links">
                <a href=portal.href("/forgot")>{t!(i18n, portal_forgot)}</a>
                <a href=portal.href("/register")>{t!(i18n, portal_register)}</a>
            </p>
            <hr/>
            <form method="post" action=forms::RequestCode::PATH class="portal-form" aria-labelledby="by-code">
                <h2 id="by-code">{t!(i18n, portal_by_code)}</h2>
                <FormError error=code_error/>
                <PortalField/>
                <input type="hidden" name="form[next]" value=next/>
                <div class="form-field">
                    <label for="code-email">{t!(i18n, portal_email)}</label>
                    <input id="code-email" name="form[email]" type="email" value=code_email autocomplete="email" required maxlength="254"/>
                </div>
                <button type="submit" class="portal-button portal-button-quiet">{t!(i18n, portal_send_code)}</button>
            </form>
        </Card>
    }
}

#[component]
fn Code() -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let email = query("email");
    let error = form_error::<forms::SignInWithCode>();
    let again_error = form_error::<forms::RequestCode>();
    view! {
        <Card title=t!(i18n, portal_enter_code) lead=t!(i18n, portal_code_sent, email = email)>
            <form method="post" action=forms::SignInWithCode::PATH class="portal-form">
                <FormError error=error.clone()/>
                <PortalField/>
                <input type="hidden" name="form[next]" value=query("next")/>
                <input type="hidden" name="form[email]" value=email.clone()/>
                <Input name="code" label=t!(i18n, portal_code) autocomplete="one-time-code" max=20 error=error.unwrap_or_else(no_error)/>
                <button type="submit" class="portal-button">{t!(i18n, sign_in)}</button>
            </form>
            <form method="post" action=forms::RequestCode::PATH class="portal-form portal-again">
                <FormError error=again_error/>
                <PortalField/>
                <input type="hidden" name="form[next]" value=query("next")/>
                <input type="hidden" name="form[email]" value=email/>
                <button type="submit" class="portal-button portal-button-quiet">{t!(i18n, portal_code_again)}</button>
            </form>
            <p class="portal-links"><a href=portal.href("/sign-in")>{t!(i18n, sign_in)}</a></p>
        </Card>
    }
}

/// Registration.
#[component]
pub fn Register() -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let error = form_error::<forms::Register>();
    let typed = typed::<forms::Register>();
    let fields = error.clone().unwrap_or_else(no_error);
    view! {
        <Card title=t!(i18n, portal_register) lead=t!(i18n, portal_register_lead)>
            <form method="post" action=forms::Register::PATH class="portal-form">
                <FormError error/>
                <PortalField/>
                <Input name="first_name" label=t!(i18n, portal_first_name) autocomplete="given-name" value=typed.text("first_name") max=domain::limits::NAME error=fields.clone()/>
                <Input name="last_name" label=t!(i18n, portal_last_name) autocomplete="family-name" value=typed.text("last_name") max=domain::limits::NAME error=fields.clone()/>
                <Input name="email" label=t!(i18n, portal_email) kind="email" autocomplete="email" value=typed.text("email") max=domain::limits::EMAIL error=fields.clone()/>
                <NewPassword error=fields/>
                <button type="submit" class="portal-button">{t!(i18n, portal_register)}</button>
            </form>
            <p class="portal-links"><a href=portal.href("/sign-in")>{t!(i18n, portal_have_account)}</a></p>
        </Card>
    }
}

/// A forgotten password: first the address, then the code and a new password.
#[component]
pub fn Forgot() -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    if query("step") == "reset" {
        let email = query("email");
        let error = form_error::<forms::ResetPassword>();
        let fields = error.clone().unwrap_or_else(no_error);
        return view! {
            <Card title=t!(i18n, portal_new_password) lead=t!(i18n, portal_code_sent, email = email)>
                <form method="post" action=forms::ResetPassword::PATH class="portal-form">
                    <FormError error/>
                    <PortalField/>
                    <input type="hidden" name="form[email]" value=email/>
                    <Input name="code" label=t!(i18n, portal_code) autocomplete="one-time-code" max=20 error=fields.clone()/>
                    <NewPassword error=fields/>
                    <button type="submit" class="portal-button">{t!(i18n, portal_set_password)}</button>
                </form>
                <p class="portal-links"><a href=portal.href("/forgot")>{t!(i18n, portal_code_again)}</a></p>
            </Card>
        }
        .into_any();
    }
    let error = form_error::<forms::ForgotPassword>();
    let email = typed::<forms::ForgotPassword>().text("email");
    view! {
        <Card title=t!(i18n, portal_forgot_title) lead=t!(i18n, portal_forgot_lead)>
            <form method="post" action=forms::ForgotPassword::PATH class="portal-form">
                <FormError error=error.clone()/>
                <PortalField/>
                <Input name="email" label=t!(i18n, portal_email) kind="email" autocomplete="username" value=email max=domain::limits::EMAIL error=error.unwrap_or_else(no_error)/>
                <button type="submit" class="portal-button">{t!(i18n, portal_send_code)}</button>
            </form>
            <p class="portal-links"><a href=portal.href("/sign-in")>{t!(i18n, sign_in)}</a></p>
        </Card>
    }
    .into_any()
}

/// An invitation: the password to come in with.
#[component]
pub fn Invitation() -> impl IntoView {
    let i18n = use_i18n();
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let error = form_error::<forms::AcceptInvitation>();
    view! {
        <Card title=t!(i18n, portal_welcome) lead=t!(i18n, portal_welcome_lead)>
            <form method="post" action=forms::AcceptInvitation::PATH class="portal-form">
                <FormError error=error.clone()/>
                <PortalField/>
                <input type="hidden" name="form[token]" value=token/>
                <NewPassword error=error.unwrap_or_else(no_error)/>
                <button type="submit" class="portal-button">{t!(i18n, portal_set_password)}</button>
            </form>
        </Card>
    }
}

/// A new password with the rules beside it.
#[component]
pub fn NewPassword(
    /// Why the form failed.
    error: crate::api::ApiError,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Input
            name="password"
            label=t!(i18n, portal_new_password)
            kind="password"
            autocomplete="new-password"
            min=domain::limits::PASSWORD_MIN
            max=domain::limits::PASSWORD_MAX
            help=t!(i18n, portal_password_rule, min = domain::limits::PASSWORD_MIN)
            error=error
        />
    }
}

/// Stands for "nothing wrong with any field".
fn no_error() -> crate::api::ApiError {
    crate::api::ApiError(domain::Error::invalid(""))
}
