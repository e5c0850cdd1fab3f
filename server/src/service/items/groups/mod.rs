//! The groups of a list, counted by the database over the whole of it ([why so](../../../../../docs/decisions/0021-groups.md)).
//!
//! One statement counts ([`ask`]). Where there can be any number of groups (customers, organizations, tags, products) the database
//! also puts them in order and answers the first ones; what is few ([`few`]) and stretches of time ([`days`]) are put in order here
//! ([`order`]), because languages and calendars are known here.

pub(super) mod all;
mod ask;
pub(super) mod days;
mod few;
mod order;
mod sums;

use super::{ItemService, customer_refs, list::is_open, organization_refs};
use crate::db::{Read, filter_sql};
use ask::{Ask, Told};
use domain::{
    Error, Result,
    actor::Actor,
    error::Check,
    filter::{Expr, Field, Op, Relation, Value},
    id::{CustomerId, OrganizationId},
    item::Impact,
    limits,
    types::Category,
    view::{Group, GroupBy, Groups, GroupsQuery, Measure, Take},
};
use order::Placed;
use std::collections::HashMap;

/// What a level of groups is, for the database.
struct Level {
    /// The column of the item, or of the row, by which groups are known.
    column: &'static str,
    /// The rows that stand in groups; `None`: the items themselves.
    rows: Option<Relation>,
    kind: Kind,
}

/// How many groups there can be, and by what they are known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Few, known by a number (an id, stars, yes and no).
    Number,
    /// Few, known by a word.
    Word,
    /// Few enough: days.
    Day,
    /// Any number, known by an id of this table, which has names.
    Named(&'static str),
    /// Any number, known by a text.
    Text,
}

impl Level {
    /// `None`: lists are not divided by this.
    fn of(by: &GroupBy) -> Option<Self> {
        let (rows, field) = match by {
            GroupBy::Field(field) | GroupBy::Time(field, _) => (None, field.clone()),
            GroupBy::Rows(relation) => (Some(*relation), relation.main()),
        };
        let kind = match (by, &field) {
            (
                GroupBy::Time(Field::Created | Field::Updated | Field::FirstResponse | Field::Resolved | Field::LastMessage, _),
                _,
            ) => Kind::Day,
            (GroupBy::Field(Field::Type | Field::Status | Field::Priority | Field::Published), _)
            | (GroupBy::Rows(_), Field::Agent | Field::Team) => Kind::Number,
            (GroupBy::Field(Field::Category | Field::Channel | Field::Impact), _) => Kind::Word,
            (GroupBy::Field(Field::Requester), _) | (GroupBy::Rows(_), Field::Customer) => Kind::Named("customer"),
            (GroupBy::Field(Field::Organization), _) => Kind::Named("organization"),
            (GroupBy::Field(Field::Product), _) | (GroupBy::Rows(_), Field::Tag) => Kind::Text,
            _ => return None,
        };
        Some(Self { column: filter_sql::column(rows, &field), rows, kind })
    }
}

/// How much of all items a list shows, as far as its form tells: the engines need to be asked differently for much and for little.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breadth {
    /// All.
    All,
    /// All that are not done.
    Open,
    /// Some of what is not done, for which the index of [`OPEN_GROUPS`] knows enough.
    OpenSome,
    /// Some.
    Some,
}

/// The fields in the index `item_open_groups`.
const OPEN_GROUPS: [Field; 15] = [
    Field::Type,
    Field::Status,
    Field::Category,
    Field::Priority,
    Field::Requester,
    Field::Organization,
    Field::Channel,
    Field::Impact,
    Field::Product,
    Field::Published,
    Field::Created,
    Field::Updated,
    Field::FirstResponse,
    Field::Resolved,
    Field::LastMessage,
];

impl Breadth {
    fn of(shown: &Expr) -> Self {
        match shown {
            Expr::All(parts) if parts.is_empty() => Self::All,
            Expr::All(parts) => {
                let each: Vec<Self> = parts.iter().map(Self::of).filter(|breadth| *breadth != Self::All).collect();
                match each.as_slice() {
                    [] => Self::All,
                    all if all.iter().all(|breadth| *breadth == Self::Open) => Self::Open,
                    _ if is_open(shown) && parts.iter().all(is_indexed) => Self::OpenSome,
                    _ => Self::Some,
                }
            }
            // What lists leave out is little.
            Expr::Compare { field: Field::Away, op: Op::Is, value: Value::Bool(false) } => Self::All,
            Expr::Compare { op: Op::In, value: Value::Set(keys), .. } if is_open(shown) => {
                let has = |category: Category| keys.iter().any(|key| *key == Value::Text(category.key().to_owned()));
                if has(Category::Todo) && has(Category::Waiting) { Self::Open } else { Self::OpenSome }
            }
            Expr::Compare { op: Op::IsNot, .. } | Expr::Not(_) if is_open(shown) => Self::Open,
            Expr::Compare { .. } if is_open(shown) => Self::OpenSome,
            _ => Self::Some,
        }
    }
}

