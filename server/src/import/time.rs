//! Times as other systems write them.

use domain::time::Timestamp;
use jiff::{
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

/// Which comes first where a date is written with the year last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// `31/12/2026`
    #[default]
    DayFirst,
    /// `12/31/2026`
    MonthFirst,
}

impl DateOrder {
    /// What a column's values say: a number above 12 can only be a day. Where all could be both, the day comes first.
    pub fn of<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        for value in values {
            let mut numbers = value.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
            let (Some(first), Some(second)) = (numbers.next(), numbers.next()) else { continue };
            if first.len() > 2 {
                continue;
            }
            match (first.parse::<u8>(), second.parse::<u8>()) {
                (Ok(13..=31), _) => return Self::DayFirst,
                (_, Ok(13..=31)) => return Self::MonthFirst,
                _ => {}
            }
        }
        Self::default()
    }
}

/// A point in time: ISO 8601, mail dates, `31.12.2026 23:59`, `12/31/26 11:59 PM`, seconds or milliseconds since 1970.
/// Without a zone of its own it is meant in `zone`. `None` if it cannot be read.
#[must_use]
pub fn parse(text: &str, order: DateOrder, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            9 | 10 => Some(Timestamp(number * 1000)),
            12 | 13 => Some(Timestamp(number)),
            _ => None,
        };
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(at.as_millisecond()));
    }
    if let Ok(at) = jiff::fmt::rfc2822::parse(text) {
        return Some(Timestamp(at.timestamp().as_millisecond()));
    }
    let (date, time) = match text.split_once(['T', 't', ' ', ',']) {
        Some((date, time)) => (date, time.trim_matches([' ', ','])),
        None => (text, ""),
    };
    let civil = DateTime::from_parts(parse_date(date, order)?, parse_time(time)?);
    let at = zone.to_ambiguous_zoned(civil).compatible().ok()?;
    Some(Timestamp(at.timestamp().as_millisecond()))
}

fn parse_date(text: &str, order: DateOrder) -> Option<Date> {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let (first, second, third) = (number(a)?, number(b)?, number(c)?);
    let (year, month, day) = match (a.len(), c.len(), order) {
        (4, _, _) => (first, second, third),
        (_, 2 | 4, DateOrder::DayFirst) => (third, second, first),
        (_, 2 | 4, DateOrder::MonthFirst) => (third, first, second),
        _ => return None,
    };
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|date| date.year() >= 1970)
}

fn parse_time(text: &str) -> Option<Time> {
    let lower = text.trim().to_ascii_lowercase();
    if lower.is_empty() {
        return Some(Time::midnight());
    }
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock.trim(), Some(0)),
        (_, Some(clock)) => (clock.trim(), Some(12)),
        _ => (lower.as_str(), None),
    };
    let mut parts = clock.split(':');
    let mut hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second = parts.next().unwrap_or("0");
    let second: i8 = second.split(['.', ',']).next()?.parse().ok()?;
    if let Some(half) = half {
        hour = if (1..=12).contains(&hour) { hour % 12 + half } else { return None };
    }
    parts.next().is_none().then(|| Time::new(hour, minute, second, 0).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let at = |text: &str| parse(text, DateOrder::DayFirst, &TimeZone::UTC).map(|at| at.0 / 1000);
        for text in [
            "2023-06-01 12:15:36",
            "2023-06-01T12:15:36Z",
            "2023-06-01T14:15:36+02:00",
            "01.06.2023 12:15:36",
            "1/6/2023, 12:15:36 PM",
            "1685621736",
            "1685621736000",
            "Thu, 1 Jun 2023 12:15:36 +0000",
        ] {
            assert_eq!(at(text), Some(1_685_621_736), "{text}");
        }
        assert_eq!(at("2023-06-01"), Some(1_685_577_600));
        assert_eq!(at("2023/06/01 12:15"), Some(1_685_621_700));
        for text in ["", "soon", "31.02.2023", "2023-06-01 25:00", "12", "0.5", "13 PM"] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn the_order_is_told_by_the_whole_column() {
        assert_eq!(DateOrder::of(["01/02/2023", "12/31/2023"]), DateOrder::MonthFirst);
        assert_eq!(DateOrder::of(["01/02/2023", "31/12/2023"]), DateOrder::DayFirst);
        assert_eq!(DateOrder::of(["2023-12-31"]), DateOrder::DayFirst);
    }

    #[test]
    fn a_zone_counts_where_the_text_has_none() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let at = parse("2023-06-01 12:00:00", DateOrder::DayFirst, &zone).unwrap();
        assert_eq!(at.0, 1_685_613_600_000);
    }
}
