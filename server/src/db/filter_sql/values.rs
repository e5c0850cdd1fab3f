//! What a value stands for, as the database compares it.

use super::super::{Engine, Sql};
use domain::{
    filter::{Field, FieldType, Value, Viewer},
    types::Category,
};

/// Sets with more values are bound as one JSON array: SQLite takes 32,766 values in a statement, a filter can have 100,000.
const PLACEHOLDERS: usize = 100;

/// The values that something is one of.
pub(super) enum Values {
    Ints(Vec<i64>),
    Texts(Vec<String>),
}

impl Values {
    /// What a value of this field (one, or a set) stands for.
    pub(super) fn of(viewer: &Viewer, field: &Field, value: &Value) -> Self {
        let each = match value {
            Value::Set(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        match field.info().map(|info| info.kind) {
            Some(FieldType::Int) => Self::Ints(
                each.iter().filter_map(|value| if let Value::Int(number) = value { Some(*number) } else { None }).collect(),
            ),
            Some(FieldType::Id(_)) => Self::Ints(viewer.ids(field, value)),
            _ => Self::Texts(
                each.iter().filter_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None }).collect(),
            ),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Ints(values) => values.is_empty(),
            Self::Texts(values) => values.is_empty(),
        }
    }

    /// Whether these categories (or those that are not these) are all that there are but the one that is done.
    pub(super) fn are_all_but_done(&self, negated: bool) -> bool {
        let Self::Texts(keys) = self else { return false };
        Category::ALL
            .iter()
            .all(|category| (keys.iter().any(|key| key == category.key()) != negated) == (*category != Category::Done))
    }

    /// Appends `IN (…)`, or `NOT IN (…)`. The set must not be empty.
    pub(super) fn push_in(self, sql: &mut Sql, engine: Engine, negated: bool) {
        sql.push(if negated { " NOT IN (" } else { " IN (" });
        match self {
            Self::Ints(values) if values.len() > PLACEHOLDERS => {
                let numbers: Vec<String> = values.iter().map(i64::to_string).collect();
                push_json(sql, engine, format!("[{}]", numbers.join(",")), "::bigint");
            }
            Self::Texts(values) if values.len() > PLACEHOLDERS => {
                push_json(sql, engine, serde_json::Value::from(values).to_string(), "");
            }
            Self::Ints(values) => {
                sql.bind_all(values);
            }
            Self::Texts(values) => {
                sql.bind_all(values);
            }
        }
        sql.push(")");
    }
}

fn push_json(sql: &mut Sql, engine: Engine, array: String, cast: &'static str) {
    match engine {
        Engine::Sqlite => sql.push("SELECT value FROM json_each(").bind(array).push(")"),
        Engine::Postgres => {
            sql.push("SELECT value").push(cast).push(" FROM json_array_elements_text(").bind(array).push("::json)")
        }
    };
}
