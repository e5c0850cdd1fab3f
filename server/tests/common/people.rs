//! Who and what is there: builders that read like sentences and are awaited.

use super::TestDesk;
use domain::{
    actor::{Actor, AgentActor, CustomerActor},
    agent::{Role, TicketAccess},
    id::{AgentId, CustomerId, ItemNumber, OrganizationId, SessionId, TeamId},
    item::Channel,
    language::Language,
    session::Realm,
    time::Timestamp,
};
use server::{
    args,
    db::{Read, Sql, Tx},
    service::{
        events::Author,
        items::{InsertItem, insert},
    },
};
use sha2::{Digest, Sha256};
use std::{future::IntoFuture, pin::Pin};

type Making<T> = Pin<Box<dyn Future<Output = T> + Send>>;

impl TestDesk {
    /// The owner, "Olga".
    pub async fn owner(&self) -> Actor {
        self.agent("Olga").with_role(Role::Owner).await
    }
    /// An administrator, "Adam".
    pub async fn administrator(&self) -> Actor {
        self.agent("Adam").with_role(Role::Administrator).await
    }
    /// A light agent, "Leo".
    pub async fn light_agent(&self) -> Actor {
        self.agent("Leo").with_role(Role::Light).await
    }
    /// An agent who sees all tickets, active, `<name>@desk.test`, without a password.
    pub fn agent(&self, name: &str) -> AgentBuilder {
        AgentBuilder {
            desk: self.clone(),
            name: name.to_owned(),
            role: Role::Agent,
            access: TicketAccess::All,
            state: "active",
            teams: Vec::new(),
        }
    }
    /// A customer, `<name>@<organization>.test` (`<name>@customer.test` without one), without a password.
    pub fn customer(&self, name: &str) -> CustomerBuilder {
        CustomerBuilder { desk: self.clone(), name: name.to_owned(), organization: None }
    }
    /// A ticket of the first type, new.
    pub fn ticket(&self, title: &str) -> TicketBuilder {
        TicketBuilder {
            desk: self.clone(),
            title: title.to_owned(),
            requester: None,
            agents: Vec::new(),
            teams: Vec::new(),
            tags: Vec::new(),
            published: true,
        }
    }
    /// Signs somebody in at this time; answers the cookie that a browser would send. Nobody's is empty.
    pub async fn cookie(&self, who: &Actor, at: Timestamp) -> String {
        let (realm, person) = match who {
            Actor::Agent(agent) => (Realm::Agent, agent.id.0),
            Actor::Customer(customer) => (Realm::Customer, customer.id.0),
            Actor::Anonymous | Actor::System => return String::new(),
        };
        let token = server::ambient::token();
        let hash: String = Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let sql = "INSERT INTO session (realm, person_id, token_hash, user_agent, address, created_at, last_used_at) \
                   VALUES ($1, $2, $3, 'test', '127.0.0.1', $4, $4)";
        self.execute(Sql::new(sql, args![realm.key(), person, hash, at])).await;
        format!("taquilla_{}={token}", realm.key())
    }
    /// The team of this name; made if it is not there.
    pub async fn team(&self, name: &str) -> TeamId {
        let name = name.to_owned();
        self.write(move |tx| Box::pin(async move { Ok(team(tx, &name).await) })).await
    }
    /// The organization of this name; made if it is not there.
    pub async fn organization(&self, name: &str) -> OrganizationId {
        let name = name.to_owned();
        self.write(move |tx| Box::pin(async move { Ok(organization(tx, &name).await) })).await
    }
}

async fn id(tx: &mut Tx, sql: Sql) -> i64 {
    tx.one::<(i64,)>(sql).await.unwrap().0
}

