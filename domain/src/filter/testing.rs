//! Generators for property tests: items, viewers and filters of a small world, so that they often meet.
//!
//! The server's tests insert the same items into its databases and ask them the same filters. Ids begin high, so that they
//! never collide with what a new workspace already has.

use super::{
    eval::{Facts, FileFacts, MessageFacts, Thread, Viewer},
    expr::{Expr, Op, Quantifier, Value},
    field::{FIELDS, Field, FieldType, Info, Relation, Thing},
};
use crate::{
    action::Away,
    actor::Party,
    calendar::{Date, Unit, Zone},
    conversation::MessageKind,
    id::{AgentId, CustomerId, ItemNumber, MessageId, OrganizationId, StatusId, TeamId, TypeId, ViewId},
    item::{Channel, Impact},
    time::{DAY, HOUR, Timestamp},
    types::Category,
};
use proptest::{collection::vec, option, prelude::*, sample};

/// The ticket types.
pub const TYPES: [i64; 2] = [901, 902];
/// The statuses of each type, one for each category in order.
pub const STATUSES: [[i64; 3]; 2] = [[911, 912, 913], [921, 922, 923]];
/// The agents.
pub const AGENTS: [i64; 4] = [931, 932, 933, 934];
/// The teams.
pub const TEAMS: [i64; 3] = [941, 942, 943];
/// The customers.
pub const CUSTOMERS: [i64; 4] = [951, 952, 953, 954];
/// The organizations.
pub const ORGANIZATIONS: [i64; 3] = [961, 962, 963];
/// The tags.
pub const TAGS: [&str; 4] = ["billing", "straße", "50%_off", "o'brien"];
/// The present of every viewer.
pub const NOW: Timestamp = Timestamp(1_790_000_000_000);

const TITLES: [&str; 8] = [
    "Printer jam",
    "PRINTER on fire",
    "100% of the invoices",
    "under_score",
    r"back\slash",
    "O'Brien \"quoted\"; DROP TABLE items",
    "É à la straße 東京 İ",
    "x",
];
const PRODUCTS: [&str; 4] = ["", "LG Smart TV", "lg smart tv", "Ñandú"];
const PARTS: [&str; 12] = ["printer", "PRINT", "%", "_", r"\", "'", "é", "É", "straSSe", "京", "lg s", "no such text"];
const OFFSETS: [i64; 12] = [-400 * DAY, -100 * DAY, -32 * DAY, -8 * DAY, -7 * DAY, -DAY, -9 * HOUR, -HOUR, -1, 0, HOUR, 35 * DAY];
const TEXTS: [&str; 6] = [
    "<p>The <b>printer</b> jams again &amp; again</p>",
    "<p>Refund for the second invoice, señor Núñez</p>",
    "<ul><li>Straße 7</li><li>printer jam</li></ul>",
    "<p>See <a href=\"https://acme.test/jam\">our page</a></p>",
    "<p>东京 <code>x1</code> o'brien</p>",
    "",
];
const FILES: [&str; 4] = ["Printer jam.pdf", "invoice_2026.PDF", "foto-straße.png", "x"];
const MEDIA: [&str; 2] = ["application/pdf", "image/png"];
const SEARCHES: [&str; 12] = [
    "printer",
    "PRINTER jam",
    "jam",
    "jam*",
    "pri*",
    "strasse",
    "again again",
    "the second inv*",
    "nunez",
    "acme.test",
    "pdf",
    "no such word",
];

fn id<T: From<i64> + std::fmt::Debug + Clone + 'static>(ids: &'static [i64]) -> impl Strategy<Value = T> + Clone {
    sample::select(ids).prop_map(T::from)
}

fn ids<T: From<i64> + std::fmt::Debug + Clone + 'static>(ids: &'static [i64]) -> impl Strategy<Value = Vec<T>> {
    sample::subsequence(ids, 0..=ids.len().min(3)).prop_map(|ids| ids.into_iter().map(T::from).collect())
}

fn time() -> impl Strategy<Value = Timestamp> + Clone {
    sample::select(&OFFSETS[..]).prop_map(|offset| NOW.plus(offset))
}

fn party() -> impl Strategy<Value = Party> {
    prop_oneof![id::<AgentId>(&AGENTS).prop_map(Party::Agent), id::<CustomerId>(&CUSTOMERS).prop_map(Party::Customer)]
}

