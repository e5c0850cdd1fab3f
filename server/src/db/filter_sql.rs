//! The filter language as SQL over the table `item`, with the meaning of [`domain::filter::eval`].
//!
//! Every condition is two-valued: a column that can be NULL is always asked together with `IS NULL` or `IS NOT NULL`, so that
//! `NOT` around it is right. Relations become `IN (SELECT …)` or `NOT EXISTS (…)` and never multiply rows. Every value is
//! bound; the text is made of pieces of the program only.

use super::{Engine, Sql};
use domain::{
    filter::{Expr, Field, Op, Quantifier, Relation, Value, Viewer},
    types::Category,
};

/// Sets with more values are bound as one JSON array: SQLite takes 32,766 values in a statement, a filter can have 100,000.
const PLACEHOLDERS: usize = 100;

/// Appends the condition that an expression means, in parentheses where it needs them. The statement must select from `item`.
///
/// The expression should have passed [`domain::filter::check()`]; what did not matches nothing through the leaf that is wrong.
pub fn push_filter(sql: &mut Sql, engine: Engine, expr: &Expr, viewer: &Viewer) {
    match expr {
        Expr::All(parts) => push_group(sql, engine, parts, viewer, " AND ", "TRUE"),
        Expr::Any(parts) if parts.len() > 1 && parts.iter().all(is_narrow) => push_union(sql, engine, parts, viewer),
        Expr::Any(parts) => push_group(sql, engine, parts, viewer, " OR ", "FALSE"),
        Expr::Not(inner) => {
            sql.push("NOT (");
            push_filter(sql, engine, inner, viewer);
            sql.push(")");
        }
        Expr::Compare { field, op, value } => {
            Comparison { engine, field: *field, column: column(*field), viewer }.push(sql, *op, value)
        }
        Expr::Related { relation, quantifier, value } => {
            // Most items belong to a team. SQLite would collect them all before it looks at anything else.
            let as_list = engine == Engine::Postgres || *relation != Relation::Teams;
            Related { relation: *relation, as_list }.push(sql, engine, *quantifier, value, viewer);
        }
    }
}

fn push_group(sql: &mut Sql, engine: Engine, parts: &[Expr], viewer: &Viewer, between: &'static str, empty: &'static str) {
    if parts.is_empty() {
        sql.push(empty);
        return;
    }
    sql.push("(");
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            sql.push(between);
        }
        push_filter(sql, engine, part, viewer);
    }
    sql.push(")");
}

/// Whether an index leads straight to the items of this condition, and they are few.
fn is_narrow(expr: &Expr) -> bool {
    match expr {
        Expr::Related { quantifier: Quantifier::Some, value, .. } => *value != Value::Null,
        Expr::Compare { field: Field::Requester | Field::Organization, op: Op::Is | Op::In, .. } => true,
        _ => false,
    }
}

/// Appends an OR of narrow conditions (the permissions are such) as one set of ids. With OR, PostgreSQL would read the whole
/// table, because it does not combine an index with `IN (SELECT …)`.
fn push_union(sql: &mut Sql, engine: Engine, parts: &[Expr], viewer: &Viewer) {
    for (index, part) in parts.iter().enumerate() {
        sql.push(if index == 0 { "item.id IN (" } else { " UNION ALL " });
        sql.push("SELECT item.id FROM item WHERE ");
        match part {
            Expr::Related { relation, quantifier, value } => {
                Related { relation: *relation, as_list: true }.push(sql, engine, *quantifier, value, viewer);
            }
            other => push_filter(sql, engine, other, viewer),
        }
    }
    sql.push(")");
}

/// What a value stands for, as the database compares it.
enum Values {
    Ints(Vec<i64>),
    Texts(Vec<String>),
}

impl Values {
    fn is_empty(&self) -> bool {
        match self {
            Self::Ints(values) => values.is_empty(),
            Self::Texts(values) => values.is_empty(),
        }
    }

    /// Whether these categories (or those that are not these) are all that there are but the one that is done.
    fn are_all_but_done(&self, negated: bool) -> bool {
        let Self::Texts(keys) = self else { return false };
        Category::ALL
            .iter()
            .all(|category| (keys.iter().any(|key| key == category.key()) != negated) == (*category != Category::Done))
    }

