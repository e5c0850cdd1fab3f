//! Teams: groups of agents.

use crate::id::{AgentId, TeamId};
use serde::{Deserialize, Serialize};

/// A team and its members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// The team.
    pub id: TeamId,
    /// Name, unique in the workspace.
    pub name: String,
    /// The agents in it.
    pub members: Vec<AgentId>,
}
