//! Answers a filter in memory, exactly as the databases do.
//!
//! Everything is two-valued. *Is*, *in* and their negations compare what is kept, so that "priority is 0" finds items without
//! priority and "is not", "not in", "does not contain" include empty. An order (`<`, before, …) and "is not empty" never hold
//! for empty; priority 0, impact "none" and empty text are empty. A dynamic value is the set of ids that it stands for: for
//! a viewer whom it does not concern it is no id at all, so that "is me" matches nothing, also where nobody is set.

use super::{
    expr::{Expr, Op, Quantifier, Value},
    field::{Field, Relation},
};
use crate::{
    actor::Party,
    id::{AgentId, CustomerId, ItemNumber, OrganizationId, StatusId, TeamId, TypeId},
    item::{Channel, Impact},
    time::Timestamp,
    types::Category,
};

/// Everything about an item that a filter can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The number that people see.
    pub number: ItemNumber,
    /// Title.
    pub title: String,
    /// Type.
    pub type_id: TypeId,
    /// Status.
    pub status_id: StatusId,
    /// Category of the status.
    pub category: Category,
    /// 0–5 stars.
    pub priority: u8,
    /// Who asks.
    pub requester: Option<CustomerId>,
    /// The requester's organization.
    pub organization: Option<OrganizationId>,
    /// How it came in.
    pub channel: Channel,
    /// How many people it touches.
    pub impact: Impact,
    /// Product that it is about; empty if not said.
    pub product: String,
    /// Whether customers can see it.
    pub published: bool,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When an agent first answered in public.
    pub first_response_at: Option<Timestamp>,
    /// When it last became done.
    pub resolved_at: Option<Timestamp>,
    /// When the last public message was written.
    pub last_message_at: Option<Timestamp>,
    /// Who wrote the last public message.
    pub last_message_by: Option<Party>,
    /// Agents it is assigned to.
    pub agents: Vec<AgentId>,
    /// Teams it is assigned to.
    pub teams: Vec<TeamId>,
    /// Agents who follow it.
    pub following_agents: Vec<AgentId>,
    /// Customers who follow it.
    pub following_customers: Vec<CustomerId>,
    /// Tags.
    pub tags: Vec<String>,
}

/// Who looks, and when: what the dynamic values of a filter stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The agent who looks.
    pub me_agent: Option<AgentId>,
    /// The customer who looks.
    pub me_customer: Option<CustomerId>,
    /// The teams of the agent.
    pub teams: Vec<TeamId>,
    /// The organization of the customer.
    pub organization: Option<OrganizationId>,
    /// The present.
    pub now: Timestamp,
}

impl Viewer {
    /// The point in time that a value stands for, if it is one.
    #[must_use]
    pub fn time(&self, value: &Value) -> Option<Timestamp> {
        match value {
            Value::At(at) => Some(*at),
            Value::Now(offset) => Some(self.now.plus(*offset)),
            _ => None,
        }
    }
    /// The ids that a value of an id field stands for.
    #[must_use]
    pub fn field_ids(&self, field: Field, value: &Value) -> Vec<i64> {
        match value {
            Value::Id(id) => vec![*id],
            Value::Me if field == Field::Requester => self.me_customer.iter().map(|id| id.0).collect(),
            Value::MyOrganization if field == Field::Organization => self.organization.iter().map(|id| id.0).collect(),
            Value::Set(values) => values.iter().flat_map(|each| self.field_ids(field, each)).collect(),
            _ => Vec::new(),
        }
    }
    /// The ids that a value of a relation to people or teams stands for.
    #[must_use]
    pub fn relation_ids(&self, relation: Relation, value: &Value) -> Vec<i64> {
        match (relation, value) {
            (Relation::Tags, _) => Vec::new(),
            (_, Value::Id(id)) => vec![*id],
            (Relation::Agents | Relation::FollowingAgents, Value::Me) => self.me_agent.iter().map(|id| id.0).collect(),
            (Relation::FollowingCustomers, Value::Me) => self.me_customer.iter().map(|id| id.0).collect(),
            (Relation::Teams, Value::MyTeams) => self.teams.iter().map(|id| id.0).collect(),
            (_, Value::Set(values)) => values.iter().flat_map(|each| self.relation_ids(relation, each)).collect(),
            _ => Vec::new(),
        }
    }
}

/// Whether an item matches. The expression should have passed [`super::check::check`]; what did not matches nothing through
/// the leaf that is wrong.
#[must_use]
pub fn matches(expr: &Expr, facts: &Facts, viewer: &Viewer) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().all(|part| matches(part, facts, viewer)),
        Expr::Any(parts) => parts.iter().any(|part| matches(part, facts, viewer)),
        Expr::Not(inner) => !matches(inner, facts, viewer),
        Expr::Compare { field, op, value } => compare(*field, *op, value, facts, viewer),
        Expr::Related { relation, quantifier, value } => related(*relation, *quantifier, value, facts, viewer),
    }
}

/// What an item keeps in a field.
enum Kept<'a> {
    Number(i64),
    Text(&'a str),
    Id(Option<i64>),
    Flag(bool),
    Time(Option<Timestamp>),
}

