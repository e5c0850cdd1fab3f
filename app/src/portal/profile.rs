//! The customer's own data: name and contact, language, password, sessions.

use super::{
    auth::NewPassword,
    frame::use_portal,
    parts::{ErrorPage, FormError, Input, PortalField},
};
use crate::{
    api::{ApiError, form_error, portal_accounts as forms, typed},
    i18n::{Moment, use_i18n},
    state::load,
    t,
    ui::PageTitle,
};
use domain::{language::Language, portal::PortalMe, session::SessionInfo};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

/// The page of the profile.
#[component]
pub fn Profile() -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let sessions = load(|| (), |()| forms::sessions());
    let saved = match use_query_map().read_untracked().get("saved").as_deref() {
        Some("profile") => t!(i18n, portal_saved_profile),
        Some("password") => t!(i18n, portal_saved_password),
        Some("sessions") => t!(i18n, portal_saved_sessions),
        _ => "",
    };
    view! {
        <PageTitle text=t!(i18n, portal_profile)/>
        <h1>{t!(i18n, portal_profile)}</h1>
        <p class="form-saved" role="status">{saved}</p>
        <Suspense>
            {move || Suspend::new(async move {
                match (portal.me.await, sessions.await) {
                    (Ok(me), Ok(sessions)) => view! { <About me=me.clone()/> <Password me/> <Sessions sessions/> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <ErrorPage error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn About(me: PortalMe) -> impl IntoView {
    let i18n = use_i18n();
    let error = form_error::<forms::ChangeProfile>();
    let typed = typed::<forms::ChangeProfile>();
    let chosen = Language::from_tag(&typed.text("language")).unwrap_or(me.language);
    let fields = error.clone().unwrap_or_else(|| ApiError(domain::Error::invalid("")));
    view! {
        <section class="portal-card portal-card-wide">
            <h2>{t!(i18n, portal_about_you)}</h2>
            <p class="portal-lead">{me.email.clone()}</p>
            <form method="post" action=forms::ChangeProfile::PATH class="portal-form">
                <FormError error/>
                <PortalField/>
                <Input name="first_name" label=t!(i18n, portal_first_name) autocomplete="given-name" value=typed.text_or("first_name", &me.first_name) max=domain::limits::NAME error=fields.clone() optional=true/>
                <Input name="last_name" label=t!(i18n, portal_last_name) autocomplete="family-name" value=typed.text_or("last_name", &me.last_name) max=domain::limits::NAME error=fields.clone() optional=true/>
                <Input name="job_title" label=t!(i18n, portal_job_title) autocomplete="organization-title" value=typed.text_or("job_title", &me.job_title) error=fields.clone() optional=true/>
                <Input name="phone" label=t!(i18n, portal_phone) kind="tel" autocomplete="tel" value=typed.text_or("phone", &me.phone) error=fields.clone() optional=true/>
                <div class="form-field">
                    <label for="field-language">{t!(i18n, language)}</label>
                    <select id="field-language" name="form[language]">
                        {Language::ALL
                            .into_iter()
                            .map(|language| view! {
                                <option value=language.tag() selected=language == chosen lang=language.tag()>{language.name()}</option>
                            })
                            .collect_view()}
                    </select>
                </div>
                <Input name="time_zone" label=t!(i18n, portal_time_zone) value=typed.text_or("time_zone", &me.time_zone) help=t!(i18n, portal_time_zone_help).to_owned() error=fields optional=true/>
                <button type="submit" class="portal-button">{t!(i18n, save)}</button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Password(me: PortalMe) -> impl IntoView {
    let i18n = use_i18n();
    let error = form_error::<forms::ChangePassword>();
    let fields = error.clone().unwrap_or_else(|| ApiError(domain::Error::invalid("")));
    let current = me.has_password.then(|| {
        view! { <Input name="current" label=t!(i18n, portal_current_password) kind="password" autocomplete="current-password" error=fields.clone()/> }
    });
    view! {
        <section class="portal-card portal-card-wide">
            <h2>{t!(i18n, portal_password)}</h2>
            <form method="post" action=forms::ChangePassword::PATH class="portal-form">
                <FormError error/>
                <PortalField/>
                <input type="hidden" name="username" autocomplete="username" value=me.email disabled/>
                {current}
                <NewPassword error=fields/>
                <button type="submit" class="portal-button">{t!(i18n, portal_set_password)}</button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Sessions(sessions: Vec<SessionInfo>) -> impl IntoView {
    let i18n = use_i18n();
    let several = sessions.len() > 1;
    view! {
        <section class="portal-card portal-card-wide">
            <h2>{t!(i18n, portal_sessions)}</h2>
            <ul class="portal-sessions">{sessions.into_iter().map(|session| view! { <Session session/> }).collect_view()}</ul>
            {several.then(|| view! {
                <form method="post" action=forms::SignOutEverywhere::PATH>
                    <PortalField/>
                    <button type="submit" class="portal-button portal-button-quiet">{t!(i18n, portal_sign_out_everywhere)}</button>
                </form>
            })}
        </section>
    }
    .into_any()
}

#[component]
fn Session(session: SessionInfo) -> impl IntoView {
    let i18n = use_i18n();
    let portal = use_portal();
    let end = if session.current {
        view! { <small>{t!(i18n, portal_this_session)}</small> }.into_any()
    } else {
        view! {
            <form method="post" action=forms::EndSession::PATH>
                <input type="hidden" name="form[portal]" value=portal.slug.get_untracked()/>
                <button type="submit" class="portal-button portal-button-quiet" name="form[session]" value=session.id.to_string()>
                    {t!(i18n, portal_sign_out)}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            <div>
                <strong>{session.device.clone()}</strong>
                <small>{session.address.clone()}" · "<Moment at=session.last_used_at/></small>
            </div>
            {end}
        </li>
    }
    .into_any()
}
