//! Sign-in, registration, sessions and own data of customers: forms that work without JavaScript. The step that a person is at
//! stands in the address: `/p/<slug>/sign-in?step=code&email=…` after a code was mailed (also by registering),
//! `/p/<slug>/forgot?step=reset&email=…` after a password was forgotten, `/p/<slug>/profile?saved=profile` (or `password`,
//! `sessions`) after a change.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{id::SessionId, language::Language, portal::PortalMe, session::SessionInfo};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::{
    answer::{back_to, forget_session, go_to, keep_language, keep_session, next_or, query_value},
    context::{customer_actor, customer_if_signed_in, customer_in, desk, origin},
    portal::portal_path,
};
#[cfg(feature = "ssr")]
use domain::{patch::Patch, portal::PortalProfilePatch, session::Realm};

/// A form that only says which portal it is in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalForm {
    /// Slug of the portal.
    pub portal: String,
}

/// Signing in with a password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// Slug of the portal.
    pub portal: String,
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// Own path to go to afterwards; empty for the list of tickets.
    #[serde(default)]
    pub next: String,
}

/// Asking for a mailed code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailForm {
    /// Slug of the portal.
    pub portal: String,
    /// E-mail address.
    pub email: String,
    /// Own path to go to after signing in.
    #[serde(default)]
    pub next: String,
}

/// Signing in with a mailed code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    /// Slug of the portal.
    pub portal: String,
    /// E-mail address.
    pub email: String,
    /// The code.
    pub code: String,
    /// Own path to go to afterwards.
    #[serde(default)]
    pub next: String,
}

/// Setting a new password with a mailed code.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetForm {
    /// Slug of the portal.
    pub portal: String,
    /// E-mail address.
    pub email: String,
    /// The code.
    pub code: String,
    /// The new password.
    pub password: String,
}

/// Accepting an invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvitationForm {
    /// Slug of the portal.
    pub portal: String,
    /// The token of the link.
    pub token: String,
    /// The password to sign in with from now on.
    pub password: String,
}

/// Registering.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterForm {
    /// Slug of the portal.
    pub portal: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// Changing the password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    /// Slug of the portal.
    pub portal: String,
    /// The password so far; empty if there is none.
    #[serde(default)]
    pub current: String,
    /// The new password.
    pub password: String,
}

/// Ending one session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionForm {
    /// Slug of the portal.
    pub portal: String,
    /// The session.
    pub session: SessionId,
}

/// The customer's own data, all of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileForm {
    /// Slug of the portal.
    pub portal: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Telephone number.
    pub phone: String,
    /// Job title.
    pub job_title: String,
    /// The language they read.
    pub language: Language,
    /// IANA name of the time zone.
    pub time_zone: String,
}

/// Choosing a language.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageForm {
    /// Slug of the portal.
    pub portal: String,
    /// The language.
    pub language: Language,
    /// Own path to come back to; empty for the list of tickets.
    #[serde(default)]
    pub next: String,
}

/// Keeps the language for this browser, and for the customer if one is signed in.
#[server(prefix = "/_fn", endpoint = "portal/set_language")]
pub async fn set_language(form: LanguageForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    keep_language(form.language)?;
    if let Some(Ok(actor)) = customer_if_signed_in().map(|actor| actor.in_portal(&form.portal)) {
        let patch = PortalProfilePatch { language: Patch::Set(form.language), ..PortalProfilePatch::default() };
        desk()?.portals.change_profile(&actor, patch).await?;
    }
    go_to(&next_or(&form.next, &page, &page));
    Ok(())
}

/// Signs in with a password.
#[server(prefix = "/_fn", endpoint = "portal/sign_in")]
pub async fn sign_in(form: SignInForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    let session = desk()?.accounts.sign_in(Realm::Customer, &origin(), &form.email, &form.password).await?;
    keep_session(&session)?;
    go_to(&next_or(&form.next, &page, &page));
    Ok(())
}

/// Mails a sign-in code.
#[server(prefix = "/_fn", endpoint = "portal/request_code")]
pub async fn request_code(form: EmailForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    desk()?.accounts.request_code(Realm::Customer, &origin(), &form.email).await?;
    let next = next_or(&form.next, &page, "");
    go_to(&format!("{page}/sign-in?step=code&email={}&next={}", query_value(&form.email), query_value(&next)));
    Ok(())
}

