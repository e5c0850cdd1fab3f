//! Who sees what, and what the system views show.

use super::{NOW, bare};
use crate::{
    action::Away,
    actor::{Actor, AgentActor, CustomerActor, Party},
    agent::{Role, TicketAccess},
    filter::{
        Expr, Facts, Field, Op, Value, Viewer, check, matches,
        policy::{in_sight, permission, sees_property, system_view},
    },
    id::{AgentId, CustomerId, ItemNumber, OrganizationId, PortalId, SessionId, TeamId, TypeId},
    language::Language,
    portal::{
        OpenPortal,
        rules::{Access, Colleagues, OnForm, PortalRules, Property, PropertyRule, TypeRule},
    },
    time::DAY,
    types::Category,
    view::SystemView,
};

fn agent(role: Role, access: TicketAccess) -> Actor {
    Actor::Agent(AgentActor {
        id: AgentId(1),
        role,
        access,
        teams: vec![TeamId(1), TeamId(2)],
        session: SessionId(1),
        language: Language::default(),
        time_zone: String::new(),
    })
}

fn customer(organization: Option<i64>) -> Actor {
    customer_in(organization, false, vec![PortalRules::default()])
}

fn customer_in(organization: Option<i64>, main_contact: bool, rules: Vec<PortalRules>) -> Actor {
    let portal = |(id, rules)| OpenPortal { id: PortalId(id), slug: format!("portal-{id}"), rules };
    Actor::Customer(CustomerActor {
        id: CustomerId(1),
        organization: organization.map(OrganizationId),
        main_contact,
        portals: (1..).zip(rules).map(portal).collect(),
        session: SessionId(1),
        language: Language::default(),
        time_zone: String::new(),
    })
}

fn sees(actor: &Actor, facts: &Facts) -> bool {
    let permission = permission(actor);
    assert_eq!(check(&permission), Ok(()));
    matches(&permission, facts, &Viewer::of(actor, NOW))
}

#[test]
fn owners_administrators_and_agents_of_all_see_all() {
    for role in [Role::Owner, Role::Administrator] {
        assert!(sees(&agent(role, TicketAccess::Teams), &bare()));
    }
    for role in [Role::Agent, Role::Light] {
        assert!(sees(&agent(role, TicketAccess::All), &bare()));
    }
    assert!(sees(&Actor::System, &bare()));
    assert!(!sees(&Actor::Anonymous, &bare()));
}

#[test]
fn agents_of_teams_see_their_teams_and_their_own() {
    for role in [Role::Agent, Role::Light] {
        let actor = agent(role, TicketAccess::Teams);
        assert!(!sees(&actor, &bare()));
        assert!(!sees(&actor, &Facts { teams: vec![TeamId(3)], agents: vec![AgentId(2)], ..bare() }));
        assert!(sees(&actor, &Facts { teams: vec![TeamId(3), TeamId(2)], ..bare() }));
        assert!(sees(&actor, &Facts { agents: vec![AgentId(1)], ..bare() }));
        assert!(sees(&actor, &Facts { following_agents: vec![AgentId(1)], ..bare() }));
    }
}

#[test]
fn customers_see_what_is_published_and_theirs() {
    let ways = [
        Facts { requester: Some(CustomerId(1)), ..bare() },
        Facts { following_customers: vec![CustomerId(2), CustomerId(1)], ..bare() },
        Facts { requester: Some(CustomerId(2)), organization: Some(OrganizationId(5)), ..bare() },
    ];
    let expected = [(customer(Some(5)), [true, true, true]), (customer(None), [true, true, false])];
    for (actor, expected) in expected {
        for (facts, expected) in ways.iter().zip(expected) {
            assert_eq!(sees(&actor, facts), expected, "{facts:?}");
            assert!(!sees(&actor, &Facts { published: false, ..facts.clone() }));
            for (away, shown) in [
                (Away { spam: true, ..Away::default() }, false),
                (Away { deleted_at: Some(NOW), ..Away::default() }, false),
                (Away { snoozed_until: Some(NOW), ..Away::default() }, expected),
                (Away { merged_into: Some(ItemNumber(9)), ..Away::default() }, expected),
            ] {
                assert_eq!(sees(&actor, &Facts { away, ..facts.clone() }), shown, "{away:?}");
            }
        }
        assert!(!sees(&actor, &bare()), "an item of nobody is nobody's");
        assert!(!sees(&actor, &Facts { agents: vec![AgentId(1)], following_agents: vec![AgentId(1)], ..bare() }));
    }
}