async fn team(tx: &mut Tx, name: &str) -> TeamId {
    let found: Option<(i64,)> = tx.optional(Sql::new("SELECT id FROM team WHERE name = $1", args![name])).await.unwrap();
    match found {
        Some((id,)) => TeamId(id),
        None => {
            let sql = "INSERT INTO team (name, name_key, created_at) VALUES ($1, $2, $3) RETURNING id";
            let now = tx.now;
            TeamId(id(tx, Sql::new(sql, args![name, name.to_lowercase(), now])).await)
        }
    }
}

async fn organization(tx: &mut Tx, name: &str) -> OrganizationId {
    let sql = "SELECT id FROM organization WHERE name = $1";
    let found: Option<(i64,)> = tx.optional(Sql::new(sql, args![name])).await.unwrap();
    match found {
        Some((id,)) => OrganizationId(id),
        None => {
            let sql = "INSERT INTO organization (name, name_key, created_at) VALUES ($1, $2, $3) RETURNING id";
            let now = tx.now;
            OrganizationId(id(tx, Sql::new(sql, args![name, name.to_lowercase(), now])).await)
        }
    }
}

async fn session(tx: &mut Tx, realm: &str, person: i64) -> SessionId {
    let now = tx.now;
    let sql = "INSERT INTO session (realm, person_id, token_hash, user_agent, address, created_at, last_used_at) \
               VALUES ($1, $2, $3, 'test', '127.0.0.1', $4, $4) RETURNING id";
    SessionId(id(tx, Sql::new(sql, args![realm, person, server::ambient::token(), now])).await)
}

/// An agent in the making.
pub struct AgentBuilder {
    desk: TestDesk,
    name: String,
    role: Role,
    access: TicketAccess,
    state: &'static str,
    teams: Vec<String>,
}

impl AgentBuilder {
    /// Another role.
    pub fn with_role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
    /// A member of this team.
    pub fn in_team(mut self, name: &str) -> Self {
        self.teams.push(name.to_owned());
        self
    }
    /// Sees the tickets of their teams and their own.
    pub fn seeing_their_teams_only(mut self) -> Self {
        self.access = TicketAccess::Teams;
        self
    }
    /// Locked out.
    pub fn disabled(mut self) -> Self {
        self.state = "disabled";
        self
    }
}

impl IntoFuture for AgentBuilder {
    type Output = Actor;
    type IntoFuture = Making<Actor>;
    fn into_future(self) -> Making<Actor> {
        let desk = self.desk.clone();
        Box::pin(async move { desk.write(move |tx| Box::pin(async move { Ok(self.make(tx).await) })).await })
    }
}

impl AgentBuilder {
    async fn make(self, tx: &mut Tx) -> Actor {
        let now = tx.now;
        let key = self.name.to_lowercase();
        let sql = "INSERT INTO agent (name, name_key, role, access, state, language, created_at) \
                   VALUES ($1, $2, $3, $4, $5, 'en', $6) RETURNING id";
        let values = args![&self.name, &key, self.role.key(), self.access.key(), self.state, now];
        let agent = AgentId(id(tx, Sql::new(sql, values)).await);
        let email = format!("{}@desk.test", key.replace(' ', "."));
        tx.execute(Sql::new("INSERT INTO address (email, agent_id) VALUES ($1, $2)", args![email, agent])).await.unwrap();
        let mut teams = Vec::new();
        for name in &self.teams {
            let team = team(tx, name).await;
            let sql = "INSERT INTO team_member (team_id, agent_id) VALUES ($1, $2)";
            tx.execute(Sql::new(sql, args![team, agent])).await.unwrap();
            teams.push(team);
        }
        let session = session(tx, "agent", agent.0).await;
        Actor::Agent(AgentActor {
            id: agent,
            role: self.role,
            access: self.access,
            teams,
            session,
            language: Language::En,
            time_zone: String::new(),
        })
    }
}

/// A customer in the making.
pub struct CustomerBuilder {
    desk: TestDesk,
    name: String,
    organization: Option<String>,
}