/// What was written about an item. Messages have the ids 1, 2, …
pub fn thread() -> impl Strategy<Value = Thread> {
    let kind = sample::select(&[MessageKind::Reply, MessageKind::Note][..]);
    let by = prop_oneof![5 => party(), 1 => Just(Party::System)];
    let message = (kind, by, time(), sample::select(&TEXTS[..]));
    let file = (0..4_i64, sample::select(&FILES[..]), 1..6_i64, sample::select(&MEDIA[..]), time());
    let requester = sample::select(&["", "", "ana ana@acme.com", "jam bond"][..]);
    (requester, sample::select(&TEXTS[..]), vec(message, 0..3), vec(file, 0..3)).prop_map(
        |(requester, description, messages, files)| {
            let messages: Vec<MessageFacts> = (1..)
                .zip(messages)
                .map(|(id, (kind, by, written, html))| MessageFacts {
                    id: MessageId(id),
                    kind,
                    by,
                    written,
                    html: html.to_owned(),
                })
                .collect();
            let files = files.into_iter().map(|(message, name, size, content_type, added)| FileFacts {
                message: messages.iter().map(|message| message.id).find(|id| id.0 == message),
                name: name.to_owned(),
                size,
                content_type: content_type.to_owned(),
                added,
            });
            Thread { requester: requester.to_owned(), description: description.to_owned(), files: files.collect(), messages }
        },
    )
}

/// Why an item lies outside of ordinary lists; most do not.
fn away() -> impl Strategy<Value = Away> {
    let some = (any::<bool>(), option::of(time()), option::of(time()), option::of(1..6_i64));
    let some = some.prop_map(|(spam, deleted_at, snoozed_until, merged_into)| Away {
        spam,
        deleted_at,
        snoozed_until,
        merged_into: merged_into.map(ItemNumber),
    });
    prop_oneof![2 => Just(Away::default()), 1 => some]
}

/// An item of the small world.
pub fn facts() -> impl Strategy<Value = Facts> {
    let what = (1..6_i64, sample::select(&TITLES[..]), 0..2_usize, 0..3_usize, 0..=5_u8, sample::select(&PRODUCTS[..]));
    let who = (option::of(id::<CustomerId>(&CUSTOMERS)), option::of(id::<OrganizationId>(&ORGANIZATIONS)));
    let how = (sample::select(&Channel::ALL[..]), sample::select(&Impact::ALL[..]), any::<bool>());
    let times = (time(), time(), option::of(time()), option::of(time()), option::of((time(), party())));
    let related = (
        ids::<AgentId>(&AGENTS),
        ids::<TeamId>(&TEAMS),
        ids::<AgentId>(&AGENTS),
        ids::<CustomerId>(&CUSTOMERS),
        sample::subsequence(&TAGS[..], 0..=3),
        away(),
    );
    (what, who, how, times, related, thread()).prop_map(|(what, who, how, times, related, thread)| Facts {
        number: ItemNumber(what.0),
        title: what.1.to_owned(),
        type_id: TypeId(TYPES[what.2]),
        status_id: StatusId(STATUSES[what.2][what.3]),
        category: Category::ALL[what.3],
        priority: what.4,
        product: what.5.to_owned(),
        requester: who.0,
        organization: who.1,
        channel: how.0,
        impact: how.1,
        published: how.2,
        created_at: times.0,
        updated_at: times.1,
        first_response_at: times.2,
        resolved_at: times.3,
        last_message_at: times.4.map(|last| last.0),
        last_message_by: times.4.map(|last| last.1),
        agents: related.0,
        teams: related.1,
        following_agents: related.2,
        following_customers: related.3,
        tags: related.4.into_iter().map(str::to_owned).collect(),
        away: related.5,
        thread: Some(thread),
    })
}

/// Zones of the viewers: universal time; one that is put back and forward near the present; one that is far ahead.
fn zone() -> impl Strategy<Value = Zone> {
    let near = Zone::new(7_200, vec![(NOW.plus(-8 * DAY), 3_600), (NOW.plus(-HOUR), 7_200)]);
    sample::select(vec![Zone::utc(), near, Zone::new(13 * 3_600, Vec::new())])
}

