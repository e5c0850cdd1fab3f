//! Sign-in and sessions of agents and customers, and the signed-in agent's own settings.

use crate::{
    actor::Actor,
    agent::{Me, ProfilePatch},
    error::Result,
    id::SessionId,
    session::{NewSession, Origin, Realm, SessionInfo},
    workspace::SetUp,
};
use async_trait::async_trait;

/// Sign-in and sessions. Answers are the same whether an account exists or not; limits per account and address apply.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Whether the workspace has no owner yet.
    async fn needs_set_up(&self) -> Result<bool>;
    /// Makes the workspace and its owner and signs them in. Refused once there is an owner.
    async fn set_up(&self, origin: &Origin, request: SetUp) -> Result<NewSession>;

    /// Who holds this session token; [`Actor::Anonymous`] if nobody. Keeps the session alive.
    async fn actor(&self, realm: Realm, token: &str) -> Result<Actor>;
    /// The same without keeping the session alive: for what asks by itself, again and again.
    async fn holder(&self, realm: Realm, token: &str) -> Result<Actor>;

    /// Signs in with a password.
    async fn sign_in(&self, realm: Realm, origin: &Origin, email: &str, password: &str) -> Result<NewSession>;
    /// Mails a sign-in code, if there is such an account. Always succeeds within the limits.
    async fn request_code(&self, realm: Realm, origin: &Origin, email: &str) -> Result<()>;
    /// Signs in with a mailed code (also the one that confirms a registration).
    async fn sign_in_with_code(&self, realm: Realm, origin: &Origin, email: &str, code: &str) -> Result<NewSession>;
    /// Mails a code for a new password, if there is such an account. Always succeeds within the limits.
    async fn forgot_password(&self, realm: Realm, origin: &Origin, email: &str) -> Result<()>;
    /// Sets a new password with a mailed code, ends all other sessions, signs in.
    async fn reset_password(&self, realm: Realm, origin: &Origin, email: &str, code: &str, password: &str) -> Result<NewSession>;
    /// Accepts an invitation with the token of its link: sets the password, signs in.
    async fn accept_invitation(&self, realm: Realm, origin: &Origin, token: &str, password: &str) -> Result<NewSession>;
    /// Registers a customer: mails a code that confirms the address. The password counts once the code was given. Always
    /// succeeds within the limits and the rules of the fields; an address that is taken gets a mail that says so.
    async fn register(&self, origin: &Origin, first_name: &str, last_name: &str, email: &str, password: &str) -> Result<()>;

    /// Ends the session of the actor.
    async fn sign_out(&self, actor: &Actor) -> Result<()>;
    /// Ends every session of the person but this one; returns how many.
    async fn sign_out_everywhere(&self, actor: &Actor) -> Result<u64>;
    /// The sessions of the person, the latest first.
    async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionInfo>>;
    /// Ends one session of the person.
    async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()>;
    /// Sets a new password; `current` must be right if there is one. Ends the other sessions.
    async fn change_password(&self, actor: &Actor, current: &str, new: &str) -> Result<()>;

    /// The signed-in agent.
    async fn me(&self, actor: &Actor) -> Result<Me>;
    /// Changes the signed-in agent's own settings.
    async fn change_profile(&self, actor: &Actor, patch: ProfilePatch) -> Result<Me>;
}