#[test]
fn a_portal_shows_what_its_rules_say_and_portals_together_what_any_of_them_does() {
    let own = Facts { requester: Some(CustomerId(1)), ..bare() };
    let of_colleague = Facts { requester: Some(CustomerId(2)), organization: Some(OrganizationId(5)), ..bare() };
    let other_type = |facts: &Facts| Facts { type_id: TypeId(bare().type_id.0 + 1), ..facts.clone() };
    let rules = PortalRules::default();
    let strict = PortalRules { colleagues: Colleagues::MainContacts, ..rules.clone() };
    let typed = PortalRules { shown: Some(vec![bare().type_id]), ..rules.clone() };
    let nothing = PortalRules { shown: Some(Vec::new()), ..rules.clone() };
    let projects = PortalRules { theirs: false, ..rules };
    let seen = |rules: &[PortalRules], main_contact| {
        let actor = customer_in(Some(5), main_contact, rules.to_vec());
        [&own, &other_type(&own), &of_colleague, &other_type(&of_colleague)].map(|facts| sees(&actor, facts))
    };
    assert_eq!(seen(&[], true), [false; 4]);
    assert_eq!(seen(std::slice::from_ref(&strict), false), [true, true, false, false]);
    assert_eq!(seen(std::slice::from_ref(&strict), true), [true; 4]);
    assert_eq!(seen(std::slice::from_ref(&typed), false), [true, false, true, false]);
    assert_eq!(seen(std::slice::from_ref(&nothing), true), [false; 4]);
    assert_eq!(seen(std::slice::from_ref(&projects), true), [false; 4]);
    assert_eq!(seen(&[strict, typed], false), [true, true, true, false]);
    assert_eq!(seen(&[nothing, projects], true), [false; 4]);
}

#[test]
fn a_property_is_seen_where_a_portal_shows_it_of_the_type() {
    let own = |type_id| Facts { requester: Some(CustomerId(1)), type_id: TypeId(type_id), ..bare() };
    let rules = |access, of_types: &[(i64, Access)]| {
        let of_types =
            of_types.iter().map(|(id, access)| TypeRule { type_id: TypeId(*id), access: *access, form: OnForm::Absent });
        let rule = PropertyRule { property: Property::Impact, access, form: OnForm::Absent, of_types: of_types.collect() };
        PortalRules { properties: vec![rule], ..PortalRules::default() }
    };
    let seen = |rules: &[PortalRules], property| {
        let actor = customer_in(None, false, rules.to_vec());
        let filter = sees_property(actor.customer().unwrap(), property);
        assert_eq!(check(&filter), Ok(()));
        [1, 2].map(|type_id| matches(&filter, &own(type_id), &Viewer::of(&actor, NOW)))
    };
    use Access::{Edit, Hidden, View};
    assert_eq!(seen(&[rules(View, &[])], Property::Impact), [true, true]);
    assert_eq!(seen(&[rules(Hidden, &[])], Property::Impact), [false, false]);
    assert_eq!(seen(&[rules(View, &[(1, Hidden)])], Property::Impact), [false, true]);
    assert_eq!(seen(&[rules(Hidden, &[(1, Edit)])], Property::Impact), [true, false]);
    assert_eq!(seen(&[rules(Hidden, &[(1, View)]), rules(View, &[(1, Hidden)])], Property::Impact), [true, true]);
    assert_eq!(seen(&[rules(View, &[])], Property::Status), [false, false], "what is not named is hidden");
    let typed = PortalRules { shown: Some(vec![TypeId(2)]), ..rules(View, &[]) };
    assert_eq!(seen(&[typed], Property::Impact), [false, true]);
}

