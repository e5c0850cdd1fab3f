//! The fields of items and of the rows that belong to them: one table of what each is, which checks, texts, SQL, evaluation
//! and screens all read.
//!
//! A field is known by its key. One whose key is not in the table (it was taken away, or comes from a newer version) stays as it was
//! written: [`Field::Unknown`]. Such a condition is *broken*: see [`super::eval`].

use super::expr::Op;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A field with one value, of an item or of a row that belongs to one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// Whether it is not for the team's eyes: somebody wants to sell something.
    Spam,
    /// When it was deleted.
    Deleted,
    /// Until when it sleeps.
    Snoozed,
    /// The number of the item that it was merged into; 0 counts as empty.
    MergedInto,
    /// Whether it is spam, deleted, asleep or merged: then lists that do not ask for that leave it out.
    Away,
    /// Of assignees, followers and messages: which agent.
    Agent,
    /// Of assigned teams: which team.
    Team,
    /// Of followers and messages: which customer.
    Customer,
    /// Of tags: the tag.
    Tag,
    /// Of messages: `reply` or `note`.
    Kind,
    /// Of messages: the kind of who wrote it, `agent`, `customer` or `system`.
    By,
    /// Of messages: when it was written.
    Written,
    /// Of files: the name.
    Name,
    /// Of files: bytes.
    Size,
    /// Of files: the media type.
    ContentType,
    /// Of files: when it was uploaded.
    Added,
    /// A field that nobody knows (any more), by the key that was written.
    Unknown(String),
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
    Id(Thing),
    /// Yes or no.
    Bool,
    /// A point in time.
    Time,
}

/// A kind of thing that a field names by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A ticket type.
    Type,
    /// A status of a type.
    Status,
    /// An agent.
    Agent,
    /// A team.
    Team,
    /// A customer.
    Customer,
    /// An organization.
    Organization,
    /// A saved view. No field names one; filters do.
    View,
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
    /// Replies and notes; customers know of no notes.
    Messages,
    /// Files of the description and of messages; customers know of none of notes.
    Files,
}

/// What there is to know about a field.
#[derive(Debug)]
pub struct Info {
    /// The field.
    pub field: Field,
    /// The stable name (the same as on the wire; message keys `field_…`).
    pub key: &'static str,
    /// What kind of values it has.
    pub kind: FieldType,
    /// Whether it can have no value.
    pub optional: bool,
    /// Whether lists can be sorted by it.
    pub sortable: bool,
    /// Whether lists can be grouped by it: times by day, week, month, ….
    pub groupable: bool,
    /// The rows that have it; none: items have it.
    pub rows: &'static [Relation],
}

