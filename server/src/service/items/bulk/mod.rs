//! Bulk changes: one deed for many items, kept with what each of them held before.
//!
//! A run and its items are rows. The items are found first ([`gather`]), then changed batch by batch in the order of their numbers ([`batch`]),
//! each through the same functions as a change of one item ([`deed`]). A run of few items is done in the transaction that begins it; others
//! have a job ([`work`]).

mod batch;
mod deed;
mod gather;
mod record;
mod work;

pub use work::{JOB, Runs, discard_old};

use super::{ItemService, actions};
use crate::{
    args,
    db::{Read, Sql, Tx},
    jobs::{self, NewJob, Priority},
    service::{
        idempotency::{Claimed, Made, claim},
        rates,
    },
};
use async_trait::async_trait;
use batch::batch;
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    bulk::{BulkDeed, BulkRun, BulkState, BulkTarget, NewBulk, Refusal},
    filter::Expr,
    id::{AgentId, BulkId, ItemNumber},
    limits,
    service::Bulk,
};
use gather::Found;
use std::time::Duration;

/// How long a run is done at once, before the rest is left to the background.
const AT_ONCE: Duration = Duration::from_millis(500);

/// A run to be kept.
struct NewRun {
    agent: AgentId,
    deed: BulkDeed,
    undo_of: Option<BulkId>,
    /// What is asked of the items that are still to be found.
    asked: Option<Vec<Expr>>,
    up_to: i64,
    found: Found,
}

/// Who began a run may go on with it: they are not locked out, and still may change items.
fn check_still_works(actor: &Actor) -> Result<()> {
    actor.working_agent().map(|_| ()).map_err(|_| Error::forbidden())
}

/// Keeps a run, and does it at once if it is of few items.
async fn begin(tx: &mut Tx, run: NewRun) -> Result<BulkId> {
    let sql = "SELECT COUNT(*) FROM bulk_run WHERE agent_id = $1 AND state IN ('waiting', 'running')";
    let (under_way,): (i64,) = tx.one(Sql::new(sql, args![run.agent])).await?;
    if under_way >= limits::BULKS_UNDER_WAY {
        return Err(Error::new(ErrorCode::TooMany, "error_bulks_under_way").with("max", limits::BULKS_UNDER_WAY));
    }
    let (now, deed) = (tx.now, record::write(&run.deed)?);
    let shown = run.asked.as_ref().map(record::write).transpose()?;
    let (id,): (i64,) = tx
        .one(Sql::new(
            "INSERT INTO bulk_run (agent_id, deed, undo_of, shown, up_to, gathered, created_at) \
             VALUES ($1, $2, $3, $4, $5, FALSE, $6) RETURNING id",
            args![run.agent, deed, run.undo_of, shown, run.up_to, now],
        ))
        .await?;
    let id = BulkId(id);
    gather::add(tx, id, &run.found).await?;
    let is_small = run.found.numbers.len() <= usize::try_from(limits::BULK_AT_ONCE).unwrap_or_default();
    if run.found.complete && is_small && !batch(tx, id, limits::BULK_AT_ONCE, AT_ONCE).await? {
        return Ok(id);
    }
    jobs::enqueue(tx, NewJob { kind: JOB, subject: id.0, priority: Priority::Low, at: None }).await?;
    Ok(id)
}

impl ItemService {
    /// The items of a new run, as far as one piece holds them, and what is asked of the others.
    async fn find(&self, actor: &Actor, target: BulkTarget) -> Result<(Found, Option<Vec<Expr>>, i64)> {
        match target {
            BulkTarget::Numbers(numbers) => {
                let mut numbers: Vec<i64> = numbers.into_iter().map(|number| number.0).collect();
                numbers.sort_unstable();
                numbers.dedup();
                let last = numbers.last().copied().unwrap_or_default();
                Ok((Found { numbers, complete: true }, None, last))
            }
            BulkTarget::All(query) => {
                let asked = self.asked(actor, &query).await?;
                let mut db = self.db.clone();
                let up_to = gather::highest(&mut db).await?;
                let found = gather::of_list(&mut db, actor, &asked, self.db.now(), (0, up_to)).await?;
                Ok((found, Some(asked), up_to))
            }
        }
    }
}

