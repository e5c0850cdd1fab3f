//! The table of meaning: for each field type × operator, what an item answers that holds the value, another value, or
//! nothing. `-` stands for an item that cannot be there (a field that is never empty).

use super::{NOW, bare, nobody};
use crate::{
    actor::Party,
    calendar::Unit,
    conversation::MessageKind,
    filter::{
        Expr, FIELDS, Facts, Field, FieldType, FileFacts, MessageFacts, Op, Quantifier, Relation, Thread, Value, Viewer, check,
        matches,
    },
    id::{AgentId, CustomerId, MessageId, OrganizationId, TeamId, ViewId},
    item::Impact,
    types::Category,
};

/// Yes, no, or not possible, for the items that hold the value, another value, nothing.
type Row = (Op, Value, &'static str);

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn set(values: &[Value]) -> Value {
    Value::Set(values.to_vec())
}

fn range(from: Value, to: Value) -> Value {
    Value::Range(Box::new((from, to)))
}

/// Holds a table against [`matches`] and against the operators that the field takes: none may be left out.
fn hold(field: Field, value: &Facts, other: &Facts, empty: Option<&Facts>, rows: &[Row]) {
    for (op, asked, expected) in rows {
        let expr = Expr::compare(field.clone(), *op, asked.clone());
        assert_eq!(check(&expr), Ok(()), "{expr:?}");
        let answer = |facts: Option<&Facts>| match facts {
            Some(facts) if matches(&expr, facts, &nobody()) => "yes",
            Some(_) => "no",
            None => "-",
        };
        let answers = [answer(Some(value)), answer(Some(other)), answer(empty)].join(" ");
        assert_eq!(&answers, expected, "{expr:?}");
    }
    for op in field.info().unwrap().operators() {
        assert!(rows.iter().any(|row| row.0 == op), "{field:?} {op:?} is missing in the table");
    }
}

#[test]
fn whole_numbers() {
    let value = Facts { priority: 3, ..bare() };
    let other = Facts { priority: 5, ..bare() };
    let three = || Value::Int(3);
    #[rustfmt::skip]
    hold(Field::Priority, &value, &other, Some(&bare()), &[
        //                                       3   5   0
        (Op::Is,         three(),               "yes no no"),
        (Op::Is,         Value::Int(0),         "no no yes"),
        (Op::IsNot,      three(),               "no yes yes"),
        (Op::In,         set(&[three()]),       "yes no no"),
        (Op::In,         set(&[]),              "no no no"),
        (Op::NotIn,      set(&[three()]),       "no yes yes"),
        (Op::NotIn,      set(&[]),              "yes yes yes"),
        (Op::Lt,         Value::Int(5),         "yes no no"),
        (Op::Le,         Value::Int(5),         "yes yes no"),
        (Op::Gt,         three(),               "no yes no"),
        (Op::Ge,         three(),               "yes yes no"),
        (Op::Ge,         Value::Int(0),         "yes yes no"),
        (Op::Within,     range(Value::Int(0), three()), "yes no no"),
        (Op::Within,     range(three(), Value::Int(5)), "yes yes no"),
        (Op::Within,     range(Value::Int(5), three()), "no no no"), // nothing is in a range that ends before it begins
        (Op::Lt,         Value::Field(Field::Number), "yes yes no"), // the number is 7
        (Op::Is,         Value::Field(Field::Number), "no no no"),
        (Op::IsNot,      Value::Field(Field::Number), "yes yes yes"),
        (Op::IsEmpty,    Value::Null,           "no no yes"),
        (Op::IsNotEmpty, Value::Null,           "yes yes no"),
    ]);
}

#[test]
fn texts() {
    let value = Facts { product: "LG Smart TV".to_owned(), ..bare() };
    let other = Facts { product: "Dishwasher Ñ 100%".to_owned(), ..bare() };
    #[rustfmt::skip]
    hold(Field::Product, &value, &other, Some(&bare()), &[
        //                                           LG  Ñ   empty
        (Op::Is,          text("LG Smart TV"),      "yes no no"),
        (Op::Is,          text("lg smart tv"),      "no no no"),
        (Op::Is,          text(""),                 "no no yes"),
        (Op::IsNot,       text("LG Smart TV"),      "no yes yes"),
        (Op::In,          set(&[text("LG Smart TV")]), "yes no no"),
        (Op::NotIn,       set(&[text("LG Smart TV")]), "no yes yes"),
        (Op::Contains,    text("SMART"),            "yes no no"),
        (Op::Contains,    text("Ñ"),                "no yes no"),
        (Op::Contains,    text("ñ"),                "no no no"), // only ASCII letters have no case
        (Op::Contains,    text("%"),                "no yes no"),
        (Op::Contains,    text("L_"),               "no no no"),
        (Op::NotContains, text("smart"),            "no yes yes"),
        (Op::StartsWith,  text("lg s"),             "yes no no"),
        (Op::StartsWith,  text("Smart"),            "no no no"),
        (Op::Is,          Value::Field(Field::Product), "yes yes no"), // empty equals nothing
        (Op::IsNot,       Value::Field(Field::Title), "yes yes yes"),
        (Op::IsEmpty,     Value::Null,              "no no yes"),
        (Op::IsNotEmpty,  Value::Null,              "yes yes no"),
    ]);
}

#[test]
fn keys() {
    let value = Facts { impact: Impact::Major, ..bare() };
    let other = Facts { impact: Impact::Crisis, ..bare() };
    #[rustfmt::skip]
    hold(Field::Impact, &value, &other, Some(&bare()), &[
        //                                           major crisis none
        (Op::Is,         text("major"),             "yes no no"),
        (Op::Is,         text("none"),              "no no yes"),
        (Op::IsNot,      text("major"),             "no yes yes"),
        (Op::In,         set(&[text("major")]),     "yes no no"),
        (Op::NotIn,      set(&[text("major")]),     "no yes yes"),
        (Op::IsEmpty,    Value::Null,               "no no yes"),
        (Op::IsNotEmpty, Value::Null,               "yes yes no"),
    ]);
    let value = Facts { last_message_by: Some(Party::Agent(AgentId(1))), ..bare() };
    let other = Facts { last_message_by: Some(Party::Customer(CustomerId(1))), ..bare() };
    #[rustfmt::skip]
    hold(Field::LastMessageBy, &value, &other, Some(&bare()), &[
        (Op::Is,         text("agent"),             "yes no no"),
        (Op::IsNot,      text("agent"),             "no yes yes"),
        (Op::In,         set(&[text("agent")]),     "yes no no"),
        (Op::NotIn,      set(&[text("agent")]),     "no yes yes"),
        (Op::IsEmpty,    Value::Null,               "no no yes"),
        (Op::IsNotEmpty, Value::Null,               "yes yes no"),
    ]);
    let other = Facts { category: Category::Done, ..bare() };
    #[rustfmt::skip]
    hold(Field::Category, &bare(), &other, None, &[
        (Op::Is,    text("todo"),         "yes no -"),
        (Op::IsNot, text("todo"),         "no yes -"),
        (Op::In,    set(&[text("todo")]), "yes no -"),
        (Op::NotIn, set(&[text("todo")]), "no yes -"),
    ]);
}

#[test]
fn ids() {
    let value = Facts { requester: Some(CustomerId(1)), ..bare() };
    let other = Facts { requester: Some(CustomerId(2)), ..bare() };
    #[rustfmt::skip]
    hold(Field::Requester, &value, &other, Some(&bare()), &[
        //                                           1   2   nobody
        (Op::Is,         Value::Id(1),              "yes no no"),
        (Op::Is,         Value::Me,                 "no no no"), // the viewer is nobody: never the items of nobody
        (Op::IsNot,      Value::Id(1),              "no yes yes"),
        (Op::In,         set(&[Value::Id(1)]),      "yes no no"),
        (Op::In,         set(&[Value::Me]),         "no no no"),
        (Op::NotIn,      set(&[Value::Id(1)]),      "no yes yes"),
        (Op::IsEmpty,    Value::Null,               "no no yes"),
        (Op::IsNotEmpty, Value::Null,               "yes yes no"),
    ]);
}

#[test]
fn flags() {
    let other = Facts { published: false, ..bare() };
    #[rustfmt::skip]
    hold(Field::Published, &bare(), &other, None, &[
        (Op::Is,    Value::Bool(true),  "yes no -"),
        (Op::IsNot, Value::Bool(true),  "no yes -"),
        (Op::Is,    Value::Bool(false), "no yes -"),
    ]);
}

#[test]
fn times() {
    let value = Facts { resolved_at: Some(NOW), ..bare() };
    let other = Facts { resolved_at: Some(NOW.plus(-100)), ..bare() };
    #[rustfmt::skip]
    hold(Field::Resolved, &value, &other, Some(&bare()), &[
        //                                               now earlier never
        (Op::Before,     Value::At(NOW),                "no yes no"),
        (Op::Before,     Value::Now(1),                 "yes yes no"),
        (Op::Before,     Value::Now(i64::MAX),          "yes yes no"),
        (Op::After,      Value::At(NOW.plus(-100)),     "yes no no"),
        (Op::After,      Value::Now(-50),               "yes no no"),
        (Op::After,      Value::Now(i64::MIN),          "yes yes no"),
        (Op::After,      Value::At(NOW),                "no no no"),
        (Op::Ge,         Value::At(NOW),                "yes no no"),
        (Op::Le,         Value::At(NOW.plus(-100)),     "no yes no"),
        (Op::Within,     range(Value::Now(-200), Value::Now(-100)), "no yes no"),
        (Op::Within,     Value::Period(Unit::Day, 0),   "yes yes no"),
        (Op::Within,     Value::Period(Unit::Day, -1),  "no no no"),
        (Op::Before,     Value::Period(Unit::Day, 1),   "yes yes no"),
        (Op::Before,     Value::Field(Field::Updated),  "no yes no"),
        (Op::Ge,         Value::Field(Field::Updated),  "yes no no"),
        (Op::IsEmpty,    Value::Null,                   "no no yes"),
        (Op::IsNotEmpty, Value::Null,                   "yes yes no"),
    ]);
}

#[test]
fn relations() {
    let one = Facts { agents: vec![AgentId(1)], ..bare() };
    let two = Facts { agents: vec![AgentId(1), AgentId(2)], ..bare() };
    let (some, every, none) = (Quantifier::Some, Quantifier::Every, Quantifier::None);
    #[rustfmt::skip]
    let rows = [
        //                                                    [1] [1,2] []
        (some,  Value::Id(1),                                "yes yes no"),
        (some,  Value::Id(2),                                "no yes no"),
        (some,  set(&[Value::Id(2), Value::Id(3)]),          "no yes no"),
        (some,  set(&[]),                                    "no no no"),
        (some,  Value::Null,                                 "yes yes no"),
        (some,  Value::Me,                                   "no yes no"), // the viewer is agent 2
        (every, Value::Id(1),                                "yes no yes"),
        (every, set(&[Value::Id(1), Value::Me]),             "yes yes yes"),
        (every, set(&[]),                                    "no no yes"),
        (every, Value::Null,                                 "yes yes yes"),
        (none,  Value::Id(2),                                "yes no yes"),
        (none,  set(&[]),                                    "yes yes yes"),
        (none,  Value::Null,                                 "no no yes"),
    ];
    let viewer = Viewer { me_agent: Some(AgentId(2)), ..nobody() };
    for (quantifier, value, expected) in rows {
        let expr = Expr::related(Relation::Agents, quantifier, Expr::row(Relation::Agents, value));
        assert_eq!(check(&expr), Ok(()));
        let answers = [&one, &two, &bare()].map(|facts| if matches(&expr, facts, &viewer) { "yes" } else { "no" });
        assert_eq!(answers.join(" "), expected, "{expr:?}");
    }
}

#[test]
fn every_relation_asks_its_own_rows() {
    let facts = Facts {
        agents: vec![AgentId(1)],
        teams: vec![TeamId(2)],
        following_agents: vec![AgentId(3)],
        following_customers: vec![CustomerId(4)],
        tags: vec!["five".to_owned()],
        thread: Some(Thread {
            messages: vec![message(1, MessageKind::Reply, Party::System, "")],
            files: vec![file(None, "seven")],
            ..Thread::default()
        }),
        ..bare()
    };
    let values = [Value::Id(1), Value::Id(2), Value::Id(3), Value::Id(4), text("five"), text("system"), text("seven")];
    for (index, relation) in Relation::ALL.into_iter().enumerate() {
        for (other, value) in values.iter().enumerate() {
            let found = matches(&Expr::some(relation, value.clone()), &facts, &nobody());
            assert_eq!(found, index == other, "{relation:?} {value:?}");
        }
    }
}

#[test]
fn dynamic_values_stand_for_the_viewer_they_concern() {
    let facts = Facts {
        requester: Some(CustomerId(1)),
        organization: Some(OrganizationId(1)),
        agents: vec![AgentId(1)],
        teams: vec![TeamId(1)],
        following_agents: vec![AgentId(1)],
        following_customers: vec![CustomerId(1)],
        ..bare()
    };
    let agent = Viewer { me_agent: Some(AgentId(1)), teams: vec![TeamId(1)], ..nobody() };
    let customer = Viewer { me_customer: Some(CustomerId(1)), organization: Some(OrganizationId(1)), ..nobody() };
    #[rustfmt::skip]
    let rows = [
        //                                                                   agent 1  customer 1
        (Expr::compare(Field::Requester, Op::Is, Value::Me),                false,   true),
        (Expr::compare(Field::Organization, Op::Is, Value::MyOrganization), false,   true),
        (Expr::some(Relation::Agents, Value::Me),                           true,    false),
        (Expr::some(Relation::Teams, Value::MyTeams),                       true,    false),
        (Expr::some(Relation::FollowingAgents, Value::Me),                  true,    false),
        (Expr::some(Relation::FollowingCustomers, Value::Me),               false,   true),
    ];
    for (expr, for_agent, for_customer) in rows {
        assert_eq!(matches(&expr, &facts, &agent), for_agent, "{expr:?}");
        assert_eq!(matches(&expr, &facts, &customer), for_customer, "{expr:?}");
        assert!(!matches(&expr, &facts, &nobody()), "{expr:?}");
        assert!(!matches(&expr, &bare(), &nobody()), "{expr:?} must not match an item of nobody");
    }
}

#[test]
fn groups() {
    let (yes, no) = (|| Expr::All(vec![]), || Expr::Any(vec![]));
    let holds = |expr: &Expr| matches(expr, &bare(), &nobody());
    assert!(holds(&yes()) && !holds(&no()));
    assert!(!holds(&Expr::All(vec![yes(), no()])) && holds(&Expr::Any(vec![yes(), no()])));
    assert!(holds(&Expr::Not(Box::new(no()))) && !holds(&Expr::Not(Box::new(yes()))));
}

fn message(id: i64, kind: MessageKind, by: Party, html: &str) -> MessageFacts {
    MessageFacts { id: MessageId(id), kind, by, written: NOW, html: html.to_owned() }
}

fn file(message: Option<i64>, name: &str) -> FileFacts {
    let message = message.map(MessageId);
    FileFacts { message, name: name.to_owned(), size: 7, content_type: "image/png".to_owned(), added: NOW }
}

#[test]
fn messages_files_and_words() {
    let facts = Facts {
        thread: Some(Thread {
            requester: "marisa marisa@acme.com".to_owned(),
            description: "<p>The tray is <b>em</b>pty</p>".to_owned(),
            messages: vec![
                message(1, MessageKind::Reply, Party::Customer(CustomerId(1)), "<p>Still jammed, señor</p>"),
                message(2, MessageKind::Reply, Party::Agent(AgentId(1)), "<p>Try the second tray</p>"),
                message(3, MessageKind::Note, Party::Agent(AgentId(2)), "<p>Known secret</p>"),
            ],
            files: vec![file(None, "photo-of-tray.png"), file(Some(2), "manual.pdf"), file(Some(3), "secret plan.pdf")],
        }),
        ..bare()
    };
    let agent = Viewer { me_agent: Some(AgentId(1)), notes: true, ..nobody() };
    let customer = Viewer { me_customer: Some(CustomerId(1)), ..nobody() };
    let search = |words: &str| Expr::Text(words.to_owned());
    let messages = |quantifier, of| Expr::related(Relation::Messages, quantifier, of);
    let files = |quantifier, of| Expr::related(Relation::Files, quantifier, of);
    let by = |kind| Expr::compare(Field::By, Op::Is, text(kind));
    let note = || Expr::compare(Field::Kind, Op::Is, text("note"));
    let (some, every, none) = (Quantifier::Some, Quantifier::Every, Quantifier::None);
    #[rustfmt::skip]
    let rows = [
        //                                                                                                agent  customer
        (search("printer jam"),                                                                           true,  true), // the title
        (search("PRINTER* jammed"),                                                                       false, false), // not in one text
        (Expr::All(vec![search("printer"), search("jammed")]),                                            true,  true),
        (search("tray is empty"),                                                                         true,  true),
        (search("senor"),                                                                                 true,  true),
        (search("jam*"),                                                                                  true,  true),
        (search("jamm"),                                                                                  false, false),
        (search("photo of tray"),                                                                         true,  true),
        (search("secret"),                                                                                true,  false),
        (search("secret").not(),                                                                          false, true),
        (search("secret plan"),                                                                           true,  false),
        (search("manual pdf"),                                                                            true,  true),
        (messages(some, note()),                                                                          true,  false),
        (messages(every, note().not()),                                                                   false, true),
        (messages(none, note()),                                                                          false, true),
        (messages(some, Expr::All(vec![by("agent"), search("second")])),                                  true,  true),
        (messages(some, Expr::All(vec![by("customer"), search("second")])),                               false, false),
        (messages(some, Expr::All(vec![by("agent"), search("manual")])),                                  true,  true), // its file
        (messages(some, search("photo")),                                                                 false, false), // of the description
        (messages(some, Expr::compare(Field::Customer, Op::Is, Value::Me)),                               false, true),
        (messages(some, Expr::compare(Field::Agent, Op::IsEmpty, Value::Null)),                           true,  true),
        (messages(every, Expr::compare(Field::Written, Op::Within, Value::Period(Unit::Day, 0))),         true,  true),
        (files(some, Expr::compare(Field::Name, Op::StartsWith, text("SECRET"))),                         true,  false),
        (files(every, Expr::compare(Field::Name, Op::NotContains, text("secret"))),                       false, true),
        (files(some, Expr::compare(Field::Size, Op::Gt, Value::Int(6))),                                  true,  true),
        (files(none, Expr::compare(Field::ContentType, Op::IsNot, text("image/png"))),                    true,  true),
        (Expr::none(Relation::Files, Value::Null),                                                        false, false),
    ];
    for (expr, for_agent, for_customer) in rows {
        assert_eq!(check(&expr), Ok(()), "{expr:?}");
        assert_eq!(matches(&expr, &facts, &agent), for_agent, "{expr:?}");
        assert_eq!(matches(&expr, &facts, &customer), for_customer, "{expr:?}");
    }
}

#[test]
fn broken_conditions_match_nothing() {
    let sla = || Expr::compare(Field::Unknown("sla".to_owned()), Op::Lt, Value::Int(2));
    let (yes, no) = (|| Expr::All(vec![]), || Expr::Any(vec![]));
    let view = || Expr::View(ViewId(1));
    let tagged = Facts { tags: vec!["x".to_owned()], ..bare() };
    let tags = |quantifier| Expr::related(Relation::Tags, quantifier, sla());
    #[rustfmt::skip]
    let rows = [
        (sla(),                                          false),
        (sla().not(),                                    false),
        (sla().not().not(),                              false),
        (Expr::All(vec![yes(), sla()]),                  false),
        (Expr::Any(vec![yes(), sla()]),                  true), // through the other
        (Expr::Any(vec![no(), sla()]),                   false),
        (Expr::All(vec![no(), sla()]).not(),             true), // through the other
        (Expr::All(vec![yes(), sla()]).not(),            false),
        (Expr::Any(vec![no(), sla()]).not(),             false),
        (Expr::compare(Field::Priority, Op::IsNot, text("high")), false),
        (view(),                                         false),
        (view().not(),                                   false),
        (tags(Quantifier::Some),                         false),
        (tags(Quantifier::Every),                        false),
        (tags(Quantifier::None),                         false),
        (tags(Quantifier::Some).not(),                   false),
        (tags(Quantifier::Every).not(),                  false),
        (tags(Quantifier::None).not(),                   false),
    ];
    for (expr, expected) in rows {
        assert_eq!(matches(&expr, &tagged, &nobody()), expected, "{expr:?}");
    }
}

#[test]
fn every_field_type_has_a_table() {
    // Fields of one type share their code; these are the types that the tables above cover.
    let covered = [Field::Priority, Field::Product, Field::Impact, Field::Requester, Field::Published, Field::Resolved];
    let kind = |field: &Field| std::mem::discriminant(&field.info().unwrap().kind);
    for info in &FIELDS {
        assert!(covered.iter().any(|other| kind(other) == std::mem::discriminant(&info.kind)), "{info:?}");
        assert!(!matches!(info.kind, FieldType::Key([])));
    }
}
