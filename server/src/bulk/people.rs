//! Customers and their organizations, found or made, many at a time.

use super::{insert, insert_returning};
use crate::{
    args,
    db::{Arg, Read, Sql, Tx},
    keys,
    service::{events::Author, organizations},
};
use domain::{
    Result,
    event::Subject,
    id::{CustomerId, OrganizationId},
    language::Language,
    limits,
    organization::NewOrganization,
    time::Timestamp,
};
use std::collections::HashMap;

/// Somebody to find or make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Address as it is kept; `None` if only a name is known.
    pub email: Option<String>,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Telephone number.
    pub phone: String,
    /// Job title.
    pub job_title: String,
    /// Organization, if it is known; otherwise the domain of the address decides.
    pub organization: Option<OrganizationId>,
    /// The language they read.
    pub language: Language,
    /// `none` or `active`, and then the hash of the password.
    pub password_hash: Option<String>,
    /// When they were made.
    pub created_at: Timestamp,
}

/// A customer who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The customer.
    pub id: CustomerId,
    /// Name to show.
    pub name: String,
    /// For sorting.
    pub name_key: String,
    /// For searching.
    pub search_key: String,
    /// Their organization.
    pub organization: Option<OrganizationId>,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    email: Option<String>,
    agent_id: Option<i64>,
    id: Option<i64>,
    first_name: Option<String>,
    last_name: Option<String>,
    name_key: Option<String>,
    search_key: Option<String>,
    organization_id: Option<i64>,
}

impl FoundRow {
    fn found(&self) -> Option<Found> {
        let name = |part: &Option<String>| part.clone().unwrap_or_default();
        Some(Found {
            id: CustomerId(self.id?),
            name: domain::text::display_name(&name(&self.first_name), &name(&self.last_name), self.email.as_deref()),
            name_key: name(&self.name_key),
            search_key: name(&self.search_key),
            organization: self.organization_id.map(OrganizationId),
        })
    }
}

/// The owners of these addresses; `None` where it is an agent's. Addresses that nobody has are not in the answer.
///
/// # Errors
/// What the database says.
pub async fn known_customers(db: &mut impl Read, emails: &[String]) -> Result<HashMap<String, Option<Found>>> {
    let mut known = HashMap::new();
    for some in emails.chunks(500) {
        let mut sql = Sql::build(
            "SELECT address.email, address.agent_id, customer.id, customer.first_name, customer.last_name, customer.name_key, \
             customer.search_key, customer.organization_id \
             FROM address LEFT JOIN customer ON customer.id = address.customer_id WHERE address.email IN (",
        );
        sql.bind_all(some).push(")");
        let rows: Vec<FoundRow> = db.all(sql).await?;
        for row in rows {
            let found = if row.agent_id.is_some() { None } else { row.found() };
            known.insert(row.email.unwrap_or_default(), found);
        }
    }
    Ok(known)
}

/// The customer of this name who has no address.
async fn nameless(tx: &mut Tx, name_key: &str) -> Result<Option<Found>> {
    let row: Option<FoundRow> = tx
        .optional(Sql::new(
            "SELECT address.email, address.agent_id, customer.id, customer.first_name, customer.last_name, customer.name_key, \
             customer.search_key, customer.organization_id \
             FROM customer LEFT JOIN address ON address.customer_id = customer.id \
             WHERE customer.name_key = $1 AND address.email IS NULL ORDER BY customer.id LIMIT 1",
            args![name_key],
        ))
        .await?;
    Ok(row.and_then(|row| row.found()))
}

