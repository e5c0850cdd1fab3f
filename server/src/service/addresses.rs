//! E-mail addresses: each belongs to one person, agent or customer. The table's key holds that also when two try at once.

use crate::{
    args,
    db::{Read, Sql, Tx},
};
use domain::{
    Result,
    id::{AgentId, CustomerId},
};

/// Whose an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// An agent's.
    Agent(AgentId),
    /// A customer's.
    Customer(CustomerId),
}

/// Whose an address is, if anybody's. The address must be normalised.
///
/// # Errors
/// What the database says.
pub async fn holder(db: &mut impl Read, email: &str) -> Result<Option<Holder>> {
    let row: Option<(Option<i64>, Option<i64>)> =
        db.optional(Sql::new("SELECT agent_id, customer_id FROM address WHERE email = $1", args![email])).await?;
    Ok(row.and_then(|row| match row {
        (Some(agent), _) => Some(Holder::Agent(AgentId(agent))),
        (_, Some(customer)) => Some(Holder::Customer(CustomerId(customer))),
        (None, None) => None,
    }))
}

/// Gives a free address to somebody; answers `false`, and changes nothing, if it is not free.
///
/// # Errors
/// What the database says.
pub async fn give(tx: &mut Tx, email: &str, to: Holder, position: i64) -> Result<bool> {
    let (agent, customer) = match to {
        Holder::Agent(agent) => (Some(agent), None),
        Holder::Customer(customer) => (None, Some(customer)),
    };
    let given = tx
        .execute(Sql::new(
            "INSERT INTO address (email, agent_id, customer_id, position) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING",
            args![email, agent, customer, position],
        ))
        .await?;
    Ok(given == 1)
}
