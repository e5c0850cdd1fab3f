//! What the cards of a dashboard draw: the groups of a list, as many as a card has room for, each with the words that find its items.
#![expect(missing_docs, reason = "the macro turns arguments into public fields; the function says what they are")]

use super::{ApiError, codec::StrictJson, items::ListQuery};
use domain::view::Card;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::{
        context::{agent_actor, desk},
        group_titles,
    },
    crate::i18n::{I18n, use_i18n},
    domain::{
        Error,
        filter::{
            Value,
            text::{Keys, print},
        },
        view::{CardKind, Group, GroupBy, Groups, GroupsQuery},
    },
};

/// A group as a card draws it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// What it is called, in the reader's language.
    pub name: String,
    /// The same at an axis; empty for what stands at none.
    pub short: String,
    /// How it looks, as in [`super::items::Group::look`].
    pub look: String,
    /// What its items have in common, in the filter language.
    pub filter: String,
    /// How many items it holds.
    pub count: i64,
    /// The measure, if the card has one and an item of the group has the number.
    pub value: Option<f64>,
}

/// The groups that a card draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slices {
    /// In their order; of times the earliest first where a line goes through them.
    pub slices: Vec<Slice>,
    /// How many groups are not among them.
    pub more: i64,
    /// How many items those hold. Of what stands in several groups: how often they stand there.
    pub rest: i64,
    /// Of a ring: the sum of those.
    pub rest_value: Option<f64>,
    /// How many items the list has.
    pub total: i64,
}

/// What a card draws of a list. A number has no groups: see [`super::items::total`] and [`super::items::sums`].
#[server(prefix = "/_fn", endpoint = "items/card", input = StrictJson, output = StrictJson)]
pub async fn slices_of(query: ListQuery, card: Card) -> Result<Slices, ApiError> {
    let Some(by) = card.by.clone() else { return Err(Error::field("card", "error_bad_request").into()) };
    let (actor, items, list) = (agent_actor()?, desk()?.items, query.items()?);
    let asked = GroupsQuery {
        sort: card.order(),
        empty: card.kind == CardKind::Line,
        measures: card.measure.into_iter().collect(),
        ..GroupsQuery::of(list.clone(), by.clone())
    };
    let groups = items.groups(&actor, asked).await?;
    // What a ring is of: the sum of all, from which the rest is what is not drawn.
    let whole = match card.measure {
        Some(measure) if card.kind == CardKind::Donut => items.sums(&actor, list, vec![measure]).await?.pop().flatten(),
        _ => None,
    };
    Ok(slices(use_i18n(), &card, &by, groups, whole))
}

#[cfg(feature = "ssr")]
fn slices(i18n: I18n, card: &Card, by: &GroupBy, told: Groups, whole: Option<f64>) -> Slices {
    let mut groups = told.groups;
    match card.kind {
        // A line goes from left to right, and what has no time stands nowhere on it.
        CardKind::Line => {
            groups.retain(|group| group.key != Value::Null);
            groups.reverse();
        }
        // What has nothing is a part like others.
        CardKind::Donut if card.measure.is_some() => groups.sort_by(|a, b| value(b).total_cmp(&value(a))),
        CardKind::Donut => groups.sort_by_key(|group| -group.count),
        _ => {}
    }
    let (drawn, cut) = divided(groups, card.kind);
    let count = |groups: &[Group]| groups.iter().map(|group| group.count).sum::<i64>();
    let sum = |groups: &[Group]| groups.iter().map(value).sum::<f64>();
    let several = matches!(by, GroupBy::Rows(_));
    let rest_value = match whole {
        Some(whole) if !several => Some((whole - sum(&drawn)).max(0.0)),
        whole => whole.map(|_| sum(&cut)),
    };
    Slices {
        more: told.more + i64::try_from(cut.len()).unwrap_or_default(),
        rest: if several { count(&cut) } else { told.total - count(&drawn) },
        rest_value,
        total: told.total,
        slices: drawn.into_iter().map(|group| slice(i18n, by, group)).collect(),
    }
}

/// The first measure of a group; of nothing nothing.
#[cfg(feature = "ssr")]
fn value(group: &Group) -> f64 {
    group.measures.first().copied().flatten().unwrap_or_default()
}

/// What a card has room for, and the rest. The group of what has nothing comes last and is told all the same.
#[cfg(feature = "ssr")]
fn divided(mut groups: Vec<Group>, kind: CardKind) -> (Vec<Group>, Vec<Group>) {
    let most = kind.most();
    if groups.len() <= most {
        return (groups, Vec::new());
    }
    let nothing = if kind == CardKind::Donut { None } else { groups.pop_if(|group| group.key == Value::Null) };
    let cut = groups.split_off(most - usize::from(nothing.is_some()));
    groups.extend(nothing);
    (groups, cut)
}

#[cfg(feature = "ssr")]
fn slice(i18n: I18n, by: &GroupBy, group: Group) -> Slice {
    let filter = print(&by.condition(&group.key), &Keys);
    let short = group_titles::short(i18n, by, &group.key);
    let value = group.measures.first().copied().flatten();
    let super::items::Group { name, look, count, .. } = group_titles::shown(i18n, by, group);
    Slice { name, short, look, filter, count, value }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::{calendar::Date, language::Language};

    fn group(key: Value, count: i64) -> Group {
        Group { key, name: String::new(), count, measures: Vec::new() }
    }

    fn drawn(card: &str, groups: Vec<Group>, more: i64, total: i64) -> Slices {
        let Ok(card) = card.parse::<Card>() else { panic!("{card}") };
        let Some(by) = card.by.clone() else { panic!("{card}") };
        slices(I18n::new(Language::En), &card, &by, Groups { groups, more, next: None, total, measures: Vec::new() }, None)
    }

    fn counts(slices: &Slices) -> Vec<i64> {
        slices.slices.iter().map(|slice| slice.count).collect()
    }

    #[test]
    fn a_ring_has_seven_parts_and_the_rest() {
        let groups = (1..=9).map(|count| group(Value::Id(count), count)).chain([group(Value::Null, 20)]);
        let ring = drawn("donut.2:organization", groups.collect(), 2, 70);
        assert_eq!(counts(&ring), [20, 9, 8, 7, 6, 5, 4]);
        assert_eq!((ring.more, ring.rest), (5, 11));
    }

    #[test]
    fn who_has_nothing_is_told_also_where_there_is_no_room_for_all() {
        let most = i64::try_from(CardKind::Bar.most()).unwrap();
        let groups: Vec<Group> = (0..most + 5).map(|id| group(Value::Id(id), 2)).chain([group(Value::Null, 9)]).collect();
        let total = groups.iter().map(|group| group.count).sum();
        let bars = drawn("bar.2:requester", groups, 0, total);
        assert_eq!((counts(&bars).len(), counts(&bars).last()), (CardKind::Bar.most(), Some(&9)));
        assert_eq!((bars.more, bars.rest), (6, 12));
    }

    #[test]
    fn a_line_goes_from_left_to_right_without_what_has_no_time() {
        let day = |day| Value::Day(Date::of(2026, 11, day).unwrap());
        let groups = vec![group(day(3), 1), group(day(2), 0), group(day(1), 4), group(Value::Null, 7)];
        let line = drawn("line.2:resolved.day", groups, 0, 12);
        assert_eq!(counts(&line), [4, 0, 1]);
        assert_eq!((line.slices[0].short.as_str(), line.rest), ("1 Nov", 7));
        assert_eq!(line.slices[0].filter, "resolved:2026-11-01");
    }
}