#[async_trait]
impl Bulk for ItemService {
    async fn start(&self, actor: &Actor, bulk: NewBulk) -> Result<BulkRun> {
        let agent = actor.working_agent()?.id;
        bulk.check()?;
        let NewBulk { target, deed, idempotency_key: key } = bulk;
        let deed = deed::normal(deed)?;
        deed::check_named(&mut self.db.clone(), &deed).await?;
        if let BulkDeed::Put(put) = deed {
            actions::away::check_time(put, self.db.now())?;
        }
        let (found, asked, up_to) = self.find(actor, target).await?;
        let party = actor.party();
        let new = NewRun { agent, deed, undo_of: None, asked, up_to, found };
        let run = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let claim = match claim(tx, party, &key, Made::Bulk).await? {
                        Claimed::New(claim) => claim,
                        Claimed::Done(run) => return Ok(BulkId(run)),
                    };
                    rates::count(tx, rates::BULKS_AGENT, &rates::person(party)).await?;
                    let run = begin(tx, new).await?;
                    claim.fulfil(tx, run.0).await?;
                    Ok(run)
                })
            })
            .await?;
        record::told(&mut self.db.clone(), agent, run, self.db.now()).await
    }

    async fn run(&self, actor: &Actor, run: BulkId) -> Result<BulkRun> {
        record::told(&mut self.db.clone(), actor.agent()?.id, run, self.db.now()).await
    }

    async fn refusals(&self, actor: &Actor, run: BulkId, after: ItemNumber) -> Result<Vec<Refusal>> {
        let mut db = self.db.clone();
        record::own(&mut db, actor.agent()?.id, run).await?;
        record::refusals(&mut db, run, after).await
    }

    async fn runs(&self, actor: &Actor) -> Result<Vec<BulkRun>> {
        record::latest(&mut self.db.clone(), actor.agent()?.id, self.db.now()).await
    }

    async fn cancel(&self, actor: &Actor, run: BulkId) -> Result<BulkRun> {
        let agent = actor.agent()?.id;
        let mut db = self.db.clone();
        record::own(&mut db, agent, run).await?;
        self.db.write(move |tx| Box::pin(async move { record::end(tx, run, BulkState::Cancelled, None).await })).await?;
        record::told(&mut db, agent, run, self.db.now()).await
    }

    async fn undo(&self, actor: &Actor, run: BulkId) -> Result<BulkRun> {
        let agent = actor.working_agent()?.id;
        let mut db = self.db.clone();
        let over = || Error::invalid("error_bulk_over");
        let undone = record::own(&mut db, agent, run).await?;
        if !undone.is_undone() && !undone.may_undo(self.db.now()) {
            return Err(over());
        }
        // It is over, so what it has changed stays as it is kept.
        let found = gather::of_run(&mut db, run, 0).await?;
        let new = NewRun { agent, deed: undone.deed()?, undo_of: Some(run), asked: None, up_to: undone.up_to, found };
        let party = actor.party();
        let taking_back = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    rates::count(tx, rates::BULKS_AGENT, &rates::person(party)).await?;
                    let undone = record::locked(tx, run).await?.ok_or_else(Error::not_found)?;
                    if let Some(by) = undone.undone_by.filter(|_| undone.is_undone()) {
                        return Ok(BulkId(by));
                    }
                    if !undone.may_undo(tx.now) {
                        return Err(over());
                    }
                    let id = begin(tx, new).await?;
                    tx.execute(Sql::new("UPDATE bulk_run SET undone_by = $1 WHERE id = $2", args![id, run])).await?;
                    Ok(id)
                })
            })
            .await?;
        record::told(&mut db, agent, taking_back, self.db.now()).await
    }
}
