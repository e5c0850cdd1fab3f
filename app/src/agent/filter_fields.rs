//! What can be filtered by, and with which controls: the same table for the screen that shows the controls and the server that
//! makes conditions of what they hold.

use crate::{
    api::filters::{VIEW, WORDS},
    i18n::I18n,
    t,
};
use domain::{
    calendar::Unit,
    filter::{Field, FieldType, Op, Relation},
};

/// Which control a value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// None: the operator says it all.
    Nothing,
    /// Several of many.
    Choice,
    /// A line of text.
    Line,
    /// A number, or two.
    Number(bool),
    /// Stars, or two of them.
    Stars(bool),
    /// Yes or no.
    YesNo,
    /// A time, or a stretch of time.
    Time(bool),
}

/// The stretches of time that are offered.
pub const PERIODS: [(&str, Unit, i32); 9] = [
    ("today", Unit::Day, 0),
    ("yesterday", Unit::Day, -1),
    ("week", Unit::Week, 0),
    ("week-1", Unit::Week, -1),
    ("month", Unit::Month, 0),
    ("month-1", Unit::Month, -1),
    ("quarter", Unit::Quarter, 0),
    ("quarter-1", Unit::Quarter, -1),
    ("year", Unit::Year, 0),
];

/// The field that a key names, or that the rows of a relation are known by.
#[must_use]
pub fn field_of(key: &str) -> Field {
    Relation::from_key(key).map_or_else(|| Field::from_key(key), Relation::main)
}

/// The operators of a field, each once: several values are chosen for "is", too.
#[must_use]
pub fn operators(key: &str) -> Vec<Op> {
    if key == WORDS || key == VIEW {
        return vec![Op::Is];
    }
    let Some(info) = field_of(key).info() else { return Vec::new() };
    let relation = Relation::from_key(key).is_some();
    let set = is_set(key);
    let fits = |op: &Op| match op {
        Op::Is | Op::IsNot => !set,
        Op::In | Op::NotIn => set,
        Op::IsEmpty | Op::IsNotEmpty | Op::StartsWith => !relation,
        _ => true,
    };
    let mut all: Vec<Op> = info.operators().filter(fits).collect();
    if relation {
        all.extend([Op::IsEmpty, Op::IsNotEmpty]);
    }
    all
}

/// Whether several values of a field are chosen.
#[must_use]
pub fn is_set(key: &str) -> bool {
    key == Relation::Tags.key()
        || matches!(field_of(key).info().map(|info| info.kind), Some(FieldType::Key(_) | FieldType::Id(_)))
}

/// The control for the value of a comparison.
#[must_use]
pub fn control(key: &str, op: Op) -> Control {
    match (key, op) {
        (WORDS, _) => return Control::Line,
        (VIEW, _) => return Control::Choice,
        (_, Op::IsEmpty | Op::IsNotEmpty) => return Control::Nothing,
        (_, Op::In | Op::NotIn) if is_set(key) => return Control::Choice,
        _ => {}
    }
    let field = field_of(key);
    match field.info().map(|info| info.kind) {
        Some(FieldType::Int) if field == Field::Priority => Control::Stars(op == Op::Within),
        Some(FieldType::Int) => Control::Number(op == Op::Within),
        Some(FieldType::Bool) => Control::YesNo,
        Some(FieldType::Time) => Control::Time(op == Op::Within),
        _ => Control::Line,
    }
}

/// What a stretch of the calendar around the present one is called.
#[must_use]
pub fn period(i18n: I18n, unit: Unit, by: i32) -> String {
    let which = match by {
        0 => "this",
        -1 => "last",
        1 => "next",
        _ => {
            let name = i18n.name("period", unit.key());
            return t!(i18n, tickets_filter_period_moved, period = name, by = format!("{by:+}"));
        }
    };
    i18n.name(which, unit.key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::filter::FIELDS;

    #[test]
    fn every_field_has_an_operator_and_a_control() {
        for info in FIELDS.iter().filter(|info| info.is_of(None)) {
            assert!(!operators(info.key).is_empty(), "{}", info.key);
        }
        assert_eq!(control("agents", Op::In), Control::Choice);
        assert_eq!(control("tags", Op::IsEmpty), Control::Nothing);
        assert_eq!(control("files", Op::Contains), Control::Line);
        assert_eq!(control("created", Op::Within), Control::Time(true));
    }
}
