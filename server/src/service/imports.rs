//! Import of tickets: uploads, previews, runs. The work is in [`crate::import`]; here is who may, and what is kept.

use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    files::FileStore,
    import::{
        facts::Facts,
        guess,
        plan::{Plan, unreadable_map},
        preview, read, report, run,
    },
    jobs::{self, NewJob, Priority},
};
use async_trait::async_trait;
use domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Party},
    file::clean_name,
    id::{FileId, ImportId, ItemNumber},
    import::{ImportFile, ImportMap, ImportPreview, ImportProblem, ImportRun, ImportState},
    language::Language,
    limits,
    service::Imports,
    time::Timestamp,
};

/// Problems that the state of a run shows.
const PROBLEMS: i64 = 50;
/// Runs that the list shows.
const RUNS: i64 = 20;

/// The implementation.
#[derive(Clone)]
pub struct ImportsService {
    db: Db,
    store: FileStore,
}

#[derive(sqlx::FromRow)]
struct RunRow {
    id: i64,
    file_id: i64,
    file_name: String,
    map: String,
    state: String,
    rows_total: i64,
    rows_done: i64,
    imported: i64,
    existing: i64,
    refused: i64,
    first_number: Option<i64>,
    started_at: i64,
    finished_at: Option<i64>,
}

const RUN: &str = "SELECT id, file_id, file_name, map, state, rows_total, rows_done, imported, existing, refused, first_number, \
                   started_at, finished_at FROM import_run ";

#[derive(sqlx::FromRow)]
struct ProblemRow {
    row_number: i64,
    external_id: String,
    column_name: String,
    value: String,
    key: String,
    refused: bool,
}

impl RunRow {
    fn run(self, problems: Vec<ImportProblem>) -> ImportRun {
        ImportRun {
            id: ImportId(self.id),
            file_name: self.file_name,
            state: match self.state.as_str() {
                "done" => ImportState::Done,
                "running" => ImportState::Running,
                _ => ImportState::Failed,
            },
            rows: self.rows_total,
            done: self.rows_done,
            imported: self.imported,
            existing: self.existing,
            refused: self.refused,
            first_number: self.first_number.map(ItemNumber),
            started_at: Timestamp(self.started_at),
            finished_at: self.finished_at.map(Timestamp),
            problems,
        }
    }
}

impl ImportsService {
    /// Over a database and a store.
    #[must_use]
    pub fn new(db: Db, store: FileStore) -> Self {
        Self { db, store }
    }

    /// Keeps a file, for an administrator or for the product itself (the command line), and looks into it.
    ///
    /// # Errors
    /// It is no CSV, or too large.
    pub async fn keep(&self, by: Party, name: &str, bytes: Vec<u8>) -> Result<ImportFile> {
        if bytes.len() as u64 > limits::IMPORT {
            return Err(Error::new(ErrorCode::TooLarge, "error_import_too_large").with("max", limits::IMPORT / 1024 / 1024));
        }
        let name = clean_name(name);
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let table = run::read(bytes.clone(), String::new(), String::new()).await?;
        let facts = Facts::load(&mut self.db.clone()).await?;
        let (rows, columns, mut map) = guess::look(&table, &facts);
        if rows == 0 {
            return Err(Error::invalid("error_import_empty"));
        }
        map.default_type = facts.types.get(facts.first_type()).map(|first| first.name.clone()).unwrap_or_default();
        let path = self.store.put(bytes).await?;
        let kept = name.clone();
        let file = self.db.write(move |tx| Box::pin(async move { insert_file(tx, by, &kept, size, &path).await })).await?;
        Ok(ImportFile {
            file,
            name,
            encoding: table.encoding.clone(),
            delimiter: table.delimiter.to_string(),
            rows,
            columns,
            map,
        })
    }

    /// Holds a map against a kept file.
    ///
    /// # Errors
    /// The file is not there; the map does not fit.
    pub async fn plan(&self, file: FileId, map: &ImportMap) -> Result<(read::Table, Plan)> {
        let table = run::load(&self.db, &self.store, file, map).await?;
        let facts = Facts::load(&mut self.db.clone()).await?;
        let plan = Plan::new(&table, map, facts)?;
        Ok((table, plan))
    }

    /// Holds a map (without one: the guessed one) against a file that is not kept (the dry run of the command line).
    ///
    /// # Errors
    /// It is no CSV; the map does not fit.
    pub async fn plan_bytes(&self, bytes: Vec<u8>, map: Option<ImportMap>) -> Result<(read::Table, Plan)> {
        let named = map.clone().unwrap_or_default();
        let table = run::read(bytes, named.encoding, named.delimiter).await?;
        let facts = Facts::load(&mut self.db.clone()).await?;
        let map = map.unwrap_or_else(|| guess::look(&table, &facts).2);
        let plan = Plan::new(&table, &map, facts)?;
        Ok((table, plan))
    }

