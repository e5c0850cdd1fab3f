//! The automatic rule: a customer without an organization joins the one that lists the domain of their address; for an
//! unknown company's domain one is made, if the workspace wants that. Public mail providers never make one.

use super::insert;
use crate::{
    args,
    db::{Read, Sql, Tx},
    keys,
    service::events::Author,
};
use domain::{Result, customer::is_public_mail_domain, id::OrganizationId, organization::NewOrganization};

/// The organization that the holder of a normalised address joins; it is made if the rule says so.
///
/// # Errors
/// What the database says.
pub async fn of_address(tx: &mut Tx, by: &Author, email: &str) -> Result<Option<OrganizationId>> {
    let Some((_, domain)) = email.rsplit_once('@') else { return Ok(None) };
    if let Some(id) = of_domain(tx, domain).await? {
        return Ok(Some(id));
    }
    let (auto,): (bool,) = tx.one(Sql::new("SELECT auto_organizations FROM workspace", args![])).await?;
    if !auto || is_public_mail_domain(domain) {
        return Ok(None);
    }
    // Two new customers of one company may come at the same moment: one makes the organization, the other waits here.
    let mut lock = Sql::build("SELECT id FROM workspace");
    lock.push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    if let Some(id) = of_domain(tx, domain).await? {
        return Ok(Some(id));
    }
    let domains = vec![domain.to_owned()];
    for name in [name_of(domain), domain.to_owned()] {
        let sql = "SELECT id FROM organization WHERE name_key = $1";
        let namesake: Option<(i64,)> = tx.optional(Sql::new(sql, args![keys::fold(&name)])).await?;
        if namesake.is_none() {
            let new = NewOrganization { name, domains, ..NewOrganization::default() };
            return Ok(Some(insert(tx, by, &new).await?));
        }
    }
    Ok(None)
}

async fn of_domain(tx: &mut Tx, domain: &str) -> Result<Option<OrganizationId>> {
    let sql = "SELECT organization_id FROM organization_domain WHERE domain = $1";
    let row: Option<(i64,)> = tx.optional(Sql::new(sql, args![domain])).await?;
    Ok(row.map(|(id,)| OrganizationId(id)))
}

/// The name that a company's domain suggests: `acme-tools.co.uk` is Acme Tools.
fn name_of(domain: &str) -> String {
    let labels: Vec<&str> = domain.split('.').collect();
    // `co.uk`, `com.br` and the like count as one ending.
    let generic = ["co", "com", "org", "net", "gov", "edu", "ac"];
    let ending = match labels.as_slice() {
        [.., second, top] if labels.len() > 2 && top.len() == 2 && generic.contains(second) => 2,
        _ => 1,
    };
    let name = labels.len().checked_sub(ending + 1).and_then(|index| labels.get(index)).copied().unwrap_or(domain);
    let words = name.split('-').filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_domain_suggests_a_name() {
        for (domain, name) in [
            ("acme.com", "Acme"),
            ("mail.acme.com", "Acme"),
            ("acme-tools.co.uk", "Acme Tools"),
            ("acme.com.br", "Acme"),
            ("co.uk", "Co"),
            ("éclair.fr", "Éclair"),
        ] {
            assert_eq!(name_of(domain), name, "{domain}");
        }
    }
}
