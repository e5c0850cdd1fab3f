//! Groups: what a list is divided by. A group is a condition like any other ([`GroupBy::condition`]), so its rows are a list of
//! their own that pages by itself, and a group within a group is a list of groups under that condition.

use super::list::ItemQuery;
use crate::{
    calendar::{Date, Unit},
    filter::{Expr, Field, FieldType, Op, Relation, Value},
    limits,
    page::Cursor,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// What a list is divided by: one level. As text the key of the field or relation, times with their unit: `organization`, `tags`,
/// `created.week`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GroupBy {
    /// A field with one value.
    Field(Field),
    /// A stretch of the reader's calendar in which a time lies.
    Time(Field, Unit),
    /// Rows that belong to an item; one with several of them stands in several groups.
    Rows(Relation),
}

impl GroupBy {
    /// Everything that a list can be divided by; times by month.
    pub fn all() -> impl Iterator<Item = Self> {
        let fields = Field::of(None).filter(|info| info.groupable).map(|info| match info.kind {
            FieldType::Time => Self::Time(info.field.clone(), Unit::Month),
            _ => Self::Field(info.field.clone()),
        });
        fields.chain(Relation::ALL.into_iter().filter(|relation| groups(*relation)).map(Self::Rows))
    }
    /// The key of the field or relation (message keys `field_…`).
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Field(field) | Self::Time(field, _) => field.key(),
            Self::Rows(relation) => relation.key(),
        }
    }
    /// The items of a group, by its key.
    #[must_use]
    pub fn condition(&self, key: &Value) -> Expr {
        match (self, key) {
            // What counts as empty is a group of its own, also where a value stands for it: no stars, no product.
            (Self::Field(field) | Self::Time(field, _), Value::Null) => Expr::compare(field.clone(), Op::IsEmpty, Value::Null),
            (Self::Rows(relation), Value::Null) => Expr::none(*relation, Value::Null),
            (Self::Field(field), key) => Expr::compare(field.clone(), Op::Is, key.clone()),
            (Self::Rows(relation), key) => Expr::some(*relation, key.clone()),
            (Self::Time(field, Unit::Day), key) => Expr::compare(field.clone(), Op::Within, key.clone()),
            (Self::Time(field, unit), Value::Day(first)) => {
                let last = Date(first.begin(*unit, 1).0 - 1);
                let range = Value::Range(Box::new((Value::Day(*first), Value::Day(last))));
                Expr::compare(field.clone(), Op::Within, range)
            }
            // No group of a time has such a key: the condition is broken and matches nothing.
            (Self::Time(field, _), key) => Expr::compare(field.clone(), Op::Within, key.clone()),
        }
    }
}

/// Whether lists are divided by the rows of a relation.
fn groups(relation: Relation) -> bool {
    !matches!(relation, Relation::Messages | Relation::Files)
}

impl fmt::Display for GroupBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(field, unit) => write!(f, "{}.{}", field.key(), unit.key()),
            by => f.write_str(by.name()),
        }
    }
}

/// A text that names nothing that lists can be divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoGroup;

impl fmt::Display for NoGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what a list is grouped by")
    }
}

impl FromStr for GroupBy {
    type Err = NoGroup;
    fn from_str(text: &str) -> Result<Self, NoGroup> {
        let (key, unit) = text.split_once('.').map_or((text, None), |(key, unit)| (key, Some(unit)));
        if let Some(relation) = Relation::from_key(key) {
            return if groups(relation) && unit.is_none() { Ok(Self::Rows(relation)) } else { Err(NoGroup) };
        }
        let info = Field::of(None).find(|info| info.key == key && info.groupable).ok_or(NoGroup)?;
        match (info.kind, unit) {
            (FieldType::Time, Some(unit)) => Unit::from_key(unit).map(|unit| Self::Time(info.field.clone(), unit)).ok_or(NoGroup),
            (FieldType::Time, None) | (_, Some(_)) => Err(NoGroup),
            (_, None) => Ok(Self::Field(info.field.clone())),
        }
    }
}

impl Serialize for GroupBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GroupBy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The order of groups. The one of nothing comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupSort {
    /// The order that they have by themselves: statuses as in their type, stars and times from high to low, the rest by name.
    #[default]
    Natural,
    /// By name, from Z to A; what has an order of its own from its end.
    Reverse,
    /// Most items first.
    Most,
    /// Fewest items first.
    Fewest,
    /// By the first measure, highest first.
    Highest,
    /// By the first measure, lowest first.
    Lowest,
}

impl GroupSort {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Natural, Self::Reverse, Self::Most, Self::Fewest, Self::Highest, Self::Lowest];

    /// The stable name (addresses, message keys `group_sort_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Natural => "natural",
            Self::Reverse => "reverse",
            Self::Most => "most",
            Self::Fewest => "fewest",
            Self::Highest => "highest",
            Self::Lowest => "lowest",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.key() == key)
    }
}

/// A number that items have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Number {
    /// Stars, of those that have any.
    Priority,
    /// Milliseconds from coming in to the first answer, of those that have one.
    FirstResponse,
    /// Milliseconds from coming in to being done, of those that are.
    Resolution,
}

/// What is made of many numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// All together.
    Sum,
    /// The mean.
    Average,
}