    /// Lays a run down, with the job that brings it in: at once, or at a time before which who lays it down may take it.
    ///
    /// # Errors
    /// The file is not there; the map does not fit.
    pub async fn lay_down(&self, by: Party, file: FileId, map: ImportMap, at: Option<Timestamp>) -> Result<ImportId> {
        let (table, _) = self.plan(file, &map).await?;
        let rows = i64::try_from(table.records().count()).unwrap_or(i64::MAX);
        let map = serde_json::to_string(&map).map_err(|_| unreadable_map())?;
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    let now = tx.now;
                    let (id,): (i64,) = tx
                        .one(Sql::new(
                            "INSERT INTO import_run (file_id, file_name, map, actor_kind, actor_id, state, rows_total, started_at) \
                             SELECT id, name, $1, $2, $3, 'running', $4, $5 FROM file WHERE id = $6 RETURNING id",
                            args![map, by.kind(), by.id(), rows, now, file],
                        ))
                        .await?;
                    enqueue(tx, ImportId(id), at).await?;
                    Ok(ImportId(id))
                })
            })
            .await
    }

    /// Where a run stands.
    ///
    /// # Errors
    /// There is no such run.
    pub async fn state(&self, import: ImportId) -> Result<ImportRun> {
        let problems = self.problems(import, PROBLEMS).await?;
        Ok(self.row(import).await?.run(problems))
    }

    async fn row(&self, import: ImportId) -> Result<RunRow> {
        let mut sql = Sql::build(RUN);
        sql.push("WHERE id = ").bind(import);
        Ok(self.db.clone().one(sql).await?)
    }

    /// The refused rows of a run, at most `most` problems.
    async fn problems(&self, import: ImportId, most: i64) -> Result<Vec<ImportProblem>> {
        let rows: Vec<ProblemRow> = self
            .db
            .clone()
            .all(Sql::new(
                "SELECT row_number, external_id, column_name, value, key, refused FROM import_problem \
                 WHERE import_id = $1 AND refused ORDER BY row_number, position LIMIT $2",
                args![import, most],
            ))
            .await?;
        let problems = rows.into_iter().map(|row| ImportProblem {
            row: usize::try_from(row.row_number).unwrap_or_default(),
            external_id: row.external_id,
            column: row.column_name,
            value: row.value,
            key: row.key,
            refused: row.refused,
        });
        Ok(problems.collect())
    }

    /// The refused rows as CSV, in a language.
    ///
    /// # Errors
    /// There is no such run, or its file is gone.
    pub async fn report_in(&self, import: ImportId, language: Language) -> Result<String> {
        let row = self.row(import).await?;
        let map: ImportMap = serde_json::from_str(&row.map).map_err(|_| unreadable_map())?;
        let table = run::load(&self.db, &self.store, FileId(row.file_id), &map).await?;
        report::report(&table, &self.problems(import, i64::MAX).await?, language)
    }
}

async fn enqueue(tx: &mut Tx, import: ImportId, at: Option<Timestamp>) -> Result<()> {
    jobs::enqueue(tx, NewJob { kind: run::JOB, subject: import.0, priority: Priority::Low, at }).await
}

/// Has a run that failed go on; answers whether it was one.
///
/// # Errors
/// What the database says.
pub async fn go_on(tx: &mut Tx, import: ImportId) -> Result<bool> {
    let sql = "UPDATE import_run SET state = 'running', finished_at = NULL WHERE id = $1 AND state = 'failed'";
    let goes_on = tx.execute(Sql::new(sql, args![import])).await? == 1;
    if goes_on {
        enqueue(tx, import, None).await?;
    }
    Ok(goes_on)
}

async fn insert_file(tx: &mut Tx, by: Party, name: &str, size: i64, path: &str) -> Result<FileId> {
    let now = tx.now;
    let (id,): (i64,) = tx
        .one(Sql::new(
            "INSERT INTO file (name, content_type, size, storage_path, uploader_kind, uploader_id, purpose, created_at) \
             VALUES ($1, 'application/octet-stream', $2, $3, $4, $5, 'import', $6) RETURNING id",
            args![name, size, path, by.kind(), by.id(), now],
        ))
        .await?;
    Ok(FileId(id))
}

#[async_trait]
impl Imports for ImportsService {
    async fn inspect(&self, actor: &Actor, name: &str, bytes: Vec<u8>) -> Result<ImportFile> {
        let agent = actor.administrator()?;
        self.keep(Party::Agent(agent.id), name, bytes).await
    }

    async fn preview(&self, actor: &Actor, file: FileId, map: ImportMap) -> Result<ImportPreview> {
        actor.administrator()?;
        let (table, mut plan) = self.plan(file, &map).await?;
        preview::preview(&mut self.db.clone(), &table, &mut plan, |_| {}).await
    }

    async fn start(&self, actor: &Actor, file: FileId, map: ImportMap) -> Result<ImportRun> {
        let agent = actor.administrator()?;
        let run = self.lay_down(Party::Agent(agent.id), file, map, None).await?;
        self.state(run).await
    }

    async fn run(&self, actor: &Actor, import: ImportId) -> Result<ImportRun> {
        actor.administrator()?;
        self.state(import).await
    }

    async fn runs(&self, actor: &Actor) -> Result<Vec<ImportRun>> {
        actor.administrator()?;
        let mut sql = Sql::build(RUN);
        sql.push("ORDER BY id DESC LIMIT ").bind(RUNS);
        let rows: Vec<RunRow> = self.db.clone().all(sql).await?;
        Ok(rows.into_iter().map(|row| row.run(Vec::new())).collect())
    }

    async fn resume(&self, actor: &Actor, import: ImportId) -> Result<ImportRun> {
        actor.administrator()?;
        let goes_on = self.db.write(move |tx| Box::pin(async move { go_on(tx, import).await })).await?;
        let run = self.state(import).await?;
        if !goes_on && run.state == ImportState::Done {
            return Err(Error::invalid("error_import_done"));
        }
        Ok(run)
    }

    async fn report(&self, actor: &Actor, import: ImportId) -> Result<String> {
        let language = actor.administrator()?.language;
        self.report_in(import, language).await
    }
}
