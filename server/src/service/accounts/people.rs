//! Who can sign in: agents and customers by address, in one shape.

use super::codes;
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, ErrorCode, Result,
    actor::{Actor, Party},
    event::Subject,
    id::{AgentId, CustomerId},
    language::Language,
    session::Realm,
    text::display_name,
};

/// A person with an address, of one realm.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) realm: Realm,
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) language: Language,
    pub(super) state: String,
    pub(super) password_hash: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    first_name: String,
    last_name: String,
    language: String,
    state: String,
    password_hash: Option<String>,
}

/// The person of `realm` with this normalised address.
pub(super) async fn find(db: &mut impl Read, realm: Realm, email: &str) -> Result<Option<Person>> {
    let sql = match realm {
        Realm::Agent => {
            "SELECT agent.id, agent.name AS first_name, '' AS last_name, agent.language, agent.state, agent.password_hash \
             FROM address JOIN agent ON agent.id = address.agent_id WHERE address.email = $1"
        }
        Realm::Customer => {
            "SELECT customer.id, first_name, last_name, customer.language, customer.state, customer.password_hash \
             FROM address JOIN customer ON customer.id = address.customer_id WHERE address.email = $1"
        }
    };
    let row: Option<Row> = db.optional(Sql::new(sql, args![email])).await?;
    Ok(row.map(|row| Person {
        realm,
        id: row.id,
        name: display_name(&row.first_name, &row.last_name, Some(email)),
        language: Language::from_tag(&row.language).unwrap_or_default(),
        state: row.state,
        password_hash: row.password_hash,
    }))
}

impl Person {
    /// May sign in with the password.
    pub(super) fn is_active(&self) -> bool {
        self.state == "active"
    }
    /// May prove who they are by a mailed code. An agent must have accepted the invitation; a customer whom we know by
    /// the address alone is as good as registered.
    pub(super) fn may_use_codes(&self) -> bool {
        match self.realm {
            Realm::Agent => self.is_active(),
            Realm::Customer => self.state != "disabled",
        }
    }
    /// Them as who does something.
    pub(super) fn author(&self) -> Author {
        let (party, channel) = match self.realm {
            Realm::Agent => (Party::Agent(AgentId(self.id)), "agent"),
            Realm::Customer => (Party::Customer(CustomerId(self.id)), "portal"),
        };
        Author { party, name: self.name.clone(), channel }
    }
    /// Them as what an event is about.
    pub(super) fn subject(&self) -> Subject {
        match self.realm {
            Realm::Agent => Subject::Agent(self.id),
            Realm::Customer => Subject::Customer(self.id),
        }
    }
    /// Makes them active, with another password if there is one. Codes and links that are under way stop working.
    pub(super) async fn activate(&self, tx: &mut Tx, password_hash: Option<&str>) -> Result<()> {
        let sql = match self.realm {
            Realm::Agent => "UPDATE agent SET state = 'active', password_hash = COALESCE($1, password_hash) WHERE id = $2",
            Realm::Customer => "UPDATE customer SET state = 'active', password_hash = COALESCE($1, password_hash) WHERE id = $2",
        };
        tx.execute(Sql::new(sql, args![password_hash.map(str::to_owned), self.id])).await?;
        codes::revoke_all(tx, self.realm, self.id).await
    }
}

/// The realm and id of who is signed in, and the session.
pub(super) fn signed_in(actor: &Actor) -> Result<(Realm, i64, i64)> {
    match actor {
        Actor::Agent(agent) => Ok((Realm::Agent, agent.id.0, agent.session.0)),
        Actor::Customer(customer) => Ok((Realm::Customer, customer.id.0, customer.session.0)),
        Actor::Anonymous | Actor::System => Err(Error::unauthenticated()),
    }
}

/// What is said to a wrong address or password, whichever it was.
pub(super) fn wrong_sign_in() -> Error {
    Error::new(ErrorCode::Invalid, "error_sign_in")
}

/// What is said to a wrong, old or used code.
pub(super) fn wrong_code() -> Error {
    Error::field("code", "error_code")
}
