//! Bulk changes: one deed done to many items, named one by one or as all that a list shows. A run goes on in the background, tells how far it
//! is and what it was refused, can be cancelled, and taken back as far as nobody has changed the same since.

use crate::{
    action::Put,
    error::{Check, Error, Result},
    id::{AgentId, BulkId, ItemNumber, TeamId},
    item::{Change, normalize_tags},
    limits,
    time::Timestamp,
    view::ItemQuery,
};
use serde::{Deserialize, Serialize};

/// Which items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkTarget {
    /// These.
    Numbers(Vec<ItemNumber>),
    /// Everything that a list shows when the run begins; its order and page do not count.
    All(Box<ItemQuery>),
}

/// What goes into a list of values and what goes out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Members<T> {
    /// What is in it afterwards.
    pub add: Vec<T>,
    /// What is not.
    pub remove: Vec<T>,
}

impl<T: Clone + Ord> Members<T> {
    /// What makes one list of another.
    #[must_use]
    pub fn between(before: &[T], after: &[T]) -> Self {
        let without = |list: &[T], other: &[T]| list.iter().filter(|one| !other.contains(one)).cloned().collect();
        Self { add: without(after, before), remove: without(before, after) }
    }

    /// What becomes of a list: sorted, each value once.
    #[must_use]
    pub fn made_of(&self, held: &[T]) -> Vec<T> {
        let mut made: Vec<T> = held.iter().filter(|one| !self.remove.contains(one)).chain(&self.add).cloned().collect();
        made.sort_unstable();
        made.dedup();
        made
    }

    fn check(&self, most: usize, field: &str) -> Result<()> {
        let mut check = Check::new();
        check
            .that(!self.add.is_empty() || !self.remove.is_empty(), field, "error_required")
            .that(self.add.len() <= most && self.remove.len() <= most, field, "error_too_many_values")
            .that(!self.add.iter().any(|one| self.remove.contains(one)), field, "error_field_twice")
            .done()
    }
}

/// What is done to each item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkDeed {
    /// A field is set. Where a status is not of an item's type, the item gets the one of its own that comes nearest.
    Set(Change),
    /// Agents are assigned, others are not any more.
    Agents(Members<AgentId>),
    /// Teams are assigned, others are not any more.
    Teams(Members<TeamId>),
    /// Tags are put on, others taken off.
    Tags(Members<String>),
    /// Agents follow, others do not any more.
    Followers(Members<AgentId>),
    /// It is put away, or brought back.
    Put(Put),
}

impl BulkDeed {
    /// Stable key of the field that it is about (message keys `field_…`).
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Set(change) => change.key(),
            Self::Agents(_) => "agents",
            Self::Teams(_) => "teams",
            Self::Tags(_) => "tags",
            Self::Followers(_) => "following_agents",
            Self::Put(put) => put.key(),
        }
    }

    /// In the form in which it is kept.
    #[must_use]
    pub fn normal(self) -> Self {
        match self {
            Self::Tags(tags) => Self::Tags(Members { add: normalize_tags(&tags.add), remove: normalize_tags(&tags.remove) }),
            other => other,
        }
    }

    /// Checks what can be checked without looking anything up. A description belongs to one item, with its pictures, and is not set for
    /// many.
    ///
    /// # Errors
    /// Invalid, with the field's key.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Set(Change::Description(_)) => Err(Error::field("description", "error_choice")),
            Self::Set(change) => change.check(),
            Self::Put(_) => Ok(()),
            Self::Agents(agents) => agents.check(limits::ASSIGNEES, "agents"),
            Self::Teams(teams) => teams.check(limits::ASSIGNEES, "teams"),
            Self::Followers(agents) => agents.check(limits::FOLLOWERS, "following_agents"),
            Self::Tags(tags) => {
                tags.check(limits::TAGS, "tags")?;
                Change::Tags(tags.add.clone()).check()?;
                Change::Tags(tags.remove.clone()).check()
            }
        }
    }
}

/// A bulk change to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBulk {
    /// Which items.
    pub target: BulkTarget,
    /// What is done to each.
    pub deed: BulkDeed,
    /// Begun once for one key: the same key again gives the same run. Empty for no key.
    pub idempotency_key: String,
}

