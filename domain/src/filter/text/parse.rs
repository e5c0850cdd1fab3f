//! Reads filters that people type.

use super::{
    super::{
        check::{self, wrong},
        expr::{Expr, Op, Quantifier, Value},
        field::{Field, FieldType, Relation, Thing},
    },
    names::{self, Names, Part},
    scan::{Raw, Scanner, Sign},
    time,
};
use crate::{error::Error, id::ViewId, limits};
use serde::{Deserialize, Serialize};

/// Deepest nesting that is read at all; what is deeper than [`limits::FILTER_DEPTH`] is refused anyway.
const DEEPEST: usize = 4 * limits::FILTER_DEPTH;

/// Most problems that are told.
const MOST: usize = 100;

/// All operators, for those that are written by name.
const OPS: [Op; 16] = [
    Op::Is,
    Op::IsNot,
    Op::In,
    Op::NotIn,
    Op::Lt,
    Op::Le,
    Op::Gt,
    Op::Ge,
    Op::Contains,
    Op::NotContains,
    Op::StartsWith,
    Op::IsEmpty,
    Op::IsNotEmpty,
    Op::Before,
    Op::After,
    Op::Within,
];

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The filter. Where something was not understood there is a broken condition.
    pub expr: Expr,
    /// What is wrong, in the order of the text; nothing, if the filter may be used.
    pub problems: Vec<Problem>,
}

/// Something that is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The first byte that it is about.
    pub from: usize,
    /// The byte after the last; the same where something is missing.
    pub to: usize,
    /// What is wrong, and what was expected.
    pub error: Error,
}

/// What stood at the end of the text when it ended: what could be completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    /// A condition on items or rows.
    Condition { from: usize, rows: Option<Relation> },
    /// A value of a field.
    Value { from: usize, field: Field },
    /// What items have.
    Part { from: usize },
    /// A view.
    View { from: usize },
}

/// Reads a filter. An empty text is everything.
#[must_use]
pub fn parse(text: &str, names: &dyn Names) -> Parsed {
    if text.len() > limits::FILTER_TEXT {
        let error = Error::invalid("error_query_too_long").with("max", limits::FILTER_TEXT);
        return Parsed { expr: nothing(), problems: vec![Problem { from: limits::FILTER_TEXT, to: text.len(), error }] };
    }
    let mut parser = Parser::new(text, names);
    let mut expr = parser.whole(None);
    // What is larger than the limits is asked of nobody.
    if let Err(error) = check::broken(&expr) {
        parser.problem(0, text.len(), error);
        expr = nothing();
    }
    parser.problems.sort_by_key(|problem| (problem.from, problem.to));
    Parsed { expr, problems: parser.problems }
}

/// Stands where something was not understood: broken, so nothing matches through it.
fn nothing() -> Expr {
    Expr::Text(String::new())
}

pub(super) struct Parser<'t> {
    scan: Scanner<'t>,
    names: &'t dyn Names,
    problems: Vec<Problem>,
    leaves: usize,
    depth: usize,
    pub(super) expected: Option<Expected>,
    /// Whether the text ends within quotation marks.
    open_quote: bool,
}

/// Values as they were typed, each with its place.
struct Typed {
    values: Vec<(Raw, usize, usize)>,
    /// Whether there was a comma.
    list: bool,
}

