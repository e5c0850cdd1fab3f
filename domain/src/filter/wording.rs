//! A filter between its text and its tree, as a screen needs both: chips are made of the tree and of the names of what it speaks of,
//! the text stands beside them and in the address.

use super::{
    expr::{Expr, Value},
    field::{FieldType, Thing},
    text::Problem,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A filter as somebody gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Wording {
    /// As it was typed.
    Text(String),
    /// As it was put together.
    Filter(Expr),
}

/// What something is called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// What kind of thing it is.
    pub thing: Thing,
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub name: String,
}

/// A filter in both forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// The tree. What was not understood is broken in it.
    pub filter: Expr,
    /// The text: as it was typed, or written anew from the tree.
    pub text: String,
    /// What is wrong; nothing, if the filter may be saved.
    pub problems: Vec<Problem>,
    /// What the things are called that the filter speaks of. What the person may not know of, or is not there any more, has no name.
    pub names: Vec<Named>,
}

/// The things that a filter speaks of, each once.
#[must_use]
pub fn things(expr: &Expr) -> BTreeSet<(Thing, i64)> {
    let mut found = BTreeSet::new();
    collect(expr, &mut found);
    found
}

fn collect(expr: &Expr, found: &mut BTreeSet<(Thing, i64)>) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| collect(part, found)),
        Expr::Not(inner) => collect(inner, found),
        Expr::Related { of, .. } => collect(of, found),
        Expr::View(view) => {
            found.insert((Thing::View, view.0));
        }
        Expr::Compare { field, value, .. } => {
            let Some(FieldType::Id(thing)) = field.info().map(|info| info.kind) else { return };
            let values = match value {
                Value::Set(values) => values.as_slice(),
                one => std::slice::from_ref(one),
            };
            found.extend(values.iter().filter_map(|value| match value {
                Value::Id(id) => Some((thing, *id)),
                _ => None,
            }));
        }
        Expr::Text(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{Field, Op, Relation};

    #[test]
    fn a_filter_speaks_of_things() {
        let set = Value::Set(vec![Value::Id(3), Value::Id(3), Value::Me]);
        let filter = Expr::All(vec![
            Expr::compare(Field::Requester, Op::In, set),
            Expr::Not(Box::new(Expr::some(Relation::Agents, Value::Id(3)))),
            Expr::compare(Field::Priority, Op::Is, Value::Int(5)),
        ]);
        assert_eq!(things(&filter), BTreeSet::from([(Thing::Customer, 3), (Thing::Agent, 3)]));
    }
}