    /// Appends `IN (…)`, or `NOT IN (…)`. The set must not be empty.
    fn push_in(self, sql: &mut Sql, engine: Engine, negated: bool) {
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

fn column(field: Field) -> &'static str {
    match field {
        Field::Number => "item.number",
        Field::Title => "item.title",
        Field::Type => "item.type_id",
        Field::Status => "item.status_id",
        Field::Category => "item.category",
        Field::Priority => "item.priority",
        Field::Requester => "item.requester_id",
        Field::Organization => "item.organization_id",
        Field::Channel => "item.channel",
        Field::Impact => "item.impact",
        Field::Product => "item.product",
        Field::Published => "item.published",
        Field::Created => "item.created_at",
        Field::Updated => "item.updated_at",
        Field::FirstResponse => "item.first_response_at",
        Field::Resolved => "item.resolved_at",
        Field::LastMessage => "item.last_message_at",
        Field::LastMessageBy => "item.last_message_by",
    }
}

struct Comparison<'v> {
    engine: Engine,
    field: Field,
    column: &'static str,
    viewer: &'v Viewer,
}

impl Comparison<'_> {
    fn push(&self, sql: &mut Sql, op: Op, value: &Value) {
        match op {
            Op::Is | Op::In => self.push_is(sql, value, false),
            Op::IsNot | Op::NotIn => self.push_is(sql, value, true),
            Op::IsEmpty => self.push_empty(sql, true),
            Op::IsNotEmpty => self.push_empty(sql, false),
            Op::Contains | Op::NotContains | Op::StartsWith => match value {
                Value::Text(part) => self.push_holds(sql, op, part.to_ascii_lowercase()),
                _ => {
                    sql.push(if op == Op::NotContains { "TRUE" } else { "FALSE" });
                }
            },
            Op::Lt | Op::Le | Op::Gt | Op::Ge => match value {
                Value::Int(limit) => self.push_order(sql, op, *limit),
                _ => {
                    sql.push("FALSE");
                }
            },
            Op::Before | Op::After => match self.viewer.time(value) {
                Some(limit) => self.push_order(sql, op, limit.0),
                None => {
                    sql.push("FALSE");
                }
            },
        }
    }

    fn nullable(&self) -> bool {
        matches!(
            self.field,
            Field::Requester
                | Field::Organization
                | Field::FirstResponse
                | Field::Resolved
                | Field::LastMessage
                | Field::LastMessageBy
        )
    }

    fn push_is(&self, sql: &mut Sql, value: &Value, negated: bool) {
        if self.field == Field::Published {
            match value {
                Value::Bool(flag) => sql.push(self.column).push(if negated { " <> " } else { " = " }).bind(*flag),
                _ => sql.push(if negated { "TRUE" } else { "FALSE" }),
            };
            return;
        }
        let values = self.values(value);
        if values.is_empty() {
            sql.push(if negated { "TRUE" } else { "FALSE" });
            return;
        }
        if self.field == Field::Category && values.are_all_but_done(negated) {
            // In the words of the partial indexes, so that a page is read in the order of one instead of collected and sorted.
            sql.push("item.category <> 'done'");
            return;
        }
        if self.nullable() {
            sql.push("(").push(self.column).push(if negated { " IS NULL OR " } else { " IS NOT NULL AND " });
        }
        sql.push(self.column);
        values.push_in(sql, self.engine, negated);
        if self.nullable() {
            sql.push(")");
        }
    }

    fn values(&self, value: &Value) -> Values {
        let each = match value {
            Value::Set(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        match self.field {
            Field::Number | Field::Priority => Values::Ints(
                each.iter().filter_map(|value| if let Value::Int(number) = value { Some(*number) } else { None }).collect(),
            ),
            Field::Type | Field::Status | Field::Requester | Field::Organization => {
                Values::Ints(self.viewer.field_ids(self.field, value))
            }
            _ => Values::Texts(texts(each)),
        }
    }

    fn push_empty(&self, sql: &mut Sql, empty: bool) {
        if self.nullable() {
            sql.push(self.column).push(if empty { " IS NULL" } else { " IS NOT NULL" });
            return;
        }
        let nothing = match self.field {
            Field::Priority => "0",
            Field::Impact => "'none'",
            Field::Product | Field::Title => "''",
            _ => {
                sql.push(if empty { "FALSE" } else { "TRUE" });
                return;
            }
        };
        sql.push(self.column).push(if empty { " = " } else { " <> " }).push(nothing);
    }

    fn push_order(&self, sql: &mut Sql, op: Op, limit: i64) {
        sql.push("(");
        self.push_empty(sql, false);
        sql.push(" AND ").push(self.column).push(match op {
            Op::Lt | Op::Before => " < ",
            Op::Le => " <= ",
            Op::Gt | Op::After => " > ",
            _ => " >= ",
        });
        sql.bind(limit).push(")");
    }

    /// `part` is in lower case already (ASCII letters only, as both engines fold here).
    fn push_holds(&self, sql: &mut Sql, op: Op, part: String) {
        let (before, after) = match self.engine {
            Engine::Sqlite => ("lower(", ")"),
            Engine::Postgres => ("lower(", " COLLATE \"C\")"),
        };
        if op == Op::StartsWith {
            sql.push("substr(").push(before).push(self.column).push(after).push(", 1, length(");
            sql.bind(part.as_str()).push(")) = ").bind(part);
            return;
        }
        sql.push(match self.engine {
            Engine::Sqlite => "instr(",
            Engine::Postgres => "strpos(",
        });
        sql.push(before).push(self.column).push(after).push(", ").bind(part);
        sql.push(if op == Op::NotContains { ") = 0" } else { ") > 0" });
    }
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text.clone()) } else { None }).collect()
}

