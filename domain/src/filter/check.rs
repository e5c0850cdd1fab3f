//! Refuses filters that make no sense: the table of field type × operator × value, the values of the relations, the limits.
//!
//! A filter that passes here means the same in memory and in both databases. What a person sees names the field, the
//! operator and what would be right; there is one message key for each kind of value that a field takes.

use super::{
    expr::{Expr, Op, Value},
    field::{Field, FieldType, Relation},
};
use crate::{
    error::{Error, Result},
    limits,
};

/// Longest text that something is compared with, in characters.
const TEXT: usize = limits::TITLE;

/// Refuses an expression that makes no sense or is larger than the limits.
///
/// # Errors
/// Invalid, with a key `error_filter_…`; its parameters say which condition it is about (`position`: the first is 1), its field
/// (or relation), its operator (or quantifier) and what would be right.
pub fn check(expr: &Expr) -> Result<()> {
    let mut leaves = 0;
    walk(expr, 1, &mut leaves)
}

fn walk(expr: &Expr, depth: usize, leaves: &mut usize) -> Result<()> {
    if depth > limits::FILTER_DEPTH {
        return Err(Error::invalid("error_filter_too_deep").with("max", limits::FILTER_DEPTH));
    }
    match expr {
        Expr::All(parts) | Expr::Any(parts) if !parts.is_empty() => {
            return parts.iter().try_for_each(|part| walk(part, depth + 1, leaves));
        }
        Expr::Not(inner) => return walk(inner, depth + 1, leaves),
        _ => {}
    }
    // Empty groups count as leaves, so that a filter cannot be made large out of nothing.
    *leaves += 1;
    if *leaves > limits::FILTER_LEAVES {
        return Err(Error::invalid("error_filter_too_many_conditions").with("max", limits::FILTER_LEAVES));
    }
    let checked = match expr {
        Expr::Compare { field, op, value } => comparison(*field, *op, value),
        Expr::Related { relation, quantifier, value } => related(*relation, value).map_err(|problem| {
            let kind = if *relation == Relation::Tags { "text" } else { "id" };
            problem.tell(relation.key(), quantifier.key(), &format!("error_filter_value_{kind}"))
        }),
        Expr::All(_) | Expr::Any(_) | Expr::Not(_) => Ok(()),
    };
    checked.map_err(|error| error.with("position", *leaves))
}

/// What is wrong with a value.
enum Problem {
    /// It is of the wrong kind.
    Kind,
    /// It is a set with too many values.
    Many,
    /// It is a text that is too long, or holds what no database keeps.
    Text,
}

impl Problem {
    fn tell(self, field: &str, operator: &str, kind: &str) -> Error {
        let error = match self {
            Self::Kind => Error::invalid(kind),
            Self::Many => Error::invalid("error_filter_too_many_values").with("max", limits::FILTER_SET),
            Self::Text => Error::invalid("error_filter_text").with("max", TEXT),
        };
        error.with("field", field).with("operator", operator)
    }
}

fn comparison(field: Field, op: Op, value: &Value) -> Result<()> {
    if !field.operators().any(|known| known == op) {
        let allowed: Vec<&str> = field.operators().map(Op::key).collect();
        return Err(Error::invalid("error_filter_operator")
            .with("field", field.key())
            .with("operator", op.key())
            .with("allowed", allowed.join(", ")));
    }
    let (result, kind) = match op {
        Op::IsEmpty | Op::IsNotEmpty => (one(*value == Value::Null), "error_filter_value_nothing"),
        Op::In | Op::NotIn => match value {
            Value::Set(_) => (set(value, |each| single(field, each)), kind_of(field)),
            _ => (Err(Problem::Kind), "error_filter_value_set"),
        },
        // An empty text is in every text: nobody means that.
        Op::Contains | Op::NotContains | Op::StartsWith if *value == Value::Text(String::new()) => {
            (Err(Problem::Kind), "error_filter_value_text")
        }
        _ => (single(field, value), kind_of(field)),
    };
    result.map_err(|problem| {
        let error = problem.tell(field.key(), op.key(), kind);
        match field.field_type() {
            FieldType::Key(keys) => error.with("allowed", keys.join(", ")),
            _ => error,
        }
    })
}

fn kind_of(field: Field) -> &'static str {
    match field.field_type() {
        FieldType::Int => "error_filter_value_number",
        FieldType::Text => "error_filter_value_text",
        FieldType::Key(_) => "error_filter_value_key",
        FieldType::Id => "error_filter_value_id",
        FieldType::Bool => "error_filter_value_bool",
        FieldType::Time => "error_filter_value_time",
    }
}

/// Whether one value is of the kind that the field holds.
fn single(field: Field, value: &Value) -> Result<(), Problem> {
    match (field.field_type(), value) {
        (FieldType::Text, Value::Text(typed)) => text(typed),
        (FieldType::Key(keys), Value::Text(key)) => one(keys.contains(&key.as_str())),
        (FieldType::Int, Value::Int(_))
        | (FieldType::Id, Value::Id(_))
        | (FieldType::Bool, Value::Bool(_))
        | (FieldType::Time, Value::At(_) | Value::Now(_)) => Ok(()),
        (FieldType::Id, Value::Me) => one(field == Field::Requester),
        (FieldType::Id, Value::MyOrganization) => one(field == Field::Organization),
        _ => Err(Problem::Kind),
    }
}

fn related(relation: Relation, value: &Value) -> Result<(), Problem> {
    let member = |value: &Value| match (relation, value) {
        (Relation::Tags, Value::Text(tag)) => text(tag),
        (Relation::Agents | Relation::FollowingAgents | Relation::FollowingCustomers, Value::Id(_) | Value::Me)
        | (Relation::Teams, Value::Id(_) | Value::MyTeams) => Ok(()),
        _ => Err(Problem::Kind),
    };
    match value {
        Value::Null => Ok(()),
        Value::Set(_) => set(value, member),
        one => member(one),
    }
}

fn set(value: &Value, member: impl Fn(&Value) -> Result<(), Problem>) -> Result<(), Problem> {
    match value {
        Value::Set(values) if values.len() > limits::FILTER_SET => Err(Problem::Many),
        Value::Set(values) => values.iter().try_for_each(member),
        _ => Err(Problem::Kind),
    }
}

fn text(text: &str) -> Result<(), Problem> {
    // PostgreSQL keeps no NUL character.
    if text.chars().count() > TEXT || text.contains('\0') { Err(Problem::Text) } else { Ok(()) }
}

fn one(right: bool) -> Result<(), Problem> {
    if right { Ok(()) } else { Err(Problem::Kind) }
}
