//! The table of jobs: every statement about it is here.

use super::{Job, NewJob, Priority, Verdict, lease::LEASE};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
};
use domain::{Error, ErrorCode, Result, id::JobId, time::Timestamp};
use tokio::sync::watch;

/// Rows of one statement.
const ROWS: usize = 60;

/// Puts a job into the queue, in the transaction of the change that asks for it. One that waits already stays as it is; one that
/// was given up waits anew; one that is being done is done once more afterwards.
///
/// # Errors
/// What the database says.
pub async fn enqueue(tx: &mut Tx, job: NewJob) -> Result<()> {
    enqueue_all(tx, &[job]).await
}

/// Puts several jobs into the queue, each of another kind or subject, like [`enqueue`].
///
/// # Errors
/// What the database says.
pub async fn enqueue_all(tx: &mut Tx, jobs: &[NewJob]) -> Result<()> {
    let now = tx.now;
    for some in jobs.chunks(ROWS) {
        let mut sql = Sql::build("INSERT INTO job (kind, subject_id, priority, run_at, created_at) VALUES");
        for (index, job) in some.iter().enumerate() {
            let row = args![job.kind, job.subject, job.priority.key(), job.at.unwrap_or(now), now];
            sql.push(if index == 0 { " (" } else { ", (" }).bind_all(row).push(")");
        }
        sql.push(
            " ON CONFLICT (kind, subject_id) DO UPDATE SET state = 'waiting', priority = excluded.priority, \
             attempts = CASE WHEN job.state = 'failed' THEN 0 ELSE job.attempts END, \
             run_at = CASE WHEN job.state = 'failed' OR excluded.run_at > job.run_at THEN excluded.run_at ELSE job.run_at + 1 END \
             WHERE job.state = 'failed' OR job.lease_until > 0",
        );
        tx.execute(sql).await?;
    }
    tx.wake_runners();
    Ok(())
}

/// Takes a job out of the queue; answers whether it was there. One that somebody has taken stays: it may have been done.
///
/// # Errors
/// What the database says.
pub async fn cancel(tx: &mut Tx, kind: &str, subject: i64) -> Result<bool> {
    let sql = "DELETE FROM job WHERE kind = $1 AND subject_id = $2 AND lease_until = 0";
    Ok(tx.execute(Sql::new(sql, args![kind, subject])).await? == 1)
}

/// Has jobs that were given up tried anew; others stay as they are.
///
/// # Errors
/// What the database says.
pub async fn retry(tx: &mut Tx, jobs: impl IntoIterator<Item = JobId>) -> Result<()> {
    let mut sql = Sql::build("UPDATE job SET state = 'waiting', attempts = 0, run_at = ");
    sql.bind(tx.now).push(" WHERE state = 'failed' AND id").push_in_ids(tx.engine(), jobs.into_iter().map(i64::from));
    tx.execute(sql).await?;
    tx.wake_runners();
    Ok(())
}

/// Deletes a job that was given up; answers whether it was one.
///
/// # Errors
/// What the database says.
pub async fn discard(tx: &mut Tx, job: JobId) -> Result<bool> {
    Ok(tx.execute(Sql::new("DELETE FROM job WHERE id = $1 AND state = 'failed'", args![job])).await? == 1)
}

/// Sees to it that something is done again and again: now, and `every` milliseconds after each time.
pub(super) async fn schedule(db: &Db, kind: &'static str, every: i64) -> Result<()> {
    // Looking costs no write; only the first server of all has anything to do.
    let sql = "SELECT id FROM job WHERE kind = $1 AND subject_id = 0 AND every = $2";
    let there: Option<(i64,)> = db.clone().optional(Sql::new(sql, args![kind, every])).await?;
    if there.is_some() {
        return Ok(());
    }
    db.write(move |tx| {
        Box::pin(async move {
            let now = tx.now;
            tx.execute(Sql::new(
                "INSERT INTO job (kind, subject_id, priority, run_at, every, created_at) VALUES ($1, 0, $2, $3, $4, $3) \
                 ON CONFLICT (kind, subject_id) DO UPDATE SET every = excluded.every",
                args![kind, Priority::Low.key(), now, every],
            ))
            .await?;
            Ok(())
        })
    })
    .await
}

/// What a runner takes: the kinds that it knows, and which of them have to wait while nothing may leave.
#[derive(Debug, Clone, Default)]
pub(super) struct Kinds {
    pub(super) inner: Vec<&'static str>,
    pub(super) outgoing: Vec<&'static str>,
}

impl Kinds {
    fn is_empty(&self) -> bool {
        self.inner.is_empty() && self.outgoing.is_empty()
    }
}

/// Where a job stands in the queue: its priority, its time, its id.
type Place = (i64, i64, i64);

