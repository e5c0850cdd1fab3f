//! Days, weeks, months, quarters and years in a time zone, for filters such as "created this month".
//!
//! Nothing here knows the rules of time zones: a [`Zone`] is handed in as data (the server makes it from its tables, the browser
//! from what it is told), so that no table of zones gets into the browser.

use crate::time::{DAY, HOUR, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

/// A day of the Gregorian calendar: days since 1970-01-01 (negative: before).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(pub i32);

/// A stretch of the calendar. Weeks begin on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// January to March, and so on.
    Quarter,
    /// A year.
    Year,
}

impl Unit {
    /// All of them, shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The stable name (the same as on the wire).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.key() == key)
    }
}

impl fmt::Display for Date {
    /// ISO 8601: `2026-11-20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '-');
        let mut next = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()));
            part.and_then(|part| part.parse::<u16>().ok()).ok_or(())
        };
        let (year, month, day) = (next(4)?, next(2)?, next(2)?);
        let small = |number: u16| u8::try_from(number).map_err(|_| ());
        Self::of(year.into(), small(month)?, small(day)?).ok_or(())
    }
}

impl Date {
    /// The first day that can be written: 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// The last day that can be written: 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day with these numbers (month and day count from 1), if there is one in the years 1 to 9999.
    #[must_use]
    pub fn of(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let date = Self(days_from(year.into(), i64::from(month) - 1, day.into()));
        (date.parts() == (year, month, day)).then_some(date)
    }
    /// Year, month and day, the latter two counted from 1.
    #[must_use]
    pub fn parts(self) -> (i32, u8, u8) {
        // Counted in eras of 400 years from the first of March of the year 0.
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (i32::try_from(year).unwrap_or_default(), u8::try_from(month).unwrap_or_default(), u8::try_from(day).unwrap_or_default())
    }
    /// The first day of the unit in which this day is, moved by `by` units; stops at the ends of what can be written.
    #[must_use]
    pub fn begin(self, unit: Unit, by: i32) -> Self {
        let (year, month, _) = self.parts();
        let (year, month, by) = (i64::from(year), i64::from(month) - 1, i64::from(by));
        let days = match unit {
            Unit::Day => return Self(self.0.saturating_add(i32::try_from(by).unwrap_or_default())).kept(),
            // 1970-01-01 was a Thursday.
            Unit::Week => {
                let monday = i64::from(self.0) - (i64::from(self.0) + 3).rem_euclid(7) + 7 * by;
                return Self(i32::try_from(monday.clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0))).unwrap_or_default());
            }
            Unit::Month => days_from(year, month + by, 1),
            Unit::Quarter => days_from(year, month - month % 3 + 3 * by, 1),
            Unit::Year => days_from(year + by, 0, 1),
        };
        Self(days).kept()
    }
    fn kept(self) -> Self {
        self.clamp(Self::MIN, Self::MAX)
    }
}

/// Days since 1970-01-01 of a day of a month, which is counted from 0 and may lie in other years; clamped to 20,000 years.
fn days_from(year: i64, month: i64, day: i64) -> i32 {
    let year = (year + month.div_euclid(12)).clamp(-10_000, 20_000);
    let month = month.rem_euclid(12) + 1;
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * 146_097 + day_of_era - 719_468).unwrap_or_default()
}

/// A time zone as data: how far its clocks are ahead of UTC, and when that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    first: i32,
    /// From when on (milliseconds since 1970, ascending) by how many seconds.
    changes: Arc<[(i64, i32)]>,
}

