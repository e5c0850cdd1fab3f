//! When people write and work: customers at all hours but mostly by day, few at weekends; the team from Monday to Friday.
//! Everything in UTC.

use super::random::Random;
use domain::time::{DAY, HOUR, MINUTE, Timestamp};

/// Days that the tickets of a small desk are spread over, in which nothing is so old that it is given up.
pub const DAYS: i64 = 90;
/// Tickets of a small desk.
const SMALL: usize = 100_000;
/// Most days: three years.
const MOST_DAYS: i64 = 1_095;

/// Days that so many tickets are spread over: large desks are older, not only busier.
pub fn days(items: usize) -> i64 {
    (DAYS * i64::try_from(items.div_ceil(SMALL)).unwrap_or(MOST_DAYS)).clamp(DAYS, MOST_DAYS)
}

/// How much comes in by hour.
const HOURS: [usize; 24] = [1, 1, 0, 0, 0, 1, 3, 8, 14, 18, 18, 15, 11, 13, 15, 15, 13, 11, 9, 8, 7, 5, 3, 2];
/// How much comes in by day of the week, from Sunday.
const WEEKDAYS: [usize; 7] = [4, 20, 18, 16, 16, 14, 6];
const OPENS: i64 = 7 * HOUR;
const CLOSES: i64 = 17 * HOUR;

/// 0 is Sunday.
fn weekday(day: i64) -> usize {
    usize::try_from((day + 4).rem_euclid(7)).unwrap_or_default()
}

/// A time at which a ticket comes in, within so many of the last days.
pub fn arrival(random: &mut Random, now: Timestamp, days: i64) -> Timestamp {
    let today = now.0.div_euclid(DAY);
    let first = today - days + 1;
    // Times of today that have not come yet are drawn again; the first days always fit.
    for _ in 0..20 {
        let day = first + i64::try_from(random.weighted((0..days).map(|day| WEEKDAYS[weekday(first + day)]))).unwrap_or_default();
        let hour = i64::try_from(random.weighted(HOURS.into_iter())).unwrap_or_default();
        let at = Timestamp(day * DAY + hour * HOUR + random.between(0, HOUR - 1));
        if at < now {
            return at;
        }
    }
    now.plus(-random.between(MINUTE, days * DAY))
}

/// The first time from `at` on at which the team works.
pub fn at_work(at: Timestamp) -> Timestamp {
    let (mut day, time) = (at.0.div_euclid(DAY), at.0.rem_euclid(DAY));
    let late = time > CLOSES;
    if late {
        day += 1;
    }
    let mut moved = late;
    while matches!(weekday(day), 0 | 6) {
        day += 1;
        moved = true;
    }
    // What lay over night is worked off in the first two hours, not all at once.
    if moved || time < OPENS { Timestamp(day * DAY + OPENS + time.rem_euclid(2 * HOUR)) } else { at }
}

/// The first time from `at` on at which a customer is awake.
pub fn awake(at: Timestamp) -> Timestamp {
    let (day, time) = (at.0.div_euclid(DAY), at.0.rem_euclid(DAY));
    if time < 6 * HOUR { Timestamp(day * DAY + 6 * HOUR + time / 2) } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_team_works_from_monday_to_friday_by_day() {
        let mut random = Random::new(1);
        let now = Timestamp(1_790_000_000_000);
        for _ in 0..2_000 {
            let at = arrival(&mut random, now, DAYS);
            assert!(at < now && now.since(at) <= (DAYS + 1) * DAY);
            let work = at_work(at);
            assert!(work >= at && work.since(at) < 4 * DAY);
            let time = work.0.rem_euclid(DAY);
            assert!((OPENS..=CLOSES).contains(&time));
            assert!(!matches!(weekday(work.0.div_euclid(DAY)), 0 | 6));
        }
        assert_eq!([0, 400, 100_000, 1_000_000, 9_000_000].map(days), [90, 90, 90, 900, 1_095]);
        // 1 June 2023 was a Thursday.
        assert_eq!(weekday(1_685_577_600_000 / DAY), 4);
    }
}
