//! Conditions as the controls of a screen hold them, and back.

use super::{Choice, Form, VIEW, WORDS};
use crate::agent::filter_fields::{Control, PERIODS, control, field_of, is_set, operators};
use domain::{
    calendar::Date,
    filter::{Expr, Field, FieldType, Op, Quantifier, Relation, Value},
    id::ViewId,
    time::DAY,
};

/// A condition on a field, or on what an item has many of, as one comparison: what chips show and controls change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparison {
    /// The key of the field or relation.
    pub key: String,
    /// How.
    pub op: Op,
    /// With what.
    pub value: Value,
}

impl Comparison {
    /// A condition as a comparison, if it is as simple as that.
    pub fn of(expr: &Expr) -> Option<Self> {
        match expr {
            Expr::Compare { field, op, value } => Some(Self { key: field.key().to_owned(), op: *op, value: value.clone() }),
            Expr::Related { relation, quantifier, of } => {
                let some = match quantifier {
                    Quantifier::Some => true,
                    Quantifier::None => false,
                    Quantifier::Every => return None,
                };
                let (op, value) = match &**of {
                    Expr::All(parts) if parts.is_empty() => (if some { Op::IsNotEmpty } else { Op::IsEmpty }, Value::Null),
                    Expr::Compare { field, op, value } if *field == relation.main() => match (some, op) {
                        (true, Op::Is | Op::In | Op::Contains) => (*op, value.clone()),
                        (false, Op::Is) => (Op::IsNot, value.clone()),
                        (false, Op::In) => (Op::NotIn, value.clone()),
                        (false, Op::Contains) => (Op::NotContains, value.clone()),
                        _ => return None,
                    },
                    _ => return None,
                };
                Some(Self { key: relation.key().to_owned(), op, value })
            }
            _ => None,
        }
    }

    /// The condition that it stands for.
    fn expr(self) -> Expr {
        let Some(relation) = Relation::from_key(&self.key) else {
            return Expr::compare(Field::from_key(&self.key), self.op, self.value);
        };
        let row = |op| Expr::compare(relation.main(), op, self.value.clone());
        match self.op {
            Op::IsEmpty => Expr::none(relation, Value::Null),
            Op::IsNotEmpty => Expr::some(relation, Value::Null),
            Op::IsNot => Expr::related(relation, Quantifier::None, row(Op::Is)),
            Op::NotIn => Expr::related(relation, Quantifier::None, row(Op::In)),
            Op::NotContains => Expr::related(relation, Quantifier::None, row(Op::Contains)),
            op => Expr::related(relation, Quantifier::Some, row(op)),
        }
    }
}

/// What the controls hold for a condition; `None` if it is more than they can hold. `label` says what a value is called.
pub(super) fn form(expr: &Expr, label: impl Fn(&Field, &Value) -> String) -> Option<Form> {
    let words = |text: &str| Form { key: WORDS.to_owned(), op: Op::Is.key().to_owned(), one: text.to_owned(), ..Form::default() };
    match expr {
        // Without quotation marks: the beginning of a word is enough.
        Expr::Text(text) => return text.strip_suffix('*').map(words),
        Expr::View(view) => {
            let chosen = vec![Choice { value: view.0.to_string(), label: label(&Field::Number, &Value::Id(view.0)) }];
            return Some(Form { key: VIEW.to_owned(), op: Op::Is.key().to_owned(), chosen, ..Form::default() });
        }
        _ => {}
    }
    let Comparison { key, op, value } = Comparison::of(expr)?;
    let op = match op {
        Op::Is if is_set(&key) => Op::In,
        Op::IsNot if is_set(&key) => Op::NotIn,
        op => op,
    };
    if !operators(&key).contains(&op) {
        return None;
    }
    let field = field_of(&key);
    let mut form = Form { op: op.key().to_owned(), ..Form::default() };
    match (control(&key, op), value) {
        (Control::Nothing, _) => {}
        (Control::Choice, value) => {
            let values = match value {
                Value::Set(values) => values,
                one => vec![one],
            };
            let choice = |value: &Value| {
                let identity = match value {
                    Value::Id(id) => id.to_string(),
                    Value::Text(text) => text.clone(),
                    Value::Me => "@me".to_owned(),
                    Value::MyTeams => "@myteams".to_owned(),
                    _ => return None,
                };
                let label = match (value, field.info().map(|info| info.kind)) {
                    (Value::Text(text), Some(FieldType::Text)) => text.clone(),
                    _ => label(&field, value),
                };
                Some(Choice { value: identity, label })
            };
            form.chosen = values.iter().map(choice).collect::<Option<_>>()?;
        }
        (Control::Line, Value::Text(text)) => form.one = text,
        (Control::YesNo, Value::Bool(yes)) => form.one = if yes { "yes" } else { "no" }.to_owned(),
        (Control::Number(false) | Control::Stars(false), Value::Int(number)) => form.one = number.to_string(),
        (Control::Number(true) | Control::Stars(true), Value::Range(ends)) => match *ends {
            (Value::Int(one), Value::Int(two)) => (form.one, form.two) = (one.to_string(), two.to_string()),
            _ => return None,
        },
        (Control::Time(_), value) => (form.when, form.one, form.two) = time_form(&value)?,
        _ => return None,
    }
    form.key = key;
    Some(form)
}

