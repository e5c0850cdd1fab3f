//! When people write and work: customers at all hours but mostly by day, few at weekends; the team from Monday to Friday.
//! Everything in UTC.

use super::random::Random;
use domain::time::{DAY, HOUR, MINUTE, Timestamp};

/// Days that the tickets are spread over.
pub const DAYS: i64 = 90;

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

/// A time at which a ticket comes in, within the last [`DAYS`] days.
pub fn arrival(random: &mut Random, now: Timestamp) -> Timestamp {
    let today = now.0.div_euclid(DAY);
    let first = today - DAYS + 1;
    // Times of today that have not come yet are drawn again; the first days always fit.
    for _ in 0..20 {
        let day = first + i64::try_from(random.weighted((0..DAYS).map(|day| WEEKDAYS[weekday(first + day)]))).unwrap_or_default();
        let hour = i64::try_from(random.weighted(HOURS.into_iter())).unwrap_or_default();
        let at = Timestamp(day * DAY + hour * HOUR + random.between(0, HOUR - 1));
        if at < now {
            return at;
        }
    }
    now.plus(-random.between(MINUTE, DAYS * DAY))
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
            let at = arrival(&mut random, now);
            assert!(at < now && now.since(at) <= (DAYS + 1) * DAY);
            let work = at_work(at);
            assert!(work >= at && work.since(at) < 4 * DAY);
            let time = work.0.rem_euclid(DAY);
            assert!((OPENS..=CLOSES).contains(&time));
            assert!(!matches!(weekday(work.0.div_euclid(DAY)), 0 | 6));
        }
        // 1 June 2023 was a Thursday.
        assert_eq!(weekday(1_685_577_600_000 / DAY), 4);
    }
}
