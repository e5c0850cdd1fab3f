//! What could stand at a place of a text that somebody is typing.

use super::{
    super::{
        check::may_be,
        expr::Value,
        field::{FIELDS, Field, FieldType, Info, Relation, Thing},
    },
    names::{Names, folded},
    parse::{Expected, Parser},
    scan::push_quoted,
    time,
};
use crate::limits;
use serde::{Deserialize, Serialize};

/// Most suggestions.
const MOST: usize = 20;

/// What could stand in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The first byte of what is replaced.
    pub from: usize,
    /// The byte after the last.
    pub to: usize,
    /// What could stand there, the likeliest first.
    pub suggestions: Vec<Suggestion>,
}

/// Something that could stand in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The text to put in.
    pub text: String,
    /// What people see; the same where it has no name.
    pub label: String,
}

/// What could stand before the byte `at` of a text.
#[must_use]
pub fn complete(text: &str, at: usize, names: &dyn Names) -> Completion {
    let at = text.floor_char_boundary(at.min(text.len()));
    let none = Completion { from: at, to: at, suggestions: Vec::new() };
    if at > limits::FILTER_TEXT {
        return none;
    }
    let before = &text[..at];
    let mut parser = Parser::new(before, names);
    parser.whole(None);
    let Some(expected) = parser.expected else { return none };
    let (Expected::Condition { from, .. } | Expected::Value { from, .. } | Expected::Part { from } | Expected::View { from }) =
        expected;
    let typed = &before[from..];
    let mut found = Found { begin: folded(typed), typed: typed.to_lowercase(), suggestions: Vec::new() };
    match expected {
        Expected::Condition { rows, .. } => found.conditions(rows, names),
        Expected::Value { field, .. } => found.values(&field, names),
        Expected::Part { .. } => found.parts(names),
        Expected::View { .. } => found.things(Thing::View, names),
    }
    found.suggestions.truncate(MOST);
    Completion { from, to: at, suggestions: found.suggestions }
}

struct Found {
    /// What was typed, folded.
    begin: String,
    /// The same, in lower case.
    typed: String,
    suggestions: Vec<Suggestion>,
}

impl Found {
    /// Suggests a text if it, or what people call it, begins as what was typed.
    fn offer(&mut self, key: &str, text: String, label: Option<String>) {
        let begins = key.starts_with(&self.typed)
            || !self.begin.is_empty() && label.as_deref().is_some_and(|label| folded(label).starts_with(&self.begin));
        if begins {
            self.suggestions.push(Suggestion { label: label.unwrap_or_else(|| text.clone()), text });
        }
    }

    fn conditions(&mut self, rows: Option<Relation>, names: &dyn Names) {
        let infos: Vec<&Info> = FIELDS.iter().filter(|info| info.is_of(rows)).collect();
        for info in infos {
            self.offer(info.key, format!("{}:", info.key), names.field(info.key));
        }
        if rows.is_none() {
            for relation in Relation::ALL {
                self.offer(relation.key(), format!("{}:", relation.key()), names.field(relation.key()));
            }
            for word in ["has:", "view:"] {
                self.offer(word, word.to_owned(), None);
            }
        }
        // A field that is named in full is compared in more ways.
        let named = FIELDS.iter().find(|info| info.is_of(rows) && info.key == self.typed);
        if let Some(info) = named {
            let signs: &[&str] = match info.kind {
                FieldType::Int => &["!=", "<", "<=", ">", ">="],
                FieldType::Text => &["=", "!=", "~", "!~"],
                FieldType::Time => &["<", "<=", ">", ">="],
                FieldType::Key(_) | FieldType::Id(_) | FieldType::Bool => &["!="],
            };
            let sign = |sign: &&str| format!("{}{sign}", info.key);
            self.suggestions.extend(signs.iter().map(sign).map(|text| Suggestion { label: text.clone(), text }));
        }
    }

    fn values(&mut self, field: &Field, names: &dyn Names) {
        let Some(info) = field.info() else { return };
        let mine = [("@me", Value::Me), ("@myteams", Value::MyTeams), ("@myorganization", Value::MyOrganization)];
        for (word, value) in mine {
            if may_be(info, &value) {
                self.offer(word, word.to_owned(), None);
            }
        }
        match info.kind {
            FieldType::Key(keys) => keys.iter().for_each(|key| self.offer(key, (*key).to_owned(), names.value(field, key))),
            FieldType::Bool => ["yes", "no"].iter().for_each(|word| self.offer(word, (*word).to_owned(), None)),
            FieldType::Time => time::OFFERED.iter().for_each(|word| self.offer(word, (*word).to_owned(), None)),
            FieldType::Id(thing) => self.things(thing, names),
            FieldType::Int | FieldType::Text => {}
        }
        if info.optional {
            self.offer("@none", "@none".to_owned(), None);
        }
    }

    fn parts(&mut self, names: &dyn Names) {
        for relation in Relation::ALL {
            self.offer(relation.key(), relation.key().to_owned(), names.field(relation.key()));
        }
        for info in Field::of(None).filter(|info| info.optional) {
            self.offer(info.key, info.key.to_owned(), names.field(info.key));
        }
    }

    fn things(&mut self, thing: Thing, names: &dyn Names) {
        for (id, label) in names.beginning(thing, self.typed.trim_start_matches('"')) {
            let text = if names.ids(thing, &label) == [id] {
                let mut quoted = String::new();
                push_quoted(&mut quoted, &label);
                quoted
            } else {
                format!("#{id}")
            };
            self.suggestions.push(Suggestion { text, label });
        }
    }
}
