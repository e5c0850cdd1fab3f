//! Answers a filter in memory, exactly as the databases do.
//!
//! Everything is two-valued. *Is*, *in* and their negations compare what is kept, so that "priority is 0" finds items without
//! priority and "is not", "not in", "does not contain" include empty. An order (`<`, before, within, …) and "is not empty" never hold
//! for empty; priority 0, "merged into 0", impact "none" and empty text are empty. A dynamic value is the set of ids that it stands for: for
//! a viewer whom it does not concern it is no id at all, so that "is me" matches nothing, also where nobody is set. Another
//! field that is empty equals nothing.
//!
//! **Broken** is a condition that makes no sense (any more): its field is gone, a view that it names is, or the value is of the wrong
//! kind. It is neither true nor false: where more would match if it were true it counts as false, and under an odd number of
//! *not* (or *none*) as true. So nothing matches through it, and whatever it once meant, the filter never shows more than it did.

use super::{
    check::{self, sound},
    expr::{Expr, Op, Quantifier, Value},
    field::{Field, Relation},
    words::{self, Phrase},
};
use crate::{
    action::Away,
    actor::Party,
    calendar::{Unit, Zone},
    conversation::MessageKind,
    id::{AgentId, CustomerId, ItemNumber, MessageId, OrganizationId, StatusId, TeamId, TypeId},
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
    /// Whether it lies outside of ordinary lists, and why.
    pub away: Away,
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
    /// What was written and attached; `None` where it was not loaded. Then [`knows`] says what cannot be answered.
    pub thread: Option<Thread>,
}

/// What was written about an item, who asks, and its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thread {
    /// Name and addresses of who asks.
    pub requester: String,
    /// What was asked, as clean HTML.
    pub description: String,
    /// Replies and notes.
    pub messages: Vec<MessageFacts>,
    /// The files of the description and of messages.
    pub files: Vec<FileFacts>,
}

/// What a filter can ask of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFacts {
    /// The message.
    pub id: MessageId,
    /// Reply or note.
    pub kind: MessageKind,
    /// Who wrote it.
    pub by: Party,
    /// When.
    pub written: Timestamp,
    /// Clean HTML.
    pub html: String,
}

/// What a filter can ask of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// The message that it belongs to; `None`: the description.
    pub message: Option<MessageId>,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Media type.
    pub content_type: String,
    /// When it was uploaded.
    pub added: Timestamp,
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
    /// Whether they may know of notes. Who may not finds nothing through them, nor through their files.
    pub notes: bool,
    /// The present.
    pub now: Timestamp,
    /// The time zone of their calendar.
    pub zone: Zone,
}

