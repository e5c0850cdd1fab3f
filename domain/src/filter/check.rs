//! Refuses filters that make no sense: the table of field type × operator × value, what rows have which field, the limits.
//!
//! A filter that passes here means the same in memory and in both databases. What a person sees names the field, the
//! operator and what would be right; there is one message key for each kind of value that a field takes. A condition that does not pass,
//! of a view that was saved when it still did, is *broken*: evaluation and SQL ask [`sound`] and match nothing through it.

use super::{
    expr::{Expr, Op, Value},
    field::{Field, FieldType, Info, Relation, Thing},
    words::Phrase,
};
use crate::{
    calendar::Date,
    error::{Error, Result},
    limits,
};

/// Longest text that something is compared with, in characters.
const TEXT: usize = limits::TITLE;
/// Furthest stretch of the calendar, counted from the present one.
const FAR: u32 = 10_000;

/// Refuses an expression that makes no sense or is larger than the limits.
///
/// # Errors
/// Invalid, with a key `error_filter_…`; its parameters say which condition it is about (`position`: the first is 1), its field
/// (or relation), its operator (or quantifier) and what would be right.
pub fn check(expr: &Expr) -> Result<()> {
    let mut walk = Walk { leaves: 0, first: true, wrong: Vec::new() };
    walk.expr(expr, 1, None)?;
    walk.wrong.pop().map_or(Ok(()), Err)
}

/// Refuses an expression that is larger than the limits; otherwise answers what is wrong with which of its conditions. For views that
/// were saved: their broken conditions are shown as such, and match nothing.
///
/// # Errors
/// Invalid: nested too deep, or too many conditions.
pub fn broken(expr: &Expr) -> Result<Vec<Error>> {
    let mut walk = Walk { leaves: 0, first: false, wrong: Vec::new() };
    walk.expr(expr, 1, None)?;
    Ok(walk.wrong)
}

struct Walk {
    leaves: usize,
    /// Whether it ends with the first condition that is wrong.
    first: bool,
    wrong: Vec<Error>,
}

impl Walk {
    /// `rows`: of which relation's rows the expression speaks.
    fn expr(&mut self, expr: &Expr, depth: usize, rows: Option<Relation>) -> Result<()> {
        if self.first && !self.wrong.is_empty() {
            return Ok(());
        }
        if depth > limits::FILTER_DEPTH {
            return Err(Error::invalid("error_filter_too_deep").with("max", limits::FILTER_DEPTH));
        }
        match expr {
            Expr::All(parts) | Expr::Any(parts) if !parts.is_empty() => {
                return parts.iter().try_for_each(|part| self.expr(part, depth + 1, rows));
            }
            Expr::Not(inner) => return self.expr(inner, depth + 1, rows),
            _ => {}
        }
        // Empty groups count as leaves, so that a filter cannot be made large out of nothing. So do relations, before what they ask.
        self.leaves += 1;
        if self.leaves > limits::FILTER_LEAVES {
            return Err(Error::invalid("error_filter_too_many_conditions").with("max", limits::FILTER_LEAVES));
        }
        if let Some(error) = wrong(rows, expr) {
            self.note(error);
        }
        match expr {
            Expr::Related { relation, of, .. } => self.rows(of, depth, *relation),
            _ => Ok(()),
        }
    }

    /// What is asked of rows. A single condition is one with its relation, in depth and in number.
    fn rows(&mut self, of: &Expr, depth: usize, relation: Relation) -> Result<()> {
        if matches!(of, Expr::Compare { .. } | Expr::Text(_)) || *of == Expr::All(Vec::new()) {
            self.leaves -= 1;
            return self.expr(of, depth, Some(relation));
        }
        self.expr(of, depth + 1, Some(relation))
    }

    fn note(&mut self, error: Error) {
        if !self.first || self.wrong.is_empty() {
            self.wrong.push(error.with("position", self.leaves));
        }
    }
}

