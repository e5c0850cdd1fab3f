//! Some items of a run in one transaction, which also marks that they have had their turn: so whoever dies, no item is done twice and none is
//! left out, and of two servers at one run the second begins behind the first. It ends when its time is up, because others wait for the writer
//! or for these items.

use super::{
    deed::{Kept, Outcome, Ready, take_back},
    record::{RunRecord, end, locked, read, write},
};
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::{
        accounts::actors,
        events::Author,
        items::record::{ItemRecord, push_permission, select_items},
    },
};
use domain::{
    Error, Result,
    actor::Actor,
    bulk::BulkState,
    id::{AgentId, BulkId},
};
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;

/// Rows of one statement.
const ROWS: usize = 60;
/// Items that are done however long they take, so that a run moves on.
const LEAST: usize = 20;

#[derive(sqlx::FromRow)]
struct KeptRow {
    number: i64,
    before_values: String,
    after_values: String,
}

/// Does the next items of a run, so many at most, and after so much time only [`LEAST`]; answers whether there is more to do.
///
/// # Errors
/// What the database says; nothing of it is done then.
pub(super) async fn batch(tx: &mut Tx, run: BulkId, most: i64, held: Duration) -> Result<bool> {
    let Some(record) = locked(tx, run).await?.filter(|record| !record.state().is_over()) else { return Ok(false) };
    let agent = AgentId(record.agent_id);
    let actor = actors::of_agent(tx, agent).await?;
    if let Err(error) = super::check_still_works(&actor) {
        end(tx, run, BulkState::Failed, Some(&error)).await?;
        return Ok(false);
    }
    let sql = "SELECT number FROM bulk_item WHERE run_id = $1 AND number > $2 ORDER BY number LIMIT $3";
    let numbers: Vec<(i64,)> = tx.all(Sql::new(sql, args![run, record.at_number, most])).await?;
    let numbers: Vec<i64> = numbers.into_iter().map(|(number,)| number).collect();
    let author = Author::agent(tx, agent).await?;
    let outcomes = outcomes(tx, &record, &actor, &author, &numbers, held).await?;
    note(tx, &record, &outcomes).await?;
    let (found, done) = (count(&numbers), count(&outcomes));
    if done < found || (found == most && record.done + done < record.total) {
        return Ok(true);
    }
    end(tx, run, BulkState::Done, None).await?;
    Ok(false)
}

fn count<T>(of: &[T]) -> i64 {
    i64::try_from(of.len()).unwrap_or(i64::MAX)
}

/// The items of these numbers that the actor may see now, locked in the order of their ids.
async fn visible(tx: &mut Tx, actor: &Actor, numbers: &[i64]) -> Result<HashMap<i64, ItemRecord>> {
    let (engine, now) = (tx.engine(), tx.now);
    let mut sql = select_items();
    sql.push("item.number").push_in_ids(engine, numbers.iter().copied()).push(" AND ");
    push_permission(&mut sql, engine, actor, now);
    sql.push(" ORDER BY item.id").push(engine.for_update());
    let records: Vec<ItemRecord> = tx.all(sql).await?;
    Ok(records.into_iter().map(|record| (record.number, record)).collect())
}

/// What becomes of the items of these numbers, from the first on for as long as there is time.
async fn outcomes(
    tx: &mut Tx,
    record: &RunRecord,
    actor: &Actor,
    author: &Author,
    numbers: &[i64],
    held: Duration,
) -> Result<Vec<(i64, Outcome)>> {
    let mut items = visible(tx, actor, numbers).await?;
    // What was waited for until now held up nobody else.
    let until = Instant::now() + held;
    let mut kept = match record.undo_of {
        Some(undone) => Some(kept(tx, BulkId(undone), numbers).await?),
        None => None,
    };
    let ready = Ready::new(tx, record.deed()?).await?;
    let mut outcomes = Vec::with_capacity(numbers.len());
    for number in numbers {
        if outcomes.len() >= LEAST && Instant::now() >= until {
            break;
        }
        let outcome = match (items.get_mut(number), kept.as_mut().map(|kept| kept.remove(number))) {
            (Some(item), None) => ready.make(tx, item, author).await?,
            (Some(item), Some(Some((before, after)))) => take_back(tx, item, author, before, after).await?,
            (None, _) | (Some(_), Some(None)) => Outcome::Refused(Error::not_found()),
        };
        outcomes.push((*number, outcome));
    }
    Ok(outcomes)
}

/// What the items held before and after a run.
async fn kept(tx: &mut Tx, run: BulkId, numbers: &[i64]) -> Result<HashMap<i64, (Kept, Kept)>> {
    let mut sql = Sql::build("SELECT number, before_values, after_values FROM bulk_item WHERE state = 'changed' AND run_id = ");
    sql.bind(run).push(" AND number").push_in_ids(tx.engine(), numbers.iter().copied());
    let rows: Vec<KeptRow> = tx.all(sql).await?;
    rows.into_iter().map(|row| Ok((row.number, (read(&row.before_values)?, read(&row.after_values)?)))).collect()
}

/// Notes what became of the items, and how far the run is.
async fn note(tx: &mut Tx, record: &RunRecord, outcomes: &[(i64, Outcome)]) -> Result<()> {
    let mut rows = Vec::new();
    let (mut changed, mut refused) = (Vec::new(), 0_i64);
    for (number, outcome) in outcomes {
        match outcome {
            Outcome::Same => {}
            Outcome::Changed(before, after) => {
                changed.push(*number);
                rows.push(args![record.id, *number, "changed", "", write(before)?, write(after)?]);
            }
            Outcome::Refused(error) => {
                refused += 1;
                rows.push(args![record.id, *number, "refused", write(error)?, "", ""]);
            }
        }
    }
    for rows in rows.chunks(ROWS) {
        let mut sql = Sql::build("INSERT INTO bulk_item (run_id, number, state, error, before_values, after_values) VALUES");
        for (index, row) in rows.iter().enumerate() {
            sql.push(if index == 0 { " (" } else { ", (" }).bind_all(row.iter().cloned()).push(")");
        }
        sql.push(
            " ON CONFLICT (run_id, number) DO UPDATE SET state = excluded.state, error = excluded.error, \
             before_values = excluded.before_values, after_values = excluded.after_values",
        );
        tx.execute(sql).await?;
    }
    let (done, many) = (count(outcomes), count(&changed));
    let last = outcomes.last().map_or(record.at_number, |(number, _)| *number);
    let sql = "UPDATE bulk_run SET state = 'running', done = done + $1, changed = changed + $2, refused = refused + $3, \
               at_number = $4 WHERE id = $5";
    tx.execute(Sql::new(sql, args![done, many, refused, last, record.id])).await?;
    if let Some(undone) = record.undo_of {
        let mut sql = Sql::build("UPDATE bulk_item SET state = 'undone' WHERE run_id = ");
        sql.bind(undone).push(" AND number").push_in_ids(tx.engine(), changed);
        tx.execute(sql).await?;
    }
    Ok(())
}
