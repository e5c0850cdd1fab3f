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
    time::{DAY, Timestamp},
    view::{GroupSort, GroupsQuery},
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

/// A page of the groups in their order, and how many follow it.
pub(super) fn groups(unit: Unit, query: &GroupsQuery, told: &[Told], after: Option<&Placed>) -> (Vec<Placed>, usize) {
    let mut nothing = None;
    let mut tallies: BTreeMap<Date, Tally> = BTreeMap::new();
    for told in told {
        let tally = Tally::of(told, query.measures.len());
        match told.number {
            Some(day) => tallies.entry(date(day).begin(unit, 0)).or_default().add(&tally),
            None => nothing = Some(tally),
        }
    }
    tallies.retain(|_, tally| tally.items > 0);
    let placed = |date: Date, tally: &Tally| Placed {
        place: (-i64::from(date.0), String::new()),
        group: tally.group(Value::Day(date), String::new(), &query.measures),
    };
    // Of those that hold nothing only as many as a page can tell; further ones are counted.
    let (mut empty, mut further) = (Vec::new(), 0);
    if let (true, Some((first, _)), Some((last, _))) = (query.empty, tallies.first_key_value(), tallies.last_key_value()) {
        let (from, past, by) = if query.sort == GroupSort::Reverse { (first, last, 1) } else { (last, first, -1) };
        let between = std::iter::successors(Some(*from), |date| Some(date.begin(unit, by)).filter(|next| next != date));
        let holding_none = between.take_while(|date| date != past).filter(|date| !tallies.contains_key(date));
        let mut behind = holding_none
            .map(|date| placed(date, &Tally::default()))
            .filter(|placed| after.is_none_or(|after| placed.is_behind(after, query)));
        empty.extend(behind.by_ref().take(query.page()));
        further = behind.count();
    }
    let nothing = nothing
        .map(|tally| Placed { place: (0, String::new()), group: tally.group(Value::Null, String::new(), &query.measures) });
    let holding = tallies.iter().map(|(date, tally)| placed(*date, tally));
    let (page, more) = arranged(holding.chain(empty).chain(nothing), query, after);
    (page, more + further)
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
