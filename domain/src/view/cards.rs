//! The dashboard: cards that show numbers and charts over everything in a list.

use super::group::{GroupBy, GroupSort, Measure, Take};
use crate::{filter::Field, limits};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// What a card draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardKind {
    /// One number for all of it.
    Number,
    /// A bar for each group.
    Bar,
    /// A line through stretches of time.
    Line,
    /// A ring of the largest groups and the rest.
    Donut,
    /// The groups in rows.
    Table,
}

impl CardKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Number, Self::Bar, Self::Line, Self::Donut, Self::Table];
    /// The stable name (message keys `card_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Bar => "bar",
            Self::Line => "line",
            Self::Donut => "donut",
            Self::Table => "table",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
    /// Whether it draws this of what is divided by that: a number is of all, a line goes through times, and the parts of a ring make a
    /// whole, which averages do not.
    #[must_use]
    pub fn takes(self, by: Option<&GroupBy>, measure: Option<Measure>) -> bool {
        match self {
            Self::Number => by.is_none(),
            Self::Line => matches!(by, Some(GroupBy::Time(..))),
            Self::Donut => by.is_some() && measure.is_none_or(|measure| measure.take == Take::Sum),
            Self::Bar | Self::Table => by.is_some(),
        }
    }
    /// How many groups it draws; the others are told together.
    #[must_use]
    pub fn most(self) -> usize {
        match self {
            Self::Number => 0,
            Self::Bar => 25,
            Self::Line => limits::GROUPS,
            Self::Donut => 7,
            Self::Table => 100,
        }
    }
}

/// The widest card, in columns of the dashboard.
pub const CARD_WIDEST: u8 = 4;

/// A card. As text what it draws with its width, by what, and of which measure, the last two if it has them:
/// `bar.2:status:average-resolution`, `number`, `number.1::sum-priority`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Card {
    /// What it draws.
    pub kind: CardKind,
    /// How many columns of the dashboard it takes, 1 to [`CARD_WIDEST`].
    pub width: u8,
    /// What the items are divided by.
    pub by: Option<GroupBy>,
    /// What is told of them; none: how many there are.
    pub measure: Option<Measure>,
}

impl Card {
    /// A card of the usual width.
    #[must_use]
    pub fn new(kind: CardKind, by: Option<GroupBy>, measure: Option<Measure>) -> Self {
        Self { kind, width: if kind == CardKind::Number { 1 } else { 2 }, by, measure }
    }

    /// The order of what it draws: that of the groups where they have one in themselves, otherwise the largest first.
    #[must_use]
    pub fn order(&self) -> GroupSort {
        let ordered = match &self.by {
            Some(GroupBy::Field(field)) => {
                matches!(field, Field::Status | Field::Category | Field::Priority | Field::Impact | Field::Published)
            }
            Some(GroupBy::Time(..)) | None => true,
            Some(GroupBy::Rows(_)) => false,
        };
        match self.measure {
            _ if ordered && self.kind != CardKind::Donut => GroupSort::Natural,
            None => GroupSort::Most,
            Some(_) => GroupSort::Highest,
        }
    }
}

impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind.key(), self.width)?;
        match (&self.by, &self.measure) {
            (None, None) => Ok(()),
            (Some(by), None) => write!(f, ":{by}"),
            (None, Some(measure)) => write!(f, "::{measure}"),
            (Some(by), Some(measure)) => write!(f, ":{by}:{measure}"),
        }
    }
}

impl FromStr for Card {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, ':');
        let (kind, width) = parts.next().and_then(|head| head.split_once('.')).ok_or(())?;
        let kind = CardKind::from_key(kind).ok_or(())?;
        let width = width.parse().ok().filter(|width| (1..=CARD_WIDEST).contains(width)).ok_or(())?;
        let by = match parts.next() {
            None | Some("") => None,
            Some(by) => Some(by.parse().map_err(|_| ())?),
        };
        let measure = parts.next().map(str::parse).transpose()?;
        let card = Self { kind, width, by, measure };
        if kind.takes(card.by.as_ref(), measure) { Ok(card) } else { Err(()) }
    }
}

impl Serialize for Card {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Card {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|()| de::Error::custom("a card"))
    }
}

/// Cards as text: `number.1,bar.2:status`.
#[must_use]
pub fn cards_text(cards: &[Card]) -> String {
    cards.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Back from [`cards_text`]; what there is none of is left out.
#[must_use]
pub fn cards_of(text: &str) -> Vec<Card> {
    text.split(',').filter_map(|part| part.parse().ok()).take(limits::CARDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_text_and_back() {
        let text = "number.1,bar.2:status:average-resolution,line.4:created.week,number.1::sum-priority,table.3:tags";
        let cards = cards_of(text);
        assert_eq!(cards.len(), 5);
        assert_eq!(cards_text(&cards), text);
        assert_eq!(Card::new(CardKind::Number, None, None).to_string(), "number.1");
    }

    #[test]
    fn what_has_an_order_keeps_it_and_the_rest_begins_with_the_largest() {
        let order = |text: &str| text.parse::<Card>().map(|card| card.order());
        for natural in ["bar.2:status", "line.2:created.week", "table.1:priority:sum-resolution", "number.1"] {
            assert_eq!(order(natural), Ok(GroupSort::Natural), "{natural}");
        }
        assert_eq!(order("donut.2:priority"), Ok(GroupSort::Most));
        assert_eq!(order("bar.2:tags"), Ok(GroupSort::Most));
        assert_eq!(order("bar.2:agents:average-resolution"), Ok(GroupSort::Highest));
    }

    #[test]
    fn what_cannot_be_drawn_is_no_card() {
        for wrong in [
            "",
            "bar",
            "bar.2",
            "bar.0:status",
            "bar.9:status",
            "line.2:status",
            "number.1:status",
            "pie.1:status",
            "bar.2:status:x",
            "donut.2:status:average-resolution",
        ] {
            assert_eq!(wrong.parse::<Card>(), Err(()), "{wrong}");
        }
    }
}
