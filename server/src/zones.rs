//! Time zones as data, for the calendar of who looks.

use domain::{calendar::Zone, time::Timestamp};
use jiff::tz::TimeZone;
use std::{
    collections::HashMap,
    sync::{LazyLock, RwLock},
};

/// Changes of clocks are told up to this moment, 2100-01-01. After it nobody knows them.
const KNOWN: i64 = 4_102_444_800;

static ZONES: LazyLock<RwLock<HashMap<String, Zone>>> = LazyLock::new(RwLock::default);

/// The zone of this IANA name; universal time if there is none.
#[must_use]
pub fn named(name: &str) -> Zone {
    if let Some(known) = ZONES.read().ok().and_then(|zones| zones.get(name).cloned()) {
        return known;
    }
    let Ok(zone) = TimeZone::get(name) else { return Zone::utc() };
    let made = data(&zone);
    // There are some hundred names, so it stays small.
    if let Ok(mut zones) = ZONES.write() {
        zones.insert(name.to_owned(), made.clone());
    }
    made
}

fn data(zone: &TimeZone) -> Zone {
    let first = zone.to_offset(jiff::Timestamp::MIN).seconds();
    let changes = zone
        .following(jiff::Timestamp::MIN)
        .take_while(|change| change.timestamp().as_second() < KNOWN)
        .map(|change| (Timestamp(change.timestamp().as_millisecond()), change.offset().seconds()))
        .collect();
    Zone::new(first, changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{calendar::Date, time::DAY};

    /// The last day that has begun, as databases count it.
    fn begun((first, shifts): &(i64, Vec<(Timestamp, i64)>), at: Timestamp) -> i64 {
        let past = shifts.partition_point(|(from, _)| *from <= at);
        let shift = past.checked_sub(1).map_or(*first, |last| shifts[last].1);
        (at.0 + shift).div_euclid(DAY)
    }

    #[test]
    fn moments_are_counted_to_the_day_that_has_begun() {
        // Clocks of St. John's were put back over midnight, those of Apia left out a day.
        for name in ["Europe/Madrid", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia", "Africa/Cairo", "UTC"] {
            let zone = named(name);
            let shifts = zone.shifts();
            assert!(shifts.1.is_sorted_by_key(|(from, _)| *from), "{name}");
            for day in 0..29_220 {
                let (begin, past) = (zone.begin_of(Date(day)), zone.begin_of(Date(day + 1)));
                for moment in [begin, begin.plus(DAY / 24), past.plus(-1)] {
                    if begin <= moment && moment < past {
                        assert_eq!(begun(&shifts, moment), i64::from(day), "{name} {day} {moment:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn days_begin_when_the_tables_of_zones_say() {
        let names = [
            "Europe/Madrid",
            "America/Sao_Paulo",
            "America/New_York",
            "Asia/Kolkata",
            "Pacific/Apia",
            "Africa/Cairo",
            "Australia/Lord_Howe",
            "UTC",
        ];
        for name in names {
            let (zone, tables) = (named(name), TimeZone::get(name).unwrap());
            // Every day of 1970 to 2050.
            for day in 0..29_220 {
                let (year, month, number) = Date(day).parts();
                let date = jiff::civil::date(i16::try_from(year).unwrap(), month.cast_signed(), number.cast_signed());
                let begin = date.to_zoned(tables.clone()).unwrap();
                // A day that was left out begins where the next does.
                let expected = if begin.date() == date {
                    begin.start_of_day().unwrap()
                } else {
                    date.tomorrow().unwrap().to_zoned(tables.clone()).unwrap().start_of_day().unwrap()
                };
                let found = zone.begin_of(Date(day));
                assert_eq!(found.0, expected.timestamp().as_millisecond(), "{name} {date}");
                let noon = Timestamp(i64::from(day) * DAY + DAY / 2);
                let shown = jiff::Timestamp::from_millisecond(noon.0).unwrap().to_zoned(tables.clone()).date();
                let (year, month, number) = zone.date_of(noon).parts();
                assert_eq!(
                    (i32::from(shown.year()), shown.month(), shown.day()),
                    (year, month.cast_signed(), number.cast_signed()),
                    "{name} {date}"
                );
            }
        }
        assert_eq!(named("No/Where"), Zone::utc());
        assert_eq!(named(""), Zone::utc());
    }
}
