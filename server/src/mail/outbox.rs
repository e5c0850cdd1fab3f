//! The outbox: mails as rows, from being put in until they are sent, held or given up.
//!
//! A mail is claimed by moving its next try into the future (a lease) and counting the attempt, so that several processes
//! never deliver the same mail at the same time, and one that dies with a mail in its hands does not lose it.

use super::worker::{LEASE, MAX_ATTEMPTS};
use crate::{
    ambient, args,
    db::{Db, DbError, Read, Sql, Tx},
};
use domain::{
    Result,
    id::{ItemId, MailId, MessageId},
    mail::MailState,
    time::Timestamp,
};

/// A mail to put into the outbox.
#[derive(Debug, Clone, Default)]
pub struct NewMail {
    /// Recipient addresses, each a bare address.
    pub to: Vec<String>,
    /// Subject line; line breaks and control characters are dropped when it is sent.
    pub subject: String,
    /// Plain-text body.
    pub text: String,
    /// HTML body (a fragment, already clean); empty for a mail of text only.
    pub html: String,
    /// The item it is about.
    pub item_id: Option<ItemId>,
    /// The message it tells about.
    pub message_id: Option<MessageId>,
    /// Carries a code or a link that lets somebody in: its body is wiped as soon as it is sent.
    pub secret: bool,
}

/// A mail that the worker has claimed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Claimed {
    pub(super) id: i64,
    pub(super) token: String,
    pub(super) recipients: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    pub(super) item_id: Option<i64>,
    pub(super) secret: bool,
    pub(super) attempts: i64,
    pub(super) created_at: i64,
}

/// Puts a mail into the outbox, in the transaction of the change that it tells about. Without recipients it does nothing.
///
/// # Errors
/// What the database says.
pub async fn enqueue(tx: &mut Tx, mail: NewMail) -> Result<()> {
    if mail.to.is_empty() {
        return Ok(());
    }
    let recipients = serde_json::to_string(&mail.to).map_err(|_| domain::Error::internal())?;
    let now = tx.now;
    tx.execute(Sql::new(
        "INSERT INTO mail (token, recipients, subject, text, html, item_id, message_id, secret, state, next_try_at, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            ambient::token(),
            recipients,
            mail.subject,
            mail.text,
            mail.html,
            mail.item_id,
            mail.message_id,
            mail.secret,
            MailState::Pending.key(),
            now,
            now
        ],
    ))
    .await?;
    Ok(())
}

/// Puts a failed or held mail back in line, as if it were new; answers whether it was one.
///
/// # Errors
/// What the database says.
pub async fn requeue(tx: &mut Tx, mail: MailId) -> Result<bool> {
    let now = tx.now;
    let requeued = tx
        .execute(Sql::new(
            "UPDATE mail SET state = 'pending', attempts = 0, next_try_at = $1 WHERE id = $2 AND state IN ('failed', 'held')",
            args![now, mail],
        ))
        .await?;
    Ok(requeued == 1)
}

/// Takes up to `limit` mails that are due. Each is the caller's for [`LEASE`] milliseconds.
pub(super) async fn claim(db: &Db, limit: i64) -> Result<Vec<Claimed>> {
    // Looking costs no write; most of the time there is nothing to do.
    let now = db.now();
    let due: Option<(i64,)> = db
        .clone()
        .optional(Sql::new("SELECT id FROM mail WHERE state = 'pending' AND next_try_at <= $1 LIMIT 1", args![now]))
        .await?;
    if due.is_none() {
        return Ok(Vec::new());
    }
    db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now;
            let mut pick = Sql::build("SELECT id FROM mail WHERE state = 'pending' AND next_try_at <= ");
            pick.bind(now).push(" ORDER BY next_try_at, id LIMIT ").bind(limit).push(tx.engine().skip_locked());
            let ids: Vec<(i64,)> = tx.all(pick).await?;
            let mut take = Sql::build("UPDATE mail SET attempts = attempts + 1, next_try_at = ");
            take.bind(now.plus(LEASE))
                .push(" WHERE id IN (")
                .bind_all(ids.into_iter().map(|(id,)| id))
                .push(") RETURNING id, token, recipients, subject, text, html, item_id, secret, attempts, created_at");
            let mut mails: Vec<Claimed> = tx.all(take).await?;
            mails.sort_by_key(|mail| mail.id);
            Ok(mails)
        })
    })
    .await
}

/// What became of a try.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The mail server took it.
    Sent,
    /// It lies as a file.
    Held,
    /// Try again at this time, because of this.
    Later(Timestamp, String),
    /// Never again, because of this.
    Failed(String),
}

/// Notes what became of a claimed mail. If its lease ran out and somebody else took it over, theirs counts.
pub(super) async fn finish(db: &Db, mail: &Claimed, outcome: Outcome) -> Result<()> {
    let (id, attempts, secret) = (mail.id, mail.attempts, mail.secret);
    db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now;
            let mut sql = Sql::build("UPDATE mail SET state = ");
            match outcome {
                Outcome::Sent => {
                    sql.bind(MailState::Sent.key()).push(", last_error = '', sent_at = ").bind(now);
                    if secret {
                        sql.push(", text = '', html = ''");
                    }
                }
                Outcome::Held => {
                    sql.bind(MailState::Held.key()).push(", last_error = ''");
                }
                Outcome::Later(at, error) => {
                    sql.bind(MailState::Pending.key()).push(", next_try_at = ").bind(at).push(", last_error = ").bind(error);
                }
                Outcome::Failed(error) => {
                    sql.bind(MailState::Failed.key()).push(", last_error = ").bind(error);
                }
            }
            sql.push(" WHERE id = ").bind(id).push(" AND state = 'pending' AND attempts = ").bind(attempts);
            tx.execute(sql).await?;
            Ok(())
        })
    })
    .await
}

/// The name of the workspace, which is whom mails are from.
pub(super) async fn sender_name(db: &Db) -> Result<String, DbError> {
    let (name,): (String,) = db.clone().one(Sql::new("SELECT name FROM workspace", args![])).await?;
    Ok(name)
}

/// Whether this was the last try.
pub(super) fn is_last(mail: &Claimed) -> bool {
    mail.attempts >= MAX_ATTEMPTS
}
