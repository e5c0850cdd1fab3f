//! What the server puts into the context of every page and server function, and how functions take it out.

use super::{ApiError, ApiResult};
use domain::{
    Error, ErrorCode,
    actor::Actor,
    form::TypedForm,
    service::Desk,
    session::{Origin, Realm},
};
use leptos::prelude::use_context;
use std::sync::{Arc, Mutex, PoisonError};

/// Who holds the agent session of the request; [`Actor::Anonymous`] if nobody.
#[derive(Debug, Clone)]
pub struct AgentSession(pub Actor);

/// Who holds the customer session of the request; [`Actor::Anonymous`] if nobody.
#[derive(Debug, Clone)]
pub struct CustomerSession(pub Actor);

/// How session cookies look here.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    /// Whether the public address is https: cookies are then `__Host-` and `Secure`.
    pub secure: bool,
}

impl Cookies {
    /// The name of the session cookie of a realm.
    #[must_use]
    pub fn name(self, realm: Realm) -> &'static str {
        match (self.secure, realm) {
            (true, Realm::Agent) => "__Host-taquilla_agent",
            (true, Realm::Customer) => "__Host-taquilla_customer",
            (false, Realm::Agent) => "taquilla_agent",
            (false, Realm::Customer) => "taquilla_customer",
        }
    }
    /// The name of the cookie that opens what was typed into the form at a path.
    #[must_use]
    pub fn form_name(self, path: &str) -> String {
        let form = path.rsplit('/').next().unwrap_or_default();
        if self.secure { format!("__Host-taquilla_form_{form}") } else { format!("taquilla_form_{form}") }
    }
    /// The attributes that every session cookie has.
    #[must_use]
    pub fn attributes(self) -> &'static str {
        if self.secure { "Path=/; HttpOnly; SameSite=Lax; Secure" } else { "Path=/; HttpOnly; SameSite=Lax" }
    }
}

/// Makes the keys of forms; randomness is the server's business.
#[derive(Clone)]
pub struct FormKeys(pub Arc<dyn Fn() -> String + Send + Sync>);

impl FormKeys {
    /// A new key.
    #[must_use]
    pub fn next(&self) -> String {
        (self.0)()
    }
}

/// What a plain form brings, noted while it is read, for the case that it is refused.
#[derive(Debug, Clone)]
pub struct Typing(Arc<Mutex<TypedForm>>);

impl Typing {
    /// Nothing typed yet into the form at this path.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(Arc::new(Mutex::new(TypedForm { form: path.to_owned(), ..TypedForm::default() })))
    }
    /// Notes a text, if its field is one that comes back.
    pub fn note(&self, field: &str, text: &str) {
        let mut typed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if super::kept_fields(&typed.form).contains(&field) {
            typed.texts.insert(field.to_owned(), text.to_owned());
        }
    }
    /// Notes that a file was chosen.
    pub fn note_file(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).files = true;
    }
    /// What was noted.
    #[must_use]
    pub fn take(&self) -> TypedForm {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The desk.
///
/// # Errors
/// Internal, outside a request.
pub fn desk() -> ApiResult<Desk> {
    use_context().ok_or_else(|| ApiError::from(Error::internal()))
}

/// The agent who asks.
///
/// # Errors
/// Unauthenticated.
pub fn agent_actor() -> ApiResult<Actor> {
    let AgentSession(actor) = use_context().ok_or_else(|| ApiError::from(Error::internal()))?;
    actor.agent()?;
    Ok(actor)
}

/// The customer who asks, within a portal.
///
/// # Errors
/// Unauthenticated; not found if there is no such portal or they may not enter it.
pub fn customer_in(portal: &str) -> ApiResult<Actor> {
    Ok(customer_actor()?.in_portal(portal)?)
}

/// The customer who asks.
///
/// # Errors
/// Unauthenticated.
pub fn customer_actor() -> ApiResult<Actor> {
    let CustomerSession(actor) = use_context().ok_or_else(|| ApiError::from(Error::internal()))?;
    actor.customer()?;
    Ok(actor)
}

/// The customer, if one is signed in: for what everybody may do.
#[must_use]
pub fn customer_if_signed_in() -> Option<Actor> {
    use_context::<CustomerSession>().map(|CustomerSession(actor)| actor).filter(|actor| actor.customer().is_ok())
}

/// Where the request came from.
#[must_use]
pub fn origin() -> Origin {
    use_context().unwrap_or_default()
}

/// How cookies look here.
///
/// # Errors
/// Internal, outside a request.
pub(super) fn cookies() -> ApiResult<Cookies> {
    use_context().ok_or_else(|| ApiError::from(Error::new(ErrorCode::Internal, "error_internal")))
}