/// Somebody who looks: an agent, a customer or nobody.
pub fn viewer() -> impl Strategy<Value = Viewer> {
    let agent = (id::<AgentId>(&AGENTS), ids::<TeamId>(&TEAMS)).prop_map(|(agent, teams)| Viewer {
        me_agent: Some(agent),
        teams,
        notes: true,
        ..Viewer::nobody(NOW)
    });
    let customer = (id::<CustomerId>(&CUSTOMERS), option::of(id::<OrganizationId>(&ORGANIZATIONS)))
        .prop_map(|(customer, organization)| Viewer { me_customer: Some(customer), organization, ..Viewer::nobody(NOW) });
    let who = prop_oneof![3 => agent, 3 => customer, 1 => Just(Viewer::nobody(NOW))];
    (who, zone()).prop_map(|(viewer, zone)| viewer.in_zone(zone))
}

fn texts(texts: &'static [&'static str]) -> BoxedStrategy<Value> {
    sample::select(texts).prop_map(|text| Value::Text(text.to_owned())).boxed()
}

/// A point in time, or a stretch of time that can be the end of a range.
fn moment() -> BoxedStrategy<Value> {
    let offset = sample::select(&OFFSETS[..]);
    let today = NOW.0.div_euclid(DAY);
    let day = (-9..3_i64).prop_map(move |by| Value::Day(Date(i32::try_from(today + by).unwrap_or_default())));
    let unit = (sample::select(&Unit::ALL[..]), -2..3_i32);
    let stretch = (unit, 0..3_u8).prop_map(|((unit, by), kind)| match kind {
        0 => Value::Period(unit, by),
        1 => Value::Start(unit, by),
        _ => Value::End(unit, by),
    });
    prop_oneof![2 => time().prop_map(Value::At), 2 => offset.prop_map(Value::Now), 2 => day, 3 => stretch].boxed()
}

/// A value that the field can be equal to.
pub fn value(info: &Info) -> BoxedStrategy<Value> {
    static STATUS_IDS: [i64; 6] = [911, 912, 913, 921, 922, 923];
    let an_id = |ids: &'static [i64]| sample::select(ids).prop_map(Value::Id);
    let or = |ids: &'static [i64], mine: Value| prop_oneof![3 => an_id(ids), 1 => Just(mine)].boxed();
    match (&info.field, info.kind) {
        (Field::Title, _) => prop_oneof![texts(&TITLES), texts(&PARTS)].boxed(),
        (Field::Tag, _) => texts(&TAGS),
        (Field::Name, _) => prop_oneof![texts(&FILES), texts(&PARTS)].boxed(),
        (Field::ContentType, _) => texts(&MEDIA),
        (_, FieldType::Text) => prop_oneof![texts(&PRODUCTS), texts(&PARTS)].boxed(),
        (_, FieldType::Id(Thing::Type | Thing::View)) => an_id(&TYPES).boxed(),
        (_, FieldType::Id(Thing::Status)) => an_id(&STATUS_IDS).boxed(),
        (_, FieldType::Id(Thing::Agent)) => or(&AGENTS, Value::Me),
        (_, FieldType::Id(Thing::Team)) => or(&TEAMS, Value::MyTeams),
        (_, FieldType::Id(Thing::Customer)) => or(&CUSTOMERS, Value::Me),
        (_, FieldType::Id(Thing::Organization)) => or(&ORGANIZATIONS, Value::MyOrganization),
        (_, FieldType::Int) => (-1..7_i64).prop_map(Value::Int).boxed(),
        (_, FieldType::Key(keys)) => texts(keys),
        (_, FieldType::Bool) => any::<bool>().prop_map(Value::Bool).boxed(),
        (_, FieldType::Time) => moment(),
    }
}

/// Another field of the same rows with which this one can be compared; itself if there is no other.
fn other(info: &'static Info) -> BoxedStrategy<Value> {
    let alike: Vec<Field> = FIELDS
        .iter()
        .filter(|other| other.kind == info.kind && other.rows == info.rows)
        .map(|other| other.field.clone())
        .collect();
    sample::select(alike).prop_map(Value::Field).boxed()
}

