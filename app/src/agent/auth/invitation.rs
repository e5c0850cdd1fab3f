//! An invitation: the new agent chooses a password and is in.

use super::card::{AuthCard, FailedForm, NewPassword, wrong};
use crate::{
    api::{accounts as forms, form_error},
    i18n::use_i18n,
    t,
    ui::{Button, Look},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server_fn::ServerFn;

/// The page behind the link of the mail.
#[component]
pub fn InvitationScreen() -> impl IntoView {
    let i18n = use_i18n();
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let error = form_error::<forms::AcceptInvitation>();
    view! {
        <AuthCard title=t!(i18n, auth_welcome) lead=t!(i18n, auth_welcome_lead)>
            <form method="post" action=forms::AcceptInvitation::PATH class="auth-form">
                <FailedForm error=error.clone() />
                <input type="hidden" name="form[token]" value=token />
                <NewPassword error=wrong(&error, "password") />
                <Button look=Look::Primary submit=true>{t!(i18n, auth_set_password)}</Button>
            </form>
        </AuthCard>
    }
}
