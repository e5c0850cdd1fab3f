//! Finds the items of a run, before the first is changed: in pieces, in the order of their numbers, up to the highest number that there was
//! when the run began. They are read beside the writer, so that a filter that takes its time holds up nobody, and only so many go through
//! memory at once.

use super::record::{RunRecord, end, locked, read};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    service::{accounts::actors, items::list::push_shown},
    zones,
};
use domain::{
    Result,
    actor::Actor,
    bulk::BulkState,
    filter::{Expr, Viewer, policy},
    id::{AgentId, BulkId},
    time::Timestamp,
};

/// Items of one piece.
const PIECE: usize = 10_000;

/// Items that were found.
pub(super) struct Found {
    /// Their numbers, in order.
    pub(super) numbers: Vec<i64>,
    /// Whether there are no more.
    pub(super) complete: bool,
}

impl Found {
    /// What a statement has found that was asked for one more than a piece holds.
    fn of(rows: Vec<(i64,)>) -> Self {
        let complete = rows.len() <= PIECE;
        Self { numbers: rows.into_iter().take(PIECE).map(|(number,)| number).collect(), complete }
    }
}

fn push_piece(sql: &mut Sql, number: &'static str) {
    sql.push(" ORDER BY ").push(number).push(" LIMIT ").bind(i64::try_from(PIECE).unwrap_or(i64::MAX).saturating_add(1));
}

/// The highest number that there is.
pub(super) async fn highest(db: &mut impl Read) -> Result<i64> {
    let (highest,): (i64,) = db.one(Sql::new("SELECT COALESCE(MAX(number), 0) FROM item", args![])).await?;
    Ok(highest)
}

/// What a list shows to somebody, seen at a moment: its items with numbers above `after`, up to `up_to`.
pub(super) async fn of_list(
    db: &mut Db,
    actor: &Actor,
    asked: &[Expr],
    at: Timestamp,
    (after, up_to): (i64, i64),
) -> Result<Found> {
    let viewer = Viewer::of(actor, at).in_zone(zones::named(&actor.agent()?.time_zone));
    let shown = Expr::All(std::iter::once(policy::permission(actor)).chain(asked.iter().cloned()).collect());
    let mut sql = Sql::build("SELECT item.number FROM item WHERE item.number > ");
    sql.bind(after).push(" AND item.number <= ").bind(up_to).push(" AND ");
    push_shown(&mut sql, db.engine(), &shown, &viewer);
    push_piece(&mut sql, "item.number");
    Ok(Found::of(db.all(sql).await?))
}

/// What a run has changed and what was not taken back.
pub(super) async fn of_run(db: &mut impl Read, run: BulkId, after: i64) -> Result<Found> {
    let mut sql = Sql::build("SELECT number FROM bulk_item WHERE state = 'changed' AND run_id = ");
    sql.bind(run).push(" AND number > ").bind(after);
    push_piece(&mut sql, "number");
    Ok(Found::of(db.all(sql).await?))
}

/// Adds what was found to a run.
pub(super) async fn add(tx: &mut Tx, run: BulkId, found: &Found) -> Result<()> {
    let count = i64::try_from(found.numbers.len()).unwrap_or(i64::MAX);
    let mut sql = Sql::build("INSERT INTO bulk_item (run_id, number) SELECT ");
    sql.bind(run).push(", value FROM ").push_ids_table(tx.engine(), found.numbers.iter().copied());
    tx.execute(sql).await?;
    let last = if found.complete { 0 } else { found.numbers.last().copied().unwrap_or_default() };
    let mut sql = Sql::build("UPDATE bulk_run SET total = total + ");
    sql.bind(count).push(", at_number = ").bind(last);
    if found.complete {
        sql.push(", gathered = TRUE, shown = NULL");
    }
    sql.push(" WHERE id = ").bind(run);
    tx.execute(sql).await?;
    Ok(())
}

/// Finds the next piece of a run whose items are not all found, or ends it if who began it may not go on.
pub(super) async fn more(db: &Db, record: RunRecord) -> Result<()> {
    let mut reader = db.clone();
    let (run, after) = (BulkId(record.id), record.at_number);
    let actor = actors::of_agent(&mut reader, AgentId(record.agent_id)).await?;
    if let Err(error) = super::check_still_works(&actor) {
        db.write(move |tx| Box::pin(async move { end(tx, run, BulkState::Failed, Some(&error)).await })).await?;
        return Ok(());
    }
    let found = match (record.undo_of, &record.shown) {
        (Some(undone), _) => of_run(&mut reader, BulkId(undone), after).await?,
        (None, Some(shown)) => {
            let asked: Vec<Expr> = read(shown)?;
            of_list(&mut reader, &actor, &asked, Timestamp(record.created_at), (after, record.up_to)).await?
        }
        (None, None) => Found { numbers: Vec::new(), complete: true },
    };
    db.write(move |tx| {
        Box::pin(async move {
            // Another may have added this piece, or stopped the run.
            let now = locked(tx, run).await?;
            match now.filter(|now| !now.gathered && now.at_number == after && !now.state().is_over()) {
                Some(_) => add(tx, run, &found).await,
                None => Ok(()),
            }
        })
    })
    .await
}
