//! A run of the import, from its file to its end. Whoever drives it holds it by a lease that every batch renews: when a
//! server is killed, another takes the run over once the lease has ended, and goes on behind the last batch.

use super::{
    facts::Facts,
    plan::{Plan, unreadable_map},
    read::Table,
    row,
    write::{self, Batch},
};
use crate::{
    args,
    db::{Db, Read, Sql},
    files::FileStore,
    service::events::Author,
};
use domain::{
    Error, ErrorCode, Result,
    actor::Party,
    id::{AgentId, FileId, ImportId},
    import::ImportMap,
    time::MINUTE,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};

/// Rows of one transaction.
const BATCH: usize = 200;
/// Milliseconds that a run is left alone after its last batch before another worker may take it over.
const LEASE: i64 = MINUTE / 2;
/// How often the worker looks for runs that nobody told it about.
const PAUSE: Duration = Duration::from_secs(5);

/// Drives runs in the background.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    store: FileStore,
    wake: Arc<Notify>,
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
        Self { db, store, wake: Arc::new(Notify::new()) }
    }

    /// Tells the worker that there is a run.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Works until `stop` says so; the batch that is under way is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        loop {
            match self.claim().await {
                Ok(Some(run)) => {
                    let halted = || *stop.borrow();
                    if let Err(error) = self.drive(run, halted, |_| {}).await {
                        tracing::error!(%error, run = run.0, "an import stopped");
                    }
                }
                Ok(None) => {
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = tokio::time::sleep(PAUSE) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the runs of the import could not be read");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            if *stop.borrow() {
                return;
            }
        }
    }

    /// Takes the oldest run that nobody holds.
    ///
    /// # Errors
    /// What the database says.
    pub async fn claim(&self) -> Result<Option<ImportId>> {
        // Looking first keeps an idle worker from taking the write lock.
        let now = self.db.now();
        let free = "SELECT id FROM import_run WHERE state = 'running' AND lease_until <= $1 ORDER BY id LIMIT 1";
        let found: Option<(i64,)> = self.db.clone().optional(Sql::new(free, args![now])).await?;
        let Some((run,)) = found else { return Ok(None) };
        Ok(self.hold(ImportId(run)).await?.then_some(ImportId(run)))
    }

    async fn hold(&self, run: ImportId) -> Result<bool> {
        let now = self.db.now();
        let take = "UPDATE import_run SET lease_until = $1 WHERE id = $2 AND state = 'running' AND lease_until <= $3";
        let sql = Sql::new(take, args![now.plus(LEASE), run, now]);
        self.db.write(|tx| Box::pin(async move { Ok(tx.execute(sql).await? == 1) })).await
    }

    /// Takes a run and brings it to its end, telling how many rows are done (the command line).
    ///
    /// # Errors
    /// A conflict if another holds it; what stopped it.
    pub async fn finish(&self, run: ImportId, progress: impl FnMut(usize) + Send) -> Result<()> {
        if !self.hold(run).await? {
            return Err(Error::new(ErrorCode::Conflict, "error_conflict"));
        }
        self.drive(run, || false, progress).await
    }

    /// Brings in what is left of a run that this worker holds. An error marks the run as failed.
    ///
    /// # Errors
    /// What stopped it.
    pub async fn drive(&self, run: ImportId, halted: impl Fn() -> bool + Send, progress: impl FnMut(usize) + Send) -> Result<()> {
        let result = self.bring_in(run, halted, progress).await;
        let state = match &result {
            Ok(true) => "done",
            // Halted: the lease ends at once, so that the next server goes on.
            Ok(false) => "running",
            // Another worker has it; it is not ours to fail.
            Err(error) if error.code == ErrorCode::Conflict => return Err(error.clone()),
            Err(_) => "failed",
        };
        let sql = "UPDATE import_run SET state = $1, lease_until = 0, finished_at = $2 WHERE id = $3 AND state = 'running'";
        if state == "done" {
            self.db.look_again().await;
        }
        let finished = (state != "running").then(|| self.db.now());
        let sql = Sql::new(sql, args![state, finished, run]);
        self.db.write(|tx| Box::pin(async move { Ok(tx.execute(sql).await?) })).await?;
        result.map(|_| ())
    }

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
                lease_until: self.db.now().plus(LEASE),
            };
            for record in records.by_ref().take(BATCH) {
                let identity = plan.identify(&record);
                let outcome = row::convert(&plan, &record, &identity);
                batch.rows += 1;
                batch.drafts.extend(outcome.draft);
                batch.problems.extend(outcome.problems);
            }
            if batch.rows == 0 {
                return Ok(true);
            }
            done += batch.rows;
            let facts = facts.clone();
            self.db.write(move |tx| Box::pin(async move { write::write(tx, batch, &facts).await })).await?;
            progress(done);
        }
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
