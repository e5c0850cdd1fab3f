//! Making and changing organizations.

use super::read;
use crate::{
    args,
    db::{Read, Sql, Tx},
    keys,
    service::events::Author,
};
use domain::{
    Error, Result,
    customer::is_public_mail_domain,
    error::Check,
    event::Subject,
    id::OrganizationId,
    limits,
    organization::{NewOrganization, OrganizationPatch},
    patch::Patch,
    text::normalize_domain,
};

/// A new organization with everything trimmed and its domains normalised.
pub(super) fn check(new: NewOrganization) -> Result<NewOrganization> {
    let mut check = Check::new();
    let new = NewOrganization {
        name: new.name.trim().to_owned(),
        domains: check_domains(&mut check, &new.domains),
        address: new.address.trim().to_owned(),
        notes: new.notes.trim().to_owned(),
    };
    check_texts(&mut check, Some(&new.name), Some(&new.address), Some(&new.notes));
    check.done()?;
    Ok(new)
}

/// A change with everything trimmed and its domains normalised.
pub(super) fn check_patch(mut patch: OrganizationPatch) -> Result<OrganizationPatch> {
    let mut check = Check::new();
    for text in [&mut patch.name, &mut patch.address, &mut patch.notes] {
        if let Patch::Set(text) = text {
            *text = text.trim().to_owned();
        }
    }
    if let Patch::Set(domains) = &mut patch.domains {
        *domains = check_domains(&mut check, domains);
    }
    check_texts(&mut check, patch.name.as_set(), patch.address.as_set(), patch.notes.as_set());
    check.done()?;
    Ok(patch)
}

fn check_texts(check: &mut Check, name: Option<&String>, address: Option<&String>, notes: Option<&String>) {
    if let Some(name) = name {
        check.not_empty(name, "name").at_most(name, limits::NAME, "name");
    }
    if let Some(address) = address {
        check.at_most(address, limits::NOTES, "address");
    }
    if let Some(notes) = notes {
        check.at_most(notes, limits::NOTES, "notes");
    }
}

fn check_domains(check: &mut Check, domains: &[String]) -> Vec<String> {
    let mut good: Vec<String> = Vec::new();
    for text in domains.iter().filter(|text| !text.trim().is_empty()) {
        match normalize_domain(text) {
            Some(domain) => {
                check.that(!is_public_mail_domain(&domain), "domains", "error_domain_public");
                if !good.contains(&domain) {
                    good.push(domain);
                }
            }
            None => {
                check.that(false, "domains", "error_domain");
            }
        }
    }
    check.that(good.len() <= limits::DOMAINS, "domains", "error_too_many_values");
    good.sort();
    good
}

/// Makes an organization ([`check`]ed before); customers without one whose domain is listed join it.
///
/// # Errors
/// A name or a domain that another organization has.
pub(crate) async fn insert(tx: &mut Tx, by: &Author, new: &NewOrganization) -> Result<OrganizationId> {
    let now = tx.now;
    let row: Option<(i64,)> = tx
        .optional(Sql::new(
            "INSERT INTO organization (name, name_key, address, notes, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (name_key) DO NOTHING RETURNING id",
            args![&new.name, keys::fold(&new.name), &new.address, &new.notes, now],
        ))
        .await?;
    let (id,) = row.ok_or_else(name_taken)?;
    let mut event = by.event(Subject::Organization(id), "created");
    event.text.1.clone_from(&new.name);
    tx.event(event);
    let id = OrganizationId(id);
    add_domains(tx, by, id, &new.name, &new.domains).await?;
    Ok(id)
}

fn name_taken() -> Error {
    Error::field("name", "error_name_taken")
}

async fn add_domains(tx: &mut Tx, by: &Author, id: OrganizationId, name: &str, domains: &[String]) -> Result<()> {
    for domain in domains {
        let added = tx
            .execute(Sql::new(
                "INSERT INTO organization_domain (domain, organization_id) VALUES ($1, $2) ON CONFLICT (domain) DO NOTHING",
                args![domain, id],
            ))
            .await?;
        if added == 0 {
            return Err(Error::field("domains", "error_domain_taken").with("domain", domain));
        }
        // A checked domain holds none of LIKE's wild cards.
        let joined: Vec<(i64,)> = tx
            .all(Sql::new(
                "UPDATE customer SET organization_id = $1 WHERE organization_id IS NULL AND id IN \
                 (SELECT customer_id FROM address WHERE position = 0 AND email LIKE $2) RETURNING id",
                args![id, format!("%@{domain}")],
            ))
            .await?;
        for (customer,) in joined {
            tx.event(by.changed(Subject::Customer(customer), "organization", "", name));
        }
    }
    Ok(())
}

/// Applies a checked change, with an event for each field that really changes.
pub(super) async fn apply(tx: &mut Tx, by: &Author, id: OrganizationId, patch: OrganizationPatch) -> Result<()> {
    let mut lock = Sql::build("SELECT id FROM organization WHERE id = ");
    lock.bind(id).push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    let old = read::get(tx, id).await?;
    let subject = Subject::Organization(id.0);
    let mut new = old.clone();
    if let Patch::Set(name) = patch.name
        && name != old.name
    {
        let key = keys::fold(&name);
        let namesake = "SELECT id FROM organization WHERE name_key = $1 AND id <> $2";
        if tx.optional::<(i64,)>(Sql::new(namesake, args![&key, id])).await?.is_some() {
            return Err(name_taken());
        }
        tx.execute(Sql::new("UPDATE organization SET name = $1, name_key = $2 WHERE id = $3", args![&name, key, id])).await?;
        tx.event(by.changed(subject, "name", &old.name, &name));
        new.name = name;
    }
    for (field, patch, old, new) in
        [("address", &patch.address, &old.address, &mut new.address), ("notes", &patch.notes, &old.notes, &mut new.notes)]
    {
        if let Patch::Set(text) = patch
            && text != old
        {
            new.clone_from(text);
            tx.event(by.changed(subject, field, "", ""));
        }
    }
    tx.execute(Sql::new("UPDATE organization SET address = $1, notes = $2 WHERE id = $3", args![&new.address, &new.notes, id]))
        .await?;
    if let Patch::Set(domains) = patch.domains
        && domains != old.domains
    {
        for gone in old.domains.iter().filter(|domain| !domains.contains(domain)) {
            tx.execute(Sql::new("DELETE FROM organization_domain WHERE domain = $1", args![gone])).await?;
        }
        let added: Vec<String> = domains.iter().filter(|domain| !old.domains.contains(domain)).cloned().collect();
        add_domains(tx, by, id, &new.name, &added).await?;
        tx.event(by.changed(subject, "domains", &old.domains.join(", "), &domains.join(", ")));
    }
    Ok(())
}
