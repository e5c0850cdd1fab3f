//! Comparisons of fields.

use super::{
    super::{Engine, Sql},
    push_constant,
    values::Values,
};
use domain::filter::{Field, FieldType, Op, Relation, Value, Viewer};

/// The column that keeps a field of items, or of the rows of a relation, and whether it can be NULL.
pub(super) fn column(rows: Option<Relation>, field: &Field) -> (&'static str, bool) {
    match (rows, field) {
        (_, Field::Number) => ("item.number", false),
        (_, Field::Title) => ("item.title", false),
        (_, Field::Type) => ("item.type_id", false),
        (_, Field::Status) => ("item.status_id", false),
        (_, Field::Category) => ("item.category", false),
        (_, Field::Priority) => ("item.priority", false),
        (_, Field::Requester) => ("item.requester_id", true),
        (_, Field::Organization) => ("item.organization_id", true),
        (_, Field::Channel) => ("item.channel", false),
        (_, Field::Impact) => ("item.impact", false),
        (_, Field::Product) => ("item.product", false),
        (_, Field::Published) => ("item.published", false),
        (_, Field::Created) => ("item.created_at", false),
        (_, Field::Updated) => ("item.updated_at", false),
        (_, Field::FirstResponse) => ("item.first_response_at", true),
        (_, Field::Resolved) => ("item.resolved_at", true),
        (_, Field::LastMessage) => ("item.last_message_at", true),
        (_, Field::LastMessageBy) => ("item.last_message_by", true),
        (_, Field::Spam) => ("item.spam", false),
        (_, Field::Deleted) => ("item.deleted_at", true),
        (_, Field::Snoozed) => ("item.snoozed_until", true),
        (_, Field::MergedInto) => ("item.merged_into", false),
        (_, Field::Away) => ("(item.id IN (SELECT item_id FROM item_away))", false),
        (Some(Relation::Messages), Field::Agent) => ("(CASE message.author_kind WHEN 'agent' THEN message.author_id END)", true),
        (Some(Relation::FollowingAgents), Field::Agent) => ("item_following_agent.agent_id", false),
        (_, Field::Agent) => ("item_agent.agent_id", false),
        (_, Field::Team) => ("item_team.team_id", false),
        (Some(Relation::Messages), Field::Customer) => {
            ("(CASE message.author_kind WHEN 'customer' THEN message.author_id END)", true)
        }
        (_, Field::Customer) => ("item_following_customer.customer_id", false),
        (_, Field::Tag) => ("item_tag.tag", false),
        (_, Field::Kind) => ("message.kind", false),
        (_, Field::By) => ("message.author_kind", false),
        (_, Field::Written) => ("message.created_at", false),
        (_, Field::Name) => ("file.name", false),
        (_, Field::Size) => ("file.size", false),
        (_, Field::ContentType) => ("file.content_type", false),
        (_, Field::Added) => ("file.created_at", false),
        // Nobody asks: it is broken.
        (_, Field::Unknown(_)) => ("NULL", true),
    }
}

/// A comparison that makes sense ([`domain::filter::sound`]).
pub(super) struct Comparison<'v> {
    pub engine: Engine,
    pub viewer: &'v Viewer,
    pub rows: Option<Relation>,
    pub field: &'v Field,
    /// Whether the statement goes through the items by when they changed.
    pub by_updated: bool,
    /// Whether so much is found that it is faster to keep to the order of the statement.
    pub common: bool,
}

