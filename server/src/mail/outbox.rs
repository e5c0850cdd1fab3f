//! The outbox: mails as rows, from being put in until they are sent, held or given up.
//!
//! A mail that waits has a job ([`crate::jobs`]), which says when it is tried and by whom; the row keeps what people see of it.

use crate::{
    ambient, args,
    db::{Db, DbError, Read, Sql, Tx},
    jobs::{self, NewJob, Priority},
    service::events::{Author, FieldChange, note_item_event},
};
use domain::{
    Result,
    id::{ItemId, MailId, MessageId},
    mail::MailState,
};

/// The kind of the jobs that deliver mails; their subject is the mail.
pub const JOB: &str = "mail";

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

/// A mail that waits, as it is to be delivered.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Waiting {
    pub(super) id: i64,
    pub(super) token: String,
    pub(super) recipients: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    pub(super) item_id: Option<i64>,
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
    // Who waits for a code waits in front of a screen.
    let priority = if mail.secret { Priority::High } else { Priority::Normal };
    let (id,): (i64,) = tx
        .one(Sql::new(
            "INSERT INTO mail (token, recipients, subject, text, html, item_id, message_id, secret, state, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
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
                now
            ],
        ))
        .await?;
    jobs::enqueue(tx, NewJob { kind: JOB, subject: id, priority, at: None }).await
}

/// Puts failed and held mails back in line, as if they were new; answers how many of these were such. Tickets to whose messages
/// they belong are told that somebody tries again.
///
/// # Errors
/// What the database says.
pub async fn requeue(tx: &mut Tx, by: &Author, mails: &[MailId]) -> Result<usize> {
    tell_items(tx, by, mails, "delivery_retried").await?;
    let mut sql = Sql::build("UPDATE mail SET state = 'pending', attempts = 0 WHERE state IN ('failed', 'held') AND id");
    sql.push_in_ids(tx.engine(), mails.iter().map(|mail| mail.0)).push(" RETURNING id");
    let requeued: Vec<(i64,)> = tx.all(sql).await?;
    let job = |(id,): &(i64,)| NewJob { kind: JOB, subject: *id, priority: Priority::Normal, at: None };
    jobs::enqueue_all(tx, &requeued.iter().map(job).collect::<Vec<_>>()).await?;
    Ok(requeued.len())
}

/// Tells the items to whose messages these mails belong, as far as they are failed, that something has become of them. Customers are
/// not told (`live`).
async fn tell_items(tx: &mut Tx, by: &Author, mails: &[MailId], what: &'static str) -> Result<()> {
    let mut sql = Sql::build(
        "SELECT item.id, item.version, mail.recipients FROM mail JOIN item ON item.id = mail.item_id \
         WHERE mail.state = 'failed' AND mail.message_id IS NOT NULL AND mail.id",
    );
    sql.push_in_ids(tx.engine(), mails.iter().map(|mail| mail.0)).push(" ORDER BY mail.id");
    let told: Vec<(i64, i64, String)> = tx.all(sql).await?;
    for (item, version, recipients) in told {
        let change = FieldChange { text: (String::new(), addresses(&recipients).join(", ")), ..FieldChange::default() };
        note_item_event(tx, by, item, version, what, change, None);
    }
    Ok(())
}

/// The addresses of a mail, as its row keeps them.
#[must_use]
pub fn addresses(recipients: &str) -> Vec<String> {
    serde_json::from_str(recipients).unwrap_or_default()
}

/// A mail, if it waits to be delivered.
pub(super) async fn waiting(db: &Db, mail: MailId) -> Result<Option<Waiting>, DbError> {
    let sql =
        "SELECT id, token, recipients, subject, text, html, item_id, created_at FROM mail WHERE id = $1 AND state = 'pending'";
    db.clone().optional(Sql::new(sql, args![mail])).await
}

/// What people are told of a try.
#[derive(Debug)]
pub(super) enum Told<'a> {
    /// The mail server took it.
    Sent,
    /// It lies as a file.
    Held,
    /// It is tried again, because of this.
    Later(&'a str),
    /// Never again, because of this.
    Failed(&'a str),
}

/// Notes what became of a mail that waits, after this many tries.
pub(super) async fn note(tx: &mut Tx, mail: MailId, attempts: i64, told: &Told<'_>) -> Result<()> {
    let now = tx.now;
    let mut sql = Sql::build("UPDATE mail SET attempts = ");
    sql.bind(attempts).push(", state = ");
    match *told {
        Told::Sent => {
            // What lets somebody in is not kept longer than it has to be.
            sql.bind(MailState::Sent.key()).push(", last_error = '', sent_at = ").bind(now);
            sql.push(", text = CASE WHEN secret THEN '' ELSE text END, html = CASE WHEN secret THEN '' ELSE html END");
        }
        Told::Held => {
            sql.bind(MailState::Held.key()).push(", last_error = ''");
        }
        Told::Later(error) => {
            sql.bind(MailState::Pending.key()).push(", last_error = ").bind(error);
        }
        Told::Failed(error) => {
            sql.bind(MailState::Failed.key()).push(", last_error = ").bind(error);
        }
    }
    sql.push(" WHERE id = ").bind(mail).push(" AND state = 'pending'");
    let noted = tx.execute(sql).await? == 1;
    if noted && matches!(told, Told::Failed(_)) {
        tell_items(tx, &Author::system(), &[mail], "delivery_failed").await?;
    }
    Ok(())
}

/// The name of the workspace, which is whom mails are from.
pub(super) async fn sender_name(db: &Db) -> Result<String, DbError> {
    let (name,): (String,) = db.clone().one(Sql::new("SELECT name FROM workspace", args![])).await?;
    Ok(name)
}
