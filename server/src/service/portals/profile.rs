//! The customer's own data.

use crate::{
    args,
    db::{Db, NewEvent, Read, Sql, Tx},
    service::{accounts::agents::is_time_zone, customers, items, rates},
};
use domain::{
    Result,
    actor::{CustomerActor, Party},
    error::Check,
    event::Subject,
    id::CustomerId,
    language::Language,
    limits,
    portal::{
        PortalMe, PortalOffers, PortalProfilePatch,
        rules::{PortalFilter, Property},
    },
    text::display_name,
    types::TicketType,
};

#[derive(sqlx::FromRow)]
struct Row {
    first_name: String,
    last_name: String,
    phone: String,
    job_title: String,
    language: String,
    time_zone: String,
    has_password: bool,
    organization: Option<String>,
    email: Option<String>,
}

/// The customer who is signed in, and what the portal they are in offers.
pub async fn me(db: &mut impl Read, customer: &CustomerActor) -> Result<PortalMe> {
    let rules = &customer.portal()?.rules;
    let told = rules.ever_shows(Property::Type);
    let types = items::types(db).await?.into_iter().filter(|kind| told && kind.enabled && rules.shows(kind.id));
    let types = types.map(|kind| TicketType { statuses: Vec::new(), ..kind }).collect();
    let filters = PortalFilter::ALL.into_iter().filter(|filter| rules.offers(*filter)).collect();
    let offers = PortalOffers { may: rules.may, filters, types };
    let row: Row = db
        .one(Sql::new(
            "SELECT customer.first_name, customer.last_name, customer.phone, customer.job_title, customer.language, \
             customer.time_zone, customer.password_hash IS NOT NULL AS has_password, organization.name AS organization, \
             (SELECT email FROM address WHERE address.customer_id = customer.id ORDER BY position, email LIMIT 1) AS email \
             FROM customer LEFT JOIN organization ON organization.id = customer.organization_id WHERE customer.id = $1",
            args![customer.id],
        ))
        .await?;
    Ok(PortalMe {
        id: customer.id,
        name: display_name(&row.first_name, &row.last_name, row.email.as_deref()),
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email.unwrap_or_default(),
        phone: row.phone,
        job_title: row.job_title,
        language: Language::from_tag(&row.language).unwrap_or_default(),
        time_zone: row.time_zone,
        organization: row.organization.unwrap_or_default(),
        has_password: row.has_password,
        offers,
    })
}

/// Changes the customer's own data.
pub async fn change(db: &Db, customer: &CustomerActor, patch: PortalProfilePatch) -> Result<PortalMe> {
    check(&patch)?;
    let customer = customer.clone();
    db.write(move |tx| {
        Box::pin(async move {
            rates::count(tx, rates::CHANGES_CUSTOMER, &rates::person(Party::Customer(customer.id))).await?;
            let before = me(tx, &customer).await?;
            apply(tx, customer.id, &patch).await?;
            let after = me(tx, &customer).await?;
            note(tx, &before, &after);
            Ok(after)
        })
    })
    .await
}

fn check(patch: &PortalProfilePatch) -> Result<()> {
    let mut check = Check::new();
    let texts = [
        (&patch.first_name, limits::NAME, "first_name"),
        (&patch.last_name, limits::NAME, "last_name"),
        (&patch.phone, limits::LINE, "phone"),
        (&patch.job_title, limits::LINE, "job_title"),
    ];
    for (text, max, field) in texts {
        if let Some(text) = text.as_set() {
            check.at_most(text, max, field).that(!text.contains(char::is_control), field, "error_one_line");
        }
    }
    if let Some(zone) = patch.time_zone.as_set() {
        let known = zone.is_empty() || is_time_zone(zone);
        check.that(known, "time_zone", "error_time_zone");
    }
    check.done()
}

async fn apply(tx: &mut Tx, customer: CustomerId, patch: &PortalProfilePatch) -> Result<()> {
    let language = patch.language.as_set().map(|language| language.tag().to_owned());
    let texts = [
        ("UPDATE customer SET first_name = ", patch.first_name.as_set()),
        ("UPDATE customer SET last_name = ", patch.last_name.as_set()),
        ("UPDATE customer SET phone = ", patch.phone.as_set()),
        ("UPDATE customer SET job_title = ", patch.job_title.as_set()),
        ("UPDATE customer SET language = ", language.as_ref()),
        ("UPDATE customer SET time_zone = ", patch.time_zone.as_set()),
    ];
    for (update, text) in texts {
        if let Some(text) = text {
            let mut sql = Sql::build(update);
            sql.bind(text.trim()).push(" WHERE id = ").bind(customer);
            tx.execute(sql).await?;
        }
    }
    if patch.first_name.as_set().or(patch.last_name.as_set()).is_some() {
        customers::refresh_keys(tx, customer).await?;
    }
    Ok(())
}

/// Notes each field that is another now.
fn note(tx: &mut Tx, before: &PortalMe, after: &PortalMe) {
    let (old_language, new_language) = (before.language.tag().to_owned(), after.language.tag().to_owned());
    let fields = [
        ("first_name", &before.first_name, &after.first_name),
        ("last_name", &before.last_name, &after.last_name),
        ("phone", &before.phone, &after.phone),
        ("job_title", &before.job_title, &after.job_title),
        ("language", &old_language, &new_language),
        ("time_zone", &before.time_zone, &after.time_zone),
    ];
    for (field, old, new) in fields {
        if old != new {
            let mut event = NewEvent::new(Party::Customer(after.id), &after.name, Subject::Customer(after.id.0), "changed");
            event.field = field.to_owned();
            event.text = (old.clone(), new.clone());
            tx.event(event);
        }
    }
}
