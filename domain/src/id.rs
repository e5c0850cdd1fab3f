//! Identifiers. Each kind of thing has a type of its own, so that one cannot be passed for another.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }
    )*};
}

ids! {
    /// An agent.
    AgentId,
    /// A customer.
    CustomerId,
    /// An organization.
    OrganizationId,
    /// A team.
    TeamId,
    /// A ticket type.
    TypeId,
    /// A status of a type.
    StatusId,
    /// The database id of an item; people see its [`ItemNumber`].
    ItemId,
    /// The number of an item that people see and type, unique in the workspace, counted from 1.
    ItemNumber,
    /// A message: a reply or a note.
    MessageId,
    /// A reply that waits for a moment before it is sent, so that it can be taken back.
    HeldId,
    /// An uploaded file.
    FileId,
    /// A customer portal.
    PortalId,
    /// A signed-in session.
    SessionId,
    /// A mail in the outbox.
    MailId,
    /// A run of the import.
    ImportId,
    /// A job: what is still to be done after a change.
    JobId,
    /// A view that people have saved.
    ViewId,
    /// A run of a bulk change.
    BulkId,
    /// The position of an event in the log: gapless and monotonic, counted from 1.
    EventSeq,
}
