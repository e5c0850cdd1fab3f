//! Stretches of the viewer's calendar: the database counts days, which are put together here.

use super::{
    Tally,
    ask::Told,
    order::{Placed, arranged},
};
use crate::db::Sql;
use domain::{
    calendar::{Date, Unit, Zone},
    filter::Value,
    limits,
    time::{DAY, Timestamp},
    view::{Group, GroupSort, GroupsQuery},
};
use std::collections::BTreeMap;

/// The day from which the database counts, so that nothing is negative: integer division rounds towards zero.
pub(super) const FIRST: i64 = -1_000_000;
/// For so long most times lie back (and half as far ahead).
const NEAR: i64 = 4 * 365 * DAY;

/// Appends the day, counted from [`FIRST`], in which the time of a column lies. Clocks have changed some hundred times; the few changes
/// near the present are looked at first.
pub(in super::super) fn push(sql: &mut Sql, column: &'static str, zone: &Zone, now: Timestamp) {
    let (first, all) = zone.shifts();
    let from = all.partition_point(|change| change.0 < now.plus(-NEAR));
    let until = all.partition_point(|change| change.0 < now.plus(NEAR / 2));
    sql.push("(").push(column).push(" + ");
    if let (Some(before), Some(past)) = (from.checked_sub(1).and_then(|last| all.get(last)), all.get(until)) {
        sql.push("CASE WHEN ").push(column).push(" >= ").bind(before.0).push(" AND ").push(column).push(" < ").bind(past.0);
        sql.push(" THEN ");
        push_shift(sql, column, before.1, &all[from..until]);
        sql.push(" ELSE ");
        push_shift(sql, column, first, &all);
        sql.push(" END");
    } else {
        push_shift(sql, column, first, &all);
    }
    sql.push(") / 86400000");
}

/// Appends by how much a time is moved: `first`, and from each of these moments on by so much. Each step leaves out half of them.
fn push_shift(sql: &mut Sql, column: &'static str, first: i64, changes: &[(Timestamp, i64)]) {
    let middle = changes.len() / 2;
    let Some((from, shift)) = changes.get(middle) else {
        sql.bind(first - FIRST * DAY);
        return;
    };
    sql.push("CASE WHEN ").push(column).push(" < ").bind(*from).push(" THEN ");
    push_shift(sql, column, first, &changes[..middle]);
    sql.push(" ELSE ");
    push_shift(sql, column, *shift, &changes[middle + 1..]);
    sql.push(" END");
}

/// The groups in their order, as many as are told, and how many there are.
pub(super) fn groups(unit: Unit, query: &GroupsQuery, told: &[Told]) -> (Vec<Group>, i64) {
    let mut nothing = None;
    let mut tallies: BTreeMap<Date, Tally> = BTreeMap::new();
    for told in told {
        let tally = Tally::of(told, query.measures.len());
        match told.number {
            Some(day) => tallies.entry(date(day).begin(unit, 0)).or_default().add(&tally),
            None => nothing = Some(tally),
        }
    }
    let mut all = tallies.len();
    if let (true, Some((first, _)), Some((last, _))) = (query.empty, tallies.first_key_value(), tallies.last_key_value()) {
        let (first, last) = (*first, *last);
        all = between(unit, first, last);
        let (from, past, by) = if query.sort == GroupSort::Reverse { (first, last, 1) } else { (last, first, -1) };
        let between = std::iter::successors(Some(from), |date| Some(date.begin(unit, by)).filter(|next| next != date));
        let empty: Vec<Date> =
            between.take_while(|date| *date != past).filter(|date| !tallies.contains_key(date)).take(limits::GROUPS).collect();
        // Further ones are not among those that are told.
        tallies.extend(empty.into_iter().map(|date| (date, Tally::default())));
    }
    let place = |date: Date| (-i64::from(date.0), String::new());
    let placed = tallies.iter().map(|(date, tally)| Placed {
        place: place(*date),
        group: tally.group(Value::Day(*date), String::new(), &query.measures),
    });
    let nothing = nothing
        .map(|tally| Placed { place: (0, String::new()), group: tally.group(Value::Null, String::new(), &query.measures) });
    let all = i64::try_from(all + usize::from(nothing.is_some())).unwrap_or(i64::MAX);
    (arranged(placed.chain(nothing).collect(), query), all)
}

/// A day as the database counts it, from [`FIRST`].
pub(super) fn counted(date: Date) -> i64 {
    i64::from(date.0) - FIRST
}

/// The day that was counted from [`FIRST`].
pub(in super::super) fn date(counted: i64) -> Date {
    let day = (counted + FIRST).clamp(Date::MIN.0.into(), Date::MAX.0.into());
    Date(i32::try_from(day).unwrap_or_default())
}

/// How many stretches there are from the one that begins on the first day to the one that begins on the last.
fn between(unit: Unit, first: Date, last: Date) -> usize {
    let months = |date: Date| {
        let (year, month, _) = date.parts();
        year * 12 + i32::from(month)
    };
    let steps = match unit {
        Unit::Day => last.0 - first.0,
        // The first week of all may be cut off.
        Unit::Week => (last.0 - first.0 + 6) / 7,
        Unit::Month => months(last) - months(first),
        Unit::Quarter => (months(last) - months(first)) / 3,
        Unit::Year => (months(last) - months(first)) / 12,
    };
    usize::try_from(steps).unwrap_or_default() + 1
}
