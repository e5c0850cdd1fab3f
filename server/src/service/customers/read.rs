//! Reading customers: lists, suggestions, one in full.

use super::store;
use crate::{
    args,
    db::{Db, Read, Sql, push_filter},
    service::keyset,
};
use domain::{
    Result,
    actor::Actor,
    customer::{Customer, CustomerRef, CustomerRow, PortalAccess},
    filter::{Viewer, policy},
    id::{CustomerId, OrganizationId},
    language::Language,
    organization::OrganizationRef,
    page::{Page, PageQuery},
    text::display_name,
    time::Timestamp,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    first_name: String,
    last_name: String,
    name_key: String,
    email: Option<String>,
    organization_id: Option<i64>,
    organization: Option<String>,
    state: String,
    created_at: i64,
    open_items: i64,
}

impl Row {
    fn customer(self) -> CustomerRow {
        CustomerRow {
            id: CustomerId(self.id),
            name: display_name(&self.first_name, &self.last_name, self.email.as_deref()),
            email: self.email,
            organization: organization(self.organization_id, self.organization),
            open_items: self.open_items,
            disabled: self.state == "disabled",
            created_at: Timestamp(self.created_at),
        }
    }
}

fn organization(id: Option<i64>, name: Option<String>) -> Option<OrganizationRef> {
    Some(OrganizationRef { id: OrganizationId(id?), name: name? })
}

/// The beginning of a statement for [`Row`]s, up to its WHERE.
fn select(db: &Db, actor: &Actor) -> Sql {
    let mut sql = Sql::build(
        "SELECT customer.id, customer.first_name, customer.last_name, customer.name_key, customer.state, customer.created_at, \
         (SELECT email FROM address WHERE customer_id = customer.id ORDER BY position LIMIT 1) AS email, \
         organization.id AS organization_id, organization.name AS organization, \
         (SELECT COUNT(*) FROM item WHERE item.requester_id = customer.id AND item.category <> 'done' AND ",
    );
    push_filter(&mut sql, db.engine(), &policy::permission(actor), &Viewer::of(actor, db.now()));
    sql.push(") AS open_items FROM customer LEFT JOIN organization ON organization.id = customer.organization_id WHERE ");
    sql
}

pub(super) async fn list(db: &Db, actor: &Actor, query: &PageQuery) -> Result<Page<CustomerRow>> {
    let limit = keyset::limit(query);
    let search = keyset::search(&query.search)?;
    let mut sql = select(db, actor);
    push_search(&mut sql, db, &search);
    if let Some((key, id)) = keyset::after::<(String, i64)>(query)? {
        sql.push(" AND (customer.name_key, customer.id) > (").bind(key).push(", ").bind(id).push(")");
    }
    sql.push(" ORDER BY customer.name_key, customer.id LIMIT ").bind(limit + 1);
    let rows: Vec<Row> = db.clone().all(sql).await?;
    let page = keyset::page(rows, limit, |row| (row.name_key.clone(), row.id));
    Ok(keyset::map(page, Row::customer))
}

/// Every word must be found.
fn push_search(sql: &mut Sql, db: &Db, search: &str) {
    sql.push("TRUE");
    for word in search.split_whitespace() {
        sql.push(" AND ").push(db.engine().position()).push("(customer.search_key, ").bind(word).push(") > 0");
    }
}

/// The members of an organization by name, at most 200.
pub(crate) async fn members(db: &Db, actor: &Actor, organization: OrganizationId) -> Result<Vec<CustomerRow>> {
    let mut sql = select(db, actor);
    sql.push("customer.organization_id = ").bind(organization).push(" ORDER BY customer.name_key, customer.id LIMIT 200");
    let rows: Vec<Row> = db.clone().all(sql).await?;
    Ok(rows.into_iter().map(Row::customer).collect())
}

pub(super) async fn suggest(db: &Db, text: &str) -> Result<Vec<CustomerRef>> {
    let search = keyset::search(text)?;
    let mut sql = Sql::build(
        "SELECT customer.id, customer.first_name, customer.last_name, \
         (SELECT email FROM address WHERE customer_id = customer.id ORDER BY position LIMIT 1) AS email \
         FROM (SELECT customer.id FROM customer WHERE customer.state <> 'disabled' AND ",
    );
    // Their ids first: an index has what is looked into.
    push_search(&mut sql, db, &search);
    sql.push(" ORDER BY customer.name_key, customer.id LIMIT 20) AS sought JOIN customer ON customer.id = sought.id ");
    sql.push("ORDER BY customer.name_key, customer.id");
    let rows: Vec<(i64, String, String, Option<String>)> = db.clone().all(sql).await?;
    let refs = rows.into_iter().map(|(id, first, last, email)| CustomerRef {
        id: CustomerId(id),
        name: display_name(&first, &last, email.as_deref()),
        email,
    });
    Ok(refs.collect())
}

#[derive(sqlx::FromRow)]
struct Full {
    first_name: String,
    last_name: String,
    phone: String,
    job_title: String,
    organization_id: Option<i64>,
    organization: Option<String>,
    language: String,
    time_zone: String,
    notes: String,
    main_contact: bool,
    state: String,
    created_at: i64,
}

/// One customer in full.
pub(super) async fn get(db: &mut impl Read, id: CustomerId) -> Result<Customer> {
    let row: Full = db
        .one(Sql::new(
            "SELECT first_name, last_name, phone, job_title, organization.id AS organization_id, \
             organization.name AS organization, language, time_zone, customer.notes, main_contact, state, customer.created_at \
             FROM customer LEFT JOIN organization ON organization.id = customer.organization_id WHERE customer.id = $1",
            args![id],
        ))
        .await?;
    Ok(Customer {
        id,
        first_name: row.first_name,
        last_name: row.last_name,
        emails: store::emails(db, id).await?,
        phone: row.phone,
        job_title: row.job_title,
        organization: organization(row.organization_id, row.organization),
        language: Language::from_tag(&row.language).unwrap_or_default(),
        time_zone: row.time_zone,
        notes: row.notes,
        main_contact: row.main_contact,
        access: match row.state.as_str() {
            "invited" => PortalAccess::Invited,
            "active" => PortalAccess::Active,
            "disabled" => PortalAccess::Disabled,
            _ => PortalAccess::None,
        },
        created_at: Timestamp(row.created_at),
    })
}
