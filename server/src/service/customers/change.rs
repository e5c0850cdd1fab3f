//! Changing a customer.

use super::{read, store};
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Result,
    customer::{Customer, CustomerPatch, PortalAccess},
    error::Check,
    event::Subject,
    id::CustomerId,
    limits,
    patch::Patch,
};

/// A change with everything trimmed and all addresses normalised.
pub(super) fn check(mut patch: CustomerPatch) -> Result<CustomerPatch> {
    let mut check = Check::new();
    for (text, most, field) in [
        (&mut patch.first_name, limits::NAME, "first_name"),
        (&mut patch.last_name, limits::NAME, "last_name"),
        (&mut patch.phone, limits::LINE, "phone"),
        (&mut patch.job_title, limits::LINE, "job_title"),
        (&mut patch.notes, limits::NOTES, "notes"),
    ] {
        if let Patch::Set(text) = text {
            *text = text.trim().to_owned();
            check.at_most(text, most, field);
        }
    }
    if let Patch::Set(emails) = &mut patch.emails {
        *emails = store::check_emails(&mut check, emails);
    }
    check.done()?;
    Ok(patch)
}

/// Applies a checked change, with an event for each field that really changes.
pub(super) async fn apply(tx: &mut Tx, by: &Author, id: CustomerId, patch: CustomerPatch) -> Result<()> {
    let mut lock = Sql::build("SELECT id FROM customer WHERE id = ");
    lock.bind(id).push(tx.engine().for_update());
    tx.one::<(i64,)>(lock).await?;
    let old = read::get(tx, id).await?;
    let subject = Subject::Customer(id.0);

    let mut new = old.clone();
    for (field, patch, old, new) in [
        ("first_name", &patch.first_name, &old.first_name, &mut new.first_name),
        ("last_name", &patch.last_name, &old.last_name, &mut new.last_name),
        ("phone", &patch.phone, &old.phone, &mut new.phone),
        ("job_title", &patch.job_title, &old.job_title, &mut new.job_title),
        ("notes", &patch.notes, &old.notes, &mut new.notes),
    ] {
        if let Patch::Set(text) = patch
            && text != old
        {
            *new = text.clone();
            // Notes can be long; that they changed is enough.
            let (before, after) = if field == "notes" { ("", "") } else { (old.as_str(), text.as_str()) };
            tx.event(by.changed(subject, field, before, after));
        }
    }
    if let Patch::Set(language) = patch.language
        && language != old.language
    {
        new.language = language;
        tx.event(by.changed(subject, "language", old.language.name(), language.name()));
    }
    if let Patch::Set(main_contact) = patch.main_contact
        && main_contact != old.main_contact
    {
        new.main_contact = main_contact;
        tx.event(by.changed(subject, "main_contact", &old.main_contact.to_string(), &main_contact.to_string()));
    }
    if let Patch::Set(emails) = patch.emails
        && emails != old.emails
    {
        store::set_emails(tx, id, &emails).await?;
        tx.event(by.changed(subject, "emails", &old.emails.join(", "), &emails.join(", ")));
        new.emails = emails;
    }
    Check::new()
        .that(!new.first_name.is_empty() || !new.last_name.is_empty() || !new.emails.is_empty(), "emails", "error_required")
        .done()?;
    let organization = match patch.organization {
        Patch::Keep => old.organization.as_ref().map(|organization| organization.id),
        Patch::Set(organization) => {
            change_organization(tx, by, &old, organization).await?;
            organization
        }
    };
    tx.execute(Sql::new(
        "UPDATE customer SET first_name = $1, last_name = $2, phone = $3, job_title = $4, notes = $5, language = $6, \
         organization_id = $7, main_contact = $8 WHERE id = $9",
        args![
            &new.first_name,
            &new.last_name,
            &new.phone,
            &new.job_title,
            &new.notes,
            new.language.tag(),
            organization,
            new.main_contact,
            id
        ],
    ))
    .await?;
    if let Patch::Set(disabled) = patch.disabled {
        set_disabled(tx, by, &old, disabled).await?;
    }
    store::refresh_keys(tx, id).await
}

/// Notes that the organization changes. Items keep the organization that they were asked for: who joins a company does not
/// show its people what they asked before.
async fn change_organization(
    tx: &mut Tx,
    by: &Author,
    old: &Customer,
    organization: Option<domain::id::OrganizationId>,
) -> Result<()> {
    let (before, before_name) =
        old.organization.as_ref().map_or((None, ""), |organization| (Some(organization.id), organization.name.as_str()));
    if before == organization {
        return Ok(());
    }
    let mut name = String::new();
    if let Some(id) = organization {
        store::check_organization(tx, id).await?;
        (name,) = tx.one(Sql::new("SELECT name FROM organization WHERE id = $1", args![id])).await?;
    }
    tx.event(by.changed(Subject::Customer(old.id.0), "organization", before_name, &name));
    Ok(())
}

async fn set_disabled(tx: &mut Tx, by: &Author, old: &Customer, disabled: bool) -> Result<()> {
    let subject = Subject::Customer(old.id.0);
    if disabled == (old.access == PortalAccess::Disabled) {
        return Ok(());
    }
    if disabled {
        tx.execute(Sql::new("UPDATE customer SET state = 'disabled' WHERE id = $1", args![old.id])).await?;
        store::lock_out(tx, old.id).await?;
        tx.event(by.event(subject, "disabled"));
    } else {
        // Who had confirmed an address has a password; the others begin anew.
        tx.execute(Sql::new(
            "UPDATE customer SET state = CASE WHEN password_hash IS NULL THEN 'none' ELSE 'active' END WHERE id = $1",
            args![old.id],
        ))
        .await?;
        tx.event(by.event(subject, "enabled"));
    }
    Ok(())
}
