//! Brings a batch of rows in: customers and organizations that are missing, tickets, answers, events, problems and the
//! progress of the run, all in one transaction. So a run that was cut off goes on exactly behind the last batch.

use super::{facts::Facts, preview::existing, row::Draft};
use crate::{
    args,
    bulk::{self, BulkItem, BulkMessage, Found, Person},
    db::{NewEvent, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, ErrorCode, Result, actor::Party, conversation::MessageKind, event::Subject, id::ImportId, import::ImportProblem,
    item::Impact, limits, time::Timestamp, types::Category,
};
use std::collections::HashMap;

/// Some rows of a run.
pub struct Batch {
    /// The run.
    pub run: ImportId,
    /// Name of the other system.
    pub source: String,
    /// Who imports.
    pub by: Author,
    /// Rows that were done before.
    pub done_before: i64,
    /// Rows of this batch.
    pub rows: usize,
    /// Rows that come in.
    pub drafts: Vec<Draft>,
    /// What is wrong with the rows.
    pub problems: Vec<ImportProblem>,
}

/// Writes a batch.
///
/// # Errors
/// A conflict if another worker has taken the run over; what the database says.
pub async fn write(tx: &mut Tx, batch: Batch, facts: &Facts) -> Result<()> {
    let Batch { run, source, by, done_before, rows, drafts, problems } = batch;
    // First, so that of two workers one waits here and then sees that the rows are in.
    let mine = "UPDATE import_run SET rows_done = rows_done + $1 WHERE id = $2 AND state = 'running' AND rows_done = $3";
    if tx.execute(Sql::new(mine, args![count(rows), run, done_before])).await? != 1 {
        return Err(Error::new(ErrorCode::Conflict, "error_conflict"));
    }
    let refused = rows - drafts.len();
    let there = existing(tx, &source, &drafts).await?;
    let new: Vec<Draft> = drafts.into_iter().filter(|draft| !there.contains(&draft.external_id)).collect();
    let imported = new.len();
    let requesters = requesters(tx, &new, &by, facts).await?;
    let now = tx.now;
    let items =
        new.into_iter().zip(requesters).map(|(draft, requester)| item(draft, requester, &source, &by, facts, now)).collect();
    let numbers = bulk::insert_items(tx, items).await?;
    note_problems(tx, run, problems).await?;
    let mut sql = Sql::build("UPDATE import_run SET imported = imported + ");
    sql.bind(count(imported)).push(", existing = existing + ").bind(count(there.len()));
    sql.push(", refused = refused + ").bind(count(refused));
    sql.push(", first_number = COALESCE(first_number, ").bind(numbers.first().map(|number| number.0));
    sql.push(") WHERE id = ").bind(run);
    tx.execute(sql).await?;
    Ok(())
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

async fn requesters(tx: &mut Tx, drafts: &[Draft], by: &Author, facts: &Facts) -> Result<Vec<Option<Found>>> {
    let mut organizations = HashMap::new();
    for draft in drafts.iter().filter(|draft| has_requester(draft) && !draft.organization.is_empty()) {
        if !organizations.contains_key(&draft.organization) {
            let id = bulk::organization_named(tx, &draft.organization, by).await?;
            organizations.insert(draft.organization.clone(), id);
        }
    }
    let now = tx.now;
    let people: Vec<Person> = drafts
        .iter()
        .filter(|draft| has_requester(draft))
        .map(|draft| {
            let (first_name, last_name) = split_name(&draft.name);
            Person {
                email: draft.email.clone(),
                first_name,
                last_name,
                phone: String::new(),
                job_title: String::new(),
                organization: organizations.get(&draft.organization).copied(),
                language: facts.language,
                password_hash: None,
                created_at: now,
            }
        })
        .collect();
    let mut found = bulk::resolve(tx, people, by).await?.into_iter();
    Ok(drafts.iter().map(|draft| if has_requester(draft) { found.next().flatten() } else { None }).collect())
}

fn has_requester(draft: &Draft) -> bool {
    draft.email.is_some() || !draft.name.is_empty()
}

/// Given and family name: at the comma of "Lopez, Ana", else behind the first word.
fn split_name(name: &str) -> (String, String) {
    let (first, last) = match name.split_once(',') {
        Some((last, first)) => (first.trim(), last.trim()),
        None => name.split_once(' ').unwrap_or((name, "")),
    };
    let cut = |part: &str| part.chars().take(limits::NAME).collect();
    (cut(first), cut(last))
}

fn item(draft: Draft, requester: Option<Found>, source: &str, by: &Author, facts: &Facts, now: Timestamp) -> BulkItem {
    let team = match &draft.assignee {
        Some((agent, name)) => (Party::Agent(*agent), name.clone()),
        None => (Party::System, facts.workspace.clone()),
    };
    let created_at = draft.created_at.unwrap_or(now);
    let done = draft.status.category == Category::Done;
    let latest = [Some(created_at), draft.first_response_at, draft.resolved_at].into_iter().flatten().max().unwrap_or(created_at);
    let mut messages = Vec::new();
    if !draft.resolution.is_empty() {
        messages.push(BulkMessage {
            kind: MessageKind::Reply,
            author: team.0,
            author_name: team.1.clone(),
            html: draft.resolution,
            channel: draft.channel,
            recipients: Vec::new(),
            at: draft.resolved_at.or(draft.first_response_at).unwrap_or(latest),
        });
    }
    // That the team answered is known even where the file does not have the words.
    let answered = messages.last().map(|message| message.at).or(draft.first_response_at);
    let last_message = match (answered, &requester) {
        (Some(at), _) => Some((at, team.0, team.1)),
        (None, Some(found)) => Some((created_at, Party::Customer(found.id), found.name.clone())),
        (None, None) => None,
    };
    let created_by =
        requester.as_ref().map_or_else(|| (by.party, by.name.clone()), |found| (Party::Customer(found.id), found.name.clone()));
    BulkItem {
        title: draft.title,
        description: draft.description,
        type_id: draft.type_id,
        status_id: draft.status.id,
        category: draft.status.category,
        status_rank: draft.status.rank,
        priority: draft.priority,
        requester,
        channel: draft.channel,
        impact: Impact::None,
        product: draft.product,
        created_by,
        created_at,
        updated_at: latest,
        first_response_at: draft.first_response_at,
        resolved_at: draft.resolved_at.or(done.then_some(latest)),
        last_message,
        version: 1,
        external: Some((source.to_owned(), draft.external_id)),
        tags: draft.tags,
        agents: draft.assignee.map(|(agent, _)| agent).into_iter().collect(),
        teams: Vec::new(),
        following_agents: Vec::new(),
        // History is no news.
        read_at: Some(latest),
        messages,
        events: vec![NewEvent { version: 1, ..by.event(Subject::Workspace, "imported") }],
    }
}

async fn note_problems(tx: &mut Tx, run: ImportId, problems: Vec<ImportProblem>) -> Result<()> {
    let mut positions: HashMap<usize, i64> = HashMap::new();
    let rows = problems
        .into_iter()
        .map(|problem| {
            let position = positions.entry(problem.row).or_insert(0);
            *position += 1;
            args![
                run,
                count(problem.row),
                *position,
                problem.external_id,
                problem.column,
                problem.value,
                problem.key,
                problem.refused
            ]
        })
        .collect();
    let head =
        "INSERT INTO import_problem (import_id, row_number, position, external_id, column_name, value, key, refused) VALUES";
    Ok(bulk::insert(tx, head, rows).await?)
}
