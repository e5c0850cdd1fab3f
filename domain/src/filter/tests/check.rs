//! What is refused, and what the error says.

use crate::{
    filter::{Expr, Field, Op, Relation, Value, check},
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
    let tree = Expr::All(vec![fine(), Expr::Any(vec![Expr::Not(Box::new(fine())), Expr::All(vec![]), wrong]), fine()]);
    let error = check(&tree).unwrap_err();
    let said = |name: &str| error.params[name].as_str();
    assert_eq!((said("position"), said("field"), said("operator")), ("4", "tags", "some"));
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
    for field in Field::ALL {
        let expected = if field.can_be_empty() { "fine" } else { "error_filter_operator" };
        assert_eq!(compared(field, Op::IsEmpty, Value::Null), expected, "{field:?}");
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
        r#"{"compare":{"field":"password","op":"is","value":{"text":"x"}}}"#,
        r#"{"compare":{"field":"title","op":"like","value":{"text":"x"}}}"#,
        r#"{"compare":{"field":"title","op":"is","value":{"sql":"1=1"}}}"#,
        r#"{"view":1}"#,
    ] {
        assert!(serde_json::from_str::<Expr>(wrong).is_err(), "{wrong}");
    }
}
