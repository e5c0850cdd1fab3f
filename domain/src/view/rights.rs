//! Who has a view, and who may change it. What a view shows is another matter: each reader's own rights.

use super::ViewScope;
use crate::{
    actor::AgentActor,
    error::{Error, Result},
    id::AgentId,
};

impl ViewScope {
    /// Whether an agent has a view of this scope that `owner` made. Administrators have the views of all teams, so that none is lost
    /// with a team's last member; personal views nobody has but their owner.
    #[must_use]
    pub fn is_had_by(self, agent: &AgentActor, owner: Option<AgentId>) -> bool {
        match self {
            Self::Personal => owner == Some(agent.id),
            Self::Team(team) => agent.teams.contains(&team) || agent.role.administers(),
            Self::Everyone => true,
        }
    }

    /// Whether an agent who has it may change it for all who have it.
    #[must_use]
    pub fn is_changed_by(self, agent: &AgentActor) -> bool {
        match self {
            Self::Personal => true,
            Self::Team(_) => agent.role.works(),
            Self::Everyone => agent.role.administers(),
        }
    }

    /// Whether an agent may make a view of this scope.
    ///
    /// # Errors
    /// Not found for a team that they are not in and do not administer, so that nobody learns of it; forbidden.
    pub fn check_made_by(self, agent: &AgentActor) -> Result<()> {
        if !self.is_had_by(agent, Some(agent.id)) {
            return Err(Error::not_found());
        }
        if self.is_changed_by(agent) { Ok(()) } else { Err(Error::forbidden()) }
    }

    /// Whether all who have a view of this scope have those of another one, as far as scopes tell: what is shared names only what is shared as widely.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        other == Self::Everyone || self == Self::Personal || self == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        agent::{Role, TicketAccess},
        id::{SessionId, TeamId},
        language::Language,
    };

    fn agent(id: i64, role: Role, team: i64) -> AgentActor {
        AgentActor {
            id: AgentId(id),
            role,
            access: TicketAccess::All,
            teams: vec![TeamId(team)],
            session: SessionId(1),
            language: Language::En,
            time_zone: String::new(),
        }
    }

    #[test]
    fn each_scope_has_its_people() {
        let (personal, team, everyone) = (ViewScope::Personal, ViewScope::Team(TeamId(1)), ViewScope::Everyone);
        // Role, the one team, and for each scope: has, changes, makes.
        for (role, of, expected) in [
            (Role::Light, 1, [(true, true, "made"), (true, false, "error_forbidden"), (true, false, "error_forbidden")]),
            (Role::Agent, 1, [(true, true, "made"), (true, true, "made"), (true, false, "error_forbidden")]),
            (Role::Agent, 2, [(true, true, "made"), (false, true, "error_not_found"), (true, false, "error_forbidden")]),
            (Role::Administrator, 2, [(true, true, "made"), (true, true, "made"), (true, true, "made")]),
            (Role::Owner, 2, [(true, true, "made"), (true, true, "made"), (true, true, "made")]),
        ] {
            let actor = agent(7, role, of);
            for (scope, expected) in [personal, team, everyone].into_iter().zip(expected) {
                let makes = scope.check_made_by(&actor).map_or_else(|error| error.key, |()| "made".to_owned());
                let found = (scope.is_had_by(&actor, Some(AgentId(7))), scope.is_changed_by(&actor), makes.as_str());
                assert_eq!(found, expected, "{role:?} {scope:?}");
            }
            assert!(!personal.is_had_by(&actor, Some(AgentId(8))), "nobody has what is somebody's own");
        }
    }

    #[test]
    fn what_is_shared_names_what_is_shared_as_widely() {
        let (one, two) = (ViewScope::Team(TeamId(1)), ViewScope::Team(TeamId(2)));
        for (scope, other, expected) in [
            (ViewScope::Personal, one, true),
            (ViewScope::Personal, ViewScope::Personal, true),
            (one, one, true),
            (one, two, false),
            (one, ViewScope::Everyone, true),
            (one, ViewScope::Personal, false),
            (ViewScope::Everyone, one, false),
            (ViewScope::Everyone, ViewScope::Everyone, true),
        ] {
            assert_eq!(scope.is_within(other), expected, "{scope:?} {other:?}");
        }
    }
}
