//! Agents: the members of the team.

use crate::{
    id::{AgentId, FileId, TeamId},
    language::Language,
    patch::Patch,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What an agent may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything; there is always at least one, and only an owner makes or unmakes owners.
    Owner,
    /// Everything but to change owners.
    Administrator,
    /// Works tickets.
    Agent,
    /// Reads tickets and writes notes.
    Light,
}

impl Role {
    /// All roles, strongest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Administrator, Self::Agent, Self::Light];
    /// May administer the workspace.
    #[must_use]
    pub fn administers(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator)
    }
    /// May change tickets and answer customers.
    #[must_use]
    pub fn works(self) -> bool {
        !matches!(self, Self::Light)
    }
    /// The stable name (database, API, message keys `role_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Administrator => "administrator",
            Self::Agent => "agent",
            Self::Light => "light",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Which tickets an agent may see (owners and administrators always see all).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketAccess {
    /// All.
    #[default]
    All,
    /// Those of their teams, and those assigned to or followed by them.
    Teams,
}

impl TicketAccess {
    /// The stable name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Teams => "teams",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::All, Self::Teams].into_iter().find(|access| access.key() == key)
    }
}

/// Where an agent stands between invitation and leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// Invited, has not signed in yet.
    Invited,
    /// Works here.
    Active,
    /// May not sign in; everything they did stays.
    Disabled,
}

/// How the application looks for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// An agent as other agents see them in lists, menus and avatars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRef {
    /// The agent.
    pub id: AgentId,
    /// Full name.
    pub name: String,
    /// Sign-in e-mail address.
    pub email: String,
    /// Invited, active or disabled.
    pub state: AgentState,
    /// May answer and be assigned.
    pub role: Role,
}

/// An agent as an administrator sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The agent.
    pub id: AgentId,
    /// Full name.
    pub name: String,
    /// Sign-in e-mail address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Which tickets they may see.
    pub access: TicketAccess,
    /// Invited, active or disabled.
    pub state: AgentState,
    /// The teams they belong to.
    pub teams: Vec<TeamId>,
    /// When they last did something.
    pub last_seen_at: Option<Timestamp>,
}

/// The agent who is signed in, with what the frame of the application needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The agent.
    pub id: AgentId,
    /// Full name.
    pub name: String,
    /// Sign-in e-mail address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// The teams they belong to.
    pub teams: Vec<TeamId>,
    /// The language they read.
    pub language: Language,
    /// IANA name of the time zone, e.g. `Europe/Madrid`.
    pub time_zone: String,
    /// Light, dark or as the system.
    pub theme: Theme,
    /// Seconds that a reply waits before it is sent, so that it can be taken back; 0 sends at once.
    pub undo_send: u8,
    /// Name of the workspace.
    pub workspace: String,
    /// Accent colour of the workspace, `#rrggbb`.
    pub colour: String,
    /// Logo of the workspace.
    pub logo: Option<FileId>,
}

/// An agent to invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    /// Full name.
    pub name: String,
    /// E-mail address; belongs to nobody else.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Which tickets they may see.
    pub access: TicketAccess,
    /// The teams they join.
    pub teams: Vec<TeamId>,
}

/// A change of an agent by an administrator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentPatch {
    /// Full name.
    pub name: Patch<String>,
    /// What they may do.
    pub role: Patch<Role>,
    /// Which tickets they may see.
    pub access: Patch<TicketAccess>,
    /// `true` locks them out and ends their sessions.
    pub disabled: Patch<bool>,
    /// The teams they belong to.
    pub teams: Patch<Vec<TeamId>>,
}

/// A change of the signed-in agent's own settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfilePatch {
    /// Full name.
    pub name: Patch<String>,
    /// The language they read.
    pub language: Patch<Language>,
    /// IANA name of the time zone.
    pub time_zone: Patch<String>,
    /// Light, dark or as the system.
    pub theme: Patch<Theme>,
    /// Seconds that a reply waits before it is sent, at most [`crate::limits::UNDO_SEND`].
    pub undo_send: Patch<u8>,
}