/// What is told of a group beside how many it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// What is made.
    pub take: Take,
    /// Of which number.
    pub of: Number,
}

impl Number {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Priority, Self::FirstResponse, Self::Resolution];
    /// The stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::FirstResponse => "first_response",
            Self::Resolution => "resolution",
        }
    }
}

impl Take {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Sum, Self::Average];
    /// The stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Average => "average",
        }
    }
}

impl Measure {
    /// What is made and of what, as one name (message keys `measure_…`).
    #[must_use]
    pub fn name(self) -> String {
        format!("{}_{}", self.take.key(), self.of.key())
    }
}

impl fmt::Display for Measure {
    /// What is made and of what: `average-resolution`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.take.key(), self.of.key())
    }
}

impl FromStr for Measure {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (take, of) = text.split_once('-').ok_or(())?;
        let take = Take::ALL.into_iter().find(|known| known.key() == take).ok_or(())?;
        let of = Number::ALL.into_iter().find(|known| known.key() == of).ok_or(())?;
        Ok(Self { take, of })
    }
}

/// Measures as text: `average-resolution,sum-priority`.
#[must_use]
pub fn measures_text(measures: &[Measure]) -> String {
    measures.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Back from [`measures_text`]; what there is none of is left out.
#[must_use]
pub fn measures_of(text: &str) -> Vec<Measure> {
    text.split(',').filter_map(|part| part.parse().ok()).take(limits::MEASURES).collect()
}

/// Which groups of a list are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupsQuery {
    /// The list; its order, page and limit mean nothing here. For groups within a group its filter holds the outer group's condition.
    pub list: ItemQuery,
    /// What it is divided by.
    pub by: GroupBy,
    /// The order of the groups.
    #[serde(default)]
    pub sort: GroupSort,
    /// Whether groups that hold nothing are told, too, where it is known what groups there could be: types, statuses, categories,
    /// stars, agents, teams, fixed words, and the days (weeks, …) between the first and the last.
    #[serde(default)]
    pub empty: bool,
    /// What is told of each, at most three.
    #[serde(default)]
    pub measures: Vec<Measure>,
    /// Where the page of groups begins; `None` for the first.
    #[serde(default)]
    pub after: Option<Cursor>,
    /// Most groups, 1 to [`crate::limits::GROUPS`]; 0 means as many as that.
    #[serde(default)]
    pub limit: u16,
}

impl GroupsQuery {
    /// The groups of a list in their natural order, without those that hold nothing.
    #[must_use]
    pub fn of(list: ItemQuery, by: GroupBy) -> Self {
        Self { list, by, sort: GroupSort::Natural, empty: false, measures: Vec::new(), after: None, limit: 0 }
    }
    /// Most groups of a page.
    #[must_use]
    pub fn page(&self) -> usize {
        if self.limit == 0 { limits::GROUPS } else { self.limit.into() }
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// What its items have in common, as [`GroupBy::condition`] takes it: a text, a number, an id, the first day of a stretch of time;
    /// [`Value::Null`] for those that have nothing.
    pub key: Value,
    /// The name of a person, an organization, a team, a type, a status; of others empty: the screen says it in the reader's language.
    pub name: String,
    /// How many items it holds.
    pub count: i64,
    /// What was asked for, in the order of the measures; `None` where no item has the number.
    #[serde(default)]
    pub measures: Vec<Option<f64>>,
}

/// A page of the groups of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    /// The groups in their order, at most [`crate::limits::GROUPS`].
    pub groups: Vec<Group>,
    /// How many groups follow them.
    pub more: i64,
    /// Where those begin; `None` behind the last one.
    #[serde(default)]
    pub next: Option<Cursor>,
    /// How many items the list has: each once, whatever the groups.
    pub total: i64,
    /// What was asked for of the whole list, in the order of the measures: of each item once, whatever the groups.
    #[serde(default)]
    pub measures: Vec<Option<f64>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::check;

    #[test]
    fn a_level_has_one_name() {
        for by in GroupBy::all() {
            assert_eq!(by.to_string().parse(), Ok(by.clone()), "{by}");
        }
        for wrong in ["", "title", "created", "created.hour", "status.day", "messages", "tags.day", "nothing"] {
            assert_eq!(wrong.parse::<GroupBy>(), Err(NoGroup), "{wrong}");
        }
    }

    #[test]
    fn the_group_of_nothing_is_a_sound_condition_where_there_can_be_nothing() {
        for by in GroupBy::all() {
            let optional = match &by {
                GroupBy::Field(field) | GroupBy::Time(field, _) => field.info().is_some_and(|info| info.optional),
                GroupBy::Rows(_) => true,
            };
            assert_eq!(check(&by.condition(&Value::Null)).is_ok(), optional, "{by}");
        }
    }

    #[test]
    fn a_stretch_of_time_has_all_its_days() {
        let first = Date::of(2026, 2, 1).unwrap();
        let by = GroupBy::Time(Field::Created, Unit::Month);
        let last = Date::of(2026, 2, 28).unwrap();
        let range = Value::Range(Box::new((Value::Day(first), Value::Day(last))));
        assert_eq!(by.condition(&Value::Day(first)), Expr::compare(Field::Created, Op::Within, range));
    }
}
