//! To whom an agent's reply goes by mail: the requester, following customers, copies.

use super::record::ItemRecord;
use crate::{
    args,
    db::{Read, Sql, Tx},
};
use domain::{Result, language::Language, text::normalize_email};

/// A recipient of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recipient {
    /// Bare address.
    pub(super) email: String,
    /// The language they read.
    pub(super) language: Language,
}

/// Everybody whom a reply reaches, each address once: the requester first, then the other customers who follow, then `cc`.
pub(super) async fn of_reply(tx: &mut Tx, item: &ItemRecord, cc: &[String]) -> Result<Vec<Recipient>> {
    let customers: Vec<(i64, String, String)> = tx
        .all(Sql::new(
            "SELECT customer.id, customer.language, address.email FROM item_following_customer \
             JOIN customer ON customer.id = item_following_customer.customer_id \
             JOIN address ON address.customer_id = customer.id AND address.position = \
             (SELECT MIN(first.position) FROM address AS first WHERE first.customer_id = customer.id) \
             WHERE item_following_customer.item_id = $1 ORDER BY customer.id",
            args![item.id],
        ))
        .await?;
    let (language,): (String,) = tx.one(Sql::new("SELECT language FROM workspace", args![])).await?;
    let default = Language::from_tag(&language).unwrap_or_default();
    let (asking, following): (Vec<_>, Vec<_>) = customers.into_iter().partition(|(id, _, _)| Some(*id) == item.requester_id);
    let mut recipients: Vec<Recipient> = asking
        .into_iter()
        .chain(following)
        .map(|(_, language, email)| Recipient { email, language: Language::from_tag(&language).unwrap_or(default) })
        .collect();
    for email in cc.iter().filter_map(|address| normalize_email(address)) {
        recipients.push(Recipient { email, language: default });
    }
    let mut once: Vec<Recipient> = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        if !once.iter().any(|known| known.email == recipient.email) {
            once.push(recipient);
        }
    }
    Ok(once)
}
