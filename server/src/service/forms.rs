//! What was typed into forms that were refused: in the database, because the page may come from another server than the
//! refusal; for a short time, and only for whom it came from.

use crate::{
    ambient, args,
    db::{Db, Read, Sql},
    service::{accounts::codes::digest, rates},
};
use async_trait::async_trait;
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    form::{KEPT, TypedForm},
    limits,
    service::Forms,
    session::Origin,
};

/// The implementation.
pub struct FormsService {
    db: Db,
}

impl FormsService {
    /// Over a database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db }
    }
}

/// Most bytes that are kept: of a customer as much as a form can hold, of strangers as much as a long letter.
fn most(actor: &Actor) -> usize {
    if actor.customer().is_ok() { limits::BODY } else { limits::RICH_TEXT }
}

#[async_trait]
impl Forms for FormsService {
    async fn keep(&self, actor: &Actor, origin: &Origin, form: TypedForm) -> Result<Option<String>> {
        if form.size() > most(actor) {
            return Ok(None);
        }
        let customer = actor.customer().ok().map(|customer| customer.id);
        let who = if customer.is_some() { rates::person(actor.party()) } else { rates::address(origin) };
        let texts = serde_json::to_string(&form.texts).map_err(|_| Error::internal())?;
        let token = ambient::token();
        let hash = digest(&token);
        let kept = self.db.write(move |tx| {
            Box::pin(async move {
                rates::count(tx, rates::FORMS, &who).await?;
                let now = tx.now;
                let sql = "INSERT INTO typed_form (token_hash, form, customer_id, texts, files, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                tx.execute(Sql::new(sql, args![hash, form.form, customer, texts, form.files, now])).await?;
                Ok(())
            })
        });
        match kept.await {
            Ok(()) => Ok(Some(token)),
            Err(error) if error.code == ErrorCode::TooMany => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn kept(&self, actor: &Actor, form: &str, token: &str) -> Result<Option<TypedForm>> {
        let mut db = self.db.clone();
        let customer = actor.customer().ok().map(|customer| customer.id);
        let row: Option<(String, bool)> = db
            .optional(Sql::new(
                "SELECT texts, files FROM typed_form WHERE token_hash = $1 AND form = $2 AND created_at > $3 \
                 AND (customer_id IS NULL OR customer_id = $4)",
                args![digest(token), form, db.now().plus(-KEPT), customer],
            ))
            .await?;
        Ok(row.map(|(texts, files)| TypedForm {
            form: form.to_owned(),
            texts: serde_json::from_str(&texts).unwrap_or_default(),
            files,
        }))
    }

    async fn forget(&self, token: &str) -> Result<()> {
        let hash = digest(token);
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    tx.execute(Sql::new("DELETE FROM typed_form WHERE token_hash = $1", args![hash])).await?;
                    Ok(())
                })
            })
            .await
    }
}
