//! What groups are called and how they look.

use super::items::Group;
use crate::{i18n::I18n, plural, t};
use domain::{
    calendar::{Date, Unit},
    filter::{Field, Relation, Value},
    view::{self, GroupBy, Measure},
};

/// A group as its head shows it.
pub(super) fn shown(i18n: I18n, by: &GroupBy, group: view::Group) -> Group {
    let (name, look) = titled(i18n, by, &group);
    Group { key: serde_json::to_string(&group.key).unwrap_or_default(), name, look, count: group.count, measures: Vec::new() }
}

/// What measures tell of a group, or of a whole list.
pub(super) fn measured(i18n: I18n, measures: &[Measure], made: &[Option<f64>]) -> Vec<String> {
    let text = |(measure, made): (&Measure, &Option<f64>)| made.map(|made| i18n.measured(*measure, made)).unwrap_or_default();
    measures.iter().zip(made).map(text).collect()
}

fn titled(i18n: I18n, by: &GroupBy, group: &view::Group) -> (String, String) {
    let plain = |name: String| (name, String::new());
    let name = group.name.clone();
    match (by, &group.key) {
        (by, Value::Null) => plain(t!(i18n, tickets_group_none, field = i18n.name("field", by.name()))),
        (GroupBy::Field(Field::Priority), Value::Int(stars)) => (plural!(i18n, stars, *stars), format!("stars:{stars}")),
        (GroupBy::Field(Field::Published), Value::Bool(true)) => plain(t!(i18n, tickets_published_yes).to_owned()),
        (GroupBy::Field(Field::Published), Value::Bool(false)) => plain(t!(i18n, tickets_published_no).to_owned()),
        (GroupBy::Field(Field::Requester), _)
        | (GroupBy::Rows(Relation::Agents | Relation::FollowingAgents | Relation::FollowingCustomers), _) => {
            (name, "person".to_owned())
        }
        (GroupBy::Field(Field::Status), Value::Id(id)) => (name, format!("status:{id}")),
        (GroupBy::Time(_, unit), Value::Day(day)) => plain(stretch(i18n, *day, *unit)),
        (GroupBy::Field(field), Value::Text(key)) if *field != Field::Product => plain(i18n.name(field.key(), key)),
        (_, Value::Text(text)) => plain(text.clone()),
        _ => plain(name),
    }
}

/// A group as it stands at an axis: as short as it can be understood there; empty for what stands at none.
pub(super) fn short(i18n: I18n, by: &GroupBy, key: &Value) -> String {
    match (by, key) {
        (GroupBy::Time(_, Unit::Day | Unit::Week), Value::Day(day)) => i18n.day_short(*day),
        (GroupBy::Time(_, Unit::Month), Value::Day(day)) if day.parts().1 > 1 => i18n.month_name(day.parts().1).to_owned(),
        (GroupBy::Time(_, unit), Value::Day(day)) => stretch(i18n, *day, *unit),
        _ => String::new(),
    }
}

/// A stretch of the calendar as people say it.
fn stretch(i18n: I18n, first: Date, unit: Unit) -> String {
    let (year, month, _) = first.parts();
    match unit {
        Unit::Year => year.to_string(),
        Unit::Quarter => t!(i18n, tickets_group_quarter, quarter = (month - 1) / 3 + 1, year = year),
        Unit::Month => i18n.month(first),
        Unit::Week => t!(i18n, tickets_group_week, day = i18n.day(first)),
        Unit::Day => i18n.day(first),
    }
}
