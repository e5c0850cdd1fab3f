//! A forgotten password: first the address, then the mailed code and a new password.

use super::{
    card::{AuthCard, Email, FailedForm, MailedCode, NewPassword, wrong},
    query,
};
use crate::{
    api::{accounts as forms, form_error},
    i18n::use_i18n,
    t,
    ui::{Button, Look},
};
use leptos::prelude::*;
use server_fn::ServerFn;

/// Both steps; the address says which.
#[component]
pub fn ForgotScreen() -> impl IntoView {
    if query("step") == "reset" { view! { <Reset /> }.into_any() } else { view! { <Ask /> }.into_any() }
}

#[component]
fn Ask() -> impl IntoView {
    let i18n = use_i18n();
    let error = form_error::<forms::ForgotPassword>();
    view! {
        <AuthCard title=t!(i18n, auth_forgot_title) lead=t!(i18n, auth_forgot_lead)>
            <form method="post" action=forms::ForgotPassword::PATH class="auth-form">
                <FailedForm error=error.clone() />
                <Email error=wrong(&error, "email") autofocus=true />
                <Button look=Look::Primary submit=true>{t!(i18n, auth_send_code)}</Button>
            </form>
            <p class="auth-links"><a href="/desk/sign-in">{t!(i18n, sign_in)}</a></p>
        </AuthCard>
    }
}

#[component]
fn Reset() -> impl IntoView {
    let i18n = use_i18n();
    let email = query("email");
    let error = form_error::<forms::ResetPassword>();
    view! {
        <AuthCard title=t!(i18n, auth_new_password) lead=t!(i18n, auth_code_sent, email = email)>
            <form method="post" action=forms::ResetPassword::PATH class="auth-form">
                <FailedForm error=error.clone() />
                <input type="hidden" name="form[email]" value=email />
                <MailedCode error=wrong(&error, "code") />
                <NewPassword error=wrong(&error, "password") />
                <Button look=Look::Primary submit=true>{t!(i18n, auth_set_password)}</Button>
            </form>
            <p class="auth-links"><a href="/desk/forgot">{t!(i18n, auth_code_again)}</a></p>
        </AuthCard>
    }
}
