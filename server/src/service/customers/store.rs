//! Customers in the database, for every door that makes or changes them: the application, registration, import, demo data.
//! Everything here is part of the caller's transaction.

use crate::{
    args,
    db::{Read, Sql, Tx},
    keys, search,
    service::{
        accounts::{codes, sessions},
        addresses::{self, Holder},
        events::Author,
        organizations,
    },
};
use domain::{
    Error, Result,
    customer::NewCustomer,
    error::Check,
    event::Subject,
    id::{CustomerId, OrganizationId},
    limits,
    session::Realm,
    text::normalize_email,
};

/// A new customer with everything trimmed and all addresses normalised, each once.
///
/// # Errors
/// Invalid, with what is wrong at which field.
pub fn check(new: NewCustomer) -> Result<NewCustomer> {
    let mut check = Check::new();
    let emails = check_emails(&mut check, &new.emails);
    let new = NewCustomer {
        first_name: new.first_name.trim().to_owned(),
        last_name: new.last_name.trim().to_owned(),
        emails,
        phone: new.phone.trim().to_owned(),
        job_title: new.job_title.trim().to_owned(),
        ..new
    };
    check
        .at_most(&new.first_name, limits::NAME, "first_name")
        .at_most(&new.last_name, limits::NAME, "last_name")
        .at_most(&new.phone, limits::LINE, "phone")
        .at_most(&new.job_title, limits::LINE, "job_title")
        .at_most(&new.notes, limits::NOTES, "notes");
    let somebody = !new.first_name.is_empty() || !new.last_name.is_empty() || !new.emails.is_empty();
    check.that(somebody, "emails", "error_required").done()?;
    Ok(new)
}

/// Addresses normalised, in order, each once; what is none is noted. Empty lines do not count.
pub(super) fn check_emails(check: &mut Check, emails: &[String]) -> Vec<String> {
    let mut good: Vec<String> = Vec::new();
    for email in emails.iter().filter(|email| !email.trim().is_empty()) {
        match normalize_email(email) {
            Some(email) if !good.contains(&email) => good.push(email),
            Some(_) => {}
            None => {
                check.that(false, "emails", "error_email");
            }
        }
    }
    check.that(good.len() <= limits::ADDRESSES, "emails", "error_too_many_values");
    good
}

/// Makes a customer ([`check`]ed before) who is `state` (`none`, `invited`, `active`) for the portal. Without an
/// organization the domain of the first address decides.
///
/// # Errors
/// An address that is somebody else's, an organization that is not there.
pub async fn create(tx: &mut Tx, by: &Author, new: &NewCustomer, state: &'static str) -> Result<CustomerId> {
    let id = insert(tx, by, new, state).await?;
    for (position, email) in (0..).zip(&new.emails) {
        if !addresses::give(tx, email, Holder::Customer(id), position).await? {
            return Err(taken());
        }
    }
    Ok(id)
}

fn taken() -> Error {
    Error::field("emails", "error_email_taken")
}

async fn insert(tx: &mut Tx, by: &Author, new: &NewCustomer, state: &'static str) -> Result<CustomerId> {
    let organization = match (new.organization, new.emails.first()) {
        (Some(id), _) => {
            check_organization(tx, id).await?;
            Some(id)
        }
        (None, Some(email)) => organizations::of_address(tx, by, email).await?,
        (None, None) => None,
    };
    let keys = keys::customer(&new.first_name, &new.last_name, &new.emails);
    let now = tx.now;
    let (id,): (i64,) = tx
        .one(Sql::new(
            "INSERT INTO customer (first_name, last_name, name_key, search_key, phone, job_title, organization_id, language, \
             notes, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
            args![
                &new.first_name,
                &new.last_name,
                keys.name_key,
                keys.search_key,
                &new.phone,
                &new.job_title,
                organization,
                new.language.tag(),
                &new.notes,
                state,
                now
            ],
        ))
        .await?;
    let mut event = by.event(Subject::Customer(id), "created");
    event.text.1 = keys.name;
    tx.event(event);
    Ok(CustomerId(id))
}

pub(super) async fn check_organization(tx: &mut Tx, id: OrganizationId) -> Result<()> {
    let there: Option<(i64,)> = tx.optional(Sql::new("SELECT id FROM organization WHERE id = $1", args![id])).await?;
    there.map(|_| ()).ok_or_else(|| Error::field("organization", "error_not_found"))
}

/// The addresses of a customer, the first first.
///
/// # Errors
/// What the database says.
pub async fn emails(db: &mut impl Read, id: CustomerId) -> Result<Vec<String>> {
    let sql = "SELECT email FROM address WHERE customer_id = $1 ORDER BY position, email";
    let rows: Vec<(String,)> = db.all(Sql::new(sql, args![id])).await?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}

/// Replaces the addresses of a customer. Call [`refresh_keys`] afterwards.
pub(super) async fn set_emails(tx: &mut Tx, id: CustomerId, new: &[String]) -> Result<()> {
    let old = emails(tx, id).await?;
    for email in old.iter().filter(|email| !new.contains(email)) {
        tx.execute(Sql::new("DELETE FROM address WHERE email = $1", args![email])).await?;
    }
    for (position, email) in (0_i64..).zip(new) {
        if old.contains(email) {
            tx.execute(Sql::new("UPDATE address SET position = $1 WHERE email = $2", args![position, email])).await?;
        } else if !addresses::give(tx, email, Holder::Customer(id), position).await? {
            return Err(taken());
        }
    }
    Ok(())
}

/// Makes the keys of a customer anew, and those of the items that they requested. To be called whenever a name or an
/// address has changed.
///
/// # Errors
/// What the database says.
pub async fn refresh_keys(tx: &mut Tx, id: CustomerId) -> Result<()> {
    let emails = emails(tx, id).await?;
    let (first, last, old_name, old_search): (String, String, String, String) =
        tx.one(Sql::new("SELECT first_name, last_name, name_key, search_key FROM customer WHERE id = $1", args![id])).await?;
    let keys = keys::customer(&first, &last, &emails);
    if (&keys.name_key, &keys.search_key) == (&old_name, &old_search) {
        return Ok(());
    }
    tx.execute(Sql::new(
        "UPDATE customer SET name_key = $1, search_key = $2 WHERE id = $3",
        args![&keys.name_key, &keys.search_key, id],
    ))
    .await?;
    tx.execute(Sql::new(
        "UPDATE item SET requester_key = $1, search_key = title_key || $2 WHERE requester_id = $3",
        args![&keys.name_key, keys::item_search("", &keys.search_key), id],
    ))
    .await?;
    let items: Vec<(i64,)> = tx.all(Sql::new("SELECT id FROM item WHERE requester_id = $1", args![id])).await?;
    search::index_items(tx, &items.into_iter().map(|(item,)| item).collect::<Vec<_>>()).await?;
    Ok(())
}

/// Ends all sessions of a customer and takes back the codes that were mailed to them.
pub(super) async fn lock_out(tx: &mut Tx, id: CustomerId) -> Result<()> {
    sessions::end_all(tx, Realm::Customer, id.0, None).await?;
    codes::revoke_all(tx, Realm::Customer, id.0).await
}