/// Whether the index `item_open_groups` answers a condition.
fn is_indexed(expr: &Expr) -> bool {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().all(is_indexed),
        Expr::Not(inner) => is_indexed(inner),
        Expr::Compare { field, value, .. } => {
            let other = |value: &Value| if let Value::Field(other) = value { OPEN_GROUPS.contains(other) } else { true };
            *field == Field::Away || OPEN_GROUPS.contains(field) && other(value)
        }
        Expr::Related { .. } | Expr::Text(_) | Expr::View(_) => false,
    }
}

/// What was counted and added up for a group.
#[derive(Debug, Clone, Default)]
struct Tally {
    items: i64,
    /// For each measure the sum, and of how many items.
    numbers: Vec<(f64, i64)>,
}

impl Tally {
    fn of(told: &Told, measures: usize) -> Self {
        Self::made(told.items, [(told.sum_0, told.of_0), (told.sum_1, told.of_1), (told.sum_2, told.of_2)], measures)
    }
    /// Of the whole list, as any of its groups tells it.
    fn of_all(told: &[Told], measures: usize) -> Self {
        told.first().map_or_else(Self::default, |told| {
            let all = [(told.all_sum_0, told.all_of_0), (told.all_sum_1, told.all_of_1), (told.all_sum_2, told.all_of_2)];
            Self::made(told.total, all, measures)
        })
    }
    fn made(items: i64, numbers: [(Option<f64>, i64); limits::MEASURES], measures: usize) -> Self {
        let numbers = numbers.into_iter().take(measures).map(|(sum, of)| (sum.unwrap_or_default(), of)).collect();
        Self { items, numbers }
    }
    fn add(&mut self, other: &Self) {
        self.items += other.items;
        self.numbers.resize(other.numbers.len().max(self.numbers.len()), (0.0, 0));
        for (sum, more) in self.numbers.iter_mut().zip(&other.numbers) {
            *sum = (sum.0 + more.0, sum.1 + more.1);
        }
    }
    /// What the measures make of it.
    fn measures(&self, measures: &[Measure]) -> Vec<Option<f64>> {
        let told = |(place, measure): (usize, &Measure)| {
            let (sum, of) = *self.numbers.get(place)?;
            made(*measure, sum, of)
        };
        measures.iter().enumerate().map(told).collect()
    }
    fn group(&self, key: Value, name: String, measures: &[Measure]) -> Group {
        Group { key, name, count: self.items, measures: self.measures(measures) }
    }
}

/// What a measure makes of the sum of the numbers of so many items.
fn made(measure: Measure, sum: f64, of: i64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2⁵³ items")]
    let made = match measure.take {
        Take::Sum => sum,
        Take::Average => sum / of as f64,
    };
    (of > 0).then_some(made)
}

/// The key of what was told, as [`GroupBy::condition`] takes it.
fn key(by: &GroupBy, told: &Told) -> Value {
    match (by, told.number, &told.text) {
        (GroupBy::Field(Field::Published), Some(flag), _) => Value::Bool(flag != 0),
        (GroupBy::Field(Field::Priority), Some(0), _) => Value::Null,
        (GroupBy::Field(Field::Priority), Some(stars), _) => Value::Int(stars),
        (GroupBy::Field(Field::Impact), _, Some(impact)) if impact == Impact::None.key() => Value::Null,
        (_, Some(id), _) => Value::Id(id),
        (_, _, Some(text)) => Value::Text(text.clone()),
        _ => Value::Null,
    }
}

impl ItemService {
    pub(super) async fn grouped(&self, actor: &Actor, query: GroupsQuery) -> Result<Groups> {
        let mut fields = Check::new();
        fields
            .that(query.measures.len() <= limits::MEASURES, "measures", "error_too_many_values")
            .that(query.page() <= limits::GROUPS, "limit", "error_too_many_values")
            .done()?;
        // Nothing that can be sent names another.
        let level = Level::of(&query.by).ok_or_else(Error::internal)?;
        let (shown, viewer) = self.shown(actor, &query.list).await?;
        let after = query.after.as_ref().map(|cursor| order::read(cursor, &query, level.kind)).transpose()?;
        let after = after.as_ref();
        let ask = Ask { engine: self.db.engine(), level: &level, breadth: Breadth::of(&shown), query: &query, after };
        let told = ask.told(&self.db, &shown, &viewer).await?;
        let whole = Tally::of_all(&told, query.measures.len());
        let (placed, more) = match (level.kind, &query.by) {
            (Kind::Named(_) | Kind::Text, _) => self.named(level.kind, &query, &told).await?,
            (_, GroupBy::Time(_, unit)) => days::groups(*unit, &query, &told, after),
            _ => {
                let known = few::known(&self.db, actor, &query.by).await?;
                few::groups(known, &query, &told, after)
            }
        };
        let next = match placed.last() {
            Some(last) if more > 0 => Some(order::write(last, &query)?),
            _ => None,
        };
        Ok(Groups {
            groups: placed.into_iter().map(|placed| placed.group).collect(),
            more: i64::try_from(more).unwrap_or(i64::MAX),
            next,
            total: whole.items,
            measures: whole.measures(&query.measures),
        })
    }