impl Viewer {
    /// Nobody, at this time: no agent, no customer, in universal time.
    #[must_use]
    pub fn nobody(now: Timestamp) -> Self {
        Self { me_agent: None, me_customer: None, teams: Vec::new(), organization: None, notes: false, now, zone: Zone::utc() }
    }
    /// The same, with the calendar of this zone.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }
    /// The first and the last moment that a value stands for, if it is a time or a stretch of time.
    #[must_use]
    pub fn span(&self, value: &Value) -> Option<(Timestamp, Timestamp)> {
        let day = |from, past| (self.zone.begin_of(from), self.zone.begin_of(past).plus(-1));
        let period = |unit, by: i32| {
            let today = self.zone.date_of(self.now);
            day(today.begin(unit, by), today.begin(unit, by.saturating_add(1)))
        };
        match value {
            Value::At(at) => Some((*at, *at)),
            Value::Now(offset) => Some((self.now.plus(*offset), self.now.plus(*offset))),
            Value::Day(date) => Some(day(*date, date.begin(Unit::Day, 1))),
            Value::Period(unit, by) => Some(period(*unit, *by)),
            Value::Start(unit, by) => Some(period(*unit, *by)).map(|(first, _)| (first, first)),
            Value::End(unit, by) => Some(period(*unit, *by)).map(|(_, last)| (last, last)),
            Value::Range(ends) => Some((self.span(&ends.0)?.0, self.span(&ends.1)?.1)),
            _ => None,
        }
    }
    /// The ids that a value of an id field stands for.
    #[must_use]
    pub fn ids(&self, field: &Field, value: &Value) -> Vec<i64> {
        match (value, field) {
            (Value::Id(id), _) => vec![*id],
            (Value::Me, Field::Agent) => self.me_agent.iter().map(|id| id.0).collect(),
            (Value::Me, Field::Requester | Field::Customer) => self.me_customer.iter().map(|id| id.0).collect(),
            (Value::MyTeams, Field::Team) => self.teams.iter().map(|id| id.0).collect(),
            (Value::MyOrganization, Field::Organization) => self.organization.iter().map(|id| id.0).collect(),
            (Value::Set(values), _) => values.iter().flat_map(|each| self.ids(field, each)).collect(),
            _ => Vec::new(),
        }
    }
    fn is_id(&self, id: i64, field: &Field, value: &Value) -> bool {
        match (value, field) {
            (Value::Id(other), _) => id == *other,
            (Value::Me, Field::Agent) => self.me_agent.is_some_and(|me| me.0 == id),
            (Value::Me, Field::Requester | Field::Customer) => self.me_customer.is_some_and(|me| me.0 == id),
            (Value::MyTeams, Field::Team) => self.teams.contains(&TeamId(id)),
            (Value::MyOrganization, Field::Organization) => self.organization.is_some_and(|my| my.0 == id),
            (Value::Set(values), _) => values.iter().any(|each| self.is_id(id, field, each)),
            _ => false,
        }
    }
}

/// Whether an item matches. What [`super::check()`] would refuse is broken: nothing matches through it. So is a view that is still
/// named (see [`super::views::resolve`]), and what asks for a thread that was not loaded.
#[must_use]
pub fn matches(expr: &Expr, facts: &Facts, viewer: &Viewer) -> bool {
    Asked { facts, viewer }.holds(expr, Row::Item, true)
}

/// Whether the facts suffice to answer a filter. Without the thread they do not where it asks for messages, files or full text:
/// then the database has to be asked.
#[must_use]
pub fn knows(expr: &Expr, facts: &Facts) -> bool {
    facts.thread.is_some()
        || match expr {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().all(|part| knows(part, facts)),
            Expr::Not(inner) => knows(inner, facts),
            Expr::Compare { .. } | Expr::View(_) => true,
            Expr::Related { relation, .. } => !matches!(relation, Relation::Messages | Relation::Files),
            Expr::Text(_) => false,
        }
}

/// What is asked: the item itself, or a row of one of its relations.
#[derive(Clone, Copy)]
enum Row<'f> {
    Item,
    Agent(Relation, i64),
    Team(i64),
    Customer(i64),
    Tag(&'f str),
    Message(&'f MessageFacts),
    File(&'f FileFacts),
}

impl Row<'_> {
    fn relation(&self) -> Option<Relation> {
        match self {
            Self::Item => None,
            Self::Agent(relation, _) => Some(*relation),
            Self::Team(_) => Some(Relation::Teams),
            Self::Customer(_) => Some(Relation::FollowingCustomers),
            Self::Tag(_) => Some(Relation::Tags),
            Self::Message(_) => Some(Relation::Messages),
            Self::File(_) => Some(Relation::Files),
        }
    }
}

/// What a field holds.
enum Kept<'a> {
    Number(i64),
    Text(&'a str),
    Id(Option<i64>),
    Flag(bool),
    Time(Option<Timestamp>),
}

struct Asked<'a> {
    facts: &'a Facts,
    viewer: &'a Viewer,
}

