//! Generators for property tests: items, viewers and filters of a small world, so that they often meet.
//!
//! The server's tests insert the same items into its databases and ask them the same filters. Ids begin high, so that they
//! never collide with what a new workspace already has.

use super::{
    eval::{Facts, Viewer},
    expr::{Expr, Op, Quantifier, Value},
    field::{Field, FieldType, Relation},
};
use crate::{
    actor::Party,
    id::{AgentId, CustomerId, ItemNumber, OrganizationId, StatusId, TeamId, TypeId},
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
const OFFSETS: [i64; 7] = [-8 * DAY, -7 * DAY, -DAY, -HOUR, -1, 0, HOUR];

fn id<T: From<i64> + std::fmt::Debug + Clone + 'static>(ids: &'static [i64]) -> impl Strategy<Value = T> + Clone {
    sample::select(ids).prop_map(T::from)
}

fn ids<T: From<i64> + std::fmt::Debug + Clone + 'static>(ids: &'static [i64]) -> impl Strategy<Value = Vec<T>> {
    sample::subsequence(ids, 0..=ids.len().min(3)).prop_map(|ids| ids.into_iter().map(T::from).collect())
}

fn time() -> impl Strategy<Value = Timestamp> + Clone {
    sample::select(&OFFSETS[..]).prop_map(|offset| NOW.plus(offset))
}

/// An item of the small world.
pub fn facts() -> impl Strategy<Value = Facts> {
    let what = (1..6_i64, sample::select(&TITLES[..]), 0..2_usize, 0..3_usize, 0..=5_u8, sample::select(&PRODUCTS[..]));
    let who = (option::of(id::<CustomerId>(&CUSTOMERS)), option::of(id::<OrganizationId>(&ORGANIZATIONS)));
    let how = (sample::select(&Channel::ALL[..]), sample::select(&Impact::ALL[..]), any::<bool>());
    let by = prop_oneof![id::<AgentId>(&AGENTS).prop_map(Party::Agent), id::<CustomerId>(&CUSTOMERS).prop_map(Party::Customer)];
    let times = (time(), time(), option::of(time()), option::of(time()), option::of((time(), by)));
    let related = (
        ids::<AgentId>(&AGENTS),
        ids::<TeamId>(&TEAMS),
        ids::<AgentId>(&AGENTS),
        ids::<CustomerId>(&CUSTOMERS),
        sample::subsequence(&TAGS[..], 0..=3),
    );
    (what, who, how, times, related).prop_map(|(what, who, how, times, related)| Facts {
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
    })
}

/// Somebody who looks: an agent, a customer or nobody.
pub fn viewer() -> impl Strategy<Value = Viewer> {
    let agent = (id::<AgentId>(&AGENTS), ids::<TeamId>(&TEAMS)).prop_map(|(agent, teams)| Viewer {
        me_agent: Some(agent),
        me_customer: None,
        teams,
        organization: None,
        now: NOW,
    });
    let customer =
        (id::<CustomerId>(&CUSTOMERS), option::of(id::<OrganizationId>(&ORGANIZATIONS))).prop_map(|(customer, organization)| {
            Viewer { me_agent: None, me_customer: Some(customer), teams: Vec::new(), organization, now: NOW }
        });
    let nobody = Viewer { me_agent: None, me_customer: None, teams: Vec::new(), organization: None, now: NOW };
    prop_oneof![3 => agent, 3 => customer, 1 => Just(nobody)]
}

fn texts(texts: &'static [&'static str]) -> BoxedStrategy<Value> {
    sample::select(texts).prop_map(|text| Value::Text(text.to_owned())).boxed()
}

/// A value that the field can be equal to.
pub fn value(field: Field) -> BoxedStrategy<Value> {
    static STATUS_IDS: [i64; 6] = [911, 912, 913, 921, 922, 923];
    let an_id = |ids: &'static [i64]| sample::select(ids).prop_map(Value::Id);
    match field {
        Field::Number | Field::Priority => (-1..7_i64).prop_map(Value::Int).boxed(),
        Field::Title => prop_oneof![texts(&TITLES), texts(&PARTS)].boxed(),
        Field::Product => prop_oneof![texts(&PRODUCTS), texts(&PARTS)].boxed(),
        Field::Type => an_id(&TYPES).boxed(),
        Field::Status => an_id(&STATUS_IDS).boxed(),
        Field::Requester => prop_oneof![3 => an_id(&CUSTOMERS), 1 => Just(Value::Me)].boxed(),
        Field::Organization => prop_oneof![3 => an_id(&ORGANIZATIONS), 1 => Just(Value::MyOrganization)].boxed(),
        _ => match field.field_type() {
            FieldType::Key(keys) => texts(keys),
            FieldType::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
            _ => {
                let offset = sample::select(&OFFSETS[..]);
                prop_oneof![time().prop_map(Value::At), offset.prop_map(Value::Now)].boxed()
            }
        },
    }
}

/// A comparison that [`super::check()`] accepts.
pub fn comparison() -> impl Strategy<Value = Expr> {
    sample::select(&Field::ALL[..]).prop_flat_map(|field| {
        let ops: Vec<Op> = field.operators().collect();
        sample::select(ops).prop_flat_map(move |op| {
            let value = match op {
                Op::IsEmpty | Op::IsNotEmpty => Just(Value::Null).boxed(),
                Op::In | Op::NotIn => vec(value(field), 0..4).prop_map(Value::Set).boxed(),
                Op::Contains | Op::NotContains | Op::StartsWith => texts(&PARTS),
                _ => value(field),
            };
            value.prop_map(move |value| Expr::Compare { field, op, value })
        })
    })
}

/// A condition on a relation that [`super::check()`] accepts.
pub fn relation() -> impl Strategy<Value = Expr> {
    let quantifier = sample::select(&[Quantifier::Some, Quantifier::Every, Quantifier::None][..]);
    (sample::select(&Relation::ALL[..]), quantifier).prop_flat_map(|(relation, quantifier)| {
        let me = |ids: &'static [i64], me| prop_oneof![2 => sample::select(ids).prop_map(Value::Id), 1 => Just(me)].boxed();
        let member = match relation {
            Relation::Agents | Relation::FollowingAgents => me(&AGENTS, Value::Me),
            Relation::Teams => me(&TEAMS, Value::MyTeams),
            Relation::FollowingCustomers => me(&CUSTOMERS, Value::Me),
            Relation::Tags => texts(&TAGS),
        };
        let set = vec(member.clone(), 0..4).prop_map(Value::Set);
        prop_oneof![4 => member, 2 => set, 1 => Just(Value::Null)].prop_map(move |value| Expr::Related {
            relation,
            quantifier,
            value,
        })
    })
}

/// Any filter that [`super::check()`] accepts.
pub fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![3 => comparison(), 2 => relation()];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Expr::All),
            vec(inner.clone(), 0..4).prop_map(Expr::Any),
            inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
}