impl Typed {
    fn is_none(&self) -> bool {
        !self.list && matches!(self.values.as_slice(), [(Raw::Bare(word), ..)] if word.eq_ignore_ascii_case("@none"))
    }
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, names: &'t dyn Names) -> Self {
        Self {
            scan: Scanner { text, at: 0 },
            names,
            problems: Vec::new(),
            leaves: 0,
            depth: 0,
            expected: None,
            open_quote: false,
        }
    }

    /// The whole text, as a condition on items or rows.
    pub(super) fn whole(&mut self, rows: Option<Relation>) -> Expr {
        let mut parts: Vec<Expr> = self.any(rows).into_iter().collect();
        while !self.scan.is_end() {
            // Only a parenthesis that was never opened ends it earlier.
            let at = self.scan.at;
            self.problem(at, at + 1, Error::invalid("error_query_close"));
            self.scan.at += 1;
            parts.extend(self.any(rows));
        }
        one_or_all(parts).unwrap_or_else(|| Expr::All(Vec::new()))
    }

    fn problem(&mut self, from: usize, to: usize, error: Error) {
        if self.problems.len() < MOST {
            self.problems.push(Problem { from, to, error });
        }
    }

    fn missing(&mut self) -> Expr {
        let at = self.scan.at;
        self.problem(at, at, Error::invalid("error_query_nothing"));
        nothing()
    }

    fn any(&mut self, rows: Option<Relation>) -> Option<Expr> {
        let first = self.all(rows);
        if self.scan.peek() != Some('|') {
            return first;
        }
        let mut parts = vec![first.unwrap_or_else(|| self.missing())];
        while self.scan.take("|") {
            let next = self.all(rows).unwrap_or_else(|| self.missing());
            parts.push(next);
        }
        Some(Expr::Any(parts))
    }

    fn all(&mut self, rows: Option<Relation>) -> Option<Expr> {
        one_or_all(self.items(rows))
    }

    fn items(&mut self, rows: Option<Relation>) -> Vec<Expr> {
        let mut parts = Vec::new();
        loop {
            self.scan.skip_space();
            match self.scan.peek() {
                None => {
                    let goes_on = self.open_quote || self.expected.is_some() && !self.scan.text.ends_with(char::is_whitespace);
                    if !goes_on {
                        self.expected = Some(Expected::Condition { from: self.scan.at, rows });
                    }
                    return parts;
                }
                Some(')' | '|') => return parts,
                // A dash by itself is one of prose.
                Some('-') if self.scan.rest()[1..].starts_with(char::is_whitespace) => self.scan.at += 1,
                Some(_) => parts.push(self.one(rows)),
            }
        }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> T, instead: T) -> T {
        if self.depth >= DEEPEST {
            let (at, end) = (self.scan.at, self.scan.text.len());
            self.problem(at, end, Error::invalid("error_filter_too_deep").with("max", limits::FILTER_DEPTH));
            self.scan.at = end;
            return instead;
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// One condition. It takes at least one character.
    fn one(&mut self, rows: Option<Relation>) -> Expr {
        let from = self.scan.at;
        self.expected = None;
        match self.scan.peek() {
            Some('-') => {
                self.scan.at += 1;
                self.negated(rows)
            }
            Some('(') => {
                self.scan.at += 1;
                let inner = self.deeper(|parser| parser.any(rows), Some(nothing()));
                let inner = inner.unwrap_or_else(|| self.missing());
                self.close(from);
                inner
            }
            Some('"') => {
                let text = self.quoted();
                if self.scan.take("*") {
                    self.told(from, rows, Expr::Text(text + "*"))
                } else if self.is_sign() {
                    self.leaf(&text, from, rows)
                } else {
                    self.told(from, rows, Expr::Text(text))
                }
            }
            _ => self.word(from, rows),
        }
    }

    /// What stands behind a sign that negates it.
    fn negated(&mut self, rows: Option<Relation>) -> Expr {
        match self.scan.peek() {
            None | Some(')' | '|') => self.missing(),
            _ => Expr::Not(Box::new(self.deeper(|parser| parser.one(rows), nothing()))),
        }
    }

    fn close(&mut self, opened: usize) {
        self.scan.skip_space();
        if !self.scan.take(")") {
            self.problem(opened, opened + 1, Error::invalid("error_query_open"));
        }
    }

    fn quoted(&mut self) -> String {
        let from = self.scan.at;
        let (text, closed) = self.scan.quoted();
        self.closed(from, closed);
        text
    }

    fn closed(&mut self, from: usize, closed: bool) {
        if !closed {
            self.open_quote = true;
            self.problem(from, self.scan.text.len(), Error::invalid("error_query_quote"));
        }
    }

    /// Whether an operator stands here. An address (`https://…`) is none.
    fn is_sign(&mut self) -> bool {
        let at = self.scan.at;
        let found = self.scan.sign().is_some() && !self.scan.rest().starts_with("//");
        self.scan.at = at;
        found
    }

    fn word(&mut self, from: usize, rows: Option<Relation>) -> Expr {
        let word = self.scan.word();
        let next = self.scan.peek();
        if word.eq_ignore_ascii_case("not") && next.is_some_and(|next| next.is_whitespace() || matches!(next, '(' | '"')) {
            self.scan.skip_space();
            return self.negated(rows);
        }
        if next == Some('(') && matches!(word, "all" | "any") {
            self.scan.at += 1;
            let parts = self.deeper(|parser| parser.items(rows), vec![nothing()]);
            self.close(from);
            return if word == "all" { Expr::All(parts) } else { Expr::Any(parts) };
        }
        if word == "field." && next == Some('"') {
            let name = self.quoted();
            let field = self.exact(rows, &name);
            return self.compared(field, from, rows);
        }
        if let Some(name) = word.strip_prefix("field.").filter(|_| self.is_sign()) {
            let field = self.exact(rows, name);
            return self.compared(field, from, rows);
        }
        if word.starts_with(char::is_alphabetic) && self.is_sign() {
            return self.leaf(word, from, rows);
        }
        self.scan.at = from;
        let text = self.scan.plain();
        if self.scan.is_end() {
            self.expected = Some(Expected::Condition { from, rows });
        }
        if let Some(number) = text.strip_prefix('#').and_then(|number| number.parse().ok()) {
            return self.told(from, rows, Expr::compare(Field::Number, Op::Is, Value::Int(number)));
        }
        // What people type they often have not ended: without quotation marks the beginning of a word is enough.
        let end = if text.ends_with('*') { "" } else { "*" };
        self.told(from, rows, Expr::Text(format!("{text}{end}")))
    }

    /// Says what is wrong with a condition that began at `from`, and counts it.
    fn told(&mut self, from: usize, rows: Option<Relation>, leaf: Expr) -> Expr {
        self.leaves += 1;
        if let Some(error) = wrong(rows, &leaf)
            && self.problems.last().is_none_or(|last| last.from < from)
        {
            let error = error.with("position", self.leaves);
            self.problem(from, self.scan.at, error);
        }
        leaf
    }

    /// A field that is named with `field.`: by its exact key, or as people see it.
    fn exact(&self, rows: Option<Relation>, name: &str) -> Field {
        match Field::from_key(name) {
            Field::Unknown(_) => match names::part(rows, name, self.names) {
                Part::Field(field) if self.names.field(field.key()).is_some() => field,
                _ => Field::Unknown(name.to_owned()),
            },
            known => known,
        }
    }

    /// A condition on what `name` names; an operator stands here.
    fn leaf(&mut self, name: &str, from: usize, rows: Option<Relation>) -> Expr {
        match name {
            "has" => self.has(from, rows),
            "view" => self.view(from, rows),
            _ => match names::part(rows, name, self.names) {
                Part::Relation(relation) => self.related(relation, from, rows),
                Part::Field(field) => self.compared(field, from, rows),
            },
        }
    }

    fn has(&mut self, from: usize, rows: Option<Relation>) -> Expr {
        self.scan.sign();
        let at = self.scan.at;
        let word = self.scan.plain().to_owned();
        if self.scan.is_end() {
            self.expected = Some(Expected::Part { from: at });
        }
        if word.is_empty() {
            return self.valueless("has");
        }
        let found = match names::part(rows, &word, self.names) {
            Part::Relation(relation) => Expr::some(relation, Value::Null),
            Part::Field(field) => Expr::compare(field, Op::IsNotEmpty, Value::Null),
        };
        self.told(from, rows, found)
    }

    fn view(&mut self, from: usize, rows: Option<Relation>) -> Expr {
        self.scan.sign();
        let at = self.scan.at;
        let value = self.scan.value();
        if self.scan.is_end() {
            self.expected = Some(Expected::View { from: at });
        }
        let Some((raw, closed)) = value else { return self.valueless("view") };
        self.closed(at, closed);
        let (Raw::Bare(name) | Raw::Quoted(name, _) | Raw::Field(name)) = raw;
        let number = name.strip_prefix('#').and_then(|number| number.parse().ok());
        match number.or_else(|| self.names.ids(Thing::View, &name).first().copied()) {
            Some(view) => self.told(from, rows, Expr::View(ViewId(view))),
            None => {
                self.problem(at, self.scan.at, Error::invalid("error_query_name").with("name", name));
                nothing()
            }
        }
    }

    fn valueless(&mut self, field: &str) -> Expr {
        let at = self.scan.at;
        self.problem(at, at, Error::invalid("error_query_value").with("field", field));
        nothing()
    }

    /// A condition on the rows of a relation.
    fn related(&mut self, relation: Relation, from: usize, rows: Option<Relation>) -> Expr {
        let Some(sign) = self.scan.sign() else { return nothing() };
        let quantifiers =
            [("(", Quantifier::Some), ("some(", Quantifier::Some), ("every(", Quantifier::Every), ("none(", Quantifier::None)];
        if sign == Sign::Colon
            && let Some((_, quantifier)) = quantifiers.into_iter().find(|(begin, _)| self.scan.take(begin))
        {
            let opened = self.scan.at - 1;
            let of = self.deeper(|parser| parser.any(Some(relation)), Some(nothing()));
            self.close(opened);
            return self.told(from, rows, Expr::related(relation, quantifier, of.unwrap_or_else(|| Expr::All(Vec::new()))));
        }
        let typed = self.values(&relation.main());
        if typed.values.is_empty() && !typed.list {
            return self.valueless(relation.key());
        }
        let without = matches!(sign, Sign::NotColon | Sign::NotEqual | Sign::HoldsNot);
        let quantifier = if without { Quantifier::None } else { Quantifier::Some };
        if typed.is_none() {
            // None of them is there; or not none.
            let quantifier = if without { Quantifier::Some } else { Quantifier::None };
            return self.told(from, rows, Expr::related(relation, quantifier, Expr::All(Vec::new())));
        }
        let sign = match sign {
            Sign::NotColon => Sign::Colon,
            Sign::NotEqual => Sign::Equal,
            Sign::HoldsNot => Sign::Holds,
            other => other,
        };
        let (op, value, _) = self.meant(Some(relation), &relation.main(), sign, typed);
        let leaf = self.told(from, Some(relation), Expr::compare(relation.main(), op, value));
        let related = Expr::related(relation, quantifier, leaf);
        self.leaves -= 1;
        self.told(from, rows, related)
    }

    /// A comparison of a field; an operator stands here, if the text is right.
    fn compared(&mut self, field: Field, from: usize, rows: Option<Relation>) -> Expr {
        let Some(sign) = self.scan.sign() else { return self.valueless(field.key()) };
        if sign == Sign::Colon
            && let Some(op) =
                OPS.into_iter().find(|op| self.scan.rest().strip_prefix(op.key()).is_some_and(|rest| rest.starts_with('(')))
        {
            let opened = self.scan.at + op.key().len();
            self.scan.at = opened + 1;
            let value = self.literal(rows);
            self.close(opened);
            return self.told(from, rows, Expr::compare(field, op, value));
        }
        let typed = self.values(&field);
        if typed.values.is_empty() && !typed.list {
            return self.valueless(field.key());
        }
        let field = if field == Field::Status { self.status_or_category(&typed) } else { field };
        if typed.is_none() {
            let op = match sign {
                Sign::Colon | Sign::Equal => Op::IsEmpty,
                Sign::NotColon | Sign::NotEqual => Op::IsNotEmpty,
                Sign::Holds => Op::Contains,
                Sign::HoldsNot => Op::NotContains,
                Sign::Order(op) => op,
            };
            return self.told(from, rows, Expr::compare(field, op, Value::Null));
        }
        let (op, value, negated) = self.meant(rows, &field, sign, typed);
        let leaf = self.told(from, rows, Expr::compare(field, op, value));
        if negated { leaf.not() } else { leaf }
    }

    /// `status:todo` asks for the category, unless a status is called so.
    fn status_or_category(&self, typed: &Typed) -> Field {
        let is_category = |(raw, ..): &(Raw, usize, usize)| match raw {
            Raw::Bare(name) | Raw::Quoted(name, _) => {
                self.names.ids(Thing::Status, name).is_empty() && names::key(&Field::Category, name, self.names).is_some()
            }
            Raw::Field(_) => false,
        };
        let all = !typed.values.is_empty() && typed.values.iter().all(is_category);
        if all { Field::Category } else { Field::Status }
    }

    /// The values behind an operator, with commas between.
    fn values(&mut self, field: &Field) -> Typed {
        let mut typed = Typed { values: Vec::new(), list: false };
        loop {
            let from = self.scan.at;
            if let Some((raw, closed)) = self.scan.value() {
                self.closed(from, closed);
                typed.values.push((raw, from, self.scan.at));
            }
            if !self.scan.take(",") {
                if self.scan.is_end() {
                    self.expected = Some(Expected::Value { from, field: field.clone() });
                }
                return typed;
            }
            typed.list = true;
        }
    }

    /// What an operator and values mean for a field: the operator, the value, and whether it is negated.
    fn meant(&mut self, rows: Option<Relation>, field: &Field, sign: Sign, typed: Typed) -> (Op, Value, bool) {
        let kind = field.info().map(|info| info.kind);
        let is_text = matches!(kind, None | Some(FieldType::Text));
        let starred = match typed.values.as_slice() {
            [(Raw::Bare(word), ..)] => word.len() > 1 && word.ends_with('*'),
            [(Raw::Quoted(_, star), ..)] => *star,
            _ => false,
        };
        let list = typed.list;
        let mut values = Vec::new();
        for (raw, from, to) in typed.values {
            values.extend(self.value(rows, field, kind, raw, from, to, starred && is_text && !list));
        }
        let negated = matches!(sign, Sign::NotColon | Sign::NotEqual);
        // Of texts that people write, `:` asks for a part; tags are whole.
        let part = matches!(sign, Sign::Colon | Sign::NotColon) && kind == Some(FieldType::Text) && *field != Field::Tag;
        let one = if list || values.len() != 1 { None } else { values.pop() };
        let Some(value) = one else {
            let op = match sign {
                Sign::Holds => Op::Contains,
                Sign::HoldsNot => Op::NotContains,
                Sign::Order(op) => op,
                _ if negated => Op::NotIn,
                _ => Op::In,
            };
            return (op, Value::Set(values), false);
        };
        match sign {
            Sign::Holds => (Op::Contains, value, false),
            Sign::HoldsNot => (Op::NotContains, value, false),
            Sign::Order(Op::Lt) if kind == Some(FieldType::Time) => (Op::Before, value, false),
            Sign::Order(Op::Gt) if kind == Some(FieldType::Time) => (Op::After, value, false),
            Sign::Order(op) => (op, value, false),
            _ if starred && is_text => (Op::StartsWith, value, negated),
            _ if matches!(value, Value::Range(_)) => (Op::Within, value, negated),
            _ if kind == Some(FieldType::Time) && matches!(value, Value::Day(_) | Value::Period(..)) => {
                (Op::Within, value, negated)
            }
            _ if part && negated => (Op::NotContains, value, false),
            _ if part => (Op::Contains, value, false),
            _ if negated => (Op::IsNot, value, false),
            _ => (Op::Is, value, false),
        }
    }

    /// What a typed value means for a field; several where a name is not unique. What is wrong stays a text, which is then refused.
    #[allow(clippy::too_many_arguments, reason = "where it stands is told when nothing is called so")]
    fn value(
        &mut self,
        rows: Option<Relation>,
        field: &Field,
        kind: Option<FieldType>,
        raw: Raw,
        from: usize,
        to: usize,
        starred: bool,
    ) -> Vec<Value> {
        let (text, bare) = match raw {
            Raw::Field(name) => return vec![Value::Field(self.exact(rows, &name))],
            Raw::Quoted(text, _) => (text, false),
            Raw::Bare(word) if starred => (word[..word.len() - 1].to_owned(), false),
            Raw::Bare(word) => (word, true),
        };
        let plain = bare.then(|| generic(&text)).flatten();
        let found = match (kind, plain) {
            (None, Some(value)) => Some(value),
            (Some(FieldType::Int), Some(value @ Value::Int(_))) => Some(value),
            (Some(FieldType::Int), Some(Value::Range(ends))) => Some(Value::Range(ends)),
            (Some(FieldType::Bool), Some(value @ Value::Bool(_))) => Some(value),
            (Some(FieldType::Time), Some(value)) if !matches!(value, Value::Int(_)) => Some(value),
            (Some(FieldType::Key(_)), _) => names::key(field, &text, self.names).map(|key| Value::Text(key.to_owned())),
            (Some(FieldType::Id(_)), Some(value @ (Value::Id(_) | Value::Me | Value::MyTeams | Value::MyOrganization))) => {
                Some(value)
            }
            (Some(FieldType::Id(thing)), _) => {
                let ids = self.names.ids(thing, &text);
                if ids.is_empty() {
                    self.problem(from, to, Error::invalid("error_query_name").with("name", &text));
                }
                if !ids.is_empty() {
                    return ids.into_iter().map(Value::Id).collect();
                }
                None
            }
            _ => None,
        };
        vec![found.unwrap_or(Value::Text(text))]
    }

    /// A value whose kind its form tells, whatever the field: behind an operator that is written by name.
    fn literal(&mut self, rows: Option<Relation>) -> Value {
        self.scan.skip_space();
        let from = self.scan.at;
        if self.scan.take("[") {
            let values = self.deeper(|parser| parser.literals(rows, ']'), Vec::new());
            return Value::Set(values);
        }
        if self.scan.take("range(") {
            let mut ends = self.deeper(|parser| parser.literals(rows, ')'), Vec::new()).into_iter();
            return Value::Range(Box::new((ends.next().unwrap_or(Value::Null), ends.next().unwrap_or(Value::Null))));
        }
        match self.scan.value() {
            Some((raw, closed)) => {
                self.closed(from, closed);
                match raw {
                    Raw::Field(name) => Value::Field(self.exact(rows, &name)),
                    Raw::Quoted(text, _) => Value::Text(text),
                    Raw::Bare(word) => generic(&word).unwrap_or(Value::Text(word)),
                }
            }
            None => Value::Null,
        }
    }

    fn literals(&mut self, rows: Option<Relation>, end: char) -> Vec<Value> {
        let mut values = Vec::new();
        let opened = self.scan.at - 1;
        loop {
            self.scan.skip_space();
            match self.scan.peek() {
                Some(next) if next == end => {
                    self.scan.at += 1;
                    return values;
                }
                Some(',') => self.scan.at += 1,
                // What no value begins with ends it all.
                None | Some('(' | ')' | '|' | ']') => {
                    self.problem(opened, opened + 1, Error::invalid("error_query_open"));
                    return values;
                }
                Some(_) => values.push(self.literal(rows)),
            }
        }
    }
}

fn one_or_all(mut parts: Vec<Expr>) -> Option<Expr> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Expr::All(parts)),
    }
}

/// What a bare word means by its form alone.
fn generic(word: &str) -> Option<Value> {
    if let Some((from, to)) = word.split_once("..") {
        return Some(Value::Range(Box::new((generic(from)?, generic(to)?))));
    }
    let lower = word.to_ascii_lowercase();
    Some(match lower.as_str() {
        "@none" => Value::Null,
        "@me" => Value::Me,
        "@myteams" => Value::MyTeams,
        "@myorganization" => Value::MyOrganization,
        "yes" | "true" => Value::Bool(true),
        "no" | "false" => Value::Bool(false),
        _ => match word.strip_prefix('#') {
            Some(id) => Value::Id(id.parse().ok()?),
            None => match word.parse() {
                Ok(number) if !word.starts_with('+') => Value::Int(number),
                _ => return time::parse(word),
            },
        },
    })
}