impl<'a> Asked<'a> {
    /// `more`: whether more matches where this is true; otherwise it is under an odd number of negations.
    fn holds(&self, expr: &Expr, row: Row<'a>, more: bool) -> bool {
        match expr {
            Expr::All(parts) => parts.iter().all(|part| self.holds(part, row, more)),
            Expr::Any(parts) => parts.iter().any(|part| self.holds(part, row, more)),
            Expr::Not(inner) => !self.holds(inner, row, !more),
            Expr::Compare { field, op, value } => self.compare(row, field, *op, value).unwrap_or(!more),
            Expr::Related { relation, quantifier, of } => {
                let is_item = matches!(row, Row::Item);
                let answer = if is_item { self.related(*relation, *quantifier, of, more) } else { None };
                answer.unwrap_or(!more)
            }
            Expr::Text(text) => self.text(row, text).unwrap_or(!more),
            Expr::View(_) => !more,
        }
    }

    fn related(&self, relation: Relation, quantifier: Quantifier, of: &Expr, more: bool) -> Option<bool> {
        let facts = self.facts;
        let agent = |id: &AgentId| Row::Agent(relation, id.0);
        Some(match relation {
            Relation::Agents => self.quantified(facts.agents.iter().map(agent), quantifier, of, more),
            Relation::FollowingAgents => self.quantified(facts.following_agents.iter().map(agent), quantifier, of, more),
            Relation::Teams => self.quantified(facts.teams.iter().map(|id| Row::Team(id.0)), quantifier, of, more),
            Relation::FollowingCustomers => {
                self.quantified(facts.following_customers.iter().map(|id| Row::Customer(id.0)), quantifier, of, more)
            }
            Relation::Tags => self.quantified(facts.tags.iter().map(|tag| Row::Tag(tag)), quantifier, of, more),
            Relation::Messages => self.quantified(self.messages()?.map(Row::Message), quantifier, of, more),
            Relation::Files => self.quantified(self.files()?.map(Row::File), quantifier, of, more),
        })
    }

    fn quantified(&self, mut rows: impl Iterator<Item = Row<'a>>, quantifier: Quantifier, of: &Expr, more: bool) -> bool {
        match quantifier {
            Quantifier::Some => rows.any(|row| self.holds(of, row, more)),
            Quantifier::Every => rows.all(|row| self.holds(of, row, more)),
            Quantifier::None => !rows.any(|row| self.holds(of, row, !more)),
        }
    }

    /// The messages that the viewer may know of; `None` if they were not loaded.
    fn messages(&self) -> Option<impl Iterator<Item = &'a MessageFacts> + use<'a>> {
        let notes = self.viewer.notes;
        let thread = self.facts.thread.as_ref()?;
        Some(thread.messages.iter().filter(move |message| notes || message.kind == MessageKind::Reply))
    }

    /// The same of files.
    fn files(&self) -> Option<impl Iterator<Item = &'a FileFacts> + use<'a>> {
        let notes = self.viewer.notes;
        let thread = self.facts.thread.as_ref()?;
        let is_note = |id| thread.messages.iter().any(|message| message.id == id && message.kind == MessageKind::Note);
        Some(thread.files.iter().filter(move |file| notes || !file.message.is_some_and(is_note)))
    }

    /// Whether words are found in the item, or in the message.
    fn text(&self, row: Row<'a>, text: &str) -> Option<bool> {
        if !check::searchable(row.relation(), text) {
            return None;
        }
        let phrase = Phrase::of(text)?;
        let facts = self.facts;
        let files = |message| {
            let thread = facts.thread.iter();
            thread.flat_map(|thread| &thread.files).filter(move |file| file.message == message).map(|file| file.name.as_str())
        };
        let in_message = |message: &MessageFacts| phrase.is_in(&words::of_message(files(Some(message.id)), &message.html));
        match (row, &facts.thread) {
            (Row::Message(message), _) => Some(in_message(message)),
            (_, Some(thread)) => {
                let itself = words::of_item(&facts.title, &thread.requester, files(None), &thread.description);
                Some(phrase.is_in(&itself) || self.messages()?.any(in_message))
            }
            // What is not loaded may hold it, too.
            (_, None) => phrase.is_in(&words::words(&facts.title)).then_some(true),
        }
    }