/// The condition that the controls hold, if it is whole.
pub(super) fn expr(form: &Form) -> Option<Expr> {
    let number = |text: &str| text.trim().parse::<i64>().ok().map(Value::Int);
    match form.key.as_str() {
        WORDS => {
            let words = form.one.trim().trim_end_matches('*');
            return (!words.is_empty()).then(|| Expr::Text(format!("{words}*")));
        }
        VIEW => {
            let ids = form.chosen.iter().filter_map(|one| one.value.parse().ok());
            let mut views: Vec<Expr> = ids.map(|id| Expr::View(ViewId(id))).collect();
            return if views.len() > 1 { Some(Expr::Any(views)) } else { views.pop() };
        }
        _ => {}
    }
    let op = operators(&form.key).into_iter().find(|op| op.key() == form.op)?;
    let (op, value) = match control(&form.key, op) {
        Control::Nothing => (op, Value::Null),
        Control::Choice => {
            let is_id = matches!(field_of(&form.key).info().map(|info| info.kind), Some(FieldType::Id(_)));
            let value = |choice: &Choice| match choice.value.as_str() {
                "@me" => Some(Value::Me),
                "@myteams" => Some(Value::MyTeams),
                id if is_id => id.parse().ok().map(Value::Id),
                text => Some(Value::Text(text.to_owned())),
            };
            let mut values: Vec<Value> = form.chosen.iter().map(value).collect::<Option<_>>()?;
            match values.len() {
                0 => return None,
                1 => (if op == Op::In { Op::Is } else { Op::IsNot }, values.swap_remove(0)),
                _ => (op, Value::Set(values)),
            }
        }
        Control::Line => (op, Value::Text(Some(form.one.trim().to_owned()).filter(|text| !text.is_empty())?)),
        Control::YesNo => (op, Value::Bool(form.one == "yes")),
        Control::Number(false) | Control::Stars(false) => (op, number(&form.one)?),
        Control::Number(true) | Control::Stars(true) => (op, Value::Range(Box::new((number(&form.one)?, number(&form.two)?)))),
        Control::Time(stretch) => (op, time_value(form, stretch)?),
    };
    Some(Comparison { key: form.key.clone(), op, value }.expr())
}

fn date(text: &str) -> Option<Value> {
    let mut parts = text.split('-');
    let date = Date::of(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?)?;
    Some(Value::Day(date))
}

