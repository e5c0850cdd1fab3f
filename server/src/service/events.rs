//! Who does something, as events and messages keep it: the party, the name at that time, the channel.

use crate::{
    args,
    db::{NewEvent, Read, Sql, Tx},
};
use domain::{
    Result,
    actor::{Actor, Party},
    event::Subject,
    id::{AgentId, CustomerId},
    text::display_name,
    time::Timestamp,
};

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The person, or the product itself.
    pub party: Party,
    /// Their name now; it stays in the log when they change it.
    pub name: String,
    /// By which channel: the stable name of a channel, or `agent`.
    pub channel: &'static str,
}

impl Author {
    /// The product itself.
    #[must_use]
    pub fn system() -> Self {
        Self { party: Party::System, name: String::new(), channel: "agent" }
    }

    /// Looks up how an actor is called.
    ///
    /// # Errors
    /// Not found if the person is gone.
    pub async fn of(db: &mut impl Read, actor: &Actor) -> Result<Self> {
        let party = actor.party();
        Ok(match party {
            Party::Agent(id) => Self::agent(db, id).await?,
            Party::Customer(id) => Self { party, name: customer_name(db, id).await?, channel: "portal" },
            Party::System => Self::system(),
        })
    }

    /// An agent, for what they have asked for earlier.
    ///
    /// # Errors
    /// Not found if there is no such agent.
    pub async fn agent(db: &mut impl Read, id: AgentId) -> Result<Self> {
        let (name,): (String,) = db.one(Sql::new("SELECT name FROM agent WHERE id = $1", args![id])).await?;
        Ok(Self { party: Party::Agent(id), name, channel: "agent" })
    }

    /// An event of theirs.
    #[must_use]
    pub fn event(&self, subject: Subject, name: &'static str) -> NewEvent {
        let mut event = NewEvent::new(self.party, &self.name, subject, name);
        event.channel = self.channel;
        event
    }

    /// The event that they changed a field, with texts for people.
    #[must_use]
    pub fn changed(&self, subject: Subject, field: &str, old: &str, new: &str) -> NewEvent {
        let mut event = self.event(subject, "changed");
        event.field = field.to_owned();
        event.text = (old.to_owned(), new.to_owned());
        event
    }
}

/// The display name of a customer.
///
/// # Errors
/// Not found if there is no such customer.
pub async fn customer_name(db: &mut impl Read, customer: CustomerId) -> Result<String> {
    let (first, last, email): (String, String, Option<String>) = db
        .one(Sql::new(
            "SELECT first_name, last_name, \
             (SELECT email FROM address WHERE customer_id = customer.id ORDER BY position LIMIT 1) \
             FROM customer WHERE id = $1",
            args![customer],
        ))
        .await?;
    Ok(display_name(&first, &last, email.as_deref()))
}

/// What happened to one field (or to none).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldChange {
    /// The field's stable key; empty for an event that is not about a field.
    pub field: &'static str,
    /// For people: before and after.
    pub text: (String, String),
    /// For programs: before and after, as JSON.
    pub value: (String, String),
}

/// Notes an event of an item. It is appended with the commit of the transaction.
pub fn note_item_event(
    tx: &mut Tx,
    author: &Author,
    item: i64,
    version: i64,
    name: &'static str,
    change: FieldChange,
    at: Option<Timestamp>,
) {
    let mut event = author.event(Subject::Item(item), name);
    event.version = version;
    event.field = change.field.to_owned();
    event.text = change.text;
    event.value = change.value;
    event.at = at;
    tx.event(event);
}
