//! The filter language as SQL over the table `item`, with the meaning of [`domain::filter::eval`].
//!
//! Every condition is two-valued: a column that can be NULL is always asked together with `IS NULL` or `IS NOT NULL`, so that
//! `NOT` around it is right. Relations become `IN (SELECT …)`, `EXISTS (…)` or `NOT EXISTS (…)` and never multiply rows. Every value
//! is bound; the text is made of pieces of the program only.

mod compare;
mod related;
mod values;

use super::{Engine, Sql};
use crate::search;
use compare::Comparison;
use domain::filter::{Expr, Field, Op, Relation, Value, Viewer, check::searchable, sound};

pub(crate) use related::{push_rows, table};

/// The column that keeps a field of items, or of the rows of a relation.
pub(crate) fn column(rows: Option<Relation>, field: &Field) -> &'static str {
    compare::column(rows, field).0
}

/// Appends the condition that an expression means, in parentheses where it needs them. The statement must select from `item`.
///
/// What [`domain::filter::check()`] would refuse, and views that are still named, are broken: nothing matches through them.
pub fn push_filter(sql: &mut Sql, engine: Engine, expr: &Expr, viewer: &Viewer) {
    Compiler { engine, viewer, few: false, order: Order::default() }.push(sql, expr, None, true);
}

/// In which order a statement goes through the items, as far as it matters to conditions.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Order<'o> {
    /// Conditions that find so much that it is faster to keep to the order than to collect what they find.
    pub common: &'o [Expr],
    /// Whether it is by when they changed.
    pub by_updated: bool,
}

/// The same where the statement reads the first items of an order.
pub(crate) fn push_filter_in_order(sql: &mut Sql, engine: Engine, expr: &Expr, viewer: &Viewer, order: Order<'_>) {
    Compiler { engine, viewer, few: false, order }.push(sql, expr, None, true);
}

/// The same where a statement has few items to begin with: nothing is collected that other items could have, each one is asked.
pub(crate) fn push_filter_of_few(sql: &mut Sql, engine: Engine, expr: &Expr, viewer: &Viewer) {
    Compiler { engine, viewer, few: true, order: Order::default() }.push(sql, expr, None, true);
}

struct Compiler<'v> {
    engine: Engine,
    viewer: &'v Viewer,
    /// Whether few items are asked.
    few: bool,
    order: Order<'v>,
}

impl Compiler<'_> {
    /// `rows`: of which relation's rows the expression speaks. `more`: whether more matches where it is true; otherwise it is under an
    /// odd number of negations.
    fn push(&self, sql: &mut Sql, expr: &Expr, rows: Option<Relation>, more: bool) {
        match expr {
            Expr::All(parts) => self.push_group(sql, parts, rows, more, " AND ", "TRUE"),
            Expr::Any(parts) if self.is_union(parts, rows) => {
                self.push_union(sql, parts, more);
            }
            Expr::Any(parts) => self.push_group(sql, parts, rows, more, " OR ", "FALSE"),
            Expr::Not(inner) => {
                sql.push("NOT (");
                self.push(sql, inner, rows, !more);
                sql.push(")");
            }
            Expr::Compare { field, op, value } if sound(rows, field, *op, value) => {
                let (by_updated, common) = (self.order.by_updated, self.is_common(expr));
                Comparison { engine: self.engine, viewer: self.viewer, rows, field, by_updated, common }.push(sql, *op, value);
            }
            Expr::Related { relation, quantifier, of } if rows.is_none() => {
                self.push_related(sql, *relation, *quantifier, of, more, self.is_common(expr));
            }
            Expr::Text(text) if searchable(rows, text) => match rows {
                None => search::push_in_item(sql, self.engine, text, self.viewer.notes, self.is_common(expr)),
                Some(_) => search::push_in_message(sql, self.engine, text),
            },
            Expr::Compare { .. } | Expr::Related { .. } | Expr::Text(_) | Expr::View(_) => push_constant(sql, !more),
        }
    }

    /// Whether one of several conditions is asked as one set of ids.
    fn is_union(&self, parts: &[Expr], rows: Option<Relation>) -> bool {
        !self.few && rows.is_none() && parts.len() > 1 && parts.iter().all(|part| is_narrow(part) && !self.is_common(part))
    }

    /// Whether it is known to find so much that it is asked item by item.
    fn is_common(&self, expr: &Expr) -> bool {
        self.order.common.contains(expr)
    }

    fn push_group(
        &self,
        sql: &mut Sql,
        parts: &[Expr],
        rows: Option<Relation>,
        more: bool,
        between: &'static str,
        empty: &'static str,
    ) {
        if parts.is_empty() {
            sql.push(empty);
            return;
        }
        sql.push("(");
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                sql.push(between);
            }
            self.push(sql, part, rows, more);
        }
        sql.push(")");
    }

    /// Appends an OR of narrow conditions (the permissions are such) as one set of ids. With OR, PostgreSQL would read the whole
    /// table, because it does not combine an index with `IN (SELECT …)`.
    fn push_union(&self, sql: &mut Sql, parts: &[Expr], more: bool) {
        for (index, part) in parts.iter().enumerate() {
            sql.push(if index == 0 { "item.id IN (" } else { " UNION ALL " });
            sql.push("SELECT item.id FROM item WHERE ");
            match part {
                Expr::Related { relation, of, .. } => self.push_some(sql, *relation, of, more, true),
                other => self.push(sql, other, None, more),
            }
        }
        sql.push(")");
    }
}