    /// A page of groups that the database has put in order, with their names, and how many follow it.
    async fn named(&self, kind: Kind, query: &GroupsQuery, told: &[Told]) -> Result<(Vec<Placed>, usize)> {
        let mut db = self.db.clone();
        let ids = told.iter().filter_map(|told| told.number);
        let mut names: HashMap<i64, String> = match kind {
            Kind::Named("customer") => customer_refs(&mut db, ids.map(CustomerId))
                .await?
                .into_iter()
                .map(|(id, customer)| (id.0, customer.name))
                .collect(),
            Kind::Named(_) => {
                let found = organization_refs(&mut db, ids.map(OrganizationId)).await?;
                found.into_iter().map(|(id, organization)| (id.0, organization.name)).collect()
            }
            _ => HashMap::new(),
        };
        let all = told.first().map_or(0, |told| told.groups);
        let more = usize::try_from(all).unwrap_or_default().saturating_sub(told.len());
        let placed = |told: &Told| {
            let name = told.number.and_then(|id| names.remove(&id)).unwrap_or_default();
            let group = Tally::of(told, query.measures.len()).group(key(&query.by, told), name, &query.measures);
            Placed { place: (0, told.name.clone().unwrap_or_default()), group }
        };
        Ok((told.iter().map(placed).collect(), more))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{filter::policy::system_view, view::SystemView};

    #[test]
    fn everything_that_lists_are_divided_by_has_a_level() {
        for by in GroupBy::all() {
            assert!(Level::of(&by).is_some(), "{by}");
        }
        for by in [GroupBy::Field(Field::Title), GroupBy::Field(Field::Created), GroupBy::Rows(Relation::Messages)] {
            assert!(Level::of(&by).is_none(), "{by}");
        }
    }

    #[test]
    fn the_whole_of_what_is_not_done_is_known_by_its_form() {
        let all = || Expr::All(Vec::new());
        let open = || system_view(SystemView::Open);
        let is = |expr: Expr, breadth| assert!(Breadth::of(&expr) == breadth, "{expr:?}");
        is(Expr::All(vec![all(), system_view(SystemView::All), all()]), Breadth::All);
        is(Expr::All(vec![all(), open(), all()]), Breadth::Open);
        is(Expr::All(vec![open(), open()]), Breadth::Open);
        let done = || Value::Text("done".to_owned());
        is(Expr::compare(Field::Category, Op::Is, done()).not(), Breadth::Open);
        is(Expr::compare(Field::Category, Op::IsNot, done()), Breadth::Open);
        is(Expr::compare(Field::Category, Op::IsNot, Value::Text("todo".to_owned())), Breadth::Some);
        for view in [SystemView::Mine, SystemView::Unanswered, SystemView::RecentlyDone] {
            is(Expr::All(vec![all(), system_view(view)]), Breadth::Some);
        }
        is(Expr::All(vec![all(), system_view(SystemView::Waiting)]), Breadth::OpenSome);
        let of = |field: Field| Expr::compare(field, Op::IsEmpty, Value::Null);
        is(Expr::All(vec![open(), of(Field::Organization)]), Breadth::OpenSome);
        is(Expr::All(vec![open(), of(Field::LastMessageBy)]), Breadth::Some);
        is(of(Field::Organization), Breadth::Some);
        // The migrations say the same, in other words.
        let index = include_str!("../../../../migrations/sqlite/0010_groups.sql");
        assert_eq!(index.split_once("item (").unwrap().1.split(',').count(), OPEN_GROUPS.len() + 1, "and the id");
        for field in OPEN_GROUPS {
            let column = filter_sql::column(None, &field).trim_start_matches("item.");
            assert!(index.contains(column), "{column}");
        }
        is(Expr::All(vec![open(), Expr::none(Relation::Agents, Value::Null)]), Breadth::Some);
        is(Expr::Any(Vec::new()), Breadth::Some);
    }
}
