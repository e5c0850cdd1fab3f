//! Conditions as sentences.

use super::{
    Chip,
    form::{Comparison, form},
};
use crate::{
    agent::filter_fields::{field_of, period},
    i18n::{I18n, MomentStyle, format_moment},
    plural, t,
};
use domain::{
    filter::{Expr, Field, FieldType, Named, Op, Thing, Value, edit},
    time::{DAY, HOUR},
};

/// A part of a filter as the bar shows it.
pub(super) fn chip(i18n: I18n, names: &[Named], expr: &Expr) -> Chip {
    let words = Words { i18n, names };
    match edit::group(expr) {
        Some((joined, parts)) if !parts.is_empty() => Chip {
            sentence: i18n.name("joined", joined.key()),
            joined: joined.key().to_owned(),
            parts: parts.iter().map(|part| chip(i18n, names, part)).collect(),
            form: None,
        },
        _ => {
            let label = |field: &Field, value: &Value| match (expr, value) {
                (Expr::View(_), Value::Id(id)) => words.name(Thing::View, *id),
                _ => words.value(field, value),
            };
            Chip { sentence: words.expr(expr), joined: String::new(), parts: Vec::new(), form: form(expr, label) }
        }
    }
}

struct Words<'n> {
    i18n: I18n,
    names: &'n [Named],
}

impl Words<'_> {
    fn expr(&self, expr: &Expr) -> String {
        let i18n = self.i18n;
        if let Some(Comparison { key, op, value }) = Comparison::of(expr) {
            return self.comparison(&key, op, &value);
        }
        match expr {
            Expr::Text(text) if text.is_empty() => t!(i18n, tickets_filter_not_understood).to_owned(),
            Expr::Text(text) => t!(i18n, tickets_filter_words, text = text.trim_end_matches('*')),
            Expr::View(view) => t!(i18n, tickets_filter_view, name = self.name(Thing::View, view.0)),
            Expr::Not(inner) => t!(i18n, tickets_filter_not, condition = self.expr(inner)),
            Expr::Related { relation, quantifier, of } => {
                let rows = t!(i18n, tickets_filter_rows, quantifier = self.operator(quantifier.key()), condition = self.expr(of));
                t!(i18n, tickets_named, name = i18n.name("field", relation.key()), value = rows)
            }
            group => match edit::group(group) {
                Some((_, [])) | None => t!(i18n, tickets_filter_nothing).to_owned(),
                Some((joined, parts)) => {
                    let all: Vec<String> = parts.iter().map(|part| self.expr(part)).collect();
                    t!(i18n, tickets_named, name = i18n.name("joined", joined.key()), value = all.join(" · "))
                }
            },
        }
    }

    fn operator(&self, key: &str) -> String {
        self.i18n.name("operator", key)
    }

    fn comparison(&self, key: &str, op: Op, value: &Value) -> String {
        let i18n = self.i18n;
        let field = i18n.name("field", key);
        let operator = self.operator(op.key());
        if *value == Value::Null {
            return t!(i18n, tickets_filter_state, field = field, operator = operator);
        }
        t!(i18n, tickets_filter_sentence, field = field, operator = operator, value = self.value(&field_of(key), value))
    }

    fn name(&self, thing: Thing, id: i64) -> String {
        let named = self.names.iter().find(|named| (named.thing, named.id) == (thing, id));
        named.map_or_else(|| format!("#{id}"), |named| named.name.clone())
    }

    fn value(&self, field: &Field, value: &Value) -> String {
        let i18n = self.i18n;
        let kind = field.info().map(|info| info.kind);
        match value {
            Value::Null => i18n.name("operator", Op::IsEmpty.key()),
            Value::Bool(true) => t!(i18n, yes).to_owned(),
            Value::Bool(false) => t!(i18n, no).to_owned(),
            Value::Int(stars @ 1..=5) if *field == Field::Priority => "★".repeat(usize::try_from(*stars).unwrap_or_default()),
            Value::Int(number) => i18n.number(*number),
            Value::Text(key) if matches!(kind, Some(FieldType::Key(_))) => i18n.name(field.key(), key),
            Value::Text(text) => t!(i18n, tickets_filter_quoted, text = text),
            Value::Id(id) => match kind {
                Some(FieldType::Id(thing)) => self.name(thing, *id),
                _ => format!("#{id}"),
            },
            Value::Set(values) => values.iter().map(|value| self.value(field, value)).collect::<Vec<_>>().join(", "),
            Value::Me => t!(i18n, tickets_filter_me).to_owned(),
            Value::MyTeams => t!(i18n, tickets_filter_my_teams).to_owned(),
            Value::MyOrganization => t!(i18n, tickets_filter_my_organization).to_owned(),
            Value::At(at) => format_moment(i18n, *at, MomentStyle::Full, None),
            Value::Now(ms) => moved(i18n, *ms),
            Value::Day(day) => i18n.day(*day),
            Value::Period(unit, by) => period(i18n, *unit, *by),
            Value::Start(unit, by) => t!(i18n, tickets_filter_start, period = period(i18n, *unit, *by)),
            Value::End(unit, by) => t!(i18n, tickets_filter_end, period = period(i18n, *unit, *by)),
            Value::Range(ends) => {
                t!(i18n, tickets_filter_range, from = self.value(field, &ends.0), to = self.value(field, &ends.1))
            }
            Value::Field(other) => i18n.name("field", other.key()),
        }
    }
}

/// A moment before or after the present.
fn moved(i18n: I18n, ms: i64) -> String {
    let (length, past) = (ms.unsigned_abs().try_into().unwrap_or(i64::MAX), ms < 0);
    match (length, past) {
        (0, _) => t!(i18n, time_now).to_owned(),
        (length, true) if length % DAY == 0 => plural!(i18n, tickets_filter_days_ago, length / DAY),
        (length, false) if length % DAY == 0 => plural!(i18n, tickets_filter_days_ahead, length / DAY),
        (length, true) => plural!(i18n, tickets_filter_hours_ago, (length + HOUR / 2) / HOUR),
        (length, false) => plural!(i18n, tickets_filter_hours_ahead, (length + HOUR / 2) / HOUR),
    }
}
