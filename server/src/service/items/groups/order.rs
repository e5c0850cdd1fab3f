//! The order of groups that are put in order here.

use domain::{
    filter::Value,
    limits,
    view::{Group, GroupSort, GroupsQuery},
};
use std::cmp::Ordering;

/// A group with its place in the natural order.
pub(super) struct Placed {
    /// A number, then a folded name.
    pub place: (i64, String),
    pub group: Group,
}

/// The first groups in the asked order.
pub(super) fn arranged(mut placed: Vec<Placed>, query: &GroupsQuery) -> Vec<Group> {
    placed.sort_by(|one, other| {
        let nothing = |placed: &Placed| placed.group.key == Value::Null;
        nothing(one).cmp(&nothing(other)).then_with(|| compare(one, other, query.sort))
    });
    placed.truncate(limits::GROUPS);
    placed.into_iter().map(|placed| placed.group).collect()
}

fn compare(one: &Placed, other: &Placed, sort: GroupSort) -> Ordering {
    let natural = one.place.cmp(&other.place).then_with(|| id(one).cmp(&id(other)));
    let made = |placed: &Placed| placed.group.measures.first().copied().flatten();
    let (count, other_count) = (one.group.count, other.group.count);
    match sort {
        GroupSort::Natural => natural,
        GroupSort::Reverse => natural.reverse(),
        GroupSort::Most => other_count.cmp(&count).then(natural),
        GroupSort::Fewest => count.cmp(&other_count).then(natural),
        GroupSort::Highest => last(made(one), made(other), |one, other| other.total_cmp(one)).then(natural),
        GroupSort::Lowest => last(made(one), made(other), f64::total_cmp).then(natural),
    }
}

/// What has no number comes last.
fn last(one: Option<f64>, other: Option<f64>, order: impl Fn(&f64, &f64) -> Ordering) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => order(&one, &other),
        _ => one.is_none().cmp(&other.is_none()),
    }
}

fn id(placed: &Placed) -> i64 {
    if let Value::Id(id) = placed.group.key { id } else { 0 }
}
