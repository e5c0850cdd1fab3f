//! What is done with whole items: put away and brought back, linked, split, merged.

use crate::{
    error::{Check, Result},
    id::{ItemNumber, MessageId},
    limits,
    time::Timestamp,
    types::Category,
};
use serde::{Deserialize, Serialize};

/// Whether and why an item lies outside of ordinary lists ([`crate::filter::policy::in_sight`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Away {
    /// It is spam.
    pub spam: bool,
    /// When it was deleted; it can be restored for [`limits::DELETED_DAYS`].
    pub deleted_at: Option<Timestamp>,
    /// Until when it sleeps; a customer's reply wakes it.
    pub snoozed_until: Option<Timestamp>,
    /// The item that it was merged into: there it goes on.
    pub merged_into: Option<ItemNumber>,
}

impl Away {
    /// Whether it lies where all others lie.
    #[must_use]
    pub fn is_not(&self) -> bool {
        *self == Self::default()
    }
}

/// Where an item is put: one part of [`Away`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Put {
    /// Deleted, or restored.
    Deleted(bool),
    /// Spam, or not.
    Spam(bool),
    /// Asleep until then; awake.
    Snoozed(Option<Timestamp>),
}

impl Put {
    /// The key of the field (message keys `field_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Deleted(_) => "deleted",
            Self::Spam(_) => "spam",
            Self::Snoozed(_) => "snoozed",
        }
    }
    /// How the same part of an item stands.
    #[must_use]
    pub fn now(self, away: &Away) -> Self {
        match self {
            Self::Deleted(_) => Self::Deleted(away.deleted_at.is_some()),
            Self::Spam(_) => Self::Spam(away.spam),
            Self::Snoozed(_) => Self::Snoozed(away.snoozed_until),
        }
    }
}

/// How one item is linked to another, seen from the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// They have to do with each other.
    Relates,
    /// The other cannot be done before this one is.
    Blocks,
    /// This one cannot be done before the other is.
    BlockedBy,
    /// This one asks for the same as the other.
    Duplicates,
    /// The other asks for the same as this one.
    DuplicatedBy,
    /// The other is there because of this one.
    Causes,
    /// This one is there because of the other.
    CausedBy,
    /// The other was split off from this one.
    SplitInto,
    /// This one was split off from the other.
    SplitFrom,
    /// The other is a copy of this one.
    ClonedTo,
    /// This one is a copy of the other.
    ClonedFrom,
}

impl LinkKind {
    /// All of them; those that people choose first.
    pub const ALL: [Self; 11] = [
        Self::Relates,
        Self::Blocks,
        Self::BlockedBy,
        Self::Duplicates,
        Self::DuplicatedBy,
        Self::Causes,
        Self::CausedBy,
        Self::SplitInto,
        Self::SplitFrom,
        Self::ClonedTo,
        Self::ClonedFrom,
    ];
    /// The stable name (message keys `link_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Relates => "relates",
            Self::Blocks => "blocks",
            Self::BlockedBy => "blocked_by",
            Self::Duplicates => "duplicates",
            Self::DuplicatedBy => "duplicated_by",
            Self::Causes => "causes",
            Self::CausedBy => "caused_by",
            Self::SplitInto => "split_into",
            Self::SplitFrom => "split_from",
            Self::ClonedTo => "cloned_to",
            Self::ClonedFrom => "cloned_from",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
    /// The same link, seen from the other item.
    #[must_use]
    pub fn reverse(self) -> Self {
        match self {
            Self::Relates => Self::Relates,
            Self::Blocks => Self::BlockedBy,
            Self::BlockedBy => Self::Blocks,
            Self::Duplicates => Self::DuplicatedBy,
            Self::DuplicatedBy => Self::Duplicates,
            Self::Causes => Self::CausedBy,
            Self::CausedBy => Self::Causes,
            Self::SplitInto => Self::SplitFrom,
            Self::SplitFrom => Self::SplitInto,
            Self::ClonedTo => Self::ClonedFrom,
            Self::ClonedFrom => Self::ClonedTo,
        }
    }
    /// Whether people make such links; the others tell where an item comes from.
    #[must_use]
    pub fn is_chosen(self) -> bool {
        !matches!(self, Self::SplitInto | Self::SplitFrom | Self::ClonedTo | Self::ClonedFrom)
    }
}

/// A link of an item to another, seen from the one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemLink {
    /// How.
    pub kind: LinkKind,
    /// The number of the other.
    pub number: ItemNumber,
    /// Its title.
    pub title: String,
    /// Category of its status.
    pub category: Category,
}

/// An item that was merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Its number.
    pub number: ItemNumber,
    /// Its title.
    pub title: String,
    /// When it was merged.
    pub at: Timestamp,
    /// Whether that can still be taken back.
    pub reversible: bool,
}

/// Items to merge into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// The item that goes on.
    pub into: ItemNumber,
    /// Those that are closed and lead there.
    pub items: Vec<ItemNumber>,
    /// Whether the customers of those follow the one that goes on from now on, and so read what is written there. Otherwise only those
    /// do who may read it already.
    #[serde(default)]
    pub share: bool,
    /// Made once for one dialog: the same key again merges once.
    #[serde(default)]
    pub idempotency_key: String,
}

impl NewMerge {
    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Invalid, with every field that is wrong.
    pub fn check(&self) -> Result<()> {
        let mut check = Check::new();
        check
            .that(!self.items.is_empty(), "items", "error_required")
            .that(self.items.len() <= limits::MERGED, "items", "error_too_many_values")
            .that(!self.items.contains(&self.into), "items", "error_same_item")
            .that(self.idempotency_key.len() <= 64, "idempotency_key", "error_too_long");
        check.done()
    }
}

/// A message to make an item of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSplit {
    /// The item that it is in.
    pub item: ItemNumber,
    /// The message. A reply becomes what is asked in the new item; a note stays a note.
    pub message: MessageId,
    /// The title of the new item, 1–250 characters.
    pub title: String,
    /// Whether all that was written after it goes with it.
    #[serde(default)]
    pub later: bool,
    /// Made once for one dialog: the same key again gives the same item.
    #[serde(default)]
    pub idempotency_key: String,
}

impl NewSplit {
    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Invalid, with every field that is wrong.
    pub fn check(&self) -> Result<()> {
        let mut check = Check::new();
        check.not_empty(&self.title, "title").at_most(&self.title, limits::TITLE, "title").that(
            self.idempotency_key.len() <= 64,
            "idempotency_key",
            "error_too_long",
        );
        check.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_seen_from_both_ends() {
        for kind in LinkKind::ALL {
            assert_eq!(LinkKind::from_key(kind.key()), Some(kind));
            assert_eq!(kind.reverse().reverse(), kind);
            assert_eq!(kind.reverse() == kind, kind == LinkKind::Relates);
            assert_eq!(kind.is_chosen(), kind.reverse().is_chosen());
        }
    }

    #[test]
    fn nothing_is_merged_into_itself() {
        let merge = |items: &[i64]| NewMerge {
            into: ItemNumber(1),
            items: items.iter().copied().map(ItemNumber).collect(),
            share: false,
            idempotency_key: String::new(),
        };
        let most = i64::try_from(limits::MERGED).unwrap();
        assert!(merge(&[2, 3]).check().is_ok());
        assert!(merge(&(2..2 + most).collect::<Vec<_>>()).check().is_ok());
        for wrong in [vec![], vec![2, 1], (2..3 + most).collect()] {
            assert!(merge(&wrong).check().is_err(), "{wrong:?}");
        }
    }
}
