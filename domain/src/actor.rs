//! Who asks. Every use case takes an [`Actor`]; it comes from the session, never from the request.

use crate::{
    agent::{Role, TicketAccess},
    error::{Error, Result},
    id::{AgentId, CustomerId, OrganizationId, SessionId, TeamId},
    language::Language,
    portal::OpenPortal,
};
use serde::{Deserialize, Serialize};

/// An agent who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentActor {
    /// The agent.
    pub id: AgentId,
    /// What they may do.
    pub role: Role,
    /// Which tickets they may see.
    pub access: TicketAccess,
    /// The teams they belong to.
    pub teams: Vec<TeamId>,
    /// The session the request came in.
    pub session: SessionId,
    /// The language they read.
    pub language: Language,
    /// IANA name of the time zone they chose; empty: that of their browser.
    pub time_zone: String,
}

/// A customer who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerActor {
    /// The customer.
    pub id: CustomerId,
    /// Their organization.
    pub organization: Option<OrganizationId>,
    /// Whether they see all tickets of the organization, also where ordinary members do not.
    pub main_contact: bool,
    /// The portals that they may enter. Within one of them it is only that one ([`Actor::in_portal`]), and so are the rules.
    pub portals: Vec<OpenPortal>,
    /// The session the request came in.
    pub session: SessionId,
    /// The language they read.
    pub language: Language,
    /// IANA name of the time zone they chose; empty: that of their browser.
    pub time_zone: String,
}

impl CustomerActor {
    /// The portal they are in.
    ///
    /// # Errors
    /// Not found where no portal was entered.
    pub fn portal(&self) -> Result<&OpenPortal> {
        match self.portals.as_slice() {
            [portal] => Ok(portal),
            _ => Err(Error::not_found()),
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An agent.
    Agent(AgentActor),
    /// A customer.
    Customer(CustomerActor),
    /// Nobody we know.
    Anonymous,
    /// The product itself: import, demo data, jobs.
    System,
}

/// The kind and id of an actor or an author, as events and messages keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Party {
    /// An agent.
    Agent(AgentId),
    /// A customer.
    Customer(CustomerId),
    /// The product itself.
    System,
}

impl Party {
    /// The kind as the database keeps it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Agent(_) => "agent",
            Self::Customer(_) => "customer",
            Self::System => "system",
        }
    }
    /// The id as the database keeps it.
    #[must_use]
    pub fn id(self) -> Option<i64> {
        match self {
            Self::Agent(id) => Some(id.0),
            Self::Customer(id) => Some(id.0),
            Self::System => None,
        }
    }
    /// Back from the two columns of the database; anything unknown is the system.
    #[must_use]
    pub fn from_columns(kind: &str, id: Option<i64>) -> Self {
        match (kind, id) {
            ("agent", Some(id)) => Self::Agent(AgentId(id)),
            ("customer", Some(id)) => Self::Customer(CustomerId(id)),
            _ => Self::System,
        }
    }
}

impl Actor {
    /// The agent who asks.
    ///
    /// # Errors
    /// Unauthenticated for nobody, forbidden for a customer.
    pub fn agent(&self) -> Result<&AgentActor> {
        match self {
            Self::Agent(agent) => Ok(agent),
            Self::Anonymous => Err(Error::unauthenticated()),
            Self::Customer(_) | Self::System => Err(Error::forbidden()),
        }
    }
    /// The customer who asks.
    ///
    /// # Errors
    /// Unauthenticated for anybody who is not a customer in a portal.
    pub fn customer(&self) -> Result<&CustomerActor> {
        match self {
            Self::Customer(customer) => Ok(customer),
            _ => Err(Error::unauthenticated()),
        }
    }
    /// The customer who asks, within a portal.
    ///
    /// # Errors
    /// Unauthenticated for anybody who is not a customer; not found if there is no such portal or they may not enter it.
    pub fn in_portal(&self, slug: &str) -> Result<Self> {
        let mut customer = self.customer()?.clone();
        customer.portals.retain(|portal| portal.slug == slug);
        customer.portal()?;
        Ok(Self::Customer(customer))
    }
    /// The agent who asks, if they may administer the workspace.
    ///
    /// # Errors
    /// Unauthenticated or forbidden.
    pub fn administrator(&self) -> Result<&AgentActor> {
        let agent = self.agent()?;
        if agent.role.administers() { Ok(agent) } else { Err(Error::forbidden()) }
    }
    /// The agent who asks, if they may change tickets and answer customers (a light agent may not).
    ///
    /// # Errors
    /// Unauthenticated or forbidden.
    pub fn working_agent(&self) -> Result<&AgentActor> {
        let agent = self.agent()?;
        if agent.role.works() { Ok(agent) } else { Err(Error::forbidden()) }
    }
    /// How events and messages name this actor.
    #[must_use]
    pub fn party(&self) -> Party {
        match self {
            Self::Agent(agent) => Party::Agent(agent.id),
            Self::Customer(customer) => Party::Customer(customer.id),
            Self::Anonymous | Self::System => Party::System,
        }
    }
}