fn kept(facts: &Facts, field: Field) -> Kept<'_> {
    match field {
        Field::Number => Kept::Number(facts.number.0),
        Field::Title => Kept::Text(&facts.title),
        Field::Type => Kept::Id(Some(facts.type_id.0)),
        Field::Status => Kept::Id(Some(facts.status_id.0)),
        Field::Category => Kept::Text(facts.category.key()),
        Field::Priority => Kept::Number(facts.priority.into()),
        Field::Requester => Kept::Id(facts.requester.map(|id| id.0)),
        Field::Organization => Kept::Id(facts.organization.map(|id| id.0)),
        Field::Channel => Kept::Text(facts.channel.key()),
        Field::Impact => Kept::Text(facts.impact.key()),
        Field::Product => Kept::Text(&facts.product),
        Field::Published => Kept::Flag(facts.published),
        Field::Created => Kept::Time(Some(facts.created_at)),
        Field::Updated => Kept::Time(Some(facts.updated_at)),
        Field::FirstResponse => Kept::Time(facts.first_response_at),
        Field::Resolved => Kept::Time(facts.resolved_at),
        Field::LastMessage => Kept::Time(facts.last_message_at),
        Field::LastMessageBy => Kept::Text(facts.last_message_by.map_or("", Party::kind)),
    }
}

fn compare(field: Field, op: Op, value: &Value, facts: &Facts, viewer: &Viewer) -> bool {
    let kept = kept(facts, field);
    match op {
        Op::Is | Op::In => is_one_of(&kept, field, value, viewer),
        Op::IsNot | Op::NotIn => !is_one_of(&kept, field, value, viewer),
        Op::IsEmpty => is_empty(&kept, field),
        Op::IsNotEmpty => !is_empty(&kept, field),
        Op::Contains => holds(&kept, value, |text, part| text.contains(part)),
        Op::NotContains => !holds(&kept, value, |text, part| text.contains(part)),
        Op::StartsWith => holds(&kept, value, |text, part| text.starts_with(part)),
        Op::Lt | Op::Le | Op::Gt | Op::Ge => match (&kept, value) {
            (Kept::Number(number), Value::Int(limit)) if !is_empty(&kept, field) => match op {
                Op::Lt => number < limit,
                Op::Le => number <= limit,
                Op::Gt => number > limit,
                _ => number >= limit,
            },
            _ => false,
        },
        Op::Before | Op::After => match (&kept, viewer.time(value)) {
            (Kept::Time(Some(at)), Some(limit)) if op == Op::Before => *at < limit,
            (Kept::Time(Some(at)), Some(limit)) => *at > limit,
            _ => false,
        },
    }
}

fn is_empty(kept: &Kept<'_>, field: Field) -> bool {
    match kept {
        Kept::Number(number) => field == Field::Priority && *number == 0,
        Kept::Text(text) => text.is_empty() || field == Field::Impact && *text == Impact::None.key(),
        Kept::Id(id) => id.is_none(),
        Kept::Time(at) => at.is_none(),
        Kept::Flag(_) => false,
    }
}

fn is_one_of(kept: &Kept<'_>, field: Field, value: &Value, viewer: &Viewer) -> bool {
    match (kept, value) {
        (Kept::Id(id), _) => id.is_some_and(|id| viewer.field_ids(field, value).contains(&id)),
        (_, Value::Set(values)) => values.iter().any(|each| is_one_of(kept, field, each, viewer)),
        (Kept::Number(number), Value::Int(other)) => number == other,
        (Kept::Text(text), Value::Text(other)) => text == other,
        (Kept::Flag(flag), Value::Bool(other)) => flag == other,
        _ => false,
    }
}

/// ASCII letters are compared without case; the databases fold other letters differently, so nobody does.
fn holds(kept: &Kept<'_>, value: &Value, test: impl Fn(&str, &str) -> bool) -> bool {
    match (kept, value) {
        (Kept::Text(text), Value::Text(part)) => test(&text.to_ascii_lowercase(), &part.to_ascii_lowercase()),
        _ => false,
    }
}

fn related(relation: Relation, quantifier: Quantifier, value: &Value, facts: &Facts, viewer: &Viewer) -> bool {
    let found: Vec<bool> = match relation {
        Relation::Agents => in_set(&facts.agents, relation, value, viewer),
        Relation::Teams => in_set(&facts.teams, relation, value, viewer),
        Relation::FollowingAgents => in_set(&facts.following_agents, relation, value, viewer),
        Relation::FollowingCustomers => in_set(&facts.following_customers, relation, value, viewer),
        Relation::Tags => facts.tags.iter().map(|tag| is_tag(tag, value)).collect(),
    };
    match quantifier {
        Quantifier::Some => found.contains(&true),
        Quantifier::Every => !found.contains(&false),
        Quantifier::None => !found.contains(&true),
    }
}

fn in_set<T: Copy + Into<i64>>(rows: &[T], relation: Relation, value: &Value, viewer: &Viewer) -> Vec<bool> {
    let ids = viewer.relation_ids(relation, value);
    rows.iter().map(|row| *value == Value::Null || ids.contains(&(*row).into())).collect()
}

fn is_tag(tag: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => tag == text,
        Value::Set(values) => values.iter().any(|each| *each != Value::Null && is_tag(tag, each)),
        _ => false,
    }
}
