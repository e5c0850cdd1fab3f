//! A request that may come twice is done once: the key that the client made remembers what the first one made.

use crate::{
    args,
    db::{Read, Sql, Tx},
};
use domain::{Error, Result, actor::Party, time::DAY};

/// Milliseconds that a key is remembered for.
const REMEMBERED: i64 = 7 * DAY;

/// What a request makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// An item.
    Item,
    /// A message.
    Message,
    /// A reply that is held for a moment.
    Held,
    /// A run of a bulk change.
    Bulk,
    /// Items that are merged: the one that goes on.
    Merge,
}

impl Made {
    fn key(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Message => "message",
            Self::Held => "held",
            Self::Bulk => "bulk",
            Self::Merge => "merge",
        }
    }
}

/// A key of a request that is being done.
pub struct Claim {
    party: Party,
    key: String,
}

/// What came of claiming a key.
pub enum Claimed {
    /// The request is new: do it, then call [`Claim::fulfil`].
    New(Claim),
    /// It was done before and made this.
    Done(i64),
}

/// Claims a key for this request. A request with the same key that is on its way is waited for. An empty key is always new.
///
/// # Errors
/// Invalid if the key was used for something else.
pub async fn claim(tx: &mut Tx, party: Party, key: &str, made: Made) -> Result<Claimed> {
    let claim = Claim { party, key: key.to_owned() };
    if key.is_empty() {
        return Ok(Claimed::New(claim));
    }
    let now = tx.now;
    let who = party.id().unwrap_or_default();
    tx.execute(Sql::new(
        "DELETE FROM idempotency WHERE actor_kind = $1 AND actor_id = $2 AND created_at < $3",
        args![party.kind(), who, now.plus(-REMEMBERED)],
    ))
    .await?;
    let sql = "INSERT INTO idempotency (actor_kind, actor_id, key, made, made_id, created_at) VALUES ($1, $2, $3, $4, 0, $5) \
               ON CONFLICT (actor_kind, actor_id, key) DO NOTHING";
    if tx.execute(Sql::new(sql, args![party.kind(), who, key, made.key(), now])).await? == 1 {
        return Ok(Claimed::New(claim));
    }
    let (kind, id): (String, i64) = tx
        .one(Sql::new(
            "SELECT made, made_id FROM idempotency WHERE actor_kind = $1 AND actor_id = $2 AND key = $3",
            args![party.kind(), who, key],
        ))
        .await?;
    if kind == made.key() { Ok(Claimed::Done(id)) } else { Err(key_reused()) }
}

/// The key was used for something else.
#[must_use]
pub fn key_reused() -> Error {
    Error::field("idempotency_key", "error_key_reused")
}

impl Claim {
    /// Remembers what was made.
    ///
    /// # Errors
    /// What the database says.
    pub async fn fulfil(self, tx: &mut Tx, id: i64) -> Result<()> {
        if !self.key.is_empty() {
            tx.execute(Sql::new(
                "UPDATE idempotency SET made_id = $1 WHERE actor_kind = $2 AND actor_id = $3 AND key = $4",
                args![id, self.party.kind(), self.party.id().unwrap_or_default(), self.key],
            ))
            .await?;
        }
        Ok(())
    }
}
