//! A run of the import, from its file to its end: the work of the jobs of kind [`JOB`]. Who has the job has the run; when a
//! server is killed, another takes it over once the lease has ended, and goes on behind the last batch.

use super::{
    facts::Facts,
    plan::{Plan, unreadable_map},
    read::Table,
    row,
    write::{self, Batch},
};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    files::FileStore,
    jobs::{Held, Job, Outcome, Verdict, Work},
    service::events::Author,
};
use async_trait::async_trait;
use domain::{
    Error, ErrorCode, Result,
    actor::Party,
    id::{AgentId, FileId, ImportId},
    import::ImportMap,
};
use std::sync::Arc;

/// The kind of the jobs that bring runs in; their subject is the run.
pub const JOB: &str = "import";
/// Rows of one transaction.
const BATCH: usize = 200;
/// A run that stops for a reason that may pass is tried so often before it waits for somebody to resume it.
const TRIES: i64 = 3;

/// Brings runs in.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    store: FileStore,
}

#[derive(sqlx::FromRow)]
struct RunRow {
    file_id: i64,
    map: String,
    actor_kind: String,
    actor_id: Option<i64>,
    rows_done: i64,
}

impl Worker {
    /// A worker over a database and a store.
    #[must_use]
    pub fn new(db: Db, store: FileStore) -> Self {
        Self { db, store }
    }

    /// Takes a run and brings it to its end, telling how many rows are done (the command line).
    ///
    /// # Errors
    /// A conflict if another holds it; what stopped it.
    pub async fn finish(&self, run: ImportId, progress: impl FnMut(usize) + Send) -> Result<()> {
        let held = Held::take(&self.db, JOB, run.0).await?.ok_or_else(lost)?;
        let result = held.during(self.bring_in(run, || false, progress)).await.ok_or_else(lost)?;
        let work: Arc<dyn Work> = Arc::new(self.clone());
        held.settle(&work, outcome(result.clone())).await;
        result.map(|_| ())
    }

    /// Brings in what is left of a run; answers whether it came to its end before it was halted.
    async fn bring_in(
        &self,
        run: ImportId,
        halted: impl Fn() -> bool + Send,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<bool> {
        let mut db = self.db.clone();
        let row: RunRow = db
            .one(Sql::new("SELECT file_id, map, actor_kind, actor_id, rows_done FROM import_run WHERE id = $1", args![run]))
            .await?;
        let map: ImportMap = serde_json::from_str(&row.map).map_err(|_| unreadable_map())?;
        let table = load(&self.db, &self.store, FileId(row.file_id), &map).await?;
        let by = importer(&mut db, &row).await?;
        let mut plan = Plan::new(&table, &map, Facts::load(&mut db).await?)?;
        let facts = Arc::new(plan.facts.clone());
        let mut done = usize::try_from(row.rows_done).unwrap_or_default();
        // Rows before were dealt with, but later ones must be told apart from them.
        let mut records = table.records();
        for record in records.by_ref().take(done) {
            plan.identify(&record);
        }
        loop {
            if halted() {
                return Ok(false);
            }
            let mut batch = Batch {
                run,
                source: plan.source.clone(),
                by: by.clone(),
                done_before: i64::try_from(done).unwrap_or(i64::MAX),
                rows: 0,
                drafts: Vec::with_capacity(BATCH),
                problems: Vec::new(),
            };
            for record in records.by_ref().take(BATCH) {
                let identity = plan.identify(&record);
                let outcome = row::convert(&plan, &record, &identity);
                batch.rows += 1;
                batch.drafts.extend(outcome.draft);
                batch.problems.extend(outcome.problems);
            }
            if batch.rows == 0 {
                self.db.look_again().await;
                return Ok(true);
            }
            done += batch.rows;
            let facts = facts.clone();
            self.db.write(move |tx| Box::pin(async move { write::write(tx, batch, &facts).await })).await?;
            progress(done);
        }
    }
}

#[async_trait]
impl Work for Worker {
    fn kind(&self) -> &'static str {
        JOB
    }

    fn tries(&self) -> i64 {
        TRIES
    }

    async fn run(&self, job: &Job) -> Outcome {
        outcome(self.bring_in(ImportId(job.subject), || job.is_asked_to_stop(), |_| {}).await)
    }

    async fn note(&self, tx: &mut Tx, job: &Job, verdict: &Verdict) -> Result<()> {
        let state = match verdict {
            Verdict::Done => "done",
            Verdict::Failed(_) => "failed",
            Verdict::Again(_) | Verdict::Later(..) | Verdict::HandedBack => return Ok(()),
        };
        let now = tx.now;
        let sql = "UPDATE import_run SET state = $1, finished_at = $2 WHERE id = $3 AND state = 'running'";
        tx.execute(Sql::new(sql, args![state, now, job.subject])).await?;
        Ok(())
    }
}

fn lost() -> Error {
    Error::new(ErrorCode::Conflict, "error_conflict")
}

/// What a run that stopped means for its job.
fn outcome(result: Result<bool>) -> Outcome {
    match result {
        Ok(true) => Outcome::Done,
        Ok(false) => Outcome::HandedBack,
        // Something does not answer, or somebody made the same customer at the same time.
        Err(error) if matches!(error.code, ErrorCode::Unavailable | ErrorCode::Internal | ErrorCode::Conflict) => {
            Outcome::later(&error)
        }
        Err(error) => Outcome::failed(&error),
    }
}

/// Reads an uploaded file as its map says.
///
/// # Errors
/// The file is not there, or is no CSV.
pub async fn load(db: &Db, store: &FileStore, file: FileId, map: &ImportMap) -> Result<Table> {
    let sql = "SELECT storage_path FROM file WHERE id = $1 AND purpose = 'import'";
    let (path,): (String,) = db.clone().one(Sql::new(sql, args![file])).await?;
    let bytes = store.get(&path).await?;
    read(bytes, map.encoding.clone(), map.delimiter.clone()).await
}

/// Decodes a file on a thread where it holds nobody up.
///
/// # Errors
/// It is no CSV.
pub async fn read(bytes: Vec<u8>, encoding: String, delimiter: String) -> Result<Table> {
    let reading = tokio::task::spawn_blocking(move || Table::read(&bytes, &encoding, &delimiter));
    reading.await.map_err(|error| {
        tracing::error!(%error, "reading an import ended abnormally");
        Error::internal()
    })?
}

async fn importer(db: &mut Db, row: &RunRow) -> Result<Author> {
    let Party::Agent(AgentId(id)) = Party::from_columns(&row.actor_kind, row.actor_id) else { return Ok(Author::system()) };
    let name: Option<(String,)> = db.optional(Sql::new("SELECT name FROM agent WHERE id = $1", args![id])).await?;
    Ok(Author { party: Party::Agent(AgentId(id)), name: name.map(|(name,)| name).unwrap_or_default(), channel: "agent" })
}
