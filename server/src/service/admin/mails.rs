//! Outgoing mail. What lets somebody in (codes, invitations) is wiped when it is sent; while it is still here, those of
//! owners are shown to owners only, so that an administrator cannot become one by reading their mail.

use crate::{
    db::{Db, Read, Sql, Tx},
    mail::outbox,
    service::{events::Author, keyset},
};
use domain::{
    Error, ErrorCode, Result,
    agent::Role,
    event::Subject,
    id::MailId,
    mail::{Mail, MailState},
    page::{Page, PageQuery},
    time::Timestamp,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    recipients: String,
    subject: String,
    text: String,
    state: String,
    attempts: i64,
    last_error: String,
    created_at: i64,
    sent_at: Option<i64>,
    concealed: bool,
}

impl Row {
    fn mail(self) -> Mail {
        Mail {
            id: MailId(self.id),
            to: outbox::addresses(&self.recipients),
            subject: self.subject,
            text: if self.concealed { String::new() } else { self.text },
            state: MailState::from_key(&self.state).unwrap_or(MailState::Failed),
            attempts: self.attempts,
            last_error: self.last_error,
            created_at: Timestamp(self.created_at),
            sent_at: self.sent_at.map(Timestamp),
        }
    }
}

/// The beginning of a statement for [`Row`]s, up to its WHERE. `text` is `mail.text` or a part of it.
fn select(role: Role, text: &'static str) -> Sql {
    let mut sql = Sql::build("SELECT id, recipients, subject, state, attempts, last_error, created_at, sent_at, ");
    sql.push(text).push(" AS text, ");
    if role == Role::Owner {
        sql.push("FALSE");
    } else {
        // A mail with a secret goes to one address.
        sql.push(
            "(secret AND EXISTS (SELECT 1 FROM address JOIN agent ON agent.id = address.agent_id \
             WHERE agent.role = 'owner' AND mail.recipients = '[\"' || address.email || '\"]'))",
        );
    }
    sql.push(" AS concealed FROM mail WHERE ");
    sql
}

pub(super) async fn list(db: &Db, role: Role, state: Option<MailState>, query: &PageQuery) -> Result<Page<Mail>> {
    let limit = keyset::limit(query);
    let search = keyset::search(&query.search)?;
    let mut sql = select(role, "substr(mail.text, 1, 200)");
    sql.push("TRUE");
    if let Some(state) = state {
        sql.push(" AND state = ").bind(state.key());
    }
    for word in search.split_whitespace() {
        sql.push(" AND ").push(db.engine().position()).push("(lower(subject || ' ' || recipients), ").bind(word).push(") > 0");
    }
    if let Some(before) = keyset::after::<i64>(query)? {
        sql.push(" AND id < ").bind(before);
    }
    sql.push(" ORDER BY id DESC LIMIT ").bind(limit + 1);
    let rows: Vec<Row> = db.clone().all(sql).await?;
    Ok(keyset::map(keyset::page(rows, limit, |row| row.id), Row::mail))
}

pub(super) async fn get(db: &mut impl Read, role: Role, id: MailId) -> Result<Mail> {
    let mut sql = select(role, "mail.text");
    sql.push("id = ").bind(id);
    let row: Row = db.one(sql).await?;
    Ok(row.mail())
}

pub(super) async fn retry(tx: &mut Tx, by: &Author, role: Role, id: MailId) -> Result<Mail> {
    let mail = get(tx, role, id).await?;
    if outbox::requeue(tx, by, &[id]).await? == 0 {
        return Err(Error::new(ErrorCode::Conflict, "error_mail_done"));
    }
    let mut event = by.event(Subject::Workspace, "mail_retried");
    event.text.1 = mail.subject;
    tx.event(event);
    get(tx, role, id).await
}
