//! Changes of many tickets at once. What is done, and where it stands, is told in texts and numbers.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson, items::ListQuery};
use domain::id::{BulkId, ItemNumber};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::context::{agent_actor, desk},
    crate::i18n::use_i18n,
    domain::{
        Error,
        action::Put,
        bulk::{BulkDeed, BulkRun, BulkTarget, Members, NewBulk, Refusal},
        item::Change,
    },
    std::str::FromStr,
};

/// A bulk change to begin; see [`domain::bulk::NewBulk`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// Everything that this list shows; none: `numbers`.
    pub list: Option<ListQuery>,
    /// These tickets.
    pub numbers: Vec<ItemNumber>,
    /// The key of the field: `status`, `tags`, …, `following_agents`, or `deleted`, `spam`, `snoozed` ([`domain::action::Put`]).
    pub field: String,
    /// What the field is set to, as JSON; empty where values are put in and taken out instead.
    pub value: String,
    /// What is put in: ids, or tags.
    pub add: Vec<String>,
    /// What is taken out.
    pub remove: Vec<String>,
    /// The same key again gives the same run.
    pub idempotency_key: String,
}

/// A ticket that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub number: ItemNumber,
    /// Why, in the reader's language.
    pub reason: String,
}

/// A bulk change, under way or over; see [`domain::bulk::BulkRun`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub id: BulkId,
    /// The key of the field that it is about.
    pub field: String,
    /// Whether it takes another back.
    pub takes_back: bool,
    /// The key of [`domain::bulk::BulkState`].
    pub state: String,
    pub over: bool,
    pub total: i64,
    pub done: i64,
    pub changed: i64,
    pub refused: i64,
    /// The first of those that were refused; [`refusals`] tells the others.
    pub refusals: Vec<Refused>,
    /// Why it could not go on, in the reader's language; empty if it could.
    pub problem: String,
    pub may_undo: bool,
    pub undone: bool,
    /// When it was begun, in milliseconds.
    pub created_at: i64,
}

/// Begins a bulk change. One of few tickets may be over when this answers.
#[server(prefix = "/_fn", endpoint = "bulk/start", input = StrictJson, output = StrictJson)]
pub async fn start(bulk: Draft) -> Result<Progress, ApiError> {
    Ok(shown(desk()?.bulk.start(&agent_actor()?, new(bulk)?).await?))
}

/// Where one stands.
#[server(prefix = "/_fn", endpoint = "bulk/run", input = StrictJson, output = StrictJson)]
pub async fn run(run: BulkId) -> Result<Progress, ApiError> {
    Ok(shown(desk()?.bulk.run(&agent_actor()?, run).await?))
}

/// The tickets that one has left as they are, those with higher numbers than `after`: the next page of [`Progress::refusals`].
#[server(prefix = "/_fn", endpoint = "bulk/refusals", input = StrictJson, output = StrictJson)]
pub async fn refusals(run: BulkId, after: ItemNumber) -> Result<Vec<Refused>, ApiError> {
    Ok(told(&desk()?.bulk.refusals(&agent_actor()?, run, after).await?))
}

/// The agent's latest ones, without their refusals.
#[server(prefix = "/_fn", endpoint = "bulk/runs", input = StrictJson, output = StrictJson)]
pub async fn runs() -> Result<Vec<Progress>, ApiError> {
    Ok(desk()?.bulk.runs(&agent_actor()?).await?.into_iter().map(shown).collect())
}

/// Stops one.
#[server(prefix = "/_fn", endpoint = "bulk/cancel", input = StrictJson, output = StrictJson)]
pub async fn cancel(run: BulkId) -> Result<Progress, ApiError> {
    Ok(shown(desk()?.bulk.cancel(&agent_actor()?, run).await?))
}

/// Takes one back; answers the run that does so.
#[server(prefix = "/_fn", endpoint = "bulk/undo", input = StrictJson, output = StrictJson)]
pub async fn undo(run: BulkId) -> Result<Progress, ApiError> {
    Ok(shown(desk()?.bulk.undo(&agent_actor()?, run).await?))
}

#[cfg(feature = "ssr")]
fn shown(run: BulkRun) -> Progress {
    let i18n = use_i18n();
    Progress {
        id: run.id,
        field: run.deed.field().to_owned(),
        takes_back: run.undo_of.is_some(),
        state: run.state.key().to_owned(),
        over: run.state.is_over(),
        total: run.total,
        done: run.done,
        changed: run.changed,
        refused: run.refused,
        refusals: told(&run.refusals),
        problem: run.error.as_ref().map(|error| i18n.error(error)).unwrap_or_default(),
        may_undo: run.may_undo,
        undone: run.undone,
        created_at: run.created_at.0,
    }
}

#[cfg(feature = "ssr")]
fn told(refusals: &[Refusal]) -> Vec<Refused> {
    let i18n = use_i18n();
    refusals.iter().map(|one| Refused { number: one.number, reason: i18n.error(&one.error) }).collect()
}

#[cfg(feature = "ssr")]
fn new(draft: Draft) -> Result<NewBulk, ApiError> {
    let deed = deed(&draft)?;
    let target = match draft.list {
        Some(list) => BulkTarget::All(Box::new(list.items()?)),
        None => BulkTarget::Numbers(draft.numbers),
    };
    Ok(NewBulk { target, deed, idempotency_key: draft.idempotency_key })
}

#[cfg(feature = "ssr")]
fn deed(draft: &Draft) -> Result<BulkDeed, Error> {
    let wrong = || Error::field("field", "error_choice");
    if !draft.value.is_empty() {
        let value: serde_json::Value = serde_json::from_str(&draft.value).map_err(|_| Error::field("value", "error_choice"))?;
        if let Ok(put) = serde_json::from_value::<Put>(serde_json::json!({ &draft.field: &value })) {
            return Ok(BulkDeed::Put(put));
        }
        let change: Change =
            serde_json::from_value(serde_json::json!({ "field": draft.field, "value": value })).map_err(|_| wrong())?;
        return Ok(BulkDeed::Set(change));
    }
    match draft.field.as_str() {
        "agents" => members(draft).map(BulkDeed::Agents),
        "teams" => members(draft).map(BulkDeed::Teams),
        "tags" => members(draft).map(BulkDeed::Tags),
        "following_agents" => members(draft).map(BulkDeed::Followers),
        _ => Err(wrong()),
    }
}

#[cfg(feature = "ssr")]
fn members<T: FromStr>(draft: &Draft) -> Result<Members<T>, Error> {
    let read = |texts: &[String], field| {
        let values: Result<Vec<T>, _> = texts.iter().map(|text| text.parse()).collect();
        values.map_err(|_| Error::field(field, "error_choice"))
    };
    Ok(Members { add: read(&draft.add, "add")?, remove: read(&draft.remove, "remove")? })
}