impl Comparison<'_> {
    pub(super) fn push(&self, sql: &mut Sql, op: Op, value: &Value) {
        match (op, value) {
            (_, Value::Field(other)) => self.push_between(sql, op, other),
            (Op::Is | Op::In, _) => self.push_is(sql, value, false),
            (Op::IsNot | Op::NotIn, _) => self.push_is(sql, value, true),
            (Op::IsEmpty, _) => self.push_empty(sql, self.field, true),
            (Op::IsNotEmpty, _) => self.push_empty(sql, self.field, false),
            (Op::Contains | Op::NotContains | Op::StartsWith, Value::Text(part)) => {
                self.push_holds(sql, op, part.to_ascii_lowercase());
            }
            _ => match self.ends(value) {
                Some(ends) => self.push_order(sql, op, ends),
                None => push_constant(sql, false),
            },
        }
    }

    /// The lowest and the highest number, or the first and the last moment, that a value stands for.
    fn ends(&self, value: &Value) -> Option<(i64, i64)> {
        match value {
            Value::Int(number) => Some((*number, *number)),
            Value::Range(ends) => Some((self.ends(&ends.0)?.0, self.ends(&ends.1)?.1)),
            _ => self.viewer.span(value).map(|(first, last)| (first.0, last.0)),
        }
    }

    fn push_is(&self, sql: &mut Sql, value: &Value, negated: bool) {
        let (column, nullable) = column(self.rows, self.field);
        if let (Field::Away, Value::Bool(flag)) = (self.field, value) {
            // In these words every index of items still serves: the table is small, and an item is looked up in it by its id.
            sql.push(if *flag == negated { "item.id NOT IN" } else { "item.id IN" }).push(" (SELECT item_id FROM item_away)");
            return;
        }
        if let Value::Bool(flag) = value {
            // In the words of the partial indexes.
            sql.push(if *flag == negated { "NOT " } else { "" }).push(column);
            return;
        }
        let values = Values::of(self.viewer, self.field, value);
        if values.is_empty() {
            push_constant(sql, negated);
            return;
        }
        if *self.field == Field::Category && values.are_all_but_done(negated) {
            // In the words of the partial indexes, so that a page is read in the order of one instead of collected and sorted.
            sql.push("item.category <> 'done'");
            return;
        }
        if nullable {
            sql.push("(").push(column).push(if negated { " IS NULL OR " } else { " IS NOT NULL AND " });
        }
        sql.push(if self.is_counted_by() { "+" } else { "" }).push(column);
        values.push_in(sql, self.engine, negated);
        if nullable {
            sql.push(")");
        }
    }

    /// Whether an index is there to count by this field, and not to find by it: SQLite takes its values for rarer than they are, and would
    /// collect and sort a quarter of all items. That of the status is also in the order of the last change.
    fn is_counted_by(&self) -> bool {
        self.engine == Engine::Sqlite
            && match self.field {
                Field::Channel | Field::Impact | Field::Product => true,
                Field::Status => !self.by_updated,
                Field::Priority => self.by_updated,
                _ => false,
            }
    }

    fn push_empty(&self, sql: &mut Sql, field: &Field, empty: bool) {
        let (column, nullable) = column(self.rows, field);
        if nullable {
            sql.push(if self.common { "+" } else { "" }).push(column).push(if empty { " IS NULL" } else { " IS NOT NULL" });
            return;
        }
        let nothing = match (field, field.info().map(|info| info.kind)) {
            (Field::Priority | Field::MergedInto, _) => "0",
            (Field::Impact, _) => "'none'",
            (_, Some(FieldType::Text)) => "''",
            _ => return push_constant(sql, !empty),
        };
        sql.push(column).push(if empty { " = " } else { " <> " }).push(nothing);
    }

    fn push_order(&self, sql: &mut Sql, op: Op, (low, high): (i64, i64)) {
        let (column, _) = column(self.rows, self.field);
        sql.push("(");
        self.push_empty(sql, self.field, false);
        sql.push(" AND ").push(column);
        match op {
            Op::Lt | Op::Before => sql.push(" < ").bind(low),
            Op::Le => sql.push(" <= ").bind(high),
            Op::Gt | Op::After => sql.push(" > ").bind(high),
            Op::Ge => sql.push(" >= ").bind(low),
            _ => sql.push(" >= ").bind(low).push(" AND ").push(column).push(" <= ").bind(high),
        };
        sql.push(")");
    }

    /// Two fields of the same row. Empty neither equals nor comes before anything.
    fn push_between(&self, sql: &mut Sql, op: Op, other: &Field) {
        sql.push(if op == Op::IsNot { "NOT (" } else { "(" });
        self.push_empty(sql, self.field, false);
        sql.push(" AND ");
        self.push_empty(sql, other, false);
        sql.push(" AND ").push(column(self.rows, self.field).0).push(match op {
            Op::Lt | Op::Before => " < ",
            Op::Le => " <= ",
            Op::Gt | Op::After => " > ",
            Op::Ge => " >= ",
            _ => " = ",
        });
        sql.push(column(self.rows, other).0).push(")");
    }

    /// `part` is in lower case already (ASCII letters only, as both engines fold here).
    fn push_holds(&self, sql: &mut Sql, op: Op, part: String) {
        let (column, _) = column(self.rows, self.field);
        let after = match self.engine {
            Engine::Sqlite => ")",
            Engine::Postgres => " COLLATE \"C\")",
        };
        if op == Op::StartsWith {
            sql.push("substr(lower(").push(column).push(after).push(", 1, length(");
            sql.bind(part.as_str()).push(")) = ").bind(part);
            return;
        }
        sql.push(self.engine.position()).push("(lower(").push(column).push(after).push(", ").bind(part);
        sql.push(if op == Op::NotContains { ") = 0" } else { ") > 0" });
    }
}