/// Signs in with a mailed code (also the one that confirms a registration).
#[server(prefix = "/_fn", endpoint = "portal/sign_in_with_code")]
pub async fn sign_in_with_code(form: CodeForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    let session = desk()?.accounts.sign_in_with_code(Realm::Customer, &origin(), &form.email, &form.code).await?;
    keep_session(&session)?;
    go_to(&next_or(&form.next, &page, &page));
    Ok(())
}

/// Mails a code for a new password.
#[server(prefix = "/_fn", endpoint = "portal/forgot_password")]
pub async fn forgot_password(form: EmailForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    desk()?.accounts.forgot_password(Realm::Customer, &origin(), &form.email).await?;
    go_to(&format!("{page}/forgot?step=reset&email={}", query_value(&form.email)));
    Ok(())
}

/// Sets a new password with a mailed code, and signs in.
#[server(prefix = "/_fn", endpoint = "portal/reset_password")]
pub async fn reset_password(form: ResetForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    let session = desk()?.accounts.reset_password(Realm::Customer, &origin(), &form.email, &form.code, &form.password).await?;
    keep_session(&session)?;
    go_to(&page);
    Ok(())
}

/// Accepts an invitation, and signs in.
#[server(prefix = "/_fn", endpoint = "portal/accept_invitation")]
pub async fn accept_invitation(form: InvitationForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    let session = desk()?.accounts.accept_invitation(Realm::Customer, &origin(), &form.token, &form.password).await?;
    keep_session(&session)?;
    go_to(&page);
    Ok(())
}

/// Registers: a code is mailed that confirms the address.
#[server(prefix = "/_fn", endpoint = "portal/register")]
pub async fn register(form: RegisterForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    let RegisterForm { first_name, last_name, email, password, .. } = form;
    desk()?.accounts.register(&origin(), &first_name, &last_name, &email, &password).await?;
    go_to(&format!("{page}/sign-in?step=code&email={}", query_value(&email)));
    Ok(())
}

/// Signs out.
#[server(prefix = "/_fn", endpoint = "portal/sign_out")]
pub async fn sign_out(form: PortalForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    desk()?.accounts.sign_out(&customer_actor()?).await?;
    forget_session(Realm::Customer)?;
    go_to(&format!("{page}/sign-in"));
    Ok(())
}

/// Ends every other session; says how many.
#[server(prefix = "/_fn", endpoint = "portal/sign_out_everywhere")]
pub async fn sign_out_everywhere(form: PortalForm) -> Result<u64, ApiError> {
    let page = portal_path(&form.portal).await?;
    let ended = desk()?.accounts.sign_out_everywhere(&customer_actor()?).await?;
    back_to(&format!("{page}/profile?saved=sessions"));
    Ok(ended)
}

/// The sessions of the customer.
#[server(prefix = "/_fn", endpoint = "portal/sessions", input = StrictJson, output = StrictJson)]
pub async fn sessions() -> Result<Vec<SessionInfo>, ApiError> {
    Ok(desk()?.accounts.sessions(&customer_actor()?).await?)
}

/// Ends one session of the customer.
#[server(prefix = "/_fn", endpoint = "portal/end_session")]
pub async fn end_session(form: SessionForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    desk()?.accounts.end_session(&customer_actor()?, form.session).await?;
    back_to(&format!("{page}/profile?saved=sessions"));
    Ok(())
}

/// Sets a new password.
#[server(prefix = "/_fn", endpoint = "portal/change_password")]
pub async fn change_password(form: PasswordForm) -> Result<(), ApiError> {
    let page = portal_path(&form.portal).await?;
    desk()?.accounts.change_password(&customer_actor()?, &form.current, &form.password).await?;
    back_to(&format!("{page}/profile?saved=password"));
    Ok(())
}

/// Changes the customer's own data.
#[server(prefix = "/_fn", endpoint = "portal/change_profile")]
pub async fn change_profile(form: ProfileForm) -> Result<PortalMe, ApiError> {
    let page = portal_path(&form.portal).await?;
    let patch = PortalProfilePatch {
        first_name: Patch::Set(form.first_name),
        last_name: Patch::Set(form.last_name),
        phone: Patch::Set(form.phone),
        job_title: Patch::Set(form.job_title),
        language: Patch::Set(form.language),
        time_zone: Patch::Set(form.time_zone),
    };
    let me = desk()?.portals.change_profile(&customer_in(&form.portal)?, patch).await?;
    back_to(&format!("{page}/profile?saved=profile"));
    Ok(me)
}
