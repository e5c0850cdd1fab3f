//! The order of groups: of those that are put in order here, and where in it a page begins.

use super::Kind;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Error, Result,
    filter::Value,
    page::Cursor,
    view::{Group, GroupBy, GroupSort, GroupsQuery},
};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A group with its place in the natural order.
pub(super) struct Placed {
    /// A number, then a folded name.
    pub place: (i64, String),
    pub group: Group,
}

impl Placed {
    /// What the first measure made of it.
    pub(super) fn made(&self) -> Option<f64> {
        self.group.measures.first().copied().flatten()
    }

    /// Whether it comes behind another one in the asked order.
    pub(super) fn is_behind(&self, other: &Self, query: &GroupsQuery) -> bool {
        whole(self, other, query.sort) == Ordering::Greater
    }
}

/// What a cursor holds: what a group is sorted by.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    /// The order that it belongs to.
    by: GroupBy,
    sort: GroupSort,
    place: (i64, String),
    count: i64,
    /// The bits of what the first measure made: as text it would not come back as the same number.
    made: Option<u64>,
    key: Value,
}

/// The group behind which a page begins.
///
/// # Errors
/// Invalid if the cursor does not belong to this order.
pub(super) fn read(cursor: &Cursor, query: &GroupsQuery, kind: Kind) -> Result<Placed> {
    let bad = || Error::invalid("error_cursor");
    let bytes = URL_SAFE_NO_PAD.decode(&cursor.0).map_err(|_| bad())?;
    let position: Position = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    let fits = match kind {
        Kind::Named(_) => matches!(position.key, Value::Id(_)),
        Kind::Text => matches!(position.key, Value::Text(_)),
        _ => true,
    };
    if !fits || position.by != query.by || position.sort != query.sort {
        return Err(bad());
    }
    let measures = vec![position.made.map(f64::from_bits)];
    let group = Group { key: position.key, name: String::new(), count: position.count, measures };
    Ok(Placed { place: position.place, group })
}

/// Where the page behind a group begins.
///
/// # Errors
/// None that can be met.
pub(super) fn write(last: &Placed, query: &GroupsQuery) -> Result<Cursor> {
    let position = Position {
        by: query.by.clone(),
        sort: query.sort,
        place: last.place.clone(),
        count: last.group.count,
        made: last.made().map(f64::to_bits),
        key: last.group.key.clone(),
    };
    let json = serde_json::to_vec(&position).map_err(|_| Error::internal())?;
    Ok(Cursor(URL_SAFE_NO_PAD.encode(json)))
}

/// A page of groups in the asked order, and how many follow it.
pub(super) fn arranged(
    placed: impl Iterator<Item = Placed>,
    query: &GroupsQuery,
    after: Option<&Placed>,
) -> (Vec<Placed>, usize) {
    let mut placed: Vec<Placed> = placed.filter(|each| after.is_none_or(|after| each.is_behind(after, query))).collect();
    placed.sort_by(|one, other| whole(one, other, query.sort));
    let more = placed.len().saturating_sub(query.page());
    placed.truncate(query.page());
    (placed, more)
}

/// The asked order; the group of nothing is the last.
fn whole(one: &Placed, other: &Placed, sort: GroupSort) -> Ordering {
    let nothing = |placed: &Placed| placed.group.key == Value::Null;
    nothing(one).cmp(&nothing(other)).then_with(|| compare(one, other, sort))
}

fn compare(one: &Placed, other: &Placed, sort: GroupSort) -> Ordering {
    let natural = one.place.cmp(&other.place).then_with(|| key(one).cmp(&key(other)));
    let (count, other_count) = (one.group.count, other.group.count);
    match sort {
        GroupSort::Natural => natural,
        GroupSort::Reverse => natural.reverse(),
        GroupSort::Most => other_count.cmp(&count).then(natural),
        GroupSort::Fewest => count.cmp(&other_count).then(natural),
        GroupSort::Highest => last(one.made(), other.made(), |one, other| other.total_cmp(one)).then(natural),
        GroupSort::Lowest => last(one.made(), other.made(), f64::total_cmp).then(natural),
    }
}

/// What has no number comes last.
fn last(one: Option<f64>, other: Option<f64>, order: impl Fn(&f64, &f64) -> Ordering) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => order(&one, &other),
        _ => one.is_none().cmp(&other.is_none()),
    }
}

/// What tells groups at the same place apart.
fn key(placed: &Placed) -> (i64, &str) {
    match &placed.group.key {
        Value::Id(id) => (*id, ""),
        Value::Text(text) => (0, text),
        _ => (0, ""),
    }
}
