//! Brings the keys that lists sort and search by up to date when a customer's name or addresses change.

use crate::{
    args,
    db::{Read, Sql, Tx},
    keys,
};
use domain::{Result, id::CustomerId};

/// Makes the keys of a customer and of their items anew from what the database now has.
///
/// # Errors
/// Not found, if there is no such customer.
pub async fn rekey(tx: &mut Tx, customer: CustomerId) -> Result<()> {
    let (first, last): (String, String) =
        tx.one(Sql::new("SELECT first_name, last_name FROM customer WHERE id = $1", args![customer])).await?;
    let emails: Vec<(String,)> =
        tx.all(Sql::new("SELECT email FROM address WHERE customer_id = $1 ORDER BY position, email", args![customer])).await?;
    let emails: Vec<String> = emails.into_iter().map(|(email,)| email).collect();
    let keys = keys::customer(&first, &last, &emails);
    tx.execute(Sql::new(
        "UPDATE customer SET name_key = $1, search_key = $2 WHERE id = $3",
        args![&keys.name_key, &keys.search_key, customer],
    ))
    .await?;
    // The same as `keys::item_search`, with each item's own title.
    tx.execute(Sql::new(
        "UPDATE item SET requester_key = $1, search_key = title_key || $2 WHERE requester_id = $3",
        args![keys.name_key, keys::item_search("", &keys.search_key), customer],
    ))
    .await?;
    Ok(())
}