impl Zone {
    /// Clocks that are ahead of UTC by `first` seconds at first, and from each of these moments on by these seconds.
    #[must_use]
    pub fn new(first: i32, mut changes: Vec<(Timestamp, i32)>) -> Self {
        changes.sort_by_key(|change| change.0);
        Self { first, changes: changes.into_iter().map(|(at, seconds)| (at.0, seconds)).collect() }
    }
    /// Universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { first: 0, changes: Arc::default() }
    }
    /// The day that calendars show at this moment.
    #[must_use]
    pub fn date_of(&self, at: Timestamp) -> Date {
        let past = self.changes.partition_point(|(from, _)| *from <= at.0);
        let seconds = past.checked_sub(1).map_or(self.first, |last| self.changes[last].1);
        let days = at.0.saturating_add(i64::from(seconds) * 1_000).div_euclid(DAY);
        Date(i32::try_from(days.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or_default()).kept()
    }
    /// The first moment of a day. Where clocks jump over midnight that is the moment after the jump.
    #[must_use]
    pub fn begin_of(&self, date: Date) -> Timestamp {
        let midnight = i64::from(date.0) * DAY;
        // No zone is further from UTC than a day.
        let near = self.changes.partition_point(|(from, _)| *from < midnight - 36 * HOUR);
        let mut from = i64::MIN;
        let mut seconds = near.checked_sub(1).map_or(self.first, |last| self.changes[last].1);
        for (until, next) in self.changes[near..].iter().copied() {
            let begin = (midnight - i64::from(seconds) * 1_000).max(from);
            if begin < until {
                return Timestamp(begin);
            }
            (from, seconds) = (until, next);
        }
        Timestamp((midnight - i64::from(seconds) * 1_000).max(from))
    }
    /// For who counts days elsewhere, a database for example: by how many milliseconds moments are moved at first, and from each of
    /// these moments (ascending) on, so that the whole days since 1970 of a moved moment are the last day that has begun
    /// ([`Self::begin_of`]). That is the day that calendars show, but where clocks are put back over midnight: a day that has begun goes on.
    #[must_use]
    pub fn shifts(&self) -> (i64, Vec<(Timestamp, i64)>) {
        let mut before = i64::from(self.first) * 1_000;
        let first = before;
        let shifts = self.changes.iter().map(|(at, seconds)| {
            let shift = i64::from(*seconds) * 1_000;
            let begun = (*at - 1 + before).div_euclid(DAY);
            // Until the new clock has come to the day that had begun by the old one.
            let from = if (*at + shift).div_euclid(DAY) < begun { begun * DAY - shift } else { *at };
            before = shift;
            (Timestamp(from), shift)
        });
        (first, shifts.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_their_numbers() {
        assert_eq!(Date::of(1970, 1, 1), Some(Date(0)));
        assert_eq!(Date::of(2000, 2, 29), Some(Date(11_016)));
        assert_eq!((Date::of(1, 1, 1), Date::of(9999, 12, 31)), (Some(Date::MIN), Some(Date::MAX)));
        for wrong in [(2001, 2, 29), (2026, 4, 31), (2026, 13, 1), (0, 1, 1), (10_000, 1, 1), (2026, 1, 0)] {
            assert_eq!(Date::of(wrong.0, wrong.1, wrong.2), None, "{wrong:?}");
        }
        for day in (Date::MIN.0..=Date::MAX.0).step_by(997) {
            let (year, month, number) = Date(day).parts();
            assert_eq!(Date::of(year, month, number), Some(Date(day)));
        }
    }

    #[test]
    fn units_begin_where_people_say() {
        let date = |year, month, day| Date::of(year, month, day).unwrap();
        let saturday = date(2026, 11, 21);
        assert_eq!(saturday.begin(Unit::Day, -21), date(2026, 10, 31));
        assert_eq!(saturday.begin(Unit::Week, 0), date(2026, 11, 16));
        assert_eq!(saturday.begin(Unit::Week, 1), date(2026, 11, 23));
        assert_eq!(date(2026, 11, 16).begin(Unit::Week, 0), date(2026, 11, 16));
        assert_eq!(saturday.begin(Unit::Month, 0), date(2026, 11, 1));
        assert_eq!(saturday.begin(Unit::Month, 2), date(2027, 1, 1));
        assert_eq!(saturday.begin(Unit::Month, -23), date(2024, 12, 1));
        assert_eq!(saturday.begin(Unit::Quarter, 0), date(2026, 10, 1));
        assert_eq!(saturday.begin(Unit::Quarter, -3), date(2026, 1, 1));
        assert_eq!(saturday.begin(Unit::Year, -1), date(2025, 1, 1));
        for unit in Unit::ALL {
            assert_eq!(saturday.begin(unit, i32::MIN), Date::MIN, "{unit:?}");
            assert!(saturday.begin(unit, i32::MAX) >= date(9998, 1, 1), "{unit:?}");
        }
    }

    #[test]
    fn a_day_begins_when_calendars_turn() {
        let at = |hours: i64| Timestamp(hours * HOUR);
        // Two hours ahead, then one: a clock that is put back at one in the morning of the second day.
        let zone = Zone::new(7_200, vec![(at(23), 3_600)]);
        assert_eq!(zone.begin_of(Date(0)), at(-2));
        assert_eq!(zone.begin_of(Date(1)), at(22));
        assert_eq!(zone.begin_of(Date(2)), at(47));
        assert_eq!((zone.date_of(at(21)), zone.date_of(at(22)), zone.date_of(at(46))), (Date(0), Date(1), Date(1)));
        // A clock that jumps from midnight to one: the day begins with the jump.
        let zone = Zone::new(0, vec![(at(24), 3_600)]);
        assert_eq!((zone.begin_of(Date(1)), zone.begin_of(Date(2))), (at(24), at(47)));
        // A whole day is left out: it begins and ends at once.
        let zone = Zone::new(-10 * 3_600, vec![(at(34), 14 * 3_600)]);
        assert_eq!((zone.begin_of(Date(1)), zone.begin_of(Date(2))), (at(34), at(34)));
        assert_eq!(Zone::utc().begin_of(Date(-1)), at(-24));
        // A clock that is put back over midnight: the day that has begun goes on.
        let zone = Zone::new(0, vec![(Timestamp(24 * HOUR + 60_000), -3_600)]);
        assert_eq!((zone.begin_of(Date(1)), zone.begin_of(Date(2))), (at(24), at(49)));
        assert_eq!(zone.shifts(), (0, vec![(at(25), -3_600_000)]));
        for ends in [i64::MIN, i64::MAX] {
            assert!((Date::MIN..=Date::MAX).contains(&zone.date_of(Timestamp(ends))));
        }
    }
}