/// How many jobs a runner has hands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Of all priorities.
    pub(super) all: i64,
    /// Of these, low ones.
    pub(super) low: i64,
    /// Of these, such that reach outside.
    pub(super) outgoing: i64,
}

impl Room {
    /// Takes a place for a job, if there is one.
    fn take(&mut self, low: bool, outgoing: bool) -> bool {
        let free = self.all > 0 && (!low || self.low > 0) && (!outgoing || self.outgoing > 0);
        if free {
            self.all -= 1;
            self.low -= i64::from(low);
            self.outgoing -= i64::from(outgoing);
        }
        free
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    kind: String,
    subject_id: i64,
    attempts: i64,
    claims: i64,
    priority: i64,
    run_at: i64,
    every: Option<i64>,
}

impl Row {
    fn job(self, stop: &watch::Receiver<bool>) -> Job {
        Job {
            id: JobId(self.id),
            kind: self.kind,
            subject: self.subject_id,
            attempts: self.attempts,
            claims: self.claims,
            priority: self.priority,
            run_at: self.run_at,
            every: self.every,
            stop: stop.clone(),
        }
    }
}

/// Appends that a job waits and is of a kind that may be taken.
fn push_waiting(sql: &mut Sql, kinds: &Kinds) {
    sql.push("state = 'waiting' AND (kind IN (").bind_all(kinds.inner.iter().copied());
    sql.push(") OR kind IN (").bind_all(kinds.outgoing.iter().copied());
    sql.push(") AND NOT (SELECT outgoing_held FROM workspace))");
}

fn push_due(sql: &mut Sql, kinds: &Kinds, now: Timestamp) {
    push_waiting(sql, kinds);
    sql.push(" AND run_at <= ").bind(now).push(" AND lease_until <= ").bind(now);
}

/// Takes jobs that are due, the first ones first. Each is the caller's for [`LEASE`] milliseconds.
pub(super) async fn claim(db: &Db, kinds: &Kinds, room: Room, stop: &watch::Receiver<bool>) -> Result<Vec<Job>> {
    let outgoing = if room.outgoing > 0 { kinds.outgoing.clone() } else { Vec::new() };
    let kinds = Kinds { inner: kinds.inner.clone(), outgoing };
    // Looking costs no write; most of the time there is nothing to do.
    let mut look = Sql::build("SELECT id FROM job WHERE ");
    push_due(&mut look, &kinds, db.now());
    look.push(" AND priority < ").bind(if room.low > 0 { Priority::Low.key() + 1 } else { Priority::Low.key() });
    look.push(" LIMIT 1");
    let due: Option<(i64,)> = db.clone().optional(look).await?;
    if due.is_none() {
        return Ok(Vec::new());
    }
    let rows = db.write(move |tx| Box::pin(async move { take_due(tx, &kinds, room).await })).await?;
    Ok(rows.into_iter().map(|row| row.job(stop)).collect())
}

async fn take_due(tx: &mut Tx, kinds: &Kinds, mut room: Room) -> Result<Vec<Row>> {
    let now = tx.now;
    let inner = Kinds { inner: kinds.inner.clone(), outgoing: Vec::new() };
    let outgoing = Kinds { inner: Vec::new(), outgoing: kinds.outgoing.clone() };
    let mut found: Vec<(Place, bool, bool)> = Vec::new();
    for (leaves, kinds, most) in [(false, inner, room.all), (true, outgoing, room.outgoing)] {
        for (low, most) in [(false, most), (true, most.min(room.low))] {
            let most = most.min(room.all);
            if most > 0 && !kinds.is_empty() {
                let mut pick = Sql::build("SELECT priority, run_at, id FROM job WHERE ");
                push_due(&mut pick, &kinds, now);
                pick.push(if low { " AND priority >= " } else { " AND priority < " }).bind(Priority::Low.key());
                pick.push(" ORDER BY priority, run_at, id LIMIT ").bind(most).push(tx.engine().skip_locked());
                found.extend(tx.all(pick).await?.into_iter().map(|place| (place, low, leaves)));
            }
        }
    }
    found.sort_unstable();
    let ids = found.into_iter().filter(|(_, low, leaves)| room.take(*low, *leaves)).map(|((_, _, id), ..)| id).collect();
    let mut rows = take(tx, ids, now).await?;
    rows.sort_by_key(|row| (row.priority, row.run_at, row.id));
    Ok(rows)
}

async fn take(tx: &mut Tx, ids: Vec<i64>, now: Timestamp) -> Result<Vec<Row>> {
    let mut sql = Sql::build("UPDATE job SET attempts = attempts + 1, claims = claims + 1, lease_until = ");
    sql.bind(now.plus(LEASE)).push(" WHERE id").push_in_ids(tx.engine(), ids);
    sql.push(" RETURNING id, kind, subject_id, attempts, claims, priority, run_at, every");
    Ok(tx.all(sql).await?)
}

/// Takes one job, whether it is due or not, if nobody else has it.
pub(super) async fn claim_one(db: &Db, kind: &'static str, subject: i64, stop: &watch::Receiver<bool>) -> Result<Option<Job>> {
    let row = db
        .write(move |tx| {
            Box::pin(async move {
                let now = tx.now;
                let mut pick = Sql::build("SELECT id FROM job WHERE state = 'waiting' AND kind = ");
                pick.bind(kind).push(" AND subject_id = ").bind(subject).push(" AND lease_until <= ").bind(now);
                pick.push(tx.engine().skip_locked());
                let picked: Vec<(i64,)> = tx.all(pick).await?;
                Ok(take(tx, picked.into_iter().map(|(id,)| id).collect(), now).await?.pop())
            })
        })
        .await?;
    Ok(row.map(|row| row.job(stop)))
}

/// When the next job that waits may be taken; `None` if none waits.
pub(super) async fn next_due(db: &Db, kinds: &Kinds) -> Result<Option<Timestamp>> {
    let mut sql = Sql::build("SELECT MIN(CASE WHEN lease_until > run_at THEN lease_until ELSE run_at END) FROM job WHERE ");
    push_waiting(&mut sql, kinds);
    let (next,): (Option<i64>,) = db.clone().one(sql).await?;
    Ok(next.map(Timestamp))
}

/// Has a job for another [`LEASE`] milliseconds; answers whether it was still the caller's.
pub(super) async fn renew(db: &Db, job: &Job) -> Result<bool> {
    let (id, claims) = (job.id, job.claims);
    db.write(move |tx| {
        Box::pin(async move {
            let until = tx.now.plus(LEASE);
            let sql = "UPDATE job SET lease_until = $1 WHERE id = $2 AND claims = $3 AND lease_until > 0";
            Ok(tx.execute(Sql::new(sql, args![until, id, claims])).await? == 1)
        })
    })
    .await
}

/// Lets go of a job as a verdict says.
///
/// # Errors
/// A conflict if another has taken it over: theirs counts.
pub(super) async fn settle(tx: &mut Tx, job: &Job, verdict: &Verdict) -> Result<()> {
    // What was asked for once more while it was being done moved its time, and is done once more, whatever became of this try.
    let settled = match verdict {
        Verdict::Done => {
            let sql = "DELETE FROM job WHERE id = $1 AND claims = $2 AND run_at = $3";
            if tx.execute(Sql::new(sql, args![job.id, job.claims, job.run_at])).await? == 1 {
                1
            } else {
                let sql = "UPDATE job SET attempts = 0, last_error = '', lease_until = 0 \
                           WHERE id = $1 AND claims = $2 AND lease_until > 0";
                tx.execute(Sql::new(sql, args![job.id, job.claims])).await?
            }
        }
        Verdict::Again(at) => put_back(tx, job, *at, None).await?,
        Verdict::Later(at, error) => put_back(tx, job, *at, Some(error)).await?,
        Verdict::Failed(error) => {
            let sql = "UPDATE job SET lease_until = 0, last_error = $1, \
                       state = CASE WHEN run_at = $2 THEN 'failed' ELSE 'waiting' END, \
                       attempts = CASE WHEN run_at = $2 THEN attempts ELSE 0 END \
                       WHERE id = $3 AND claims = $4 AND lease_until > 0";
            tx.execute(Sql::new(sql, args![error, job.run_at, job.id, job.claims])).await?
        }
        Verdict::HandedBack => {
            let sql = "UPDATE job SET attempts = attempts - 1, lease_until = 0 WHERE id = $1 AND claims = $2 AND lease_until > 0";
            tx.execute(Sql::new(sql, args![job.id, job.claims])).await?
        }
    };
    if settled == 1 { Ok(()) } else { Err(Error::new(ErrorCode::Conflict, "error_conflict")) }
}

async fn put_back(tx: &mut Tx, job: &Job, at: Timestamp, error: Option<&String>) -> Result<u64> {
    let mut sql = Sql::build("UPDATE job SET lease_until = 0, run_at = CASE WHEN run_at = ");
    sql.bind(job.run_at).push(" THEN ").bind(at).push(" ELSE run_at END, last_error = ");
    match error {
        Some(error) => sql.bind(error),
        None => sql.push("'', attempts = 0"),
    };
    sql.push(" WHERE id = ").bind(job.id).push(" AND claims = ").bind(job.claims).push(" AND lease_until > 0");
    Ok(tx.execute(sql).await?)
}
