//! What a run does to one item that the transaction has locked, and how that is taken back.

use crate::{
    db::{Read, Tx},
    service::{
        events::Author,
        items::{
            actions,
            apply::{apply, current, normalize},
            follow, lookup,
            record::ItemRecord,
            rows,
            statuses::{self, StatusFacts},
        },
    },
};
use domain::{
    Error, ErrorCode, Result,
    action::Put,
    bulk::{BulkDeed, Members},
    id::AgentId,
    item::Change,
    limits,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What the fields of an item held, before or after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kept {
    /// The field that the run is about, then those that follow it.
    Fields(Vec<Change>),
    /// The agents who follow.
    Followers(Vec<AgentId>),
    /// Where it lies.
    Put(Put),
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was so already.
    Same,
    /// It held this before, and this since.
    Changed(Kept, Kept),
    /// It was left as it is.
    Refused(Error),
}

/// In the form in which it is kept.
///
/// # Errors
/// Invalid, with the field that is wrong.
pub(super) fn normal(deed: BulkDeed) -> Result<BulkDeed> {
    match deed {
        BulkDeed::Set(change) => normalize(vec![change])?.pop().map(BulkDeed::Set).ok_or_else(Error::internal),
        other => Ok(other.normal()),
    }
}

/// Refuses a deed that would be refused at every item, because what it names is not there.
///
/// # Errors
/// Invalid, with the field that is wrong.
pub(super) async fn check_named(db: &mut impl Read, deed: &BulkDeed) -> Result<()> {
    let found = match deed {
        BulkDeed::Set(Change::Type(id)) => statuses::type_name(db, *id).await?.is_some_and(|(_, enabled)| enabled),
        BulkDeed::Set(Change::Status(id)) => statuses::one(db, *id).await?.is_some(),
        BulkDeed::Set(Change::Requester(Some(id))) => lookup::requester(db, *id).await.map(|_| true)?,
        BulkDeed::Set(Change::Organization(Some(id))) => lookup::organization_name(db, *id).await?.is_some(),
        BulkDeed::Set(Change::Agents(ids)) => lookup::agents(db, ids, ids).await.map(|_| true)?,
        BulkDeed::Set(Change::Teams(ids)) => lookup::teams(db, ids, ids).await.map(|_| true)?,
        BulkDeed::Agents(these) => lookup::agents(db, &these.add, &these.add).await.map(|_| true)?,
        BulkDeed::Teams(these) => lookup::teams(db, &these.add, &these.add).await.map(|_| true)?,
        BulkDeed::Followers(these) => lookup::followers(db, &these.add, &these.add).await.map(|_| true)?,
        BulkDeed::Set(_) | BulkDeed::Tags(_) | BulkDeed::Put(_) => true,
    };
    if found { Ok(()) } else { Err(Error::field(deed.field(), "error_choice")) }
}

/// A deed with what is the same for all items.
pub(super) struct Ready {
    deed: BulkDeed,
    status: Option<StatusFacts>,
}

impl Ready {
    /// Looks up what a deed needs.
    pub(super) async fn new(tx: &mut Tx, deed: BulkDeed) -> Result<Self> {
        let status = match &deed {
            BulkDeed::Set(Change::Status(id)) => statuses::one(tx, *id).await?,
            _ => None,
        };
        Ok(Self { deed, status })
    }

    /// Does it to an item.
    ///
    /// # Errors
    /// What keeps the whole from going on; what speaks against this item is its outcome.
    pub(super) async fn make(&self, tx: &mut Tx, item: &mut ItemRecord, author: &Author) -> Result<Outcome> {
        let made = match &self.deed {
            BulkDeed::Followers(these) => {
                let held = followers(tx, item).await?;
                let wanted = these.made_of(&held);
                follow(tx, item, author, held, wanted).await
            }
            BulkDeed::Put(wanted) => put(tx, item, author, *wanted).await,
            BulkDeed::Set(_) if self.status.as_ref().is_some_and(|status| status.type_id != item.ticket_type()) => {
                let change = self.nearest(tx, item).await?;
                set(tx, item, author, vec![change]).await
            }
            BulkDeed::Set(change) => set(tx, item, author, vec![change.clone()]).await,
            BulkDeed::Agents(_) | BulkDeed::Teams(_) | BulkDeed::Tags(_) => {
                let change = self.members(tx, item).await?;
                set(tx, item, author, vec![change]).await
            }
        };
        refused(made)
    }

    /// The status of the item's own type that comes nearest.
    async fn nearest(&self, tx: &mut Tx, item: &ItemRecord) -> Result<Change> {
        let own = statuses::of_type(tx, item.ticket_type()).await?;
        let status = self.status.as_ref().and_then(|status| statuses::counterpart(status, &own));
        status.map(|status| Change::Status(status.id)).ok_or_else(Error::internal)
    }

    /// A list with what goes into it and what goes out of it.
    async fn members(&self, tx: &mut Tx, item: &ItemRecord) -> Result<Change> {
        let empty = match &self.deed {
            BulkDeed::Agents(_) => Change::Agents(Vec::new()),
            BulkDeed::Teams(_) => Change::Teams(Vec::new()),
            _ => Change::Tags(Vec::new()),
        };
        match (&self.deed, current(tx, item, &empty).await?) {
            (BulkDeed::Agents(these), Change::Agents(held)) => Ok(Change::Agents(these.made_of(&held))),
            (BulkDeed::Teams(these), Change::Teams(held)) => Ok(Change::Teams(these.made_of(&held))),
            (BulkDeed::Tags(these), Change::Tags(held)) => Ok(Change::Tags(these.made_of(&held))),
            _ => Err(Error::internal()),
        }
    }
}

/// Takes back what was done to an item, as far as its field still holds it.
///
/// # Errors
/// What keeps the whole from going on; what speaks against this item is its outcome.
pub(super) async fn take_back(tx: &mut Tx, item: &mut ItemRecord, author: &Author, before: Kept, after: Kept) -> Result<Outcome> {
    let made = match (before, after) {
        (Kept::Followers(before), Kept::Followers(after)) => {
            let held = followers(tx, item).await?;
            match back(&before, &after, &held) {
                Some(wanted) => follow(tx, item, author, held, wanted).await,
                None => Err(changed_since()),
            }
        }
        (Kept::Fields(before), Kept::Fields(after)) => match changes_back(tx, item, before, after).await? {
            Some(changes) => set(tx, item, author, changes).await,
            None => Err(changed_since()),
        },
        (Kept::Put(before), Kept::Put(after)) => match after.now(&item.away()) == after {
            true => put(tx, item, author, still(before, tx.now)).await,
            false => Err(changed_since()),
        },
        _ => Err(Error::internal()),
    };
    refused(made)
}

/// The changes that take changes back; none if the first field does not hold any more what was set.
async fn changes_back(tx: &mut Tx, item: &ItemRecord, before: Vec<Change>, after: Vec<Change>) -> Result<Option<Vec<Change>>> {
    let mut changes = Vec::with_capacity(before.len());
    for (index, (before, after)) in before.into_iter().zip(after).enumerate() {
        let now = current(tx, item, &after).await?;
        let taken_back = match (before, after, now) {
            (Change::Agents(before), Change::Agents(after), Change::Agents(now)) => {
                back(&before, &after, &now).map(Change::Agents)
            }
            (Change::Teams(before), Change::Teams(after), Change::Teams(now)) => back(&before, &after, &now).map(Change::Teams),
            (Change::Tags(before), Change::Tags(after), Change::Tags(now)) => back(&before, &after, &now).map(Change::Tags),
            // An organization that is gone does not come back with its requester.
            (Change::Organization(Some(id)), ..) if index > 0 && lookup::organization_name(tx, id).await?.is_none() => None,
            (before, after, now) if now == after => Some(before),
            // The requester brings their own organization, but somebody has chosen this one.
            (_, _, now @ Change::Organization(_)) if index > 0 => Some(now),
            _ => None,
        };
        match taken_back {
            Some(change) => changes.push(change),
            None if index == 0 => return Ok(None),
            None => {}
        }
    }
    Ok(Some(changes))
}

/// A list without what was put into it and with what was taken out of it; none if nothing of that is so any more.
fn back<T: Clone + Ord>(before: &[T], after: &[T], now: &[T]) -> Option<Vec<T>> {
    let made = Members::between(after, before).made_of(now);
    (made != now).then_some(made)
}

fn changed_since() -> Error {
    Error::new(ErrorCode::Conflict, "error_changed_since")
}

/// Tells what speaks against one item from what keeps the whole from going on.
fn refused(made: Result<Outcome>) -> Result<Outcome> {
    match made {
        Err(error) if matches!(error.code, ErrorCode::Invalid | ErrorCode::Conflict) => Ok(Outcome::Refused(error)),
        other => other,
    }
}

/// The fields that changes touch: those that they name, and those that follow.
fn touched(item: &ItemRecord, changes: &[Change]) -> Vec<Change> {
    let mut fields: Vec<Change> = changes.to_vec();
    for change in changes {
        match change {
            Change::Type(_) => fields.push(Change::Status(item.status())),
            Change::Requester(_) => fields.push(Change::Organization(item.organization())),
            _ => {}
        }
    }
    fields
}

async fn values(tx: &mut Tx, item: &ItemRecord, fields: &[Change]) -> Result<Vec<Change>> {
    let mut values = Vec::with_capacity(fields.len());
    for field in fields {
        values.push(current(tx, item, field).await?);
    }
    Ok(values)
}

async fn set(tx: &mut Tx, item: &mut ItemRecord, author: &Author, changes: Vec<Change>) -> Result<Outcome> {
    actions::away::refuse(item)?;
    let fields = touched(item, &changes);
    let before = values(tx, item, &fields).await?;
    if !apply(tx, item, author, changes, None).await? {
        return Ok(Outcome::Same);
    }
    let after = values(tx, item, &fields).await?;
    Ok(Outcome::Changed(Kept::Fields(before), Kept::Fields(after)))
}

async fn put(tx: &mut Tx, item: &mut ItemRecord, author: &Author, wanted: Put) -> Result<Outcome> {
    let before = wanted.now(&item.away());
    if !actions::away::put_locked(tx, item, wanted, author).await? {
        return Ok(Outcome::Same);
    }
    Ok(Outcome::Changed(Kept::Put(before), Kept::Put(wanted.now(&item.away()))))
}

/// Where an item is put back to: one that would be awake by now does not go to sleep again.
fn still(before: Put, now: Timestamp) -> Put {
    match before {
        Put::Snoozed(until) => Put::Snoozed(until.filter(|until| *until > now)),
        other => other,
    }
}

async fn followers(tx: &mut Tx, item: &ItemRecord) -> Result<Vec<AgentId>> {
    let ids = rows::related_to(tx, "agent_id", "item_following_agent", item.item_id()).await?;
    Ok(ids.into_iter().map(AgentId).collect())
}

async fn follow(tx: &mut Tx, item: &ItemRecord, author: &Author, held: Vec<AgentId>, wanted: Vec<AgentId>) -> Result<Outcome> {
    let turn = Members::between(&held, &wanted);
    if held == wanted {
        return Ok(Outcome::Same);
    }
    if wanted.len() > limits::FOLLOWERS {
        return Err(Error::field("following_agents", "error_too_many_values"));
    }
    let all: Vec<AgentId> = turn.add.iter().chain(&turn.remove).copied().collect();
    let names = lookup::followers(tx, &all, &turn.add).await?;
    for (agents, follows) in [(&turn.remove, false), (&turn.add, true)] {
        for agent in agents {
            let name = names.get(agent).map(String::as_str).unwrap_or_default();
            follow::set(tx, item, author, "item_following_agent", "agent_id", (*agent).into(), name, follows).await?;
        }
    }
    Ok(Outcome::Changed(Kept::Followers(held), Kept::Followers(wanted)))
}