impl CustomerBuilder {
    /// A member of this organization.
    pub fn of(mut self, organization: &str) -> Self {
        self.organization = Some(organization.to_owned());
        self
    }
}

impl IntoFuture for CustomerBuilder {
    type Output = Actor;
    type IntoFuture = Making<Actor>;
    fn into_future(self) -> Making<Actor> {
        let desk = self.desk.clone();
        Box::pin(async move { desk.write(move |tx| Box::pin(async move { Ok(self.make(tx).await) })).await })
    }
}

impl CustomerBuilder {
    async fn make(self, tx: &mut Tx) -> Actor {
        let now = tx.now;
        let (first, last) = self.name.split_once(' ').unwrap_or((&self.name, ""));
        let key = self.name.to_lowercase();
        let company = self.organization.as_deref().unwrap_or("customer").to_lowercase().replace(' ', "-");
        let email = format!("{}@{company}.test", key.replace(' ', "."));
        let organization = match &self.organization {
            Some(name) => Some(organization(tx, name).await),
            None => None,
        };
        let sql = "INSERT INTO customer (first_name, last_name, name_key, search_key, organization_id, language, state, created_at) \
                   VALUES ($1, $2, $3, $4, $5, 'en', 'active', $6) RETURNING id";
        let values = args![first, last, &key, format!("{key} {email}"), organization, now];
        let customer = CustomerId(id(tx, Sql::new(sql, values)).await);
        let sql = "INSERT INTO address (email, customer_id, position) VALUES ($1, $2, 0)";
        tx.execute(Sql::new(sql, args![email, customer])).await.unwrap();
        let portals = server::service::apps::open(tx).await.unwrap();
        let session = session(tx, "customer", customer.0).await;
        Actor::Customer(CustomerActor {
            id: customer,
            organization,
            main_contact: false,
            portals,
            session,
            language: Language::En,
            time_zone: String::new(),
        })
    }
}

/// A ticket in the making.
pub struct TicketBuilder {
    desk: TestDesk,
    title: String,
    requester: Option<Actor>,
    agents: Vec<AgentId>,
    teams: Vec<String>,
    tags: Vec<String>,
    published: bool,
}

impl TicketBuilder {
    /// Asked by this customer, in the portal.
    pub fn by(mut self, customer: &Actor) -> Self {
        self.requester = Some(customer.clone());
        self
    }
    /// Assigned to this agent.
    pub fn for_agent(mut self, agent: &Actor) -> Self {
        self.agents.push(agent.agent().unwrap().id);
        self
    }
    /// Assigned to this team.
    pub fn for_team(mut self, name: &str) -> Self {
        self.teams.push(name.to_owned());
        self
    }
    /// With this tag.
    pub fn tagged(mut self, tag: &str) -> Self {
        self.tags.push(tag.to_owned());
        self
    }
    /// Customers do not see it.
    pub fn unpublished(mut self) -> Self {
        self.published = false;
        self
    }
}

impl IntoFuture for TicketBuilder {
    type Output = ItemNumber;
    type IntoFuture = Making<ItemNumber>;
    fn into_future(self) -> Making<ItemNumber> {
        let desk = self.desk.clone();
        Box::pin(async move { desk.write(move |tx| Box::pin(async move { Ok(self.make(tx).await) })).await })
    }
}

impl TicketBuilder {
    async fn make(self, tx: &mut Tx) -> ItemNumber {
        let author = match &self.requester {
            Some(customer) => Author::of(tx, customer).await.unwrap(),
            None => Author::system(),
        };
        let mut new = InsertItem::new(&self.title, author);
        new.requester = self.requester.as_ref().map(|customer| customer.customer().unwrap().id);
        new.channel = Channel::Portal;
        new.agents = self.agents;
        for name in &self.teams {
            new.teams.push(team(tx, name).await);
        }
        new.tags = self.tags;
        new.published = self.published;
        insert(tx, new).await.unwrap().item_number()
    }
}
