//! What times and stretches of time stand for, in the calendar of who looks.

use super::{bare, nobody};
use crate::{
    calendar::{Date, Unit, Zone},
    filter::{Expr, Facts, Field, Op, Value, Viewer, matches},
    time::{HOUR, Timestamp},
};

fn at(year: i32, month: u8, day: u8, hour: i64) -> Timestamp {
    Timestamp(i64::from(Date::of(year, month, day).unwrap().0) * 24 * HOUR + hour * HOUR)
}

/// Saturday, 2026-11-21, at 23:30 in universal time.
fn viewer() -> Viewer {
    Viewer { now: at(2026, 11, 21, 23).plus(HOUR / 2), ..nobody() }
}

fn span(viewer: &Viewer, value: Value) -> (Timestamp, Timestamp) {
    let (first, last) = viewer.span(&value).unwrap();
    (first, last.plus(1))
}

#[test]
fn stretches_begin_and_end_in_the_calendar_of_who_looks() {
    let viewer = viewer();
    #[rustfmt::skip]
    let rows = [
        (Value::Period(Unit::Day, 0),     at(2026, 11, 21, 0), at(2026, 11, 22, 0)),
        (Value::Period(Unit::Day, -1),    at(2026, 11, 20, 0), at(2026, 11, 21, 0)),
        (Value::Period(Unit::Week, 0),    at(2026, 11, 16, 0), at(2026, 11, 23, 0)),
        (Value::Period(Unit::Month, -10), at(2026, 1, 1, 0),   at(2026, 2, 1, 0)),
        (Value::Period(Unit::Quarter, 1), at(2027, 1, 1, 0),   at(2027, 4, 1, 0)),
        (Value::Period(Unit::Year, 0),    at(2026, 1, 1, 0),   at(2027, 1, 1, 0)),
        (Value::Day(Date::of(2026, 10, 1).unwrap()), at(2026, 10, 1, 0), at(2026, 10, 2, 0)),
    ];
    for (value, from, past) in rows {
        assert_eq!(span(&viewer, value.clone()), (from, past), "{value:?}");
    }
    // An hour later in the calendar is already Sunday.
    let east = viewer.clone().in_zone(Zone::new(3_600, Vec::new()));
    assert_eq!(span(&east, Value::Period(Unit::Day, 0)), (at(2026, 11, 21, 23), at(2026, 11, 22, 23)));
    let ends = |value| viewer.span(&value).unwrap();
    assert_eq!(ends(Value::Start(Unit::Month, 0)), (at(2026, 11, 1, 0), at(2026, 11, 1, 0)));
    assert_eq!(ends(Value::End(Unit::Month, 0)).0.plus(1), at(2026, 12, 1, 0));
    let range = Value::Range(Box::new((Value::Period(Unit::Day, -1), Value::Period(Unit::Day, 0))));
    assert_eq!(span(&viewer, range), (at(2026, 11, 20, 0), at(2026, 11, 22, 0)));
}

#[test]
fn a_day_has_the_hours_that_clocks_show() {
    // Clocks are put back at 01:00 universal time on 2026-10-25, from two hours ahead to one.
    let zone = Zone::new(7_200, vec![(at(2026, 10, 25, 1), 3_600)]);
    let viewer = viewer().in_zone(zone);
    let (first, past) = span(&viewer, Value::Day(Date::of(2026, 10, 25).unwrap()));
    assert_eq!((first, past), (at(2026, 10, 24, 22), at(2026, 10, 25, 23)));
    assert_eq!(past.since(first), 25 * HOUR);
}

#[test]
fn before_on_and_after_a_day() {
    let day = Value::Day(Date::of(2026, 11, 20).unwrap());
    let answers = |hour: i64| {
        let facts = Facts { created_at: at(2026, 11, 20, hour), ..bare() };
        [Op::Before, Op::Le, Op::Within, Op::Ge, Op::After]
            .map(|op| matches(&Expr::compare(Field::Created, op, day.clone()), &facts, &viewer()))
    };
    //                         before at most within at least after
    assert_eq!(answers(-1), [true, true, false, false, false]);
    assert_eq!(answers(0), [false, true, true, true, false]);
    assert_eq!(answers(23), [false, true, true, true, false]);
    assert_eq!(answers(24), [false, false, false, true, true]);
}
