//! The text form: what is read, what is written, what is told.

use super::{Keys, Names, complete, parse, print};
use crate::{
    calendar::{Date, Unit},
    filter::{Expr, Field, Op, Quantifier, Relation, Thing, Value, check, testing},
    id::ViewId,
    limits,
    time::{DAY, HOUR, Timestamp},
};
use proptest::prelude::*;

fn compare(field: Field, op: Op, value: Value) -> Expr {
    Expr::compare(field, op, value)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn words(words: &str) -> Expr {
    Expr::Text(words.to_owned())
}

fn set(values: &[Value]) -> Value {
    Value::Set(values.to_vec())
}

fn range(from: Value, to: Value) -> Value {
    Value::Range(Box::new((from, to)))
}

fn unknown(key: &str) -> Field {
    Field::Unknown(key.to_owned())
}

fn date(year: i32, month: u8, day: u8) -> Value {
    Value::Day(Date::of(year, month, day).unwrap())
}

/// The names of a German screen, and some things.
struct German;

impl Names for German {
    fn field(&self, key: &str) -> Option<String> {
        let names =
            [("priority", "Priorität"), ("first_response", "Erste Antwort"), ("tags", "Schlagwörter"), ("category", "Kategorie")];
        names.iter().find(|(known, _)| *known == key).map(|(_, name)| (*name).to_owned())
    }
    fn value(&self, field: &Field, key: &str) -> Option<String> {
        (*field == Field::Category && key == "todo").then(|| "Zu tun".to_owned())
    }
    fn ids(&self, thing: Thing, name: &str) -> Vec<i64> {
        THINGS
            .iter()
            .filter(|(kind, _, known)| *kind == thing && known.eq_ignore_ascii_case(name))
            .map(|(_, id, _)| *id)
            .collect()
    }
    fn thing(&self, thing: Thing, id: i64) -> Option<String> {
        THINGS.iter().find(|(kind, known, _)| *kind == thing && *known == id).map(|(.., name)| (*name).to_owned())
    }
    fn beginning(&self, thing: Thing, begin: &str) -> Vec<(i64, String)> {
        let begins = |name: &str| name.to_lowercase().starts_with(&begin.to_lowercase());
        let found = THINGS.iter().filter(|(kind, _, name)| *kind == thing && begins(name));
        found.map(|(_, id, name)| (*id, (*name).to_owned())).collect()
    }
}

const THINGS: [(Thing, i64, &str); 9] = [
    (Thing::Organization, 961, "ACME Corp"),
    (Thing::Organization, 962, "Acme\"s | (x)"),
    (Thing::Status, 911, "Open"),
    (Thing::Status, 921, "Open"),
    (Thing::Status, 912, "In Arbeit"),
    (Thing::Agent, 931, "Ana"),
    (Thing::Team, 941, "@none"),
    (Thing::Customer, 951, "#952"),
    (Thing::View, 7, "Meine Sicht"),
];

#[test]
fn the_examples_of_the_documents() {
    #[rustfmt::skip]
    let rows = [
        ("", Expr::All(vec![])),
        ("status:todo", compare(Field::Category, Op::Is, text("todo"))),
        ("status:todo,waiting", compare(Field::Category, Op::In, set(&[text("todo"), text("waiting")]))),
        ("priority:>=4", compare(Field::Priority, Op::Ge, Value::Int(4))),
        ("priority>=4", compare(Field::Priority, Op::Ge, Value::Int(4))),
        ("priority:2..4", compare(Field::Priority, Op::Within, range(Value::Int(2), Value::Int(4)))),
        ("priority:1,2", compare(Field::Priority, Op::In, set(&[Value::Int(1), Value::Int(2)]))),
        ("priority!=3", compare(Field::Priority, Op::IsNot, Value::Int(3))),
        ("-tag:spam", Expr::some(Relation::Tags, text("spam")).not()),
        ("not tag:spam", Expr::some(Relation::Tags, text("spam")).not()),
        ("tag!=spam", Expr::none(Relation::Tags, text("spam"))),
        ("tag:spam,\"two words\"", Expr::some(Relation::Tags, set(&[text("spam"), text("two words")]))),
        ("tag:bil*", Expr::related(Relation::Tags, Quantifier::Some, compare(Field::Tag, Op::StartsWith, text("bil")))),
        ("assignee:@me", Expr::some(Relation::Agents, Value::Me)),
        ("assignee:@none", Expr::none(Relation::Agents, Value::Null)),
        ("team:@myteams", Expr::some(Relation::Teams, Value::MyTeams)),
        ("organization:@myorganization", compare(Field::Organization, Op::Is, Value::MyOrganization)),
        ("requester:@none", compare(Field::Requester, Op::IsEmpty, Value::Null)),
        ("requester:@me", compare(Field::Requester, Op::Is, Value::Me)),
        ("updated:>-7d", compare(Field::Updated, Op::After, Value::Now(-7 * DAY))),
        ("updated<now-2h", compare(Field::Updated, Op::Before, Value::Now(-2 * HOUR))),
        ("created:2026-10-01..2026-10-31", compare(Field::Created, Op::Within, range(date(2026, 10, 1), date(2026, 10, 31)))),
        ("created:2026-10-01", compare(Field::Created, Op::Within, date(2026, 10, 1))),
        ("created>=2026-10-01", compare(Field::Created, Op::Ge, date(2026, 10, 1))),
        ("created>2026-10-01T08:30Z", compare(Field::Created, Op::After, Value::At(Timestamp(1_790_843_400_000)))),
        ("created:today", compare(Field::Created, Op::Within, Value::Period(Unit::Day, 0))),
        ("created:yesterday", compare(Field::Created, Op::Within, Value::Period(Unit::Day, -1))),
        ("created:lastweek", compare(Field::Created, Op::Within, Value::Period(Unit::Week, -1))),
        ("created:quarter-2", compare(Field::Created, Op::Within, Value::Period(Unit::Quarter, -2))),
        ("created:>startofmonth", compare(Field::Created, Op::After, Value::Start(Unit::Month, 0))),
        ("created<endofyear-1", compare(Field::Created, Op::Before, Value::End(Unit::Year, -1))),
        ("resolved<field.first_response", compare(Field::Resolved, Op::Before, Value::Field(Field::FirstResponse))),
        ("has:attachment", Expr::some(Relation::Files, Value::Null)),
        ("has:requester", compare(Field::Requester, Op::IsNotEmpty, Value::Null)),
        ("published:yes", compare(Field::Published, Op::Is, Value::Bool(true))),
        ("title:printer", compare(Field::Title, Op::Contains, text("printer"))),
        ("title=\"Printer jam\"", compare(Field::Title, Op::Is, text("Printer jam"))),
        ("title:print*", compare(Field::Title, Op::StartsWith, text("print"))),
        ("product!~tv", compare(Field::Product, Op::NotContains, text("tv"))),
        ("\"printer jam\"", words("printer jam")),
        ("\"printer\"", words("printer")),
        ("\"printer ja\"*", words("printer ja*")),
        ("printer jam*", Expr::All(vec![words("printer*"), words("jam*")])),
        ("https://acme.test/x", words("https://acme.test/x*")),
        ("10:30", words("10:30*")),
        ("#4812", compare(Field::Number, Op::Is, Value::Int(4812))),
        ("view:#7", Expr::View(ViewId(7))),
        ("a | b c", Expr::Any(vec![words("a*"), Expr::All(vec![words("b*"), words("c*")])])),
        ("(a | b) c", Expr::All(vec![Expr::Any(vec![words("a*"), words("b*")]), words("c*")])),
        ("not (a b) - c", Expr::All(vec![Expr::All(vec![words("a*"), words("b*")]).not(), words("c*")])),
        ("any() all(a)", Expr::All(vec![Expr::Any(vec![]), Expr::All(vec![words("a*")])])),
        ("messages:(by:customer written:today refund)", Expr::related(Relation::Messages, Quantifier::Some, Expr::All(vec![
            compare(Field::By, Op::Is, text("customer")),
            compare(Field::Written, Op::Within, Value::Period(Unit::Day, 0)),
            words("refund*"),
        ]))),
        ("messages:every(agent:@me)", Expr::related(Relation::Messages, Quantifier::Every, compare(Field::Agent, Op::Is, Value::Me))),
        ("files:none(size>5)", Expr::related(Relation::Files, Quantifier::None, compare(Field::Size, Op::Gt, Value::Int(5)))),
        ("priority:in([1, 2])", compare(Field::Priority, Op::In, set(&[Value::Int(1), Value::Int(2)]))),
    ];
    for (typed, expected) in rows {
        let parsed = parse(typed, &Keys);
        assert_eq!((&parsed.expr, parsed.problems.as_slice()), (&expected, &[][..]), "{typed}");
        assert_eq!(check(&expected), Ok(()), "{typed}");
        assert_eq!(parse(&print(&expected, &Keys), &Keys).expr, expected, "{typed} as {}", print(&expected, &Keys));
    }
}

#[test]
fn the_long_example_keeps_what_is_broken() {
    let typed = "status:todo (priority:>=4 | sla<2h) -tag:spam field.\"Serial number\":A12* due<field.\"Promised on\"";
    let parsed = parse(typed, &Keys);
    let expected = Expr::All(vec![
        compare(Field::Category, Op::Is, text("todo")),
        Expr::Any(vec![compare(Field::Priority, Op::Ge, Value::Int(4)), compare(unknown("sla"), Op::Lt, text("2h"))]),
        Expr::some(Relation::Tags, text("spam")).not(),
        compare(unknown("Serial number"), Op::StartsWith, text("A12")),
        compare(unknown("due"), Op::Lt, Value::Field(unknown("Promised on"))),
    ]);
    assert_eq!(parsed.expr, expected);
    let told: Vec<_> = parsed.problems.iter().map(|problem| (&typed[problem.from..problem.to], &*problem.error.key)).collect();
    let gone = "error_filter_field";
    let rest = [("sla<2h", gone), ("field.\"Serial number\":A12*", gone), ("due<field.\"Promised on\"", gone)];
    assert_eq!(told, rest);
    assert_eq!(parsed.problems[1].error.params["position"], "5");
    let printed = print(&expected, &Keys);
    assert_eq!(
        printed,
        "category:todo (priority>=4 | sla<\"2h\") -tags:spam field.\"Serial number\":A12* due<field.\"Promised on\""
    );
    assert_eq!(parse(&printed, &Keys).expr, expected);
}

#[test]
fn names_of_the_screen_are_read_and_unique_ones_written() {
    #[rustfmt::skip]
    let rows = [
        ("Priorität>3", compare(Field::Priority, Op::Gt, Value::Int(3)), "priority>3"),
        ("PRIORITAT>3", compare(Field::Priority, Op::Gt, Value::Int(3)), "priority>3"),
        ("\"Erste Antwort\":@none", compare(Field::FirstResponse, Op::IsEmpty, Value::Null), "first_response:@none"),
        ("Schlagwörter:x", Expr::some(Relation::Tags, text("x")), "tags:x"),
        ("Kategorie:\"zu tun\"", compare(Field::Category, Op::Is, text("todo")), "category:todo"),
        ("status:\"Zu tun\"", compare(Field::Category, Op::Is, text("todo")), "category:todo"),
        ("organization:\"acme corp\"", compare(Field::Organization, Op::Is, Value::Id(961)), "organization:\"ACME Corp\""),
        ("organization:#962", compare(Field::Organization, Op::Is, Value::Id(962)), "organization:\"Acme\\\"s | (x)\""),
        ("status:open", compare(Field::Status, Op::In, set(&[Value::Id(911), Value::Id(921)])), "status:#911,#921"),
        ("status!=\"In Arbeit\"", compare(Field::Status, Op::IsNot, Value::Id(912)), "status!=\"In Arbeit\""),
        ("agent:Ana", Expr::some(Relation::Agents, Value::Id(931)), "agents:Ana"),
        ("team:\"@none\"", Expr::some(Relation::Teams, Value::Id(941)), "teams:\"@none\""),
        ("requester:#951", compare(Field::Requester, Op::Is, Value::Id(951)), "requester:\"#952\""),
        ("view:\"Meine Sicht\"", Expr::View(ViewId(7)), "view:\"Meine Sicht\""),
    ];
    for (typed, expected, printed) in rows {
        let parsed = parse(typed, &German);
        assert_eq!((&parsed.expr, parsed.problems.as_slice()), (&expected, &[][..]), "{typed}");
        assert_eq!(print(&expected, &German), printed);
        assert_eq!(parse(printed, &German).expr, expected, "{printed}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_the_rest_is_kept() {
    // The wrong piece stands between ‹ and ›.
    #[rustfmt::skip]
    let rows = [
        ("‹sla<2h›",                    "error_filter_field"),
        ("a ‹priority:high› b",         "error_filter_value_number"),
        ("‹category:closed›",           "error_filter_value_key"),
        ("‹title>5›",                   "error_filter_operator"),
        ("‹kind:note›",                 "error_filter_place"),
        ("messages:(‹title:x›)",        "error_filter_place"),
        ("files:(‹refund›)",            "error_filter_inside"),
        ("organization:‹Nobody›",       "error_query_name"),
        ("view:‹Nothing›",              "error_query_name"),
        ("priority:‹› a",               "error_query_value"),
        ("tag:‹›",                      "error_query_value"),
        ("a ‹(›b c",                    "error_query_open"),
        ("messages:‹(›by:agent",        "error_query_open"),
        ("a ‹)› b",                     "error_query_close"),
        ("a ‹\"b c›",                   "error_query_quote"),
        ("a | ‹›",                      "error_query_nothing"),
        ("‹›| a",                       "error_query_nothing"),
        ("a (‹›)",                      "error_query_nothing"),
        ("a -‹›",                       "error_query_nothing"),
        ("‹&›",                         "error_filter_search"),
        ("‹created:now›",               "error_filter_operator"),
        ("‹created>2026-02-30›",        "error_filter_value_time"),
    ];
    for (marked, key) in rows {
        let from = marked.find('‹').unwrap();
        let to = marked.find('›').unwrap() - '‹'.len_utf8();
        let typed = marked.replace(['‹', '›'], "");
        let parsed = parse(&typed, &Keys);
        let told: Vec<_> = parsed.problems.iter().map(|problem| (problem.from, problem.to, problem.error.key.as_str())).collect();
        assert_eq!(told, [(from, to, key)], "{typed}");
    }
    let kept = parse("tag:x ) priority:high printer", &Keys).expr;
    let priority = compare(Field::Priority, Op::Is, text("high"));
    let rest = Expr::All(vec![priority, words("printer*")]);
    assert_eq!(kept, Expr::All(vec![Expr::some(Relation::Tags, text("x")), rest]));
}

#[test]
fn a_text_that_is_too_long_or_too_deep_is_refused_at_once() {
    let key = |typed: &str| parse(typed, &Keys).problems.first().map(|problem| problem.error.key.clone());
    assert_eq!(key(&"a".repeat(limits::FILTER_TEXT + 1)).as_deref(), Some("error_query_too_long"));
    assert_eq!(key(&"(".repeat(5 * 1024 * 1024)).as_deref(), Some("error_query_too_long"));
    for deep in ["(", "-", "not ", "all(", "messages:(", "a:in([", "a:in(range(", "a | (", "\"", "a:", ")", "x:\"\\"] {
        let parsed = parse(&deep.repeat(limits::FILTER_TEXT / deep.len()), &Keys);
        assert!(!parsed.problems.is_empty(), "{deep}");
        assert!(parsed.problems.len() <= 101);
        assert!(crate::filter::broken(&parsed.expr).is_ok(), "{deep}: nothing too large is left");
    }
    let nested = |depth: usize| format!("{}a{}", "(b ".repeat(depth - 1), ")".repeat(depth - 1));
    assert_eq!(key(&nested(limits::FILTER_DEPTH)), None);
    assert_eq!(key(&nested(limits::FILTER_DEPTH + 1)).as_deref(), Some("error_filter_too_deep"));
    assert_eq!(key(&"a ".repeat(limits::FILTER_LEAVES)), None);
    let many = "a ".repeat(limits::FILTER_LEAVES + 1);
    assert_eq!(key(&many).as_deref(), Some("error_filter_too_many_conditions"));
    assert_eq!(parse(&many, &Keys).expr, Expr::Text(String::new()));
}

#[test]
fn what_was_not_understood_matches_nothing() {
    let mut all: Vec<String> =
        ["priority:", "-priority:", "(", "tag:x |", "view:x", "-view:x", "organization:x", "-organization:x", "sla:1", "-()"]
            .map(str::to_owned)
            .to_vec();
    all.extend(["(", "-", "all(", "-all(", "any(", "messages:("].map(|deep| deep.repeat(50)));
    for typed in all {
        let parsed = parse(&typed, &Keys);
        assert!(!parsed.problems.is_empty());
        let found = crate::filter::matches(&parsed.expr, &super::super::tests::bare(), &super::super::tests::nobody());
        assert!(!found, "{typed}");
    }
}

fn offered(marked: &str, names: &dyn Names) -> (String, Vec<String>) {
    let at = marked.find('_').unwrap();
    let typed = marked.replace('_', "");
    let completion = complete(&typed, at, names);
    assert_eq!(completion.to, at);
    (typed[completion.from..at].to_owned(), completion.suggestions.into_iter().map(|suggestion| suggestion.text).collect())
}

#[test]
fn what_could_stand_here_is_offered() {
    #[rustfmt::skip]
    let rows = [
        ("pri_",                        "pri",  "priority:"),
        ("status:todo pri_ x",          "pri",  "priority:"),
        ("(a | Prior_",                 "Prior", "priority:"),
        ("-t_",                         "t",    "title: type: teams: tags:"),
        ("priority_",                   "priority", "priority: priority!= priority< priority<= priority> priority>="),
        ("category:_",                  "",     "todo waiting done"),
        ("category:w_",                 "w",    "waiting"),
        ("category:\"zu_",              "\"zu", "todo"),
        ("category:todo,d_",            "d",    "done"),
        ("requester:_",                 "",     "@me \"#952\" @none"),
        ("assignee:@_",                 "@",    "@me @none"),
        ("team:@m_",                    "@m",   "@myteams"),
        ("organization:\"AC_",          "\"AC", "\"ACME Corp\" \"Acme\\\"s | (x)\""),
        ("status:o_",                   "o",    "#911 #921"),
        ("created:>t_",                 "t",    "today"),
        ("created:>s_",                 "s",    "startofmonth"),
        ("published:_",                 "",     "yes no"),
        ("has:f_",                      "f",    "following_agents following_customers files first_response"),
        ("view:_",                      "",     "\"Meine Sicht\""),
        ("messages:(k_",                "k",    "kind:"),
        ("messages:(kind:_",            "",     "reply note"),
        ("messages:(kind:note w_",      "w",    "written:"),
        ("a \"b _",                     "",     ""),
        ("priority:3_",                 "3",    ""),
    ];
    for (marked, replaced, expected) in rows {
        let (found, texts) = offered(marked, &German);
        assert_eq!((found.as_str(), texts.join(" ").as_str()), (replaced, expected), "{marked}");
    }
    let (_, all) = offered("_", &Keys);
    assert!(all.len() >= 18 && all.contains(&"status:".to_owned()), "{all:?}");
    let everything = complete("kat", 3, &German).suggestions;
    assert_eq!(everything[0].label, "Kategorie");
    assert_eq!(complete("é", 1, &Keys).to, 0, "in the middle of a character");
}

/// Pieces of which texts are made that nearly mean something.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "(",
        ")",
        "|",
        "-",
        "not ",
        " ",
        " ",
        "\"",
        "*",
        ",",
        ":",
        "=",
        "!=",
        "~",
        "!~",
        "<",
        ">=",
        "..",
        "@me",
        "@none",
        "#7",
        "has:",
        "view:",
        "field.",
        "field.\"",
        "all(",
        "any(",
        "messages:(",
        "tags:",
        "tag:every(",
        "priority",
        "created",
        "title",
        "sla",
        "2026-10-01",
        "-7d",
        "today",
        "startofmonth-1",
        "in([",
        "range(",
        "]",
        "5",
        "\\",
        "ß",
        "\u{301}",
        "\0",
        "https://",
        "99999999999999999999",
        "is(",
        "\u{a0}",
        "İ",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// What holds of any text: it is read without a panic, everything told has a place in it, and what was read can be written and
/// read again.
fn hold(typed: &str, names: &dyn Names) -> Result<(), TestCaseError> {
    let parsed = parse(typed, names);
    for problem in &parsed.problems {
        prop_assert!(problem.from <= problem.to && problem.to <= typed.len());
        prop_assert!(typed.is_char_boundary(problem.from) && typed.is_char_boundary(problem.to), "{:?}", problem);
    }
    let printed = print(&parsed.expr, names);
    prop_assert_eq!(&parse(&printed, names).expr, &parsed.expr, "{:?} as {:?}", typed, printed);
    if parsed.problems.is_empty() {
        prop_assert_eq!(check(&parsed.expr), Ok(()));
    } else {
        prop_assert!(
            check(&parsed.expr).is_err() || parsed.problems.iter().any(|problem| problem.error.key.starts_with("error_query_"))
        );
    }
    for at in 0..=typed.len() {
        let completion = complete(typed, at, names);
        prop_assert!(completion.from <= completion.to && completion.to <= at);
        prop_assert!(typed.is_char_boundary(completion.from));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_is_read_again(expr in testing::partly_broken()) {
        for names in [&Keys as &dyn Names, &German] {
            let printed = print(&expr, names);
            let parsed = parse(&printed, names);
            prop_assert_eq!(&parsed.expr, &expr, "{}", printed);
            prop_assert_eq!(parsed.problems.is_empty(), check(&expr).is_ok(), "{}: {:?}", printed, parsed.problems);
        }
    }

    #[test]
    fn any_text_is_read(typed in "\\PC{0,40}") {
        hold(&typed, &Keys)?;
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        hold(&String::from_utf8_lossy(&bytes), &German)?;
    }

    #[test]
    fn what_nearly_means_something_is_read(typed in pieces()) {
        hold(&typed, &Keys)?;
        hold(&typed, &German)?;
    }
}