/// What is wrong with one condition on items (`None`) or on the rows of a relation. What it asks of rows is a matter of its own.
pub(super) fn wrong(rows: Option<Relation>, leaf: &Expr) -> Option<Error> {
    match leaf {
        Expr::Compare { field, op, value } => comparison(rows, field, *op, value).err().map(|wrong| wrong.told(rows, field, *op)),
        Expr::Related { relation, quantifier, .. } if rows.is_some() => Some(inside(relation.key(), quantifier.key())),
        Expr::Text(_) if !has_words(rows) => Some(inside("text", "search")),
        Expr::Text(text) if !searchable(rows, text) => Some(Error::invalid("error_filter_search").with("max", limits::SEARCH)),
        Expr::View(_) if rows.is_some() => Some(inside("view", "is")),
        _ => None,
    }
}

fn inside(field: &str, operator: &str) -> Error {
    Error::invalid("error_filter_inside").with("field", field).with("operator", operator)
}

/// Whether rows of this relation (`None`: items) are searched for words.
fn has_words(rows: Option<Relation>) -> bool {
    matches!(rows, None | Some(Relation::Messages))
}

/// Whether a text can be searched for, in items (`None`) or in the rows of a relation: they have words, and so has the text, which is not
/// too long. Otherwise it is broken.
#[must_use]
pub fn searchable(rows: Option<Relation>, text: &str) -> bool {
    has_words(rows) && text.chars().count() <= limits::SEARCH && Phrase::of(text).is_some()
}

/// Whether a comparison makes sense: of a field of items (`None`) or of the rows of a relation. One that does not is broken: it
/// matches nothing, also under *not*.
#[must_use]
pub fn sound(rows: Option<Relation>, field: &Field, op: Op, value: &Value) -> bool {
    comparison(rows, field, op, value).is_ok()
}

/// What is wrong with a comparison.
enum Wrong {
    /// Nobody knows the field.
    Field,
    /// Other rows have it.
    Place,
    /// It is not compared so.
    Operator(&'static Info),
    /// The value is of the wrong kind: what would be right, as a message key.
    Kind(&'static Info, &'static str),
    /// It is a set with too many values.
    Many,
    /// It is a text that is too long, or holds what no database keeps.
    Text,
}

impl Wrong {
    fn told(self, rows: Option<Relation>, field: &Field, op: Op) -> Error {
        let keys = |keys: Vec<&str>| keys.join(", ");
        let error = match self {
            Self::Field => Error::invalid("error_filter_field"),
            Self::Place => {
                Error::invalid("error_filter_place").with("allowed", keys(Field::of(rows).map(|info| info.key).collect()))
            }
            Self::Operator(info) => {
                Error::invalid("error_filter_operator").with("allowed", keys(info.operators().map(Op::key).collect()))
            }
            Self::Kind(info, key) => match info.kind {
                FieldType::Key(allowed) => Error::invalid(key).with("allowed", allowed.join(", ")),
                _ => Error::invalid(key),
            },
            Self::Many => Error::invalid("error_filter_too_many_values").with("max", limits::FILTER_SET),
            Self::Text => Error::invalid("error_filter_text").with("max", TEXT),
        };
        error.with("field", field.key()).with("operator", op.key())
    }
}

fn comparison(rows: Option<Relation>, field: &Field, op: Op, value: &Value) -> Result<(), Wrong> {
    let Some(info) = field.info() else { return Err(Wrong::Field) };
    if !info.is_of(rows) {
        return Err(Wrong::Place);
    }
    if !info.operators().any(|known| known == op) {
        return Err(Wrong::Operator(info));
    }
    let kind = |right: bool, key: &'static str| if right { Ok(()) } else { Err(Wrong::Kind(info, key)) };
    match (op, value) {
        (Op::IsEmpty | Op::IsNotEmpty, _) => kind(*value == Value::Null, "error_filter_value_nothing"),
        (Op::In | Op::NotIn, Value::Set(values)) if values.len() > limits::FILTER_SET => Err(Wrong::Many),
        (Op::In | Op::NotIn, Value::Set(values)) => values.iter().try_for_each(|each| single(rows, info, each)),
        (Op::In | Op::NotIn, _) => Err(Wrong::Kind(info, "error_filter_value_set")),
        (Op::Within, Value::Range(ends)) => kind(end(info, &ends.0) && end(info, &ends.1), "error_filter_value_range"),
        (Op::Within, _) => {
            kind(matches!(value, Value::Day(_) | Value::Period(..)) && end(info, value), "error_filter_value_range")
        }
        (_, Value::Field(other)) => match other.info() {
            Some(other) => kind(other.is_of(rows) && alike(info, other) && !holds_text(op), kind_of(info)),
            None => Err(Wrong::Field),
        },
        // An empty text is in every text: nobody means that.
        (_, Value::Text(text)) if text.is_empty() && holds_text(op) => Err(Wrong::Kind(info, "error_filter_value_text")),
        _ => single(rows, info, value),
    }
}

fn holds_text(op: Op) -> bool {
    matches!(op, Op::Contains | Op::NotContains | Op::StartsWith)
}

/// Whether two fields can be compared with each other.
fn alike(one: &Info, other: &Info) -> bool {
    match (one.kind, other.kind) {
        (FieldType::Key(_), _) => false,
        (one, other) => one == other,
    }
}

fn kind_of(info: &Info) -> &'static str {
    match info.kind {
        FieldType::Int => "error_filter_value_number",
        FieldType::Text => "error_filter_value_text",
        FieldType::Key(_) => "error_filter_value_key",
        FieldType::Id(_) => "error_filter_value_id",
        FieldType::Bool => "error_filter_value_bool",
        FieldType::Time => "error_filter_value_time",
    }
}