/// Finds or makes each person, in order: the same address (or, without one, the same name) is the same person. `None` where
/// the address is an agent's. The organization of somebody who is there already stays.
///
/// # Errors
/// What the database says.
pub async fn resolve(tx: &mut Tx, people: Vec<Person>, by: &Author) -> Result<Vec<Option<Found>>> {
    let emails: Vec<String> = people.iter().filter_map(|person| person.email.clone()).collect();
    let mut known = known_customers(tx, &emails).await?;
    let mut named: HashMap<String, Found> = HashMap::new();
    let mut missing: Vec<Person> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for person in &people {
        let place = key_of(person);
        if places.contains_key(&place) || person.email.as_ref().is_some_and(|email| known.contains_key(email)) {
            continue;
        }
        if person.email.is_none()
            && let Some(found) = nameless(tx, &place).await?
        {
            named.insert(place, found);
            continue;
        }
        let mut person = person.clone();
        if person.organization.is_none()
            && let Some(email) = &person.email
        {
            person.organization = organizations::of_address(tx, by, email).await?;
        }
        places.insert(place, missing.len());
        missing.push(person);
    }
    let made = insert_customers(tx, &missing, by).await?;
    Ok(people
        .iter()
        .map(|person| {
            let place = key_of(person);
            match places.get(&place) {
                Some(index) => made.get(*index).cloned(),
                None => match &person.email {
                    Some(email) => known.get_mut(email).and_then(|found| found.clone()),
                    None => named.get(&place).cloned(),
                },
            }
        })
        .collect())
}

/// What makes two people the same. A folded name holds no line break, so it is never taken for an address.
fn key_of(person: &Person) -> String {
    match &person.email {
        Some(email) => format!("{email}\n"),
        None => keys::customer(&person.first_name, &person.last_name, &[]).name_key,
    }
}

/// Inserts customers whose addresses are free.
///
/// # Errors
/// What the database says.
pub async fn insert_customers(tx: &mut Tx, people: &[Person], by: &Author) -> Result<Vec<Found>> {
    let mut rows: Vec<Vec<Arg>> = Vec::with_capacity(people.len());
    let mut all_keys = Vec::with_capacity(people.len());
    for person in people {
        let keys = keys::customer(&person.first_name, &person.last_name, person.email.as_slice());
        let state = if person.password_hash.is_some() { "active" } else { "none" };
        rows.push(args![
            &person.first_name,
            &person.last_name,
            &keys.name_key,
            &keys.search_key,
            &person.phone,
            &person.job_title,
            person.organization,
            person.language.tag(),
            state,
            person.password_hash.clone(),
            person.created_at
        ]);
        all_keys.push(keys);
    }
    let mut ids: Vec<(i64,)> = insert_returning(
        tx,
        "INSERT INTO customer (first_name, last_name, name_key, search_key, phone, job_title, organization_id, language, state, \
         password_hash, created_at) VALUES",
        rows,
        " RETURNING id",
    )
    .await?;
    // Ids are given out in the order of the rows.
    ids.sort_unstable();
    let mut addresses = Vec::with_capacity(people.len());
    let mut found = Vec::with_capacity(people.len());
    for (((id,), person), keys) in ids.into_iter().zip(people).zip(all_keys) {
        if let Some(email) = &person.email {
            addresses.push(args![email, id]);
        }
        let mut event = by.event(Subject::Customer(id), "created");
        event.text.1.clone_from(&keys.name);
        event.at = Some(person.created_at);
        tx.event(event);
        found.push(Found {
            id: CustomerId(id),
            name: keys.name,
            name_key: keys.name_key,
            search_key: keys.search_key,
            organization: person.organization,
        });
    }
    insert(tx, "INSERT INTO address (email, customer_id) VALUES", addresses).await?;
    Ok(found)
}

/// The organization of this name; made if it is not there.
///
/// # Errors
/// What the database says.
pub async fn organization_named(tx: &mut Tx, name: &str, by: &Author) -> Result<OrganizationId> {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(limits::NAME).collect();
    let sql = "SELECT id FROM organization WHERE name_key = $1";
    let there: Option<(i64,)> = tx.optional(Sql::new(sql, args![keys::fold(&name)])).await?;
    match there {
        Some((id,)) => Ok(OrganizationId(id)),
        None => organizations::insert(tx, by, &NewOrganization { name, ..NewOrganization::default() }).await,
    }
}