/// A comparison of a field of items (`None`), or of the rows of a relation, that [`super::check()`] accepts.
pub fn comparison_of(rows: Option<Relation>) -> impl Strategy<Value = Expr> {
    let infos: Vec<&'static Info> = Field::of(rows).collect();
    sample::select(infos).prop_flat_map(|info| {
        let ops: Vec<Op> = info.operators().collect();
        sample::select(ops).prop_flat_map(move |op| {
            let range = || (value(info), value(info)).prop_map(|ends| Value::Range(Box::new(ends)));
            let value = match op {
                Op::IsEmpty | Op::IsNotEmpty => Just(Value::Null).boxed(),
                Op::In | Op::NotIn => vec(value(info), 0..4).prop_map(Value::Set).boxed(),
                Op::Contains | Op::NotContains | Op::StartsWith => texts(&PARTS),
                Op::Within if info.kind == FieldType::Int => range().boxed(),
                Op::Within => {
                    let stretch =
                        value(info).prop_filter("a stretch", |value| matches!(value, Value::Day(_) | Value::Period(..)));
                    prop_oneof![stretch, range()].boxed()
                }
                _ if matches!(info.kind, FieldType::Key(_)) => value(info),
                _ => prop_oneof![5 => value(info), 1 => other(info)].boxed(),
            };
            value.prop_map(move |value| Expr::compare(info.field.clone(), op, value))
        })
    })
}

/// A comparison of a field of items that [`super::check()`] accepts.
pub fn comparison() -> impl Strategy<Value = Expr> {
    comparison_of(None)
}

/// A search that [`super::check()`] accepts.
pub fn search() -> impl Strategy<Value = Expr> {
    sample::select(&SEARCHES[..]).prop_map(|text| Expr::Text(text.to_owned()))
}

/// A condition on a relation that [`super::check()`] accepts.
pub fn relation() -> impl Strategy<Value = Expr> {
    let quantifier = sample::select(&[Quantifier::Some, Quantifier::Every, Quantifier::None][..]);
    (sample::select(&Relation::ALL[..]), quantifier).prop_flat_map(|(relation, quantifier)| {
        let leaf = || {
            if relation == Relation::Messages {
                prop_oneof![2 => comparison_of(Some(relation)), 1 => search()].boxed()
            } else {
                comparison_of(Some(relation)).boxed()
            }
        };
        let of = prop_oneof![
            6 => leaf(),
            1 => Just(Expr::All(Vec::new())),
            1 => leaf().prop_map(Expr::not),
            1 => vec(leaf(), 0..3).prop_map(Expr::All),
            1 => vec(leaf(), 0..3).prop_map(Expr::Any),
        ];
        of.prop_map(move |of| Expr::related(relation, quantifier, of))
    })
}

/// A condition that [`super::check()`] does not accept, of items or in a relation, or a view that is not there.
pub fn broken() -> impl Strategy<Value = Expr> {
    let unknown = |value| Expr::compare(Field::Unknown("sla".to_owned()), Op::Lt, value);
    let wrong = vec![
        unknown(Value::Int(2)),
        unknown(Value::Text("2h".to_owned())),
        Expr::compare(Field::Priority, Op::IsNot, Value::Text("high".to_owned())),
        Expr::compare(Field::Priority, Op::NotIn, Value::Set(vec![Value::Int(1), Value::Bool(true)])),
        Expr::compare(Field::Title, Op::NotContains, Value::Text(String::new())),
        Expr::compare(Field::Created, Op::Before, Value::Field(Field::Unknown("promised".to_owned()))),
        Expr::compare(Field::Created, Op::Ge, Value::Period(Unit::Year, i32::MIN)),
        Expr::compare(Field::Tag, Op::IsNot, Value::Text("billing".to_owned())),
        Expr::none(Relation::Tags, Value::Id(1)),
        Expr::related(Relation::Agents, Quantifier::Every, Expr::Text("printer".to_owned())),
        Expr::related(Relation::Teams, Quantifier::None, Expr::some(Relation::Tags, Value::Null)),
        Expr::related(Relation::Messages, Quantifier::Every, unknown(Value::Null)),
        Expr::related(Relation::Files, Quantifier::None, unknown(Value::Null)),
        Expr::Text("!!".to_owned()),
        Expr::View(ViewId(7)),
    ];
    sample::select(wrong)
}

fn groups(leaf: impl Strategy<Value = Expr> + 'static) -> impl Strategy<Value = Expr> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Expr::All),
            vec(inner.clone(), 0..4).prop_map(Expr::Any),
            inner.prop_map(Expr::not),
        ]
    })
}

/// Any filter that [`super::check()`] accepts.
pub fn expr() -> impl Strategy<Value = Expr> {
    groups(prop_oneof![6 => comparison(), 4 => relation(), 2 => search()])
}

/// The same, with broken conditions here and there.
pub fn partly_broken() -> impl Strategy<Value = Expr> {
    groups(prop_oneof![6 => comparison(), 4 => relation(), 1 => search(), 2 => broken()])
}
