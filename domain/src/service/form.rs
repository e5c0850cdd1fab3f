//! Forms that were refused.

use crate::{actor::Actor, error::Result, form::TypedForm, session::Origin};
use async_trait::async_trait;

/// Keeps for a moment what was typed into a form that was refused, for whoever typed it and nobody else.
#[async_trait]
pub trait Forms: Send + Sync {
    /// Keeps it; answers the token that opens it. Nothing is kept of what is too large or comes too often.
    async fn keep(&self, actor: &Actor, origin: &Origin, form: TypedForm) -> Result<Option<String>>;
    /// What was typed into the form at this path, if the token opens it. What somebody typed who was signed in, only they get.
    async fn kept(&self, actor: &Actor, form: &str, token: &str) -> Result<Option<TypedForm>>;
    /// Forgets what the token opens.
    async fn forget(&self, token: &str) -> Result<()>;
}
