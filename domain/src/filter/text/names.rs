//! What things are called: the stable keys, and the names that people see.

use super::super::{
    field::{FIELDS, Field, FieldType, Relation, Thing},
    words::words,
};

/// What people see in their language, and the names of things. All of it is optional: without it there are the stable keys.
pub trait Names {
    /// What a field or relation is called.
    fn field(&self, _key: &str) -> Option<String> {
        None
    }
    /// What a value with a stable name is called.
    fn value(&self, _field: &Field, _key: &str) -> Option<String> {
        None
    }
    /// The things that are called so; several where a name is not unique.
    fn ids(&self, _thing: Thing, _name: &str) -> Vec<i64> {
        Vec::new()
    }
    /// What a thing is called.
    fn thing(&self, _thing: Thing, _id: i64) -> Option<String> {
        None
    }
    /// Some things whose names begin so, the likeliest first.
    fn beginning(&self, _thing: Thing, _begin: &str) -> Vec<(i64, String)> {
        Vec::new()
    }
}

/// The stable keys alone.
#[derive(Debug, Clone, Copy)]
pub struct Keys;

impl Names for Keys {}

/// Other words for relations: one of many is also asked for in the singular.
const ALIASES: [(&str, Relation); 7] = [
    ("assignee", Relation::Agents),
    ("agent", Relation::Agents),
    ("team", Relation::Teams),
    ("tag", Relation::Tags),
    ("message", Relation::Messages),
    ("file", Relation::Files),
    ("attachment", Relation::Files),
];

/// What a word in front of an operator means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Field(Field),
    Relation(Relation),
}

/// A name without regard to case, accents and what is between its words.
pub(super) fn folded(name: &str) -> String {
    words(name).join(" ")
}

/// What a word means among the fields of items (`None`) or of the rows of a relation; a field that nobody knows otherwise.
pub(super) fn part(rows: Option<Relation>, word: &str, names: &dyn Names) -> Part {
    let lower = word.to_lowercase();
    let field = |of: Option<Relation>| Field::of(of).find(|info| info.key == lower).map(|info| Part::Field(info.field.clone()));
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, relation)| *relation);
    let relation = || Relation::from_key(&lower).or_else(alias).map(Part::Relation);
    let name = folded(word);
    let called = |key: &str| !name.is_empty() && names.field(key).is_some_and(|shown| folded(&shown) == name);
    let by_name = || {
        let field = Field::of(rows).find(|info| called(info.key)).map(|info| Part::Field(info.field.clone()));
        field.or_else(|| Relation::ALL.into_iter().find(|relation| called(relation.key())).map(Part::Relation))
    };
    // Also where it does not belong: the error is about the place then.
    let elsewhere = || FIELDS.iter().find(|info| info.key == lower).map(|info| Part::Field(info.field.clone()));
    field(rows)
        .or_else(relation)
        .or_else(by_name)
        .or_else(elsewhere)
        .unwrap_or_else(|| Part::Field(Field::Unknown(word.to_owned())))
}

/// The stable name of a value that was typed.
pub(super) fn key(field: &Field, typed: &str, names: &dyn Names) -> Option<&'static str> {
    let FieldType::Key(keys) = field.info()?.kind else { return None };
    let (lower, name) = (typed.to_lowercase(), folded(typed));
    let called = |key: &str| names.value(field, key).is_some_and(|shown| folded(&shown) == name);
    keys.iter().copied().find(|key| *key == lower).or_else(|| keys.iter().copied().find(|key| called(key)))
}
