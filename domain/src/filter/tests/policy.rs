//! Who sees what, and what the system views show.

use super::{NOW, bare};
use crate::{
    actor::{Actor, AgentActor, CustomerActor, Party},
    agent::{Role, TicketAccess},
    filter::{
        Facts, Viewer, check, matches,
        policy::{permission, system_view},
    },
    id::{AgentId, CustomerId, OrganizationId, PortalId, SessionId, TeamId},
    language::Language,
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
    Actor::Customer(CustomerActor {
        id: CustomerId(1),
        organization: organization.map(OrganizationId),
        portal: PortalId(1),
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
        }
        assert!(!sees(&actor, &bare()), "an item of nobody is nobody's");
        assert!(!sees(&actor, &Facts { agents: vec![AgentId(1)], following_agents: vec![AgentId(1)], ..bare() }));
    }
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
}
