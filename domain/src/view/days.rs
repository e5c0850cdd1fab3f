//! The calendar: by which date the items of a list stand in it, and how much of it is seen at once.

use crate::{calendar::Unit, filter::Field};
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

#[cfg(test)]
mod tests {
    use super::*;

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