fn date_text(date: Date) -> String {
    let (year, month, day) = date.parts();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A time as the controls hold it: its kind, and one or two texts.
fn time_form(value: &Value) -> Option<(String, String, String)> {
    let form = |when: &str, one: String, two: String| Some((when.to_owned(), one, two));
    match value {
        Value::Day(day) => form("day", date_text(*day), String::new()),
        Value::Now(ms) if *ms <= 0 && ms % DAY == 0 => form("ago", (-ms / DAY).to_string(), String::new()),
        Value::Period(unit, by) => {
            let known = PERIODS.iter().find(|(_, known, moved)| (known, moved) == (unit, by));
            known.and_then(|(when, ..)| form(when, String::new(), String::new()))
        }
        Value::Range(ends) => match &**ends {
            (Value::Day(one), Value::Day(two)) => form("range", date_text(*one), date_text(*two)),
            (Value::Now(ms), Value::Now(0)) if *ms < 0 && ms % DAY == 0 => form("last", (-ms / DAY).to_string(), String::new()),
            _ => None,
        },
        _ => None,
    }
}

/// The time that the controls hold.
fn time_value(form: &Form, stretch: bool) -> Option<Value> {
    let days = form.one.trim().parse::<i64>().ok().filter(|days| (0..=100_000).contains(days));
    let past = || days.map(|days| Value::Now(-days * DAY));
    match form.when.as_str() {
        "day" => date(&form.one),
        "ago" if !stretch => past(),
        "last" if stretch => Some(Value::Range(Box::new((past()?, Value::Now(0))))),
        "range" if stretch => Some(Value::Range(Box::new((date(&form.one)?, date(&form.two)?)))),
        when => PERIODS.iter().find(|(known, ..)| *known == when).map(|(_, unit, by)| Value::Period(*unit, *by)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(condition: &Expr) -> Option<Expr> {
        form(condition, |_, value| format!("{value:?}")).as_ref().and_then(expr)
    }

    #[test]
    fn what_controls_hold_is_the_condition_again() {
        let set = Value::Set(vec![Value::Id(1), Value::Me]);
        let days = |one: &str, two: &str| Value::Range(Box::new((date(one).unwrap(), date(two).unwrap())));
        for condition in [
            Expr::some(Relation::Agents, Value::Me),
            Expr::some(Relation::Agents, set.clone()),
            Expr::none(Relation::Agents, set),
            Expr::none(Relation::Tags, Value::Text("vip".to_owned())),
            Expr::some(Relation::Tags, Value::Null),
            Expr::none(Relation::Teams, Value::Null),
            Expr::compare(Field::Priority, Op::Ge, Value::Int(4)),
            Expr::compare(Field::Priority, Op::Within, Value::Range(Box::new((Value::Int(1), Value::Int(3))))),
            Expr::compare(Field::Published, Op::Is, Value::Bool(false)),
            Expr::compare(Field::Category, Op::IsNot, Value::Text("done".to_owned())),
            Expr::compare(Field::Title, Op::Contains, Value::Text("jam".to_owned())),
            Expr::compare(Field::Created, Op::Before, date("2026-10-01").unwrap()),
            Expr::compare(Field::Created, Op::Within, days("2026-10-01", "2026-10-31")),
            Expr::compare(Field::Created, Op::Within, Value::Range(Box::new((Value::Now(-30 * DAY), Value::Now(0))))),
            Expr::compare(Field::Resolved, Op::After, Value::Now(-7 * DAY)),
            Expr::compare(Field::Resolved, Op::IsEmpty, Value::Null),
            Expr::Text("jam*".to_owned()),
            Expr::View(ViewId(7)),
        ] {
            assert_eq!(back(&condition), Some(condition));
        }
    }

    #[test]
    fn what_is_more_than_controls_hold_stays_text() {
        let every = Expr::related(Relation::Agents, Quantifier::Every, Expr::row(Relation::Agents, Value::Me));
        let hours = Expr::compare(Field::Updated, Op::Before, Value::Now(-1));
        let words = Expr::Text("jam".to_owned());
        for condition in [every, hours, words, Expr::compare(Field::Unknown("x".to_owned()), Op::Is, Value::Null)] {
            assert_eq!(back(&condition), None, "{condition:?}");
        }
    }

    #[test]
    fn half_a_condition_is_none() {
        for (key, op, one) in
            [("priority", "ge", ""), ("priority", "ge", "x"), ("title", "contains", "  "), ("tags", "in", "a"), ("x", "is", "1")]
        {
            let half = Form { key: key.to_owned(), op: op.to_owned(), one: one.to_owned(), ..Form::default() };
            assert_eq!(expr(&half), None, "{key} {one}");
        }
        let day = Form {
            key: "created".to_owned(),
            op: "before".to_owned(),
            when: "day".to_owned(),
            one: "2026-02-30".to_owned(),
            ..Form::default()
        };
        assert_eq!(expr(&day), None);
    }
}
