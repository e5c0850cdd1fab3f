//! The stretch of days that the calendar shows.

use domain::calendar::{Date, Unit};

/// Rows that a day of a month shows at most.
const FEW: u16 = 5;
/// Rows that a day shows at first where days have room.
pub const MANY: u16 = 100;

/// A stretch of days, whole weeks where it is a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How much of the calendar is seen.
    pub scale: Unit,
    /// The day that is meant.
    pub day: Date,
    /// The first day.
    pub first: Date,
    /// How many days.
    pub days: u16,
}

/// The day so many days later.
pub fn later(day: Date, by: i32) -> Date {
    day.begin(Unit::Day, by)
}

impl Span {
    /// The stretch in which a day is.
    pub fn of(scale: Unit, day: Date) -> Self {
        // The last days that there are end the last stretch.
        let week_of = |day: Date| (day.begin(Unit::Week, 0), Date((day.begin(Unit::Week, 0).0 + 6).min(Date::MAX.0)));
        let (first, last) = match scale {
            Unit::Month => {
                let next = day.begin(Unit::Month, 1);
                let last = if next > day { later(next, -1).max(day) } else { day };
                (week_of(day.begin(Unit::Month, 0)).0, week_of(last).1)
            }
            Unit::Week => week_of(day),
            _ => (day, day),
        };
        Self { scale, day, first, days: u16::try_from(last.0 - first.0 + 1).unwrap_or(1) }
    }

    /// All days.
    pub fn dates(self) -> impl Iterator<Item = Date> {
        (0..i32::from(self.days)).map(move |by| Date(self.first.0 + by))
    }

    /// The days in rows: weeks, or the one day.
    pub fn rows(self) -> Vec<Vec<Date>> {
        self.dates().collect::<Vec<_>>().chunks(7).map(<[Date]>::to_vec).collect()
    }

    /// Whether a day is among them.
    pub fn contains(self, day: Date) -> bool {
        (self.first.0..self.first.0 + i32::from(self.days)).contains(&day.0)
    }

    /// Whether a day is what is looked at, and not there to fill a week.
    pub fn is_of(self, day: Date) -> bool {
        self.scale != Unit::Month || day.begin(Unit::Month, 0) == self.day.begin(Unit::Month, 0)
    }

    /// The day that is meant one stretch (or several) later; in a shorter month its last one.
    pub fn turned(self, by: i32) -> Date {
        match self.scale {
            Unit::Month => {
                let (first, next) = (self.day.begin(Unit::Month, by), self.day.begin(Unit::Month, by.saturating_add(1)));
                let (_, _, number) = self.day.parts();
                later(first, i32::from(number) - 1).min(later(next, -1)).max(first)
            }
            Unit::Week => later(self.day, 7 * by),
            _ => later(self.day, by),
        }
    }

    /// How many rows of each day are asked for, if so many hundreds of a single day are.
    pub fn each(self, hundreds: u16) -> u16 {
        match self.scale {
            Unit::Month => FEW,
            Unit::Week => MANY,
            _ => MANY * hundreds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::limits;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_seen_in_whole_weeks() {
        let november = Span::of(Unit::Month, date("2026-11-20"));
        assert_eq!((november.first, november.days), (date("2026-10-26"), 42));
        let february = Span::of(Unit::Month, date("2027-02-14"));
        assert_eq!((february.first, february.days), (date("2027-02-01"), 28));
        assert!(november.contains(date("2026-12-06")) && !november.is_of(date("2026-12-06")));
        assert_eq!(november.rows().len(), 6);
        let week = Span::of(Unit::Week, date("2026-11-22"));
        assert_eq!((week.first, week.days, week.rows().len()), (date("2026-11-16"), 7, 1));
        assert_eq!(Span::of(Unit::Day, date("2026-11-22")).dates().collect::<Vec<_>>(), [date("2026-11-22")]);
    }

    #[test]
    fn turning_a_page_keeps_the_day_where_there_is_one() {
        let turned = |scale, day: &str, by| Span::of(scale, date(day)).turned(by).to_string();
        assert_eq!(turned(Unit::Month, "2026-10-31", 1), "2026-11-30");
        assert_eq!(turned(Unit::Month, "2026-01-15", -1), "2025-12-15");
        assert_eq!(turned(Unit::Week, "2026-12-28", 1), "2027-01-04");
        assert_eq!(turned(Unit::Day, "2026-03-01", -1), "2026-02-28");
    }

    #[test]
    fn every_stretch_may_be_asked_for_also_at_the_ends() {
        for scale in domain::view::days::SCALES {
            for day in [Date::MIN, date("2026-11-20"), Date::MAX] {
                let span = Span::of(scale, day);
                assert!(span.days <= limits::CALENDAR_DAYS && span.contains(day), "{span:?}");
                assert!(span.days * span.each(1) <= limits::CALENDAR_ROWS);
                assert!((Date::MIN..=Date::MAX).contains(&span.turned(1)) && (Date::MIN..=Date::MAX).contains(&span.turned(-1)));
            }
        }
    }
}
