//! What is refused, and what the error says.

use crate::{
    Error,
    calendar::{Date, Unit},
    filter::{Expr, FIELDS, Field, Op, Quantifier, Relation, Value, broken, check},
    id::ViewId,
    limits,
};

fn key(expr: &Expr) -> String {
    check(expr).map_or_else(|error| error.key, |()| "fine".to_owned())
}

fn compared(field: Field, op: Op, value: Value) -> String {
    key(&Expr::compare(field, op, value))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn an_error_names_the_field_the_operator_and_what_would_be_right() {
    let error = check(&Expr::compare(Field::Published, Op::Contains, Value::Bool(true))).unwrap_err();
    assert_eq!(error.key, "error_filter_operator");
    assert_eq!(error.params["field"], "published");
    assert_eq!(error.params["operator"], "contains");
    assert_eq!(error.params["allowed"], "is, is_not");

    let error = check(&Expr::compare(Field::Category, Op::Is, text("closed"))).unwrap_err();
    assert_eq!(error.key, "error_filter_value_key");
    assert_eq!(error.params["allowed"], "todo, waiting, done");
}

#[test]
fn an_error_says_which_condition_it_is_about() {
    let fine = || Expr::compare(Field::Priority, Op::Ge, Value::Int(3));
    let wrong = Expr::some(Relation::Tags, Value::Id(1));
    let also = Expr::compare(Field::Unknown("sla".to_owned()), Op::Lt, Value::Int(2));
    let tree = Expr::All(vec![fine(), Expr::Any(vec![Expr::Not(Box::new(fine())), Expr::All(vec![]), wrong]), also, fine()]);
    let error = check(&tree).unwrap_err();
    let said = |error: &Error, name: &str| error.params[name].clone();
    assert_eq!(["position", "field", "operator"].map(|name| said(&error, name)), ["4", "tag", "is"]);
    let all = broken(&tree).unwrap();
    assert_eq!(all.iter().map(|error| said(error, "position")).collect::<Vec<_>>(), ["4", "5"]);
    assert_eq!((all[1].key.as_str(), said(&all[1], "field").as_str()), ("error_filter_field", "sla"));
    assert_eq!(broken(&fine()), Ok(vec![]));
}

#[test]
fn each_type_takes_its_own_values() {
    assert_eq!(compared(Field::Number, Op::Is, text("7")), "error_filter_value_number");
    assert_eq!(compared(Field::Title, Op::Is, Value::Int(7)), "error_filter_value_text");
    assert_eq!(compared(Field::Status, Op::Is, Value::Int(7)), "error_filter_value_id");
    assert_eq!(compared(Field::Published, Op::Is, Value::Int(1)), "error_filter_value_bool");
    assert_eq!(compared(Field::Created, Op::Before, Value::Int(1)), "error_filter_value_time");
    assert_eq!(compared(Field::Created, Op::Before, Value::Now(-1)), "fine");
    assert_eq!(compared(Field::Priority, Op::In, Value::Int(1)), "error_filter_value_set");
    assert_eq!(compared(Field::Priority, Op::In, Value::Set(vec![Value::Int(1)])), "fine");
    assert_eq!(compared(Field::Priority, Op::Is, Value::Set(vec![Value::Int(1)])), "error_filter_value_number");
    assert_eq!(compared(Field::Priority, Op::In, Value::Set(vec![Value::Set(vec![])])), "error_filter_value_number");
    assert_eq!(compared(Field::Product, Op::IsEmpty, text("")), "error_filter_value_nothing");
    assert_eq!(compared(Field::Product, Op::IsEmpty, Value::Null), "fine");
    assert_eq!(compared(Field::Title, Op::Contains, text("")), "error_filter_value_text");
}

#[test]
fn is_empty_is_refused_where_nothing_is_ever_empty() {
    for info in Field::of(None) {
        let expected = if info.optional { "fine" } else { "error_filter_operator" };
        assert_eq!(compared(info.field.clone(), Op::IsEmpty, Value::Null), expected, "{info:?}");
    }
}

#[test]
fn dynamic_values_stand_where_they_mean_something() {
    assert_eq!(compared(Field::Requester, Op::Is, Value::Me), "fine");
    assert_eq!(compared(Field::Organization, Op::Is, Value::MyOrganization), "fine");
    assert_eq!(compared(Field::Requester, Op::Is, Value::MyOrganization), "error_filter_value_id");
    assert_eq!(compared(Field::Type, Op::Is, Value::Me), "error_filter_value_id");
    assert_eq!(key(&Expr::some(Relation::Agents, Value::Me)), "fine");
    assert_eq!(key(&Expr::some(Relation::Agents, Value::MyTeams)), "error_filter_value_id");
    assert_eq!(key(&Expr::some(Relation::Teams, Value::MyTeams)), "fine");
    assert_eq!(key(&Expr::some(Relation::Tags, Value::Id(1))), "error_filter_value_text");
    assert_eq!(key(&Expr::some(Relation::Tags, Value::Null)), "fine");
    assert_eq!(key(&Expr::some(Relation::Tags, Value::Set(vec![Value::Null]))), "error_filter_value_text");
    assert_eq!(key(&Expr::some(Relation::FollowingCustomers, Value::Me)), "fine");
}

#[test]
fn limits_are_refused_one_past_them() {
    let leaf = || Expr::compare(Field::Published, Op::Is, Value::Bool(true));
    let nested = |depth: usize| (1..depth).fold(leaf(), |inner, _| Expr::Not(Box::new(inner)));
    assert_eq!(key(&nested(limits::FILTER_DEPTH)), "fine");
    assert_eq!(key(&nested(limits::FILTER_DEPTH + 1)), "error_filter_too_deep");
    assert_eq!(key(&Expr::All(vec![leaf(); limits::FILTER_LEAVES])), "fine");
    assert_eq!(key(&Expr::All(vec![leaf(); limits::FILTER_LEAVES + 1])), "error_filter_too_many_conditions");
    assert_eq!(key(&Expr::All(vec![Expr::Any(vec![]); limits::FILTER_LEAVES + 1])), "error_filter_too_many_conditions");
    let set = |size: usize| Expr::compare(Field::Number, Op::In, Value::Set(vec![Value::Int(1); size]));
    assert_eq!(key(&set(limits::FILTER_SET)), "fine");
    assert_eq!(key(&set(limits::FILTER_SET + 1)), "error_filter_too_many_values");
    assert_eq!(compared(Field::Title, Op::Is, text(&"é".repeat(limits::TITLE))), "fine");
    assert_eq!(compared(Field::Title, Op::Is, text(&"é".repeat(limits::TITLE + 1))), "error_filter_text");
    assert_eq!(compared(Field::Title, Op::Is, text("a\0b")), "error_filter_text");
}

#[test]
fn unknown_parts_of_a_filter_are_refused() {
    for wrong in [
        r#"{"compare":{"field":"title","op":"like","value":{"text":"x"}}}"#,
        r#"{"compare":{"field":"title","op":"is","value":{"sql":"1=1"}}}"#,
        r#"{"sql":"1=1"}"#,
        r#"{"related":{"relation":"passwords","quantifier":"some","of":{"all":[]}}}"#,
    ] {
        assert!(serde_json::from_str::<Expr>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_field_that_nobody_knows_stays_as_it_was_written_and_is_refused() {
    let json = r#"{"compare":{"field":"promised on","op":"before","value":{"now":5}}}"#;
    let expr: Expr = serde_json::from_str(json).unwrap();
    assert_eq!(expr, Expr::compare(Field::Unknown("promised on".to_owned()), Op::Before, Value::Now(5)));
    assert_eq!(serde_json::to_string(&expr).unwrap(), json);
    assert_eq!(key(&expr), "error_filter_field");
    for info in &FIELDS {
        assert_eq!(Field::from_key(info.key), info.field, "each key once");
    }
}

#[test]
fn times_and_ranges() {
    let within = |value: Value| compared(Field::Created, Op::Within, value);
    let range = |from: Value, to: Value| Value::Range(Box::new((from, to)));
    assert_eq!(within(Value::Period(Unit::Week, -1)), "fine");
    assert_eq!(within(Value::Day(Date(20_000))), "fine");
    assert_eq!(within(range(Value::Day(Date(0)), Value::End(Unit::Month, 1))), "fine");
    assert_eq!(within(Value::Now(0)), "error_filter_value_range", "a moment is no stretch");
    assert_eq!(within(range(Value::Int(1), Value::Now(0))), "error_filter_value_range");
    assert_eq!(within(range(range(Value::Now(0), Value::Now(0)), Value::Now(0))), "error_filter_value_range");
    assert_eq!(within(Value::Period(Unit::Year, i32::MIN)), "error_filter_value_range");
    assert_eq!(compared(Field::Created, Op::After, Value::Day(Date(i32::MAX))), "error_filter_value_time");
    assert_eq!(compared(Field::Created, Op::After, range(Value::Now(0), Value::Now(0))), "error_filter_value_time");
    assert_eq!(compared(Field::Priority, Op::Within, range(Value::Int(2), Value::Int(4))), "fine");
    assert_eq!(compared(Field::Priority, Op::Within, Value::Int(2)), "error_filter_value_range");
}

#[test]
fn fields_are_compared_with_fields_of_their_kind() {
    let with = |field, op, other| compared(field, op, Value::Field(other));
    assert_eq!(with(Field::Resolved, Op::Before, Field::FirstResponse), "fine");
    assert_eq!(with(Field::Product, Op::IsNot, Field::Title), "fine");
    assert_eq!(with(Field::Priority, Op::Lt, Field::Number), "fine");
    assert_eq!(with(Field::Product, Op::Contains, Field::Title), "error_filter_value_text");
    assert_eq!(with(Field::Requester, Op::Is, Field::Organization), "error_filter_value_id");
    assert_eq!(with(Field::Channel, Op::Is, Field::LastMessageBy), "error_filter_value_key");
    assert_eq!(with(Field::Created, Op::Within, Field::Updated), "error_filter_value_range");
    assert_eq!(with(Field::Created, Op::Before, Field::Written), "error_filter_value_time");
    assert_eq!(with(Field::Created, Op::Before, Field::Unknown("x".to_owned())), "error_filter_field");
}

#[test]
fn rows_have_their_own_fields() {
    let related = |relation, of| key(&Expr::related(relation, Quantifier::Some, of));
    let note = || Expr::compare(Field::Kind, Op::Is, text("note"));
    let refund = || Expr::Text("refund".to_owned());
    assert_eq!(related(Relation::Messages, Expr::All(vec![note(), refund()])), "fine");
    assert_eq!(related(Relation::Messages, Expr::compare(Field::Agent, Op::Is, Value::Me)), "fine");
    assert_eq!(related(Relation::Files, note()), "error_filter_place");
    assert_eq!(related(Relation::Files, refund()), "error_filter_inside");
    assert_eq!(related(Relation::Messages, Expr::compare(Field::Title, Op::Is, text("x"))), "error_filter_place");
    assert_eq!(related(Relation::Messages, Expr::some(Relation::Tags, Value::Null)), "error_filter_inside");
    assert_eq!(related(Relation::Messages, Expr::View(ViewId(1))), "error_filter_inside");
    assert_eq!(key(&note()), "error_filter_place");
    let error = check(&note()).unwrap_err();
    assert!(error.params["allowed"].starts_with("number, title"), "{error}");
}

#[test]
fn a_search_has_a_word() {
    let search = |text: &str| key(&Expr::Text(text.to_owned()));
    assert_eq!(search("printer jam*"), "fine");
    assert_eq!(search(&"é".repeat(limits::SEARCH)), "fine");
    for wrong in ["", "*", "!?", "\0", &"e".repeat(limits::SEARCH + 1)] {
        assert_eq!(search(wrong), "error_filter_search", "{wrong:?}");
    }
}