/// A condition on the rows of a relation.
struct Related {
    relation: Relation,
    /// Whether "some" is asked as a list of ids, which the engine may begin with, or item by item.
    as_list: bool,
}

impl Related {
    fn push(&self, sql: &mut Sql, engine: Engine, quantifier: Quantifier, value: &Value, viewer: &Viewer) {
        let relation = self.relation;
        let (table, column) = match relation {
            Relation::Agents => ("item_agent", "agent_id"),
            Relation::Teams => ("item_team", "team_id"),
            Relation::FollowingAgents => ("item_following_agent", "agent_id"),
            Relation::FollowingCustomers => ("item_following_customer", "customer_id"),
            Relation::Tags => ("item_tag", "tag"),
        };
        let exists = |sql: &mut Sql, negated: bool| {
            sql.push(if negated { "NOT EXISTS (SELECT 1 FROM " } else { "EXISTS (SELECT 1 FROM " });
            sql.push(table).push(" WHERE ").push(table).push(".item_id = item.id");
        };
        // Any row.
        if *value == Value::Null {
            match quantifier {
                Quantifier::Every => {
                    sql.push("TRUE");
                }
                Quantifier::Some | Quantifier::None => {
                    exists(sql, quantifier == Quantifier::None);
                    sql.push(")");
                }
            }
            return;
        }
        let values = match (relation, value) {
            (Relation::Tags, Value::Set(values)) => Values::Texts(texts(values)),
            (Relation::Tags, one) => Values::Texts(texts(std::slice::from_ref(one))),
            _ => Values::Ints(viewer.relation_ids(relation, value)),
        };
        match (quantifier, values.is_empty()) {
            (Quantifier::Some, true) => {
                sql.push("FALSE");
            }
            (Quantifier::None, true) => {
                sql.push("TRUE");
            }
            // Every row is in the empty set: only where there is no row.
            (Quantifier::Every, true) => {
                exists(sql, true);
                sql.push(")");
            }
            (Quantifier::Some, false) if !self.as_list => {
                exists(sql, false);
                sql.push(" AND ").push(table).push(".").push(column);
                values.push_in(sql, engine, false);
                sql.push(")");
            }
            (Quantifier::Some, false) => {
                sql.push("item.id IN (SELECT item_id FROM ").push(table).push(" WHERE ").push(column);
                values.push_in(sql, engine, false);
                sql.push(")");
            }
            (Quantifier::None | Quantifier::Every, false) => {
                exists(sql, true);
                sql.push(" AND ").push(table).push(".").push(column);
                values.push_in(sql, engine, quantifier == Quantifier::Every);
                sql.push(")");
            }
        }
    }
}
