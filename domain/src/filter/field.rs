//! The built-in fields of items, their types, and the relations.

use super::expr::Op;
use serde::{Deserialize, Serialize};

/// A built-in field of an item with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The number that people see.
    Number,
    /// Title.
    Title,
    /// Type.
    Type,
    /// Status.
    Status,
    /// Category of the status.
    Category,
    /// Stars; 0 counts as empty.
    Priority,
    /// Who asks.
    Requester,
    /// The requester's organization.
    Organization,
    /// How it came in.
    Channel,
    /// How many people it touches; "none" counts as empty.
    Impact,
    /// Product that it is about.
    Product,
    /// Whether customers can see it.
    Published,
    /// When it came in.
    Created,
    /// When it last changed.
    Updated,
    /// When an agent first answered.
    FirstResponse,
    /// When it last became done.
    Resolved,
    /// When the last public message was written.
    LastMessage,
    /// The kind of who wrote the last public message: `agent` or `customer`.
    LastMessageBy,
}

/// What kind of values a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Whole number.
    Int,
    /// Text of people.
    Text,
    /// One of a fixed list of stable names.
    Key(&'static [&'static str]),
    /// The id of another thing.
    Id,
    /// Yes or no.
    Bool,
    /// A point in time.
    Time,
}

/// Rows that belong to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Agents it is assigned to.
    Agents,
    /// Teams it is assigned to.
    Teams,
    /// Agents who follow it.
    FollowingAgents,
    /// Customers who follow it.
    FollowingCustomers,
    /// Tags.
    Tags,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 18] = [
        Self::Number,
        Self::Title,
        Self::Type,
        Self::Status,
        Self::Category,
        Self::Priority,
        Self::Requester,
        Self::Organization,
        Self::Channel,
        Self::Impact,
        Self::Product,
        Self::Published,
        Self::Created,
        Self::Updated,
        Self::FirstResponse,
        Self::Resolved,
        Self::LastMessage,
        Self::LastMessageBy,
    ];

    /// The stable name (the same as on the wire; message keys `field_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Title => "title",
            Self::Type => "type",
            Self::Status => "status",
            Self::Category => "category",
            Self::Priority => "priority",
            Self::Requester => "requester",
            Self::Organization => "organization",
            Self::Channel => "channel",
            Self::Impact => "impact",
            Self::Product => "product",
            Self::Published => "published",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::FirstResponse => "first_response",
            Self::Resolved => "resolved",
            Self::LastMessage => "last_message",
            Self::LastMessageBy => "last_message_by",
        }
    }
    /// The operators that it takes: those of its type, without "is empty" where nothing is ever empty.
    pub fn operators(self) -> impl Iterator<Item = Op> {
        let empties = self.can_be_empty();
        self.field_type().operators().iter().copied().filter(move |op| empties || !matches!(op, Op::IsEmpty | Op::IsNotEmpty))
    }
    /// What kind of values it has.
    #[must_use]
    pub fn field_type(self) -> FieldType {
        match self {
            Self::Number | Self::Priority => FieldType::Int,
            Self::Title | Self::Product => FieldType::Text,
            Self::Type | Self::Status | Self::Requester | Self::Organization => FieldType::Id,
            Self::Category => FieldType::Key(&["todo", "waiting", "done"]),
            Self::Channel => FieldType::Key(&["agent", "portal", "mail", "form", "chat", "phone", "social", "api"]),
            Self::Impact => FieldType::Key(&["none", "minor", "major", "crisis"]),
            Self::LastMessageBy => FieldType::Key(&["agent", "customer"]),
            Self::Published => FieldType::Bool,
            Self::Created | Self::Updated | Self::FirstResponse | Self::Resolved | Self::LastMessage => FieldType::Time,
        }
    }
    /// Whether an item can have no value here.
    #[must_use]
    pub fn can_be_empty(self) -> bool {
        matches!(
            self,
            Self::Requester
                | Self::Organization
                | Self::Product
                | Self::Priority
                | Self::Impact
                | Self::FirstResponse
                | Self::Resolved
                | Self::LastMessage
                | Self::LastMessageBy
        )
    }
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 5] = [Self::Agents, Self::Teams, Self::FollowingAgents, Self::FollowingCustomers, Self::Tags];

    /// The stable name (the same as on the wire).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Teams => "teams",
            Self::FollowingAgents => "following_agents",
            Self::FollowingCustomers => "following_customers",
            Self::Tags => "tags",
        }
    }
}

impl FieldType {
    /// The operators that fields of this type take.
    #[must_use]
    pub fn operators(self) -> &'static [Op] {
        use Op::{After, Before, Contains, Ge, Gt, In, Is, IsEmpty, IsNot, IsNotEmpty, Le, Lt, NotContains, NotIn, StartsWith};
        match self {
            Self::Int => &[Is, IsNot, In, NotIn, Lt, Le, Gt, Ge, IsEmpty, IsNotEmpty],
            Self::Text => &[Is, IsNot, In, NotIn, Contains, NotContains, StartsWith, IsEmpty, IsNotEmpty],
            Self::Key(_) | Self::Id => &[Is, IsNot, In, NotIn, IsEmpty, IsNotEmpty],
            Self::Bool => &[Is, IsNot],
            Self::Time => &[Before, After, IsEmpty, IsNotEmpty],
        }
    }
}
