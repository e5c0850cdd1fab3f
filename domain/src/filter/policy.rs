//! The expressions that the product itself uses: permission and system views.
//!
//! The permission is AND-ed to every read of items by the service, never taken from a request and never stored in a view.

use super::{
    eval::Viewer,
    expr::{Expr, Op, Value},
    field::{Field, Relation},
};
use crate::{
    actor::Actor,
    agent::TicketAccess,
    time::{DAY, Timestamp},
    view::SystemView,
};

/// The items that an actor may see.
#[must_use]
pub fn permission(actor: &Actor) -> Expr {
    match actor {
        Actor::System => everything(),
        Actor::Anonymous => nothing(),
        Actor::Agent(agent) if agent.role.administers() || agent.access == TicketAccess::All => everything(),
        Actor::Agent(_) => Expr::Any(vec![
            Expr::some(Relation::Teams, Value::MyTeams),
            Expr::some(Relation::Agents, Value::Me),
            Expr::some(Relation::FollowingAgents, Value::Me),
        ]),
        Actor::Customer(customer) => {
            let mut theirs =
                vec![Expr::compare(Field::Requester, Op::Is, Value::Me), Expr::some(Relation::FollowingCustomers, Value::Me)];
            if customer.organization.is_some() {
                theirs.push(Expr::compare(Field::Organization, Op::Is, Value::MyOrganization));
            }
            Expr::All(vec![Expr::compare(Field::Published, Op::Is, Value::Bool(true)), Expr::Any(theirs)])
        }
    }
}

/// The items that a system view shows, before permission.
#[must_use]
pub fn system_view(view: SystemView) -> Expr {
    match view {
        SystemView::Mine => Expr::All(vec![not_done(), Expr::some(Relation::Agents, Value::Me)]),
        SystemView::TeamUnassigned => {
            Expr::All(vec![not_done(), Expr::some(Relation::Teams, Value::MyTeams), Expr::none(Relation::Agents, Value::Null)])
        }
        SystemView::Open => not_done(),
        SystemView::Waiting => category("waiting"),
        SystemView::Unanswered => {
            Expr::All(vec![not_done(), Expr::compare(Field::LastMessageBy, Op::IsNot, Value::Text("agent".to_owned()))])
        }
        SystemView::RecentlyDone => {
            Expr::All(vec![category("done"), Expr::compare(Field::Resolved, Op::After, Value::Now(-7 * DAY))])
        }
        SystemView::All => everything(),
    }
}

impl Viewer {
    /// Who looks, as the session says, in universal time.
    #[must_use]
    pub fn of(actor: &Actor, now: Timestamp) -> Self {
        let nobody = Self::nobody(now);
        match actor {
            Actor::Agent(agent) => Self { me_agent: Some(agent.id), teams: agent.teams.clone(), notes: true, ..nobody },
            Actor::Customer(customer) => Self { me_customer: Some(customer.id), organization: customer.organization, ..nobody },
            Actor::System => Self { notes: true, ..nobody },
            Actor::Anonymous => nobody,
        }
    }
}

fn everything() -> Expr {
    Expr::All(Vec::new())
}

fn nothing() -> Expr {
    Expr::Any(Vec::new())
}

fn category(key: &str) -> Expr {
    Expr::compare(Field::Category, Op::Is, Value::Text(key.to_owned()))
}

fn not_done() -> Expr {
    let keys = ["todo", "waiting"].map(|key| Value::Text(key.to_owned()));
    Expr::compare(Field::Category, Op::In, Value::Set(keys.to_vec()))
}