#[test]
fn system_views_show_what_their_names_say() {
    let actor = agent(Role::Agent, TicketAccess::All);
    let viewer = Viewer::of(&actor, NOW);
    let shown = |facts: &Facts| -> Vec<&str> {
        SystemView::ALL.into_iter().filter(|view| matches(&system_view(*view), facts, &viewer)).map(SystemView::key).collect()
    };
    for view in SystemView::ALL {
        assert_eq!(check(&system_view(view)), Ok(()));
    }
    let done = Facts { category: Category::Done, agents: vec![AgentId(1)], ..bare() };
    assert_eq!(shown(&bare()), ["open", "unanswered", "all"]);
    assert_eq!(shown(&Facts { agents: vec![AgentId(1)], ..bare() }), ["mine", "open", "unanswered", "all"]);
    assert_eq!(shown(&Facts { teams: vec![TeamId(2)], ..bare() }), ["team_unassigned", "open", "unanswered", "all"]);
    assert_eq!(shown(&Facts { teams: vec![TeamId(2)], agents: vec![AgentId(9)], ..bare() }), ["open", "unanswered", "all"]);
    assert_eq!(shown(&Facts { category: Category::Waiting, ..bare() }), ["open", "waiting", "unanswered", "all"]);
    assert_eq!(shown(&Facts { last_message_by: Some(Party::Agent(AgentId(2))), ..bare() }), ["open", "all"]);
    let by_customer = Facts { last_message_by: Some(Party::Customer(CustomerId(2))), ..bare() };
    assert_eq!(shown(&by_customer), ["open", "unanswered", "all"]);
    assert_eq!(shown(&Facts { resolved_at: Some(NOW.plus(-DAY)), ..done.clone() }), ["recently_done", "all"]);
    assert_eq!(shown(&Facts { resolved_at: Some(NOW.plus(-8 * DAY)), ..done }), ["all"]);
    for (away, name) in [
        (Away { snoozed_until: Some(NOW), ..Away::default() }, "snoozed"),
        (Away { spam: true, ..Away::default() }, "spam"),
        (Away { deleted_at: Some(NOW), ..Away::default() }, "deleted"),
    ] {
        assert_eq!(shown(&Facts { away, category: Category::Done, ..bare() }), ["all", name]);
    }
}

#[test]
fn lists_leave_out_what_is_away_unless_it_is_asked_for() {
    let away = [
        ("spam", Away { spam: true, ..Away::default() }),
        ("deleted", Away { deleted_at: Some(NOW), ..Away::default() }),
        ("snoozed", Away { snoozed_until: Some(NOW), ..Away::default() }),
        ("merged", Away { merged_into: Some(ItemNumber(9)), ..Away::default() }),
        ("deleted spam", Away { spam: true, deleted_at: Some(NOW), ..Away::default() }),
        ("sleeping spam", Away { spam: true, snoozed_until: Some(NOW), ..Away::default() }),
    ];
    let shown = |asked: &[Expr]| -> Vec<&str> {
        let scope = in_sight(asked);
        assert_eq!(check(&scope), Ok(()));
        let viewer = Viewer::nobody(NOW);
        assert!(matches(&scope, &bare(), &viewer), "what is not away is never left out");
        away.iter()
            .filter(|(_, away)| matches(&scope, &Facts { away: *away, ..bare() }, &viewer))
            .map(|(name, _)| *name)
            .collect()
    };
    let is = |field, value| Expr::compare(field, Op::Is, value);
    let not_empty = |field| Expr::compare(field, Op::IsNotEmpty, Value::Null);
    let nothing: [&str; 0] = [];
    assert_eq!(shown(&[]), nothing);
    assert_eq!(shown(&[system_view(SystemView::All), is(Field::Priority, Value::Int(3))]), nothing);
    assert_eq!(shown(&[is(Field::Spam, Value::Bool(true))]), ["spam"]);
    assert_eq!(shown(&[not_empty(Field::Snoozed).not()]), ["snoozed"]);
    assert_eq!(shown(&[Expr::Any(vec![not_empty(Field::Deleted)])]), ["deleted", "deleted spam"]);
    assert_eq!(shown(&[is(Field::MergedInto, Value::Int(9))]), ["merged"]);
    assert_eq!(shown(&[Expr::Text("jam".to_owned())]), ["merged"]);
    assert_eq!(shown(&[not_empty(Field::Snoozed), is(Field::Spam, Value::Bool(true))]), ["spam", "snoozed", "sleeping spam"]);
    assert_eq!(shown(&[is(Field::Away, Value::Bool(true))]).len(), away.len());
}