/// Whether a value can be the end of a range of this field.
fn end(info: &Info, value: &Value) -> bool {
    match info.kind {
        FieldType::Int => matches!(value, Value::Int(_)),
        FieldType::Time => moment(value),
        _ => false,
    }
}

/// Whether a value is a point in time, or a stretch that has a begin and an end.
fn moment(value: &Value) -> bool {
    match value {
        Value::At(_) | Value::Now(_) => true,
        Value::Day(date) => (Date::MIN..=Date::MAX).contains(date),
        Value::Period(_, by) | Value::Start(_, by) | Value::End(_, by) => by.unsigned_abs() <= FAR,
        _ => false,
    }
}

/// Whether a field may be compared with this one value.
pub(super) fn may_be(info: &'static Info, value: &Value) -> bool {
    single(info.rows.first().copied(), info, value).is_ok()
}

/// Whether one value is of the kind that the field holds.
fn single(rows: Option<Relation>, info: &'static Info, value: &Value) -> Result<(), Wrong> {
    let right = match (info.kind, value) {
        (FieldType::Text, Value::Text(text)) => {
            // PostgreSQL keeps no NUL character.
            return if text.chars().count() > TEXT || text.contains('\0') { Err(Wrong::Text) } else { Ok(()) };
        }
        (FieldType::Key(keys), Value::Text(key)) => keys.contains(&key.as_str()),
        (FieldType::Int, Value::Int(_)) | (FieldType::Id(_), Value::Id(_)) | (FieldType::Bool, Value::Bool(_)) => true,
        (FieldType::Id(thing), Value::Me) => {
            thing == Thing::Agent || thing == Thing::Customer && (rows.is_some() || info.field == Field::Requester)
        }
        (FieldType::Id(thing), Value::MyTeams) => thing == Thing::Team,
        (FieldType::Id(thing), Value::MyOrganization) => thing == Thing::Organization,
        (FieldType::Time, value) => moment(value),
        _ => false,
    };
    if right { Ok(()) } else { Err(Wrong::Kind(info, kind_of(info))) }
}
