//! The expressions that the product itself uses: permission, what lists leave out, and system views.
//!
//! The permission is AND-ed to every read of items by the service, never taken from a request and never stored in a view.

use super::{
    eval::Viewer,
    expr::{Expr, Op, Value},
    field::{Field, Relation},
};
use crate::{
    actor::{Actor, CustomerActor},
    agent::TicketAccess,
    portal::rules::{PortalRules, Property},
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
        Actor::Customer(customer) => of_customer(customer, |rules| rules.sight(customer)),
    }
}

/// The items of which a customer sees a property.
#[must_use]
pub fn sees_property(customer: &CustomerActor, property: Property) -> Expr {
    of_customer(customer, |rules| rules.sight(customer).and(rules.shown_of(property)))
}

/// What customers see in any of the portals that they may enter.
fn of_customer(customer: &CustomerActor, sight: impl Fn(&PortalRules) -> Expr) -> Expr {
    let mut sights: Vec<Expr> = customer.portals.iter().map(|portal| sight(&portal.rules)).collect();
    let seen = if sights.len() == 1 { sights.remove(0) } else { Expr::Any(sights) };
    Expr::All(vec![flag(Field::Published, true), empty(Field::Deleted), flag(Field::Spam, false), seen])
}

/// The ways in which a permission holds, each a condition of its own: together they are the permission.
#[must_use]
pub fn ways(permission: Expr) -> Vec<Expr> {
    fn flatten(expr: Expr, into: &mut Vec<Expr>) {
        match expr {
            Expr::All(parts) => parts.into_iter().for_each(|part| flatten(part, into)),
            one => into.push(one),
        }
    }
    let mut all = Vec::new();
    flatten(permission, &mut all);
    let Some(place) = all.iter().position(|part| matches!(part, Expr::Any(ways) if ways.len() > 1)) else {
        return vec![Expr::All(all)];
    };
    let Expr::Any(ways) = all.remove(place) else { return vec![Expr::All(all)] };
    ways.into_iter().map(|way| Expr::All(all.iter().cloned().chain([way]).collect())).collect()
}

/// What lists leave out beyond permission: items that are deleted, spam, asleep or merged, unless what is asked for names that
/// itself. Who asks for what was deleted gets all of it. A search finds what was merged, because its words are there.
#[must_use]
pub fn in_sight(asked: &[Expr]) -> Expr {
    let names = |field: &Field| asked.iter().any(|expr| names(expr, field));
    if names(&Field::Away) {
        return everything();
    }
    let [deleted, spam, snoozed] = [Field::Deleted, Field::Spam, Field::Snoozed].map(|field| names(&field));
    let merged = names(&Field::MergedInto) || asked.iter().any(searches);
    if !(deleted || spam || snoozed || merged) {
        return flag(Field::Away, false);
    }
    let there = [
        (!spam).then(|| flag(Field::Spam, false)),
        (!snoozed).then(|| empty(Field::Snoozed)),
        (!merged).then(|| empty(Field::MergedInto)),
    ];
    let there = Expr::All(there.into_iter().flatten().collect());
    if deleted {
        Expr::Any(vec![Expr::compare(Field::Deleted, Op::IsNotEmpty, Value::Null), there])
    } else {
        there.and(empty(Field::Deleted))
    }
}

/// Whether a filter compares a field of items.
fn names(expr: &Expr, field: &Field) -> bool {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(|part| names(part, field)),
        Expr::Not(inner) => names(inner, field),
        Expr::Compare { field: compared, .. } => compared == field,
        Expr::Related { .. } | Expr::Text(_) | Expr::View(_) => false,
    }
}

/// Whether a filter asks for words.
fn searches(expr: &Expr) -> bool {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(searches),
        Expr::Not(inner) => searches(inner),
        Expr::Text(_) => true,
        Expr::Compare { .. } | Expr::Related { .. } | Expr::View(_) => false,
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
        SystemView::Snoozed => Expr::compare(Field::Snoozed, Op::IsNotEmpty, Value::Null),
        SystemView::Spam => flag(Field::Spam, true),
        SystemView::Deleted => Expr::compare(Field::Deleted, Op::IsNotEmpty, Value::Null),
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

fn flag(field: Field, holds: bool) -> Expr {
    Expr::compare(field, Op::Is, Value::Bool(holds))
}

fn empty(field: Field) -> Expr {
    Expr::compare(field, Op::IsEmpty, Value::Null)
}

fn category(key: &str) -> Expr {
    Expr::compare(Field::Category, Op::Is, Value::Text(key.to_owned()))
}

fn not_done() -> Expr {
    let keys = ["todo", "waiting"].map(|key| Value::Text(key.to_owned()));
    Expr::compare(Field::Category, Op::In, Value::Set(keys.to_vec()))
}
