//! Sign-in, sessions and own settings of agents and customers. One use case a file; this one only joins them.

pub(crate) mod actors;
pub mod agents;
pub(crate) mod codes;
mod own;
mod passwords;
mod people;
mod registration;
pub(crate) mod sessions;
mod set_up;
mod sign_in;
mod tidy;

pub use agents::create_with_password;
pub use passwords::Passwords;
pub use set_up::set_up_token;
pub use tidy::tidy;

use crate::{db::Db, mail::Links, service::rates};
use async_trait::async_trait;
use codes::Purpose;
use domain::{
    Result,
    actor::Actor,
    agent::{Me, ProfilePatch},
    id::SessionId,
    service::Accounts,
    session::{NewSession, Origin, Realm, SessionInfo},
    workspace::SetUp,
};
use people::signed_in;
use std::{future::Future, pin::Pin, sync::Arc};

/// Fills a new workspace with demo data.
pub type DemoFiller = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// The implementation.
pub struct AccountsService {
    db: Db,
    passwords: Passwords,
    links: Links,
    demo: Option<DemoFiller>,
}

impl AccountsService {
    /// Over a database; `links` go into mails, `demo` is offered by the set-up.
    #[must_use]
    pub fn new(db: Db, passwords: Passwords, links: Links, demo: Option<DemoFiller>) -> Self {
        Self { db, passwords, links, demo }
    }
}

#[async_trait]
impl Accounts for AccountsService {
    async fn needs_set_up(&self) -> Result<bool> {
        Ok(!set_up::has_owner(&mut self.db.clone()).await?)
    }

    async fn set_up(&self, origin: &Origin, request: SetUp) -> Result<NewSession> {
        self.make_owner(origin, request).await
    }

    async fn actor(&self, realm: Realm, token: &str) -> Result<Actor> {
        let (actor, used) = actors::of_token(&self.db, realm, token).await?;
        if let Some(used) = used {
            sessions::note_use(&self.db, realm, used);
        }
        Ok(actor)
    }

    async fn holder(&self, realm: Realm, token: &str) -> Result<Actor> {
        Ok(actors::of_token(&self.db, realm, token).await?.0)
    }

    async fn sign_in(&self, realm: Realm, origin: &Origin, email: &str, password: &str) -> Result<NewSession> {
        self.sign_in_by_password(realm, origin, email, password).await
    }

    async fn request_code(&self, realm: Realm, origin: &Origin, email: &str) -> Result<()> {
        self.mail_code(realm, origin, email, Purpose::SignIn).await
    }

    async fn sign_in_with_code(&self, realm: Realm, origin: &Origin, email: &str, code: &str) -> Result<NewSession> {
        self.sign_in_by_code(realm, origin, email, code).await
    }

    async fn forgot_password(&self, realm: Realm, origin: &Origin, email: &str) -> Result<()> {
        self.mail_code(realm, origin, email, Purpose::Reset).await
    }

    async fn reset_password(&self, realm: Realm, origin: &Origin, email: &str, code: &str, password: &str) -> Result<NewSession> {
        self.set_forgotten_password(realm, origin, email, code, password).await
    }

    async fn accept_invitation(&self, realm: Realm, origin: &Origin, token: &str, password: &str) -> Result<NewSession> {
        self.accept(realm, origin, token, password).await
    }

    async fn register(&self, origin: &Origin, first_name: &str, last_name: &str, email: &str, password: &str) -> Result<()> {
        self.register_customer(origin, first_name, last_name, email, password).await
    }

    async fn sign_out(&self, actor: &Actor) -> Result<()> {
        let (_, _, session) = signed_in(actor)?;
        sessions::end(&self.db, actor, SessionId(session)).await
    }

    async fn sign_out_everywhere(&self, actor: &Actor) -> Result<u64> {
        let (realm, person, session) = signed_in(actor)?;
        self.db
            .write(move |tx| Box::pin(async move { sessions::end_all(tx, realm, person, Some(SessionId(session))).await }))
            .await
    }

    async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionInfo>> {
        sessions::list(&self.db, actor).await
    }

    async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()> {
        sessions::end(&self.db, actor, session).await
    }

    async fn change_password(&self, actor: &Actor, current: &str, new: &str) -> Result<()> {
        self.set_own_password(actor, current, new).await
    }

    async fn me(&self, actor: &Actor) -> Result<Me> {
        own::me(&mut self.db.clone(), actor.agent()?.id).await
    }

    async fn change_profile(&self, actor: &Actor, patch: ProfilePatch) -> Result<Me> {
        self.change_own_profile(actor, patch).await
    }
}
