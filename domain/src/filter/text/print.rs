//! Writes filters so that they can be read again.

use super::{
    super::{
        expr::{Expr, Op, Quantifier, Value},
        field::{Field, FieldType, Relation, Thing},
    },
    names::{self, Names, Part},
    parse::Parser,
    scan::push_quoted,
    time,
};

/// How tightly something has to hold together where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Anything can stand here.
    Free,
    /// A part of *or*.
    InAny,
    /// A part of *and*, or behind *not*.
    InAll,
}

/// A filter as text: with the stable keys, and with the names of things where they are unique. Reading it with the same names makes
/// the same filter again.
#[must_use]
pub fn print(expr: &Expr, names: &dyn Names) -> String {
    let mut printer = Printer { out: String::new(), names };
    if *expr != Expr::All(Vec::new()) {
        printer.expr(expr, Place::Free, None);
    }
    printer.out
}

struct Printer<'n> {
    out: String,
    names: &'n dyn Names,
}

impl Printer<'_> {
    fn expr(&mut self, expr: &Expr, place: Place, rows: Option<Relation>) {
        match expr {
            Expr::All(parts) if parts.len() > 1 => self.group(parts, " ", Place::InAll, place >= Place::InAll, rows),
            Expr::Any(parts) if parts.len() > 1 => self.group(parts, " | ", Place::InAny, place >= Place::InAny, rows),
            Expr::All(parts) | Expr::Any(parts) => {
                self.out.push_str(if matches!(expr, Expr::All(_)) { "all" } else { "any" });
                self.group(parts, " ", Place::InAll, true, rows);
            }
            Expr::Not(inner) => {
                self.out.push('-');
                self.expr(inner, Place::InAll, rows);
            }
            Expr::Compare { field, op, value } => {
                let mut short = String::new();
                if self.push_short(&mut short, rows, field, *op, value) && self.reads(&short, rows, expr) {
                    self.out.push_str(&short);
                } else {
                    self.push_long(rows, field, *op, value);
                }
            }
            Expr::Related { relation, quantifier, of } => self.related(*relation, *quantifier, of, rows, expr),
            Expr::Text(text) => {
                let begin = text
                    .strip_suffix('*')
                    .filter(|word| is_word(word) && !["not", "all", "any"].iter().any(|known| word.eq_ignore_ascii_case(known)));
                match begin {
                    Some(word) => self.out.push_str(word),
                    None => push_quoted(&mut self.out, text),
                }
            }
            Expr::View(view) => {
                self.out.push_str("view:");
                let mut name = String::new();
                self.push_thing(&mut name, Thing::View, view.0);
                self.out.push_str(&name);
            }
        }
    }

    fn group(&mut self, parts: &[Expr], between: &str, place: Place, closed: bool, rows: Option<Relation>) {
        self.out.push_str(if closed { "(" } else { "" });
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.out.push_str(between);
            }
            self.expr(part, place, rows);
        }
        self.out.push_str(if closed { ")" } else { "" });
    }

    /// Whether a text means just this.
    fn reads(&self, text: &str, rows: Option<Relation>, expr: &Expr) -> bool {
        Parser::new(text, self.names).whole(rows) == *expr
    }

    fn related(&mut self, relation: Relation, quantifier: Quantifier, of: &Expr, rows: Option<Relation>, expr: &Expr) {
        let mut short = String::new();
        let known = match (quantifier, of) {
            (Quantifier::Some, Expr::All(parts)) if parts.is_empty() => {
                short.push_str("has:");
                short.push_str(relation.key());
                true
            }
            (Quantifier::None, Expr::All(parts)) if parts.is_empty() => {
                short.push_str(relation.key());
                short.push_str(":@none");
                true
            }
            (Quantifier::Some | Quantifier::None, Expr::Compare { field, op: op @ (Op::Is | Op::In), value }) => {
                let sign = match (quantifier, &relation.main()) {
                    (Quantifier::None, _) => "!=",
                    (_, Field::Name) => "=",
                    _ => ":",
                };
                short.push_str(relation.key());
                short.push_str(sign);
                *field == relation.main() && self.push_value(&mut short, field, *op, value)
            }
            _ => false,
        };
        if known && self.reads(&short, rows, expr) {
            self.out.push_str(&short);
            return;
        }
        self.out.push_str(relation.key());
        self.out.push_str(match quantifier {
            Quantifier::Some => ":some(",
            Quantifier::Every => ":every(",
            Quantifier::None => ":none(",
        });
        if *of != Expr::All(Vec::new()) {
            self.expr(of, Place::Free, Some(relation));
        }
        self.out.push(')');
    }

    fn push_key(&self, out: &mut String, rows: Option<Relation>, field: &Field) {
        let key = field.key();
        let bare = is_word(&key.replace('_', "a"))
            && key.starts_with(char::is_alphabetic)
            && !["has", "view", "not", "all", "any"].contains(&key)
            && names::part(rows, key, self.names) == Part::Field(field.clone());
        if bare {
            out.push_str(key);
        } else {
            out.push_str("field.");
            push_quoted(out, key);
        }
    }

    /// Appends a comparison as people write it; answers whether there is a way.
    fn push_short(&self, out: &mut String, rows: Option<Relation>, field: &Field, op: Op, value: &Value) -> bool {
        self.push_key(out, rows, field);
        let is_text = field.info().is_some_and(|info| info.kind == FieldType::Text);
        out.push_str(match op {
            Op::Is | Op::In if is_text => "=",
            Op::Is | Op::In | Op::Within | Op::StartsWith | Op::IsEmpty => ":",
            Op::IsNot | Op::NotIn | Op::IsNotEmpty => "!=",
            Op::Lt | Op::Before => "<",
            Op::Le => "<=",
            Op::Gt | Op::After => ">",
            Op::Ge => ">=",
            Op::Contains => "~",
            Op::NotContains => "!~",
        });
        match (op, value) {
            (Op::IsEmpty | Op::IsNotEmpty, Value::Null) => out.push_str("@none"),
            (Op::StartsWith, Value::Text(text)) => {
                push_text(out, text);
                out.push('*');
            }
            _ => return self.push_value(out, field, op, value),
        }
        true
    }

    fn push_value(&self, out: &mut String, field: &Field, op: Op, value: &Value) -> bool {
        match (op, value) {
            (Op::In | Op::NotIn, Value::Set(values)) => {
                for (index, each) in values.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    if !self.push_one(out, field, each) {
                        return false;
                    }
                }
                if values.len() < 2 {
                    out.push(',');
                }
                true
            }
            (_, Value::Range(ends)) => {
                let first = self.push_one(out, field, &ends.0);
                out.push_str("..");
                first && self.push_one(out, field, &ends.1)
            }
            _ => self.push_one(out, field, value),
        }
    }

    fn push_one(&self, out: &mut String, field: &Field, value: &Value) -> bool {
        match (value, field.info().map(|info| info.kind)) {
            (Value::Text(text), Some(FieldType::Text | FieldType::Key(_))) => push_text(out, text),
            (Value::Id(id), Some(FieldType::Id(thing))) => self.push_thing(out, thing, *id),
            _ => return push_generic(out, value),
        }
        true
    }

    /// Appends the name of a thing if nothing else is called so, or its id.
    fn push_thing(&self, out: &mut String, thing: Thing, id: i64) {
        match self.names.thing(thing, id) {
            Some(name) if self.names.ids(thing, &name) == [id] => push_text(out, &name),
            _ => {
                push_generic(out, &Value::Id(id));
            }
        }
    }

    /// Appends a comparison with its operator by name and a value that is told by its form: anything can be written so.
    fn push_long(&mut self, rows: Option<Relation>, field: &Field, op: Op, value: &Value) {
        let mut text = String::new();
        self.push_key(&mut text, rows, field);
        text.push(':');
        text.push_str(op.key());
        text.push('(');
        push_literal(&mut text, value);
        text.push(')');
        self.out.push_str(&text);
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

fn push_text(out: &mut String, text: &str) {
    if is_word(&text.replace(['_', '-'], "a")) && !text.starts_with('-') {
        out.push_str(text);
    } else {
        push_quoted(out, text);
    }
}

/// Appends a value that a bare word means; answers whether there is one.
fn push_generic(out: &mut String, value: &Value) -> bool {
    match value {
        Value::Null => out.push_str("@none"),
        Value::Bool(flag) => out.push_str(if *flag { "yes" } else { "no" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Id(id) => {
            out.push('#');
            out.push_str(&id.to_string());
        }
        Value::Me => out.push_str("@me"),
        Value::MyTeams => out.push_str("@myteams"),
        Value::MyOrganization => out.push_str("@myorganization"),
        Value::Field(field) => {
            out.push_str("field.");
            let key = field.key();
            if is_word(&key.replace('_', "a")) { out.push_str(key) } else { push_quoted(out, key) }
        }
        Value::Text(text) => push_quoted(out, text),
        Value::Set(_) | Value::Range(_) => return false,
        time => return time::push(out, time),
    }
    true
}

fn push_literal(out: &mut String, value: &Value) {
    let mut list = |begin: &str, values: &[&Value], end: char| {
        out.push_str(begin);
        for (index, each) in values.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            push_literal(out, each);
        }
        out.push(end);
    };
    match value {
        Value::Set(values) => list("[", &values.iter().collect::<Vec<_>>(), ']'),
        Value::Range(ends) => list("range(", &[&ends.0, &ends.1], ')'),
        other => {
            push_generic(out, other);
        }
    }
}
