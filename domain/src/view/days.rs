//! The calendar: by which date the items of a list stand in it, and how much of it is seen at once.

use super::list::ItemQuery;
use crate::{
    calendar::{Date, Unit},
    filter::{Expr, Field, Op, Value},
    item::ItemRow,
    time::Timestamp,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// The dates by which items can stand in a calendar.
pub const DATES: [Field; 6] =
    [Field::Created, Field::Updated, Field::LastMessage, Field::FirstResponse, Field::Resolved, Field::Snoozed];
/// How much of it can be seen at once.
pub const SCALES: [Unit; 3] = [Unit::Month, Unit::Week, Unit::Day];

/// A calendar. As text the key of the field and the scale: `created.month`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CalendarBy {
    /// One of [`DATES`].
    pub field: Field,
    /// One of [`SCALES`].
    pub scale: Unit,
}

impl Default for CalendarBy {
    fn default() -> Self {
        Self { field: Field::Created, scale: Unit::Month }
    }
}

impl fmt::Display for CalendarBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.field.key(), self.scale.key())
    }
}

impl FromStr for CalendarBy {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (key, scale) = text.split_once('.').ok_or(())?;
        let field = DATES.into_iter().find(|field| field.key() == key).ok_or(())?;
        let scale = Unit::from_key(scale).filter(|scale| SCALES.contains(scale)).ok_or(())?;
        Ok(Self { field, scale })
    }
}

impl Serialize for CalendarBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CalendarBy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|()| de::Error::custom("a calendar"))
    }
}

/// Which days of a calendar are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarQuery {
    /// The list; its order, page and limit mean nothing here.
    pub list: ItemQuery,
    /// By which date items stand in the calendar, one of [`DATES`].
    ///
    /// Lists leave out what sleeps unless they ask for it, and so do calendars; but one by [`Field::Snoozed`] asks for it: it shows
    /// what the list shows, with what of it sleeps until these days.
    pub field: Field,
    /// The first day, of the reader's calendar.
    pub from: Date,
    /// How many days, 1 to [`crate::limits::CALENDAR_DAYS`].
    pub days: u16,
    /// Most rows of each day, at least 1; of all days together at most [`crate::limits::CALENDAR_ROWS`].
    pub each: u16,
}

impl CalendarQuery {
    /// What holds of the items of these days.
    #[must_use]
    pub fn condition(&self) -> Expr {
        let last = Date(self.from.0.saturating_add(i32::from(self.days) - 1)).min(Date::MAX);
        let range = Value::Range(Box::new((Value::Day(self.from), Value::Day(last))));
        Expr::compare(self.field.clone(), Op::Within, range)
    }
}

/// A day of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarDay {
    /// The day.
    pub day: Date,
    /// How many items it holds.
    pub count: i64,
    /// The first of them, earliest first.
    pub items: Vec<Dated>,
}

/// An item with the moment at which it stands in a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// The moment.
    pub at: Timestamp,
    /// The item.
    pub row: ItemRow,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{filter::check, view::SystemView};

    #[test]
    fn days_are_a_sound_condition_also_at_the_end_of_what_can_be_written() {
        for field in DATES {
            for from in [Date::MIN, Date(0), Date::MAX] {
                let list = ItemQuery::of(SystemView::All);
                let query = CalendarQuery { list, field: field.clone(), from, days: 42, each: 5 };
                assert!(check(&query.condition()).is_ok(), "{field:?} {from}");
            }
        }
    }

    #[test]
    fn a_calendar_has_one_name() {
        for field in DATES {
            for scale in SCALES {
                let by = CalendarBy { field: field.clone(), scale };
                assert_eq!(by.to_string().parse(), Ok(by));
            }
        }
        for wrong in ["", "created", "created.year", "title.day", "written.day"] {
            assert_eq!(wrong.parse::<CalendarBy>(), Err(()), "{wrong}");
        }
    }
}
