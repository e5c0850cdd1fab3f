//! Sign-in of agents: with a password, or with a mailed code.

use super::{
    card::{AuthCard, Email, FailedForm, MailedCode, wrong},
    query,
};
use crate::{
    api::{accounts as forms, form_error},
    i18n::use_i18n,
    t,
    ui::{Button, Look, TextField},
};
use leptos::prelude::*;
use server_fn::ServerFn;

/// Sign-in: the password first; the code once it was mailed.
#[component]
pub fn SignInScreen() -> impl IntoView {
    if query("step") == "code" { view! { <Code /> }.into_any() } else { view! { <Password /> }.into_any() }
}

#[component]
fn Password() -> impl IntoView {
    let i18n = use_i18n();
    let next = query("next");
    let error = form_error::<forms::SignIn>();
    let code_error = form_error::<forms::RequestCode>();
    view! {
        <AuthCard title=t!(i18n, sign_in)>
            <form method="post" action=forms::SignIn::PATH class="auth-form">
                <FailedForm error />
                <input type="hidden" name="form[next]" value=next.clone() />
                <Email autofocus=true />
                <TextField
                    id="password"
                    name="form[password]"
                    label=t!(i18n, auth_password)
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    maxlength=domain::limits::PASSWORD_MAX
                />
                <Button look=Look::Primary submit=true>{t!(i18n, sign_in)}</Button>
            </form>
            <p class="auth-links"><a href="/desk/forgot">{t!(i18n, auth_forgot)}</a></p>
            <form method="post" action=forms::RequestCode::PATH class="auth-form auth-other" aria-labelledby="by-code">
                <h2 id="by-code">{t!(i18n, auth_by_code)}</h2>
                <FailedForm error=code_error />
                <input type="hidden" name="form[next]" value=next />
                <Email id="code-email" />
                <Button submit=true>{t!(i18n, auth_send_code)}</Button>
            </form>
        </AuthCard>
    }
}

#[component]
fn Code() -> impl IntoView {
    let i18n = use_i18n();
    let email = query("email");
    let error = form_error::<forms::SignInWithCode>();
    view! {
        <AuthCard title=t!(i18n, auth_enter_code) lead=t!(i18n, auth_code_sent, email = email)>
            <form method="post" action=forms::SignInWithCode::PATH class="auth-form">
                <FailedForm error=error.clone() />
                <input type="hidden" name="form[next]" value=query("next") />
                <input type="hidden" name="form[email]" value=email />
                <MailedCode error=wrong(&error, "code") />
                <Button look=Look::Primary submit=true>{t!(i18n, sign_in)}</Button>
            </form>
            <p class="auth-links"><a href="/desk/sign-in">{t!(i18n, auth_code_again)}</a></p>
        </AuthCard>
    }
}
