//! What charts are drawn by: where things stand, and steps that people read easily. Places are told in whole numbers, which take little code
//! to write.

use crate::i18n::rounded;
use domain::{
    time::{DAY, HOUR, MINUTE},
    view::{Measure, Number},
};

/// What a part is of a whole, in thousandths between 0 and 1,000.
#[must_use]
pub fn thousandths(part: f64, whole: f64) -> i64 {
    if whole > 0.0 { rounded((part / whole * 1_000.0).clamp(0.0, 1_000.0)) } else { 0 }
}

/// Thousandths as a length of an SVG: `37.5%`.
#[must_use]
pub fn percent(thousandths: i64) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// Most lines across a chart, besides the one at the bottom.
const LINES: i64 = 4;
/// Steps of how long something takes, in milliseconds; longer ones are whole tens of days.
const LONG: [i64; 14] = [
    MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    5 * DAY,
    10 * DAY,
    20 * DAY,
];

/// What is written at the side of a chart from the bottom, which is nothing, to the top, which is not below `highest`.
#[must_use]
pub fn ticks(highest: f64, measure: Option<Measure>) -> Vec<i64> {
    let highest = rounded(highest.ceil()).max(1);
    let long = measure.is_some_and(|measure| measure.of != Number::Priority);
    let fits = |step: &i64| highest <= step.saturating_mul(LINES);
    let step = if long { LONG.into_iter().chain(tens(50 * DAY)).find(fits) } else { tens(1).find(fits) };
    let step = step.unwrap_or(highest);
    let lines = highest.saturating_add(step - 1) / step;
    (0..=lines).map(|line| line.saturating_mul(step)).collect()
}

/// 1, 2, 5, 10, 20, … times something.
fn tens(of: i64) -> impl Iterator<Item = i64> {
    (0..16).flat_map(move |power| [1, 2, 5].map(|step| of.saturating_mul(step).saturating_mul(10_i64.pow(power))))
}

/// Which of so many places along the bottom are named: at most `most`, evenly.
#[must_use]
pub fn named(places: usize, most: usize) -> Vec<usize> {
    if places <= most {
        return (0..places).collect();
    }
    let step = (places - 1).div_ceil(most.max(2) - 1).max(1);
    // From the end, which is what people look for.
    let mut named: Vec<usize> = (0..places).rev().step_by(step).collect();
    named.reverse();
    named
}

/// Where the middle of a place is among so many, in thousandths.
#[must_use]
pub fn middle(place: usize, places: usize) -> i64 {
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    (whole(place) * 2 + 1) * 500 / whole(places).max(1)
}

/// Where a place begins among so many, in thousandths.
#[must_use]
pub fn edge(place: usize, places: usize) -> i64 {
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    whole(place) * 1_000 / whole(places).max(1)
}

/// The lines through values, in a square of 1,000: from the left to the right, `highest` at the top. Where there is no value there is a gap.
#[must_use]
pub fn path(values: &[Option<f64>], highest: f64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (at, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let (x, y) = (middle(at, values.len()), 1_000 - thousandths(*value, highest));
            path.push_str(&format!("{}{x} {y}", if drawing { "L" } else { "M" }));
        }
        drawing = value.is_some();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_that_people_read() {
        assert_eq!(ticks(0.0, None), [0, 1]);
        assert_eq!(ticks(3.0, None), [0, 1, 2, 3]);
        assert_eq!(ticks(17.0, None), [0, 5, 10, 15, 20]);
        assert_eq!(ticks(1_234.0, None), [0, 500, 1_000, 1_500]);
        let long: Measure = "average-resolution".parse().unwrap();
        let hours: Vec<i64> = ticks(7.0 * 3_600_000.0, Some(long)).into_iter().map(|tick| tick / HOUR).collect();
        assert_eq!(hours, [0, 2, 4, 6, 8]);
        let days: Vec<i64> = ticks(300.0 * 86_400_000.0, Some(long)).into_iter().map(|tick| tick / DAY).collect();
        assert_eq!(days, [0, 100, 200, 300]);
        assert!(ticks(f64::MAX, None).len() <= 6);
    }

    #[test]
    fn few_places_are_named_and_the_last_is_one() {
        assert_eq!(named(3, 5), [0, 1, 2]);
        assert_eq!(named(12, 5), [2, 5, 8, 11]);
        assert!((1..400).all(|places| named(places, 5).len() <= 5 && named(places, 5).last() == Some(&(places - 1))));
    }

    #[test]
    fn a_line_has_gaps_where_there_is_nothing() {
        let values = [Some(0.0), Some(5.0), None, Some(10.0)];
        assert_eq!(path(&values, 10.0), "M125 1000L375 500M875 0");
        assert_eq!(percent(thousandths(3.0, 8.0)), "37.5%");
        assert_eq!((thousandths(1.0, 0.0), thousandths(9.0, 3.0)), (0, 1_000));
    }
}
