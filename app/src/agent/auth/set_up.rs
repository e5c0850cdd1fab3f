//! The first run: the workspace gets its name and its owner, and demo data if wanted.

use super::{
    card::{AuthCard, Email, FailedForm, NewPassword, wrong},
    query,
};
use crate::{
    api::{accounts as forms, form_error},
    i18n::use_i18n,
    state::{load, preferences::browser_zone},
    t,
    ui::{Button, Checkbox, Look, Select, TextField},
};
use domain::language::Language;
use leptos::prelude::*;
use server_fn::ServerFn;

/// The page of the first run; says so if there was one already.
#[component]
pub fn SetUpScreen() -> impl IntoView {
    let needed = load(|| (), |()| forms::needs_set_up());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match needed.await {
                    Ok(false) => view! { <Done /> }.into_any(),
                    Ok(true) => view! { <SetUpForm /> }.into_any(),
                    Err(error) => view! { <main class="auth"><crate::ui::ErrorState error=error.0 alone=true /></main> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Done() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <AuthCard title=t!(i18n, auth_set_up_done) lead=t!(i18n, auth_set_up_done_lead)>
            <p class="auth-links"><a href="/desk/sign-in">{t!(i18n, sign_in)}</a></p>
        </AuthCard>
    }
}

#[component]
fn SetUpForm() -> impl IntoView {
    let i18n = use_i18n();
    let token = query("token");
    let error = form_error::<forms::SetUp>();
    let zone = RwSignal::new(String::new());
    Effect::new(move |_| zone.set(browser_zone()));
    let language = RwSignal::new(i18n.language().tag().to_owned());
    let languages: Vec<_> = Language::ALL.iter().map(|l| (l.tag().to_owned(), l.name().to_owned())).collect();
    let token_field = if token.is_empty() || error.as_ref().is_some_and(|error| error.0.fields.iter().any(|f| f.field == "token"))
    {
        view! {
            <TextField
                id="token"
                name="form[token]"
                label=t!(i18n, auth_token)
                help=t!(i18n, auth_token_help)
                required=true
                value=RwSignal::new(token)
                error=wrong(&error, "token")
            />
        }
        .into_any()
    } else {
        view! { <input type="hidden" name="form[token]" value=token /> }.into_any()
    };
    view! {
        <AuthCard title=t!(i18n, auth_set_up) lead=t!(i18n, auth_set_up_lead)>
            <form method="post" action=forms::SetUp::PATH class="auth-form">
                <FailedForm error=error.clone() />
                {token_field}
                <TextField
                    id="workspace"
                    name="form[workspace]"
                    label=t!(i18n, auth_workspace)
                    help=t!(i18n, auth_workspace_help)
                    autocomplete="organization"
                    required=true
                    maxlength=domain::limits::NAME
                    error=wrong(&error, "workspace")
                />
                <TextField
                    id="name"
                    name="form[name]"
                    label=t!(i18n, auth_name)
                    autocomplete="name"
                    required=true
                    maxlength=domain::limits::NAME
                    error=wrong(&error, "name")
                />
                <Email error=wrong(&error, "email") />
                <NewPassword error=wrong(&error, "password") />
                <Select id="language" name="form[language]" label=t!(i18n, language) value=language options=languages />
                <input type="hidden" name="form[time_zone]" prop:value=zone />
                <Checkbox id="demo" name="form[demo]" label=t!(i18n, auth_demo) help=t!(i18n, auth_demo_help) />
                <Button look=Look::Primary submit=true>{t!(i18n, auth_start)}</Button>
            </form>
        </AuthCard>
    }
}
