//! Conditions on the rows of relations.

use super::{super::Sql, Compiler, values::Values};
use crate::db::Engine;
use domain::filter::{Expr, Op, Quantifier, Relation, Value, Viewer, sound};

/// The table of a relation, and the condition that a row belongs to the item.
pub(crate) fn table(relation: Relation) -> (&'static str, &'static str) {
    match relation {
        Relation::Agents => ("item_agent", "item_agent.item_id = item.id"),
        Relation::Teams => ("item_team", "item_team.item_id = item.id"),
        Relation::FollowingAgents => ("item_following_agent", "item_following_agent.item_id = item.id"),
        Relation::FollowingCustomers => ("item_following_customer", "item_following_customer.item_id = item.id"),
        Relation::Tags => ("item_tag", "item_tag.item_id = item.id"),
        Relation::Messages => ("message", "message.item_id = item.id"),
        Relation::Files => ("file", "file.item_id = item.id AND file.purpose IN ('description', 'message')"),
    }
}

/// The column by which the rows of a relation are found with an index, if there is one.
fn indexed(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::Agents | Relation::FollowingAgents => Some("agent_id"),
        Relation::Teams => Some("team_id"),
        Relation::FollowingCustomers => Some("customer_id"),
        Relation::Tags => Some("tag"),
        Relation::Messages | Relation::Files => None,
    }
}

/// Whether this is "some row is this (one of these)", of a relation that has an index for it: the items are a list of ids.
pub(super) fn is_list(relation: Relation, quantifier: Quantifier, of: &Expr) -> bool {
    let listed = match of {
        Expr::Compare { field, op: op @ (Op::Is | Op::In), value } => {
            *field == relation.main() && !matches!(value, Value::Field(_)) && sound(Some(relation), field, *op, value)
        }
        _ => false,
    };
    quantifier == Quantifier::Some && listed && indexed(relation).is_some()
}

/// Appends a select of the rows that a condition names by an index, if it is such a one and names any.
pub(crate) fn push_rows(sql: &mut Sql, engine: Engine, viewer: &Viewer, expr: &Expr) -> bool {
    let Expr::Related { relation, quantifier, of } = expr else { return false };
    let (Expr::Compare { value, .. }, Some(column)) = (&**of, indexed(*relation)) else { return false };
    if !is_list(*relation, *quantifier, of) {
        return false;
    }
    let values = Values::of(viewer, &relation.main(), value);
    if values.is_empty() {
        return false;
    }
    sql.push("SELECT 1 FROM ").push(table(*relation).0).push(" WHERE ").push(column);
    values.push_in(sql, engine, false);
    true
}

impl Compiler<'_> {
    /// `common`: whether so many rows are meant that each item is asked.
    pub(super) fn push_related(
        &self,
        sql: &mut Sql,
        relation: Relation,
        quantifier: Quantifier,
        of: &Expr,
        more: bool,
        common: bool,
    ) {
        match quantifier {
            Quantifier::Some => {
                // Most items belong to a team. SQLite would collect them all before it looks at anything else.
                let as_list = !self.few && !common && (self.engine == Engine::Postgres || relation != Relation::Teams);
                self.push_some(sql, relation, of, more, as_list);
            }
            Quantifier::None => {
                sql.push("NOT ");
                self.push_opened(sql, relation, of, false, !more);
                if self.engine == Engine::Postgres && *of == Expr::All(Vec::new()) {
                    // It takes items without any such row for rarer than they are, and would read all to find them: so it asks each.
                    sql.push(" OFFSET 0");
                }
                sql.push(")");
            }
            Quantifier::Every => {
                sql.push("NOT ");
                self.push_exists(sql, relation, of, true, more);
            }
        }
    }

    /// `as_list`: whether it is asked as a list of ids, which the engine may begin with, or item by item.
    pub(super) fn push_some(&self, sql: &mut Sql, relation: Relation, of: &Expr, more: bool, as_list: bool) {
        match (of, indexed(relation)) {
            (Expr::Compare { value, .. }, Some(column)) if is_list(relation, Quantifier::Some, of) => {
                let values = Values::of(self.viewer, &relation.main(), value);
                if values.is_empty() {
                    sql.push("FALSE");
                } else if as_list {
                    sql.push("item.id IN (SELECT item_id FROM ").push(table(relation).0).push(" WHERE ").push(column);
                    values.push_in(sql, self.engine, false);
                    sql.push(")");
                } else {
                    self.push_exists(sql, relation, of, false, more);
                }
            }
            _ => self.push_exists(sql, relation, of, false, more),
        }
    }

    /// Appends `EXISTS (…)`: there is a row that the viewer may know of, and of which this holds (or does not).
    fn push_exists(&self, sql: &mut Sql, relation: Relation, of: &Expr, negated: bool, more: bool) {
        self.push_opened(sql, relation, of, negated, more);
        sql.push(")");
    }

    /// The same without the parenthesis at the end.
    fn push_opened(&self, sql: &mut Sql, relation: Relation, of: &Expr, negated: bool, more: bool) {
        let (table, joined) = table(relation);
        sql.push("EXISTS (SELECT 1 FROM ").push(table).push(" WHERE ").push(joined);
        match relation {
            Relation::Messages if !self.viewer.notes => {
                sql.push(" AND message.kind = 'reply'");
            }
            Relation::Files if !self.viewer.notes => {
                sql.push(" AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = file.message_id AND message.kind = 'note')");
            }
            _ => {}
        }
        if negated || *of != Expr::All(Vec::new()) {
            sql.push(if negated { " AND NOT (" } else { " AND (" });
            self.push(sql, of, Some(relation), more);
            sql.push(")");
        }
    }
}
