//! Sign-in, sessions and own settings of agents. What happens before signing in are forms that work without JavaScript; the
//! step that a person is at stands in the address: `/desk/sign-in?step=code&email=…` after a code was mailed,
//! `/desk/forgot?step=reset&email=…` after a password was forgotten.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson};
use domain::{
    agent::{self, ProfilePatch},
    id::SessionId,
    language::Language,
    session::SessionInfo,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::{
    answer::{forget_session, go_to, keep_session, next_or, query_value},
    context::{agent_actor, desk, origin},
};
#[cfg(feature = "ssr")]
use domain::session::Realm;

/// The page after signing in.
#[cfg(feature = "ssr")]
const HOME: &str = "/desk/tickets";

/// Signing in with a password.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
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
    /// The token of the link.
    pub token: String,
    /// The password to sign in with from now on.
    pub password: String,
}

/// The first run.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUpForm {
    /// The one-time token that the terminal printed.
    pub token: String,
    /// Name of the workspace.
    pub workspace: String,
    /// Full name of the owner.
    pub name: String,
    /// E-mail address of the owner.
    pub email: String,
    /// Password of the owner.
    pub password: String,
    /// Language of the owner and default of the workspace.
    pub language: Language,
    /// IANA name of the owner's time zone; empty for UTC.
    #[serde(default)]
    pub time_zone: String,
    /// Fill the workspace with demo data (a check box with the value `true`).
    #[serde(default)]
    pub demo: bool,
}

/// Whether the workspace has no owner yet.
#[server(prefix = "/_fn", endpoint = "agent/needs_set_up", input = StrictJson, output = StrictJson)]
pub async fn needs_set_up() -> Result<bool, ApiError> {
    Ok(desk()?.accounts.needs_set_up().await?)
}

/// Makes the workspace and its owner, and signs them in.
#[server(prefix = "/_fn", endpoint = "agent/set_up")]
pub async fn set_up(form: SetUpForm) -> Result<(), ApiError> {
    let SetUpForm { token, workspace, name, email, password, language, time_zone, demo } = form;
    let request = domain::workspace::SetUp { token, workspace, name, email, password, language, time_zone, demo };
    let session = desk()?.accounts.set_up(&origin(), request).await?;
    keep_session(&session)?;
    go_to(HOME);
    Ok(())
}

/// Signs in with a password.
#[server(prefix = "/_fn", endpoint = "agent/sign_in")]
pub async fn sign_in(form: SignInForm) -> Result<(), ApiError> {
    let session = desk()?.accounts.sign_in(Realm::Agent, &origin(), &form.email, &form.password).await?;
    keep_session(&session)?;
    go_to(&next_or(&form.next, "/desk", HOME));
    Ok(())
}

/// Mails a sign-in code.
#[server(prefix = "/_fn", endpoint = "agent/request_code")]
pub async fn request_code(form: EmailForm) -> Result<(), ApiError> {
    desk()?.accounts.request_code(Realm::Agent, &origin(), &form.email).await?;
    let next = next_or(&form.next, "/desk", "");
    go_to(&format!("/desk/sign-in?step=code&email={}&next={}", query_value(&form.email), query_value(&next)));
    Ok(())
}

/// Signs in with a mailed code.
#[server(prefix = "/_fn", endpoint = "agent/sign_in_with_code")]
pub async fn sign_in_with_code(form: CodeForm) -> Result<(), ApiError> {
    let session = desk()?.accounts.sign_in_with_code(Realm::Agent, &origin(), &form.email, &form.code).await?;
    keep_session(&session)?;
    go_to(&next_or(&form.next, "/desk", HOME));
    Ok(())
}

/// Mails a code for a new password.
#[server(prefix = "/_fn", endpoint = "agent/forgot_password")]
pub async fn forgot_password(form: EmailForm) -> Result<(), ApiError> {
    desk()?.accounts.forgot_password(Realm::Agent, &origin(), &form.email).await?;
    go_to(&format!("/desk/forgot?step=reset&email={}", query_value(&form.email)));
    Ok(())
}

/// Sets a new password with a mailed code, and signs in.
#[server(prefix = "/_fn", endpoint = "agent/reset_password")]
pub async fn reset_password(form: ResetForm) -> Result<(), ApiError> {
    let session = desk()?.accounts.reset_password(Realm::Agent, &origin(), &form.email, &form.code, &form.password).await?;
    keep_session(&session)?;
    go_to(HOME);
    Ok(())
}

/// Accepts an invitation, and signs in.
#[server(prefix = "/_fn", endpoint = "agent/accept_invitation")]
pub async fn accept_invitation(form: InvitationForm) -> Result<(), ApiError> {
    let session = desk()?.accounts.accept_invitation(Realm::Agent, &origin(), &form.token, &form.password).await?;
    keep_session(&session)?;
    go_to(HOME);
    Ok(())
}

/// Signs out.
#[server(prefix = "/_fn", endpoint = "agent/sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    desk()?.accounts.sign_out(&agent_actor()?).await?;
    forget_session(Realm::Agent)?;
    go_to("/desk/sign-in");
    Ok(())
}

/// Ends every other session; says how many.
#[server(prefix = "/_fn", endpoint = "agent/sign_out_everywhere", input = StrictJson, output = StrictJson)]
pub async fn sign_out_everywhere() -> Result<u64, ApiError> {
    Ok(desk()?.accounts.sign_out_everywhere(&agent_actor()?).await?)
}

/// The sessions of the agent.
#[server(prefix = "/_fn", endpoint = "agent/sessions", input = StrictJson, output = StrictJson)]
pub async fn sessions() -> Result<Vec<SessionInfo>, ApiError> {
    Ok(desk()?.accounts.sessions(&agent_actor()?).await?)
}

/// Ends one session of the agent.
#[server(prefix = "/_fn", endpoint = "agent/end_session", input = StrictJson, output = StrictJson)]
pub async fn end_session(session: SessionId) -> Result<(), ApiError> {
    Ok(desk()?.accounts.end_session(&agent_actor()?, session).await?)
}

/// Sets a new password.
#[server(prefix = "/_fn", endpoint = "agent/change_password", input = StrictJson, output = StrictJson)]
pub async fn change_password(current: String, new: String) -> Result<(), ApiError> {
    Ok(desk()?.accounts.change_password(&agent_actor()?, &current, &new).await?)
}

/// The signed-in agent.
#[server(prefix = "/_fn", endpoint = "agent/me", input = StrictJson, output = StrictJson)]
pub async fn me() -> Result<agent::Me, ApiError> {
    Ok(desk()?.accounts.me(&agent_actor()?).await?)
}

/// Changes the agent's own settings.
#[server(prefix = "/_fn", endpoint = "agent/change_profile", input = StrictJson, output = StrictJson)]
pub async fn change_profile(patch: ProfilePatch) -> Result<agent::Me, ApiError> {
    Ok(desk()?.accounts.change_profile(&agent_actor()?, patch).await?)
}
