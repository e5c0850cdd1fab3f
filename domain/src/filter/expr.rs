//! The tree of a filter.

use super::field::{Field, Relation};
use crate::{
    calendar::{Date, Unit},
    id::ViewId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A condition over items. Two-valued: never unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expr {
    /// Every one holds; true when empty.
    All(Vec<Expr>),
    /// At least one holds; false when empty.
    Any(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// A field compared with a value.
    Compare {
        /// The field.
        field: Field,
        /// How.
        op: Op,
        /// With what.
        value: Value,
    },
    /// Something about the rows of a relation: assignees, tags, messages, files.
    Related {
        /// Which rows.
        relation: Relation,
        /// How many of them must match.
        quantifier: Quantifier,
        /// What must hold of a row: comparisons of the fields that such rows have, and full text of messages. No relation and no
        /// view stands in it.
        of: Box<Expr>,
    },
    /// Full text: words that follow each other, without regard to case and accents; with `*` behind the last its beginning is
    /// enough. Of an item they are looked for in title, description, messages, names of files, and the name and addresses of who asks.
    Text(String),
    /// What another view shows.
    View(ViewId),
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Equal.
    Is,
    /// Not equal; empty counts as not equal.
    IsNot,
    /// One of a set.
    In,
    /// None of a set; empty counts as none.
    NotIn,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Holds the text, without regard to ASCII case.
    Contains,
    /// Does not hold the text; empty does not hold it.
    NotContains,
    /// Begins with the text, without regard to ASCII case.
    StartsWith,
    /// Has no value.
    IsEmpty,
    /// Has a value.
    IsNotEmpty,
    /// Earlier than.
    Before,
    /// Later than.
    After,
    /// In a range of numbers, or in a stretch of time; both ends belong to it.
    Within,
}

impl Op {
    /// The stable name (the same as on the wire).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Contains => "contains",
            Self::NotContains => "not_contains",
            Self::StartsWith => "starts_with",
            Self::IsEmpty => "is_empty",
            Self::IsNotEmpty => "is_not_empty",
            Self::Before => "before",
            Self::After => "after",
            Self::Within => "within",
        }
    }
}

/// How many related rows must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    /// At least one.
    Some,
    /// All of them (true when there are none).
    Every,
    /// None of them.
    None,
}

impl Quantifier {
    /// The stable name (the same as on the wire).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Some => "some",
            Self::Every => "every",
            Self::None => "none",
        }
    }
}

/// What a field is compared with.
///
/// A day or another stretch of the calendar begins and ends in the time zone of who looks. *Before* it is before its first moment,
/// *after* it after its last, *at least* from its first on, *at most* until its last, *within* both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Value {
    /// Nothing (for operators that take no value).
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number, also the stars of a priority.
    Int(i64),
    /// Text, also the stable key of a category, channel or impact.
    Text(String),
    /// The id of a type, status, agent, team, customer or organization.
    Id(i64),
    /// A set of ids, numbers or texts.
    Set(Vec<Value>),
    /// The agent or customer who looks.
    Me,
    /// The teams of the agent who looks.
    MyTeams,
    /// The organization of the customer who looks.
    MyOrganization,
    /// A point in time.
    At(Timestamp),
    /// The present moved by milliseconds (negative: the past).
    Now(i64),
    /// A day.
    Day(Date),
    /// The stretch of the calendar in which the present is, moved by so many: `week`, −1 is last week.
    Period(Unit, i32),
    /// The first moment of such a stretch.
    Start(Unit, i32),
    /// The last moment of such a stretch.
    End(Unit, i32),
    /// From the one to the other, both included.
    Range(Box<(Value, Value)>),
    /// What the same item holds in another field.
    Field(Field),
}

impl Expr {
    /// Whether it holds for every item, whoever looks.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::All(all) if all.is_empty())
    }
    /// Whether this is so of one of the values that fields are compared with.
    pub fn any_value(&self, is: &impl Fn(&Value) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any_value(is)),
            Self::Not(inner) => inner.any_value(is),
            Self::Compare { value, .. } => is(value) || matches!(value, Value::Set(set) if set.iter().any(is)),
            Self::Related { of, .. } => of.any_value(is),
            Self::Text(_) | Self::View(_) => false,
        }
    }
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(mut left), Self::All(right)) => {
                left.extend(right);
                Self::All(left)
            }
            (Self::All(mut left), right) => {
                left.push(right);
                Self::All(left)
            }
            (left, right) => Self::All(vec![left, right]),
        }
    }
    /// A field compared with a value.
    #[must_use]
    pub fn compare(field: Field, op: Op, value: Value) -> Self {
        Self::Compare { field, op, value }
    }
    /// At least one row of the relation is this (one of these, for a set); [`Value::Null`] stands for any row.
    #[must_use]
    pub fn some(relation: Relation, value: Value) -> Self {
        Self::related(relation, Quantifier::Some, Self::row(relation, value))
    }
    /// No row of the relation is this.
    #[must_use]
    pub fn none(relation: Relation, value: Value) -> Self {
        Self::related(relation, Quantifier::None, Self::row(relation, value))
    }
    /// So many rows of the relation match.
    #[must_use]
    pub fn related(relation: Relation, quantifier: Quantifier, of: Self) -> Self {
        Self::Related { relation, quantifier, of: Box::new(of) }
    }
    /// A row of the relation is this, by the field that such rows are known by.
    #[must_use]
    pub fn row(relation: Relation, value: Value) -> Self {
        match value {
            Value::Null => Self::All(Vec::new()),
            Value::Set(_) => Self::compare(relation.main(), Op::In, value),
            _ => Self::compare(relation.main(), Op::Is, value),
        }
    }
    /// It does not hold.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "`!filter` would not be read")]
    pub fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}