/// Whether an index leads straight to the items of this condition, and they are few.
fn is_narrow(expr: &Expr) -> bool {
    match expr {
        Expr::Related { relation, quantifier, of } => related::is_list(*relation, *quantifier, of),
        Expr::Compare { field: Field::Requester | Field::Organization, op: Op::Is | Op::In, value } => {
            !matches!(value, Value::Field(_))
        }
        Expr::Text(_) => true,
        _ => false,
    }
}

fn push_constant(sql: &mut Sql, holds: bool) {
    sql.push(if holds { "TRUE" } else { "FALSE" });
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        filter::policy::system_view,
        id::{AgentId, TeamId},
        time::Timestamp,
        view::SystemView,
    };

    fn text(engine: Engine, expr: &Expr) -> String {
        let (me_agent, teams) = (Some(AgentId(1)), vec![TeamId(2), TeamId(3)]);
        let viewer = Viewer { me_agent, teams, notes: true, ..Viewer::nobody(Timestamp(0)) };
        let mut sql = Sql::build("");
        push_filter(&mut sql, engine, expr, &viewer);
        sql.text().to_owned()
    }

    /// The plans of the commonest lists hang on these words: partial indexes, lists of ids, item by item.
    #[test]
    fn system_views_are_asked_in_the_words_of_their_indexes() {
        let teams_of = |engine| match engine {
            Engine::Sqlite => {
                "EXISTS (SELECT 1 FROM item_team WHERE item_team.item_id = item.id AND (item_team.team_id IN ($1, $2)))"
            }
            Engine::Postgres => "item.id IN (SELECT item_id FROM item_team WHERE team_id IN ($1, $2))",
        };
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let each = if engine == Engine::Postgres { " OFFSET 0" } else { "" };
            let no_agent = format!("NOT EXISTS (SELECT 1 FROM item_agent WHERE item_agent.item_id = item.id{each})");
            let of = |view| match view {
                SystemView::Mine => {
                    "(item.category <> 'done' AND item.id IN (SELECT item_id FROM item_agent WHERE agent_id IN ($1)))".to_owned()
                }
                SystemView::TeamUnassigned => format!("(item.category <> 'done' AND {} AND {no_agent})", teams_of(engine)),
                SystemView::Open => "item.category <> 'done'".to_owned(),
                SystemView::Waiting => "item.category IN ($1)".to_owned(),
                SystemView::Unanswered => {
                    "(item.category <> 'done' AND (item.last_message_by IS NULL OR item.last_message_by NOT IN ($1)))".to_owned()
                }
                SystemView::RecentlyDone => {
                    "(item.category IN ($1) AND (item.resolved_at IS NOT NULL AND item.resolved_at > $2))".to_owned()
                }
                SystemView::All => "TRUE".to_owned(),
                SystemView::Snoozed => "item.snoozed_until IS NOT NULL".to_owned(),
                SystemView::Spam => "item.spam".to_owned(),
                SystemView::Deleted => "item.deleted_at IS NOT NULL".to_owned(),
            };
            for view in SystemView::ALL {
                assert_eq!(text(engine, &system_view(view)), of(view), "{view:?} on {engine:?}");
            }
        }
    }

    #[test]
    fn narrow_conditions_are_one_list_of_ids() {
        let theirs =
            Expr::Any(vec![Expr::some(Relation::Teams, Value::MyTeams), Expr::some(Relation::FollowingAgents, Value::Me)]);
        let expected = "item.id IN (SELECT item.id FROM item WHERE item.id IN (SELECT item_id FROM item_team WHERE team_id IN ($1, $2)) \
                        UNION ALL SELECT item.id FROM item WHERE item.id IN (SELECT item_id FROM item_following_agent \
                        WHERE agent_id IN ($3)))";
        for engine in [Engine::Sqlite, Engine::Postgres] {
            assert_eq!(text(engine, &theirs), expected);
        }
    }
}