    /// What a field holds; [`None`] where the row has no such field.
    fn kept(&self, row: Row<'a>, field: &Field) -> Option<Kept<'a>> {
        let facts = self.facts;
        let agent = |by: Party| if let Party::Agent(id) = by { Some(id.0) } else { None };
        let customer = |by: Party| if let Party::Customer(id) = by { Some(id.0) } else { None };
        Some(match (row, field) {
            (Row::Item, Field::Number) => Kept::Number(facts.number.0),
            (Row::Item, Field::Title) => Kept::Text(&facts.title),
            (Row::Item, Field::Type) => Kept::Id(Some(facts.type_id.0)),
            (Row::Item, Field::Status) => Kept::Id(Some(facts.status_id.0)),
            (Row::Item, Field::Category) => Kept::Text(facts.category.key()),
            (Row::Item, Field::Priority) => Kept::Number(facts.priority.into()),
            (Row::Item, Field::Requester) => Kept::Id(facts.requester.map(|id| id.0)),
            (Row::Item, Field::Organization) => Kept::Id(facts.organization.map(|id| id.0)),
            (Row::Item, Field::Channel) => Kept::Text(facts.channel.key()),
            (Row::Item, Field::Impact) => Kept::Text(facts.impact.key()),
            (Row::Item, Field::Product) => Kept::Text(&facts.product),
            (Row::Item, Field::Published) => Kept::Flag(facts.published),
            (Row::Item, Field::Created) => Kept::Time(Some(facts.created_at)),
            (Row::Item, Field::Updated) => Kept::Time(Some(facts.updated_at)),
            (Row::Item, Field::FirstResponse) => Kept::Time(facts.first_response_at),
            (Row::Item, Field::Resolved) => Kept::Time(facts.resolved_at),
            (Row::Item, Field::LastMessage) => Kept::Time(facts.last_message_at),
            (Row::Item, Field::LastMessageBy) => Kept::Text(facts.last_message_by.map_or("", Party::kind)),
            (Row::Item, Field::Spam) => Kept::Flag(facts.away.spam),
            (Row::Item, Field::Deleted) => Kept::Time(facts.away.deleted_at),
            (Row::Item, Field::Snoozed) => Kept::Time(facts.away.snoozed_until),
            (Row::Item, Field::MergedInto) => Kept::Number(facts.away.merged_into.map_or(0, |number| number.0)),
            (Row::Item, Field::Away) => Kept::Flag(!facts.away.is_not()),
            (Row::Agent(_, id), Field::Agent) | (Row::Team(id), Field::Team) | (Row::Customer(id), Field::Customer) => {
                Kept::Id(Some(id))
            }
            (Row::Tag(tag), Field::Tag) => Kept::Text(tag),
            (Row::Message(message), Field::Kind) => Kept::Text(message.kind.key()),
            (Row::Message(message), Field::By) => Kept::Text(message.by.kind()),
            (Row::Message(message), Field::Agent) => Kept::Id(agent(message.by)),
            (Row::Message(message), Field::Customer) => Kept::Id(customer(message.by)),
            (Row::Message(message), Field::Written) => Kept::Time(Some(message.written)),
            (Row::File(file), Field::Name) => Kept::Text(&file.name),
            (Row::File(file), Field::Size) => Kept::Number(file.size),
            (Row::File(file), Field::ContentType) => Kept::Text(&file.content_type),
            (Row::File(file), Field::Added) => Kept::Time(Some(file.added)),
            _ => return None,
        })
    }

    /// `None`: broken.
    fn compare(&self, row: Row<'a>, field: &Field, op: Op, value: &Value) -> Option<bool> {
        if !sound(row.relation(), field, op, value) {
            return None;
        }
        let kept = self.kept(row, field)?;
        if let Value::Field(other) = value {
            return Some(between(op, (&kept, field), (&self.kept(row, other)?, other)));
        }
        Some(match op {
            Op::Is | Op::In => self.is_one_of(&kept, field, value),
            Op::IsNot | Op::NotIn => !self.is_one_of(&kept, field, value),
            Op::IsEmpty => is_empty(&kept, field),
            Op::IsNotEmpty => !is_empty(&kept, field),
            Op::Contains => holds(&kept, value, |text, part| text.contains(part)),
            Op::NotContains => !holds(&kept, value, |text, part| text.contains(part)),
            Op::StartsWith => holds(&kept, value, |text, part| text.starts_with(part)),
            Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Before | Op::After | Op::Within => {
                let ends = self.ends(value)?;
                scalar(&kept, field).is_some_and(|kept| ordered(op, kept, ends))
            }
        })
    }

    /// The lowest and the highest number, or the first and the last moment, that a value stands for.
    fn ends(&self, value: &Value) -> Option<(i64, i64)> {
        match value {
            Value::Int(number) => Some((*number, *number)),
            Value::Range(ends) if matches!(**ends, (Value::Int(_), Value::Int(_))) => {
                Some((self.ends(&ends.0)?.0, self.ends(&ends.1)?.1))
            }
            _ => self.viewer.span(value).map(|(first, last)| (first.0, last.0)),
        }
    }

    fn is_one_of(&self, kept: &Kept<'_>, field: &Field, value: &Value) -> bool {
        match (kept, value) {
            (Kept::Id(id), _) => id.is_some_and(|id| self.viewer.is_id(id, field, value)),
            (_, Value::Set(values)) => values.iter().any(|each| self.is_one_of(kept, field, each)),
            (Kept::Number(number), Value::Int(other)) => number == other,
            (Kept::Text(text), Value::Text(other)) => text == other,
            (Kept::Flag(flag), Value::Bool(other)) => flag == other,
            _ => false,
        }
    }
}

fn ordered(op: Op, kept: i64, (low, high): (i64, i64)) -> bool {
    match op {
        Op::Lt | Op::Before => kept < low,
        Op::Le => kept <= high,
        Op::Gt | Op::After => kept > high,
        Op::Ge => kept >= low,
        _ => low <= kept && kept <= high,
    }
}

/// What can be ordered, unless it is empty.
fn scalar(kept: &Kept<'_>, field: &Field) -> Option<i64> {
    match kept {
        Kept::Number(number) => (!is_empty(kept, field)).then_some(*number),
        Kept::Time(at) => at.map(|at| at.0),
        _ => None,
    }
}

/// Two fields of the same row. Empty neither equals nor comes before anything.
fn between(op: Op, (kept, field): (&Kept<'_>, &Field), (other, other_field): (&Kept<'_>, &Field)) -> bool {
    let known = !is_empty(kept, field) && !is_empty(other, other_field);
    match op {
        Op::Is | Op::IsNot => {
            let equal = match (kept, other) {
                (Kept::Text(one), Kept::Text(other)) => one == other,
                (Kept::Id(one), Kept::Id(other)) => one == other,
                (Kept::Flag(one), Kept::Flag(other)) => one == other,
                _ => scalar(kept, field) == scalar(other, other_field),
            };
            (known && equal) == (op == Op::Is)
        }
        _ => match (scalar(kept, field), scalar(other, other_field)) {
            (Some(kept), Some(limit)) => ordered(op, kept, (limit, limit)),
            _ => false,
        },
    }
}

fn is_empty(kept: &Kept<'_>, field: &Field) -> bool {
    match kept {
        Kept::Number(number) => matches!(field, Field::Priority | Field::MergedInto) && *number == 0,
        Kept::Text(text) => text.is_empty() || *field == Field::Impact && *text == Impact::None.key(),
        Kept::Id(id) => id.is_none(),
        Kept::Time(at) => at.is_none(),
        Kept::Flag(_) => false,
    }
}

/// ASCII letters are compared without case; the databases fold other letters differently, so nobody does.
fn holds(kept: &Kept<'_>, value: &Value, test: impl Fn(&str, &str) -> bool) -> bool {
    match (kept, value) {
        (Kept::Text(text), Value::Text(part)) => test(&text.to_ascii_lowercase(), &part.to_ascii_lowercase()),
        _ => false,
    }
}
