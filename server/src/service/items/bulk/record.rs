//! Runs as the database keeps them, and as those are told who began them.

use crate::{
    args,
    db::{Read, Sql, Tx},
};
use domain::{
    Error, Result,
    bulk::{BulkDeed, BulkRun, BulkState, Refusal},
    id::{AgentId, BulkId, ItemNumber},
    limits,
    time::{DAY, Timestamp},
};
use serde::{Serialize, de::DeserializeOwned};

/// How long, in milliseconds, a run is kept and can be taken back.
pub(super) const KEPT: i64 = 30 * DAY;
/// Runs that the list tells.
const RUNS: i64 = 20;

const SELECT: &str = "SELECT id, agent_id, deed, undo_of, undone_by, \
    (SELECT taken_back.state FROM bulk_run AS taken_back WHERE taken_back.id = bulk_run.undone_by) AS undo_state, \
    shown, up_to, gathered, at_number, state, total, done, changed, refused, error, created_at FROM bulk_run WHERE ";

/// A run.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct RunRecord {
    pub(super) id: i64,
    pub(super) agent_id: i64,
    deed: String,
    pub(super) undo_of: Option<i64>,
    pub(super) undone_by: Option<i64>,
    undo_state: Option<String>,
    pub(super) shown: Option<String>,
    pub(super) up_to: i64,
    pub(super) gathered: bool,
    pub(super) at_number: i64,
    state: String,
    pub(super) total: i64,
    pub(super) done: i64,
    changed: i64,
    refused: i64,
    error: String,
    pub(super) created_at: i64,
}

#[derive(sqlx::FromRow)]
struct RefusedRow {
    number: i64,
    error: String,
}

impl RunRecord {
    /// Where it stands. What this version does not know goes on nowhere.
    pub(super) fn state(&self) -> BulkState {
        BulkState::from_key(&self.state).unwrap_or(BulkState::Failed)
    }

    /// What it does to each item.
    ///
    /// # Errors
    /// Internal, if what is kept makes no sense.
    pub(super) fn deed(&self) -> Result<BulkDeed> {
        read(&self.deed)
    }

    /// Whether it was taken back, or is being taken back. A run that takes back and was stopped leaves the rest for another.
    pub(super) fn is_undone(&self) -> bool {
        let state = self.undo_state.as_deref().and_then(BulkState::from_key);
        state.is_some_and(|state| !matches!(state, BulkState::Cancelled | BulkState::Failed))
    }

    /// Whether it can be taken back now.
    pub(super) fn may_undo(&self, now: Timestamp) -> bool {
        let is_kept = Timestamp(self.created_at).plus(KEPT) > now;
        self.undo_of.is_none() && self.state().is_over() && self.changed > 0 && is_kept && !self.is_undone()
    }

    fn told(self, refusals: Vec<Refusal>, now: Timestamp) -> Result<BulkRun> {
        Ok(BulkRun {
            id: BulkId(self.id),
            deed: self.deed()?,
            undo_of: self.undo_of.map(BulkId),
            state: self.state(),
            total: self.total,
            done: self.done,
            changed: self.changed,
            refused: self.refused,
            refusals,
            error: if self.error.is_empty() { None } else { Some(read(&self.error)?) },
            may_undo: self.may_undo(now),
            undone: self.is_undone(),
            created_at: Timestamp(self.created_at),
        })
    }
}

/// Back from JSON that we have written.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| {
        tracing::error!(%error, "a bulk change as it is kept makes no sense");
        Error::internal()
    })
}

/// As JSON, to be kept.
pub(super) fn write(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::internal())
}

/// A run, whoever began it; none if it was discarded.
pub(super) async fn one(db: &mut impl Read, run: BulkId) -> Result<Option<RunRecord>> {
    let mut sql = Sql::build(SELECT);
    sql.push("id = ").bind(run);
    Ok(db.optional(sql).await?)
}

/// The same, locked until the transaction ends. Runs are locked before items.
pub(super) async fn locked(tx: &mut Tx, run: BulkId) -> Result<Option<RunRecord>> {
    let mut sql = Sql::build(SELECT);
    sql.push("id = ").bind(run).push(tx.engine().for_update());
    Ok(tx.optional(sql).await?)
}

/// A run of this agent.
///
/// # Errors
/// Not found, if there is none or it is somebody else's.
pub(super) async fn own(db: &mut impl Read, agent: AgentId, run: BulkId) -> Result<RunRecord> {
    one(db, run).await?.filter(|record| record.agent_id == agent.0).ok_or_else(Error::not_found)
}

/// A run of this agent, as they are told.
pub(super) async fn told(db: &mut impl Read, agent: AgentId, run: BulkId, now: Timestamp) -> Result<BulkRun> {
    let record = own(db, agent, run).await?;
    let refusals = if record.refused > 0 { refusals(db, run, ItemNumber(0)).await? } else { Vec::new() };
    record.told(refusals, now)
}

/// The latest runs of this agent.
pub(super) async fn latest(db: &mut impl Read, agent: AgentId, now: Timestamp) -> Result<Vec<BulkRun>> {
    let mut sql = Sql::build(SELECT);
    sql.push("agent_id = ").bind(agent).push(" ORDER BY id DESC LIMIT ").bind(RUNS);
    let records: Vec<RunRecord> = db.all(sql).await?;
    records.into_iter().map(|record| record.told(Vec::new(), now)).collect()
}

/// The items that a run has left as they are, behind this one.
pub(super) async fn refusals(db: &mut impl Read, run: BulkId, after: ItemNumber) -> Result<Vec<Refusal>> {
    let sql =
        "SELECT number, error FROM bulk_item WHERE run_id = $1 AND state = 'refused' AND number > $2 ORDER BY number LIMIT $3";
    let rows: Vec<RefusedRow> = db.all(Sql::new(sql, args![run, after, limits::BULK_REFUSALS])).await?;
    rows.into_iter().map(|row| Ok(Refusal { number: ItemNumber(row.number), error: read(&row.error)? })).collect()
}

/// Ends a run that is not over; answers whether it was one.
pub(super) async fn end(tx: &mut Tx, run: BulkId, state: BulkState, error: Option<&Error>) -> Result<bool> {
    let (now, error) = (tx.now, error.map(write).transpose()?.unwrap_or_default());
    let sql = "UPDATE bulk_run SET state = $1, error = $2, finished_at = $3 WHERE id = $4 AND state IN ('waiting', 'running')";
    Ok(tx.execute(Sql::new(sql, args![state.key(), error, now, run])).await? == 1)
}
