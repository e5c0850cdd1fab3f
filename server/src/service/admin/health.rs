//! How the server is, and what to do about what was given up. Of mails only what their list shows: to whom, and the subject line.

use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    import::run,
    jobs,
    mail::outbox,
    service::{events::Author, imports},
};
use domain::{
    Error, ErrorCode, Result,
    event::Subject,
    health::{About, Chore, FailedJob, Health, Queue},
    id::{ImportId, JobId, MailId},
    limits,
    time::Timestamp,
};

#[derive(sqlx::FromRow)]
struct QueueRow {
    kind: String,
    waiting: i64,
    running: i64,
    failed: i64,
    waits_since: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct FailedRow {
    id: i64,
    kind: String,
    subject_id: i64,
    attempts: i64,
    last_error: String,
    created_at: i64,
    recipients: Option<String>,
    mail_subject: Option<String>,
    file_name: Option<String>,
}

impl FailedRow {
    fn job(self) -> FailedJob {
        let about = match (self.recipients, self.mail_subject, self.file_name) {
            (Some(recipients), Some(subject), _) => {
                About::Mail { id: MailId(self.subject_id), to: outbox::addresses(&recipients), subject }
            }
            (_, _, Some(file_name)) => About::Import { id: ImportId(self.subject_id), file_name },
            _ => About::Other { id: self.subject_id },
        };
        FailedJob {
            id: JobId(self.id),
            kind: self.kind,
            about,
            attempts: self.attempts,
            error: self.last_error,
            created_at: Timestamp(self.created_at),
        }
    }
}

/// The beginning of a statement for the jobs that were given up, to be followed by more conditions.
fn select_failed() -> Sql {
    Sql::build(
        "SELECT job.id AS id, job.kind AS kind, job.subject_id AS subject_id, job.attempts AS attempts, \
         job.last_error AS last_error, job.created_at AS created_at, mail.recipients AS recipients, \
         mail.subject AS mail_subject, import_run.file_name AS file_name FROM job \
         LEFT JOIN mail ON job.kind = 'mail' AND mail.id = job.subject_id \
         LEFT JOIN import_run ON job.kind = 'import' AND import_run.id = job.subject_id \
         WHERE job.state = 'failed'",
    )
}

pub(super) async fn read(db: &mut Db, now: Timestamp, since: Timestamp) -> Result<Health> {
    let engine = db.engine();
    let (version,): (String,) = db.one(Sql::new(engine.version(), args![])).await?;
    let (outgoing_held,): (bool,) = db.one(Sql::new("SELECT outgoing_held FROM workspace", args![])).await?;
    let queues: Vec<QueueRow> = db
        .all(Sql::new(
            "SELECT kind, COUNT(CASE WHEN state = 'waiting' AND lease_until <= $1 THEN 1 END) AS waiting, \
             COUNT(CASE WHEN state = 'waiting' AND lease_until > $1 THEN 1 END) AS running, \
             COUNT(CASE WHEN state = 'failed' THEN 1 END) AS failed, \
             MIN(CASE WHEN state = 'waiting' AND lease_until <= $1 AND run_at <= $1 THEN run_at END) AS waits_since \
             FROM job WHERE every IS NULL GROUP BY kind ORDER BY kind",
            args![now],
        ))
        .await?;
    let chores: Vec<(String, i64, String)> =
        db.all(Sql::new("SELECT kind, run_at, last_error FROM job WHERE every IS NOT NULL ORDER BY kind", args![])).await?;
    let mut failed = select_failed();
    failed.push(" ORDER BY job.id DESC LIMIT ").bind(i64::from(limits::PAGE));
    let failed: Vec<FailedRow> = db.all(failed).await?;
    Ok(Health {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database: format!("{} {version}", engine.name()),
        since,
        outgoing_held,
        queues: queues.into_iter().map(queue).collect(),
        chores: chores.into_iter().map(|(kind, next, error)| Chore { kind, next_at: Timestamp(next), error }).collect(),
        failed: failed.into_iter().map(FailedRow::job).collect(),
    })
}

fn queue(row: QueueRow) -> Queue {
    let QueueRow { kind, waiting, running, failed, waits_since } = row;
    Queue { kind, waiting, running, failed, waits_since: waits_since.map(Timestamp) }
}

/// A job that was given up.
async fn find(tx: &mut Tx, job: JobId) -> Result<FailedJob> {
    tx.one::<(i64,)>(Sql::new("SELECT id FROM job WHERE id = $1", args![job])).await?;
    let mut sql = select_failed();
    sql.push(" AND job.id = ").bind(job);
    let found: Option<FailedRow> = tx.optional(sql).await?;
    found.map(FailedRow::job).ok_or_else(not_failed)
}

fn not_failed() -> Error {
    Error::new(ErrorCode::Conflict, "error_job_not_failed")
}

pub(super) async fn retry(tx: &mut Tx, by: &Author, job: JobId) -> Result<()> {
    let job = find(tx, job).await?;
    let mut event = by.event(Subject::Workspace, "job_retried");
    (event.field, event.text.1) = (job.kind.clone(), told(&job.about));
    tx.event(event);
    again(tx, by, vec![job]).await
}

pub(super) async fn retry_all(tx: &mut Tx, by: &Author, kind: &str) -> Result<u64> {
    let mut sql = select_failed();
    sql.push(" AND job.kind = ").bind(kind).push(" ORDER BY job.id");
    let found: Vec<FailedRow> = tx.all(sql).await?;
    let count = found.len();
    if count > 0 {
        let mut event = by.event(Subject::Workspace, "jobs_retried");
        (event.field, event.text.1) = (kind.to_owned(), count.to_string());
        tx.event(event);
        again(tx, by, found.into_iter().map(FailedRow::job).collect()).await?;
    }
    Ok(count as u64)
}

/// Has jobs tried anew, and says so where people look for what they are about. Their rows are locked before the jobs are.
async fn again(tx: &mut Tx, by: &Author, jobs: Vec<FailedJob>) -> Result<()> {
    let mails: Vec<MailId> = jobs.iter().filter_map(|job| mail_of(&job.about)).collect();
    outbox::requeue(tx, by, &mails).await?;
    for job in &jobs {
        if let (run::JOB, About::Import { id, .. }) = (job.kind.as_str(), &job.about) {
            imports::go_on(tx, *id).await?;
        }
    }
    jobs::retry(tx, jobs.into_iter().map(|job| job.id)).await
}

fn mail_of(about: &About) -> Option<MailId> {
    match about {
        About::Mail { id, .. } => Some(*id),
        _ => None,
    }
}

/// What a job is about, as the log keeps it.
fn told(about: &About) -> String {
    match about {
        About::Mail { subject, .. } => subject.clone(),
        About::Import { file_name, .. } => file_name.clone(),
        About::Other { id } => id.to_string(),
    }
}

pub(super) async fn discard(tx: &mut Tx, by: &Author, job: JobId) -> Result<()> {
    let job = find(tx, job).await?;
    if !jobs::discard(tx, job.id).await? {
        return Err(not_failed());
    }
    let mut event = by.event(Subject::Workspace, "job_dropped");
    (event.field, event.text.1) = (job.kind, told(&job.about));
    tx.event(event);
    Ok(())
}

pub(super) async fn release(tx: &mut Tx, by: &Author) -> Result<()> {
    let sql = "UPDATE workspace SET outgoing_held = FALSE WHERE outgoing_held";
    if tx.execute(Sql::new(sql, args![])).await? == 1 {
        tx.event(by.event(Subject::Workspace, "outgoing_released"));
        tx.wake_runners();
    }
    Ok(())
}
