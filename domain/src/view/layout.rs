//! How a list is drawn: its layout, its columns, and how much room a row has.

use crate::limits;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// How a list is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Columns.
    #[default]
    Table,
    /// Rows of two lines with the beginning of the last message.
    List,
    /// Columns of cards.
    Board,
    /// Days, weeks and months.
    Calendar,
    /// Numbers and charts over everything that the list shows.
    Dashboard,
}

impl Layout {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Table, Self::List, Self::Board, Self::Calendar, Self::Dashboard];
    /// The stable name (addresses).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::List => "list",
            Self::Board => "board",
            Self::Calendar => "calendar",
            Self::Dashboard => "dashboard",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.key() == key)
    }
}

/// How much room a row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// 28 pixels.
    Compact,
    /// 32 pixels.
    #[default]
    Normal,
    /// 40 pixels.
    Comfortable,
}

impl Density {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Compact, Self::Normal, Self::Comfortable];
    /// The stable name (addresses).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Normal => "normal",
            Self::Comfortable => "comfortable",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|density| density.key() == key)
    }
    /// The height of a row in pixels.
    #[must_use]
    pub fn height(self) -> u16 {
        match self {
            Self::Compact => 28,
            Self::Normal => 32,
            Self::Comfortable => 40,
        }
    }
}

/// A column of a table. In text: the key, and the width where one was chosen (`title.320`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The key of the field or relation that it shows.
    pub key: String,
    /// Pixels; 0 for as much as it usually takes.
    #[serde(default)]
    pub width: u16,
}

/// Widths are whole steps of so many pixels.
pub const WIDTH_STEP: u16 = 8;
/// The narrowest column, in pixels.
pub const NARROWEST: u16 = 40;
/// The widest column, in pixels.
pub const WIDEST: u16 = 640;
/// What a table can show, with the usual width in pixels: the rows of a list hold it.
pub const COLUMNS: [(&str, u16); 19] = [
    ("number", 64),
    ("priority", 72),
    ("title", 320),
    ("requester", 160),
    ("organization", 160),
    ("agents", 160),
    ("teams", 136),
    ("status", 152),
    ("type", 112),
    ("tags", 176),
    ("created", 104),
    ("updated", 104),
    ("last_message", 104),
    ("impact", 104),
    ("product", 136),
    ("channel", 120),
    ("first_response", 104),
    ("resolved", 104),
    ("snoozed", 104),
];
/// What a table shows when nobody chose anything else.
pub const USUAL: [&str; 7] = ["number", "priority", "title", "requester", "agents", "status", "updated"];

impl Column {
    /// A column in its usual width.
    #[must_use]
    pub fn usual(key: &str) -> Self {
        Self { key: key.to_owned(), width: 0 }
    }

    /// How wide it is, in whole steps between [`NARROWEST`] and [`WIDEST`].
    #[must_use]
    pub fn pixels(&self) -> u16 {
        let usual = || COLUMNS.iter().find(|(key, _)| *key == self.key).map_or(160, |(_, width)| *width);
        step(if self.width == 0 { usual() } else { self.width })
    }
}

/// The nearest width that there is.
#[must_use]
pub fn step(pixels: u16) -> u16 {
    (pixels.clamp(NARROWEST, WIDEST) + WIDTH_STEP / 2) / WIDTH_STEP * WIDTH_STEP
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if self.width > 0 { write!(f, ".{}", self.width) } else { Ok(()) }
    }
}

impl FromStr for Column {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (key, width) = text.split_once('.').unwrap_or((text, "0"));
        let known = COLUMNS.iter().any(|(known, _)| *known == key);
        if known { Ok(Self { key: key.to_owned(), width: width.parse().map_err(|_| ())? }) } else { Err(()) }
    }
}

/// Columns as text: `number,title.320`.
#[must_use]
pub fn columns_text(columns: &[Column]) -> String {
    columns.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Back from [`columns_text`]: each column once, what there is none of left out.
#[must_use]
pub fn columns_of(text: &str) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for column in text.split(',').filter_map(|part| part.parse::<Column>().ok()) {
        if columns.len() < limits::COLUMNS && columns.iter().all(|known| known.key != column.key) {
            columns.push(column);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_text_and_back() {
        let columns = columns_of("title.320,number,nothing,title.40,tags.x,status");
        assert_eq!(columns_text(&columns), "title.320,number,status");
        assert_eq!(columns_of(&columns_text(&columns)), columns);
        assert!(columns_of("").is_empty());
    }

    #[test]
    fn widths_are_whole_steps_within_bounds() {
        for (given, is) in [(1, 40), (40, 40), (101, 104), (99, 96), (9_999, 640)] {
            assert_eq!(Column { key: "title".into(), width: given }.pixels(), is);
        }
        for (key, width) in COLUMNS {
            assert_eq!(Column::usual(key).pixels(), width, "{key}");
        }
        assert!(USUAL.iter().all(|key| COLUMNS.iter().any(|(known, _)| known == key)));
    }
}