impl NewBulk {
    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Invalid, with the field that is wrong.
    pub fn check(&self) -> Result<()> {
        let mut check = Check::new();
        if let BulkTarget::Numbers(numbers) = &self.target {
            check
                .that(!numbers.is_empty(), "numbers", "error_required")
                .that(numbers.iter().all(|number| number.0 > 0), "numbers", "error_choice")
                .that(numbers.len() <= limits::BULK_NUMBERS, "numbers", "error_too_many_values");
        }
        check.that(self.idempotency_key.len() <= 64, "idempotency_key", "error_too_long").done()?;
        self.deed.check()
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkState {
    /// Its items are being found; nothing is changed yet.
    Waiting,
    /// Under way.
    Running,
    /// Every item has had its turn.
    Done,
    /// Somebody has stopped it. What was changed by then stays.
    Cancelled,
    /// It could not go on. What was changed by then stays.
    Failed,
}

impl BulkState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Cancelled, Self::Failed];
    /// The stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
    /// Whether nothing more comes of it.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}

/// An item that was left as it is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The item.
    pub number: ItemNumber,
    /// Why.
    pub error: Error,
}

/// A bulk change, under way or over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRun {
    /// The run.
    pub id: BulkId,
    /// What is done to each item; of a run that takes another back: what that one did.
    pub deed: BulkDeed,
    /// The run that it takes back.
    pub undo_of: Option<BulkId>,
    /// Where it stands.
    pub state: BulkState,
    /// How many items; as long as it waits, how many were found so far.
    pub total: i64,
    /// How many have had their turn.
    pub done: i64,
    /// How many of these were changed. Those neither changed nor refused were so already.
    pub changed: i64,
    /// How many of these were left as they are.
    pub refused: i64,
    /// The first of these, at most [`limits::BULK_REFUSALS`]; the others are asked for.
    pub refusals: Vec<Refusal>,
    /// Why it could not go on.
    pub error: Option<Error>,
    /// Whether it can be taken back now: it is over, has changed something, is not too old, and was not taken back.
    pub may_undo: bool,
    /// Whether it was taken back, or is being taken back.
    pub undone: bool,
    /// When it was begun.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(add: &[i64], remove: &[i64]) -> Members<i64> {
        Members { add: add.to_vec(), remove: remove.to_vec() }
    }

    #[test]
    fn members_come_and_go() {
        assert_eq!(members(&[3, 1], &[2]).made_of(&[2, 1]), [1, 3]);
        assert_eq!(members(&[], &[9]).made_of(&[2]), [2]);
        let (before, after) = ([1, 2, 3], [2, 3, 4]);
        assert_eq!(Members::between(&before, &after), members(&[4], &[1]));
        assert_eq!(Members::between(&before, &after).made_of(&before), after);
        // What somebody has added meanwhile stays when it is taken back.
        assert_eq!(Members::between(&after, &before).made_of(&[2, 3, 4, 5]), [1, 2, 3, 5]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let tags = |add: &[&str], remove: &[&str]| {
            let owned = |list: &[&str]| list.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
            BulkDeed::Tags(Members { add: owned(add), remove: owned(remove) })
        };
        for (wrong, field) in [
            (tags(&[], &[]), "tags"),
            (tags(&["a"], &["a"]), "tags"),
            (tags(&[" "], &[]), "tags"),
            (tags(&[], &[&"x".repeat(limits::TAG + 1)]), "tags"),
            (BulkDeed::Agents(Members { add: (0..=20).map(AgentId).collect(), remove: Vec::new() }), "agents"),
            (BulkDeed::Set(Change::Description("<p>x</p>".to_owned())), "description"),
            (BulkDeed::Set(Change::Priority(6)), "priority"),
        ] {
            assert_eq!(wrong.check().unwrap_err().fields[0].field, field, "{wrong:?}");
        }
        assert_eq!(tags(&["  A  b"], &["C"]).normal(), tags(&["a b"], &["c"]));
        let bulk = |numbers: Vec<i64>, key: usize| NewBulk {
            target: BulkTarget::Numbers(numbers.into_iter().map(ItemNumber).collect()),
            deed: BulkDeed::Set(Change::Priority(5)),
            idempotency_key: "x".repeat(key),
        };
        let most = i64::try_from(limits::BULK_NUMBERS).unwrap();
        bulk((1..=most).collect(), 64).check().unwrap();
        for wrong in [bulk(Vec::new(), 0), bulk(vec![0], 0), bulk((1..=most + 1).collect(), 0), bulk(vec![1], 65)] {
            assert!(wrong.check().is_err());
        }
    }
}