/// What a field is for: of items, sorted and grouped by or not; or of rows.
enum Use {
    Plain,
    Sorted,
    Grouped,
    Both,
    Rows(&'static [Relation]),
}

const fn info(field: Field, key: &'static str, kind: FieldType, optional: bool, used: Use) -> Info {
    let rows = match used {
        Use::Rows(rows) => rows,
        _ => &[],
    };
    let (sortable, groupable) = (matches!(used, Use::Sorted | Use::Both), matches!(used, Use::Grouped | Use::Both));
    Info { field, key, kind, optional, sortable, groupable, rows }
}

const CATEGORIES: FieldType = FieldType::Key(&["todo", "waiting", "done"]);
const CHANNELS: FieldType = FieldType::Key(&["agent", "portal", "mail", "form", "chat", "phone", "social", "api"]);
const IMPACTS: FieldType = FieldType::Key(&["none", "minor", "major", "crisis"]);
const SIDES: FieldType = FieldType::Key(&["agent", "customer"]);
const KINDS: FieldType = FieldType::Key(&["reply", "note"]);
const AUTHORS: FieldType = FieldType::Key(&["agent", "customer", "system"]);
const WITH_AGENTS: &[Relation] = &[Relation::Agents, Relation::FollowingAgents, Relation::Messages];
const WITH_CUSTOMERS: &[Relation] = &[Relation::FollowingCustomers, Relation::Messages];

/// The table of fields.
pub static FIELDS: [Info; 34] = [
    info(Field::Number, "number", FieldType::Int, false, Use::Sorted),
    info(Field::Title, "title", FieldType::Text, false, Use::Sorted),
    info(Field::Type, "type", FieldType::Id(Thing::Type), false, Use::Grouped),
    info(Field::Status, "status", FieldType::Id(Thing::Status), false, Use::Both),
    info(Field::Category, "category", CATEGORIES, false, Use::Grouped),
    info(Field::Priority, "priority", FieldType::Int, true, Use::Both),
    info(Field::Requester, "requester", FieldType::Id(Thing::Customer), true, Use::Both),
    info(Field::Organization, "organization", FieldType::Id(Thing::Organization), true, Use::Grouped),
    info(Field::Channel, "channel", CHANNELS, false, Use::Grouped),
    info(Field::Impact, "impact", IMPACTS, true, Use::Grouped),
    info(Field::Product, "product", FieldType::Text, true, Use::Grouped),
    info(Field::Published, "published", FieldType::Bool, false, Use::Grouped),
    info(Field::Created, "created", FieldType::Time, false, Use::Both),
    info(Field::Updated, "updated", FieldType::Time, false, Use::Both),
    info(Field::FirstResponse, "first_response", FieldType::Time, true, Use::Grouped),
    info(Field::Resolved, "resolved", FieldType::Time, true, Use::Grouped),
    info(Field::LastMessage, "last_message", FieldType::Time, true, Use::Grouped),
    info(Field::LastMessageBy, "last_message_by", SIDES, true, Use::Plain),
    info(Field::Spam, "spam", FieldType::Bool, false, Use::Plain),
    info(Field::Deleted, "deleted", FieldType::Time, true, Use::Plain),
    info(Field::Snoozed, "snoozed", FieldType::Time, true, Use::Plain),
    info(Field::MergedInto, "merged_into", FieldType::Int, true, Use::Plain),
    info(Field::Away, "away", FieldType::Bool, false, Use::Plain),
    info(Field::Agent, "agent", FieldType::Id(Thing::Agent), true, Use::Rows(WITH_AGENTS)),
    info(Field::Team, "team", FieldType::Id(Thing::Team), false, Use::Rows(&[Relation::Teams])),
    info(Field::Customer, "customer", FieldType::Id(Thing::Customer), true, Use::Rows(WITH_CUSTOMERS)),
    info(Field::Tag, "tag", FieldType::Text, false, Use::Rows(&[Relation::Tags])),
    info(Field::Kind, "kind", KINDS, false, Use::Rows(&[Relation::Messages])),
    info(Field::By, "by", AUTHORS, false, Use::Rows(&[Relation::Messages])),
    info(Field::Written, "written", FieldType::Time, false, Use::Rows(&[Relation::Messages])),
    info(Field::Name, "name", FieldType::Text, false, Use::Rows(&[Relation::Files])),
    info(Field::Size, "size", FieldType::Int, false, Use::Rows(&[Relation::Files])),
    info(Field::ContentType, "content_type", FieldType::Text, false, Use::Rows(&[Relation::Files])),
    info(Field::Added, "added", FieldType::Time, false, Use::Rows(&[Relation::Files])),
];

impl Info {
    /// The operators that it takes: those of its type, without "is empty" where nothing is ever empty.
    pub fn operators(&self) -> impl Iterator<Item = Op> + use<> {
        let empties = self.optional;
        self.kind.operators().iter().copied().filter(move |op| empties || !matches!(op, Op::IsEmpty | Op::IsNotEmpty))
    }
    /// Whether items (`None`) or the rows of this relation have it.
    #[must_use]
    pub fn is_of(&self, rows: Option<Relation>) -> bool {
        rows.map_or(self.rows.is_empty(), |relation| self.rows.contains(&relation))
    }
}

impl Field {
    /// What there is to know about it; `None` if nobody knows it.
    #[must_use]
    pub fn info(&self) -> Option<&'static Info> {
        FIELDS.iter().find(|info| info.field == *self)
    }
    /// The field of this key.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        FIELDS.iter().find(|info| info.key == key).map_or_else(|| Self::Unknown(key.to_owned()), |info| info.field.clone())
    }
    /// The stable name (the same as on the wire; message keys `field_…`).
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Unknown(key) => key,
            known => known.info().map_or("", |info| info.key),
        }
    }
    /// The fields that items have (`None`), or the rows of a relation.
    pub fn of(rows: Option<Relation>) -> impl Iterator<Item = &'static Info> + Clone {
        FIELDS.iter().filter(move |info| info.is_of(rows))
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Key;
        impl de::Visitor<'_> for Key {
            type Value = Field;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the key of a field")
            }
            fn visit_str<E: de::Error>(self, key: &str) -> Result<Field, E> {
                Ok(Field::from_key(key))
            }
        }
        deserializer.deserialize_str(Key)
    }
}

impl Relation {
    /// All relations.
    pub const ALL: [Self; 7] =
        [Self::Agents, Self::Teams, Self::FollowingAgents, Self::FollowingCustomers, Self::Tags, Self::Messages, Self::Files];

    /// The stable name (the same as on the wire).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Agents => "agents",
            Self::Teams => "teams",
            Self::FollowingAgents => "following_agents",
            Self::FollowingCustomers => "following_customers",
            Self::Tags => "tags",
            Self::Messages => "messages",
            Self::Files => "files",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.key() == key)
    }
    /// The field by which its rows are known.
    #[must_use]
    pub fn main(self) -> Field {
        match self {
            Self::Agents | Self::FollowingAgents => Field::Agent,
            Self::Teams => Field::Team,
            Self::FollowingCustomers => Field::Customer,
            Self::Tags => Field::Tag,
            Self::Messages => Field::By,
            Self::Files => Field::Name,
        }
    }
}

impl FieldType {
    /// The operators that fields of this type take.
    #[must_use]
    pub fn operators(self) -> &'static [Op] {
        use Op::{
            After, Before, Contains, Ge, Gt, In, Is, IsEmpty, IsNot, IsNotEmpty, Le, Lt, NotContains, NotIn, StartsWith, Within,
        };
        match self {
            Self::Int => &[Is, IsNot, In, NotIn, Lt, Le, Gt, Ge, Within, IsEmpty, IsNotEmpty],
            Self::Text => &[Is, IsNot, In, NotIn, Contains, NotContains, StartsWith, IsEmpty, IsNotEmpty],
            Self::Key(_) | Self::Id(_) => &[Is, IsNot, In, NotIn, IsEmpty, IsNotEmpty],
            Self::Bool => &[Is, IsNot],
            Self::Time => &[Before, After, Ge, Le, Within, IsEmpty, IsNotEmpty],
        }
    }
}
