//! The tree of a filter.

use super::field::{Field, Relation};
use crate::time::Timestamp;
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
    /// Something about the rows of a relation: assignees, teams, followers, tags.
    Related {
        /// Which rows.
        relation: Relation,
        /// How many of them must match.
        quantifier: Quantifier,
        /// The set that a row must be in (or text for tags); [`Value::Null`] stands for any row.
        value: Value,
    },
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
}

impl Expr {
    /// Whether it holds for every item, whoever looks.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::All(all) if all.is_empty())
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
    /// At least one related row matches.
    #[must_use]
    pub fn some(relation: Relation, value: Value) -> Self {
        Self::Related { relation, quantifier: Quantifier::Some, value }
    }
    /// No related row matches.
    #[must_use]
    pub fn none(relation: Relation, value: Value) -> Self {
        Self::Related { relation, quantifier: Quantifier::None, value }
    }
}
