//! Reading organizations: lists, suggestions, one in full.

use crate::{
    args,
    db::{Db, Read, Sql, push_filter},
    service::keyset,
};
use domain::{
    Result,
    actor::Actor,
    filter::{Viewer, policy},
    id::OrganizationId,
    organization::{Organization, OrganizationRef, OrganizationRow},
    page::{Page, PageQuery},
    time::Timestamp,
};
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    name_key: String,
    members: i64,
    open_items: i64,
}

pub(super) async fn list(db: &Db, actor: &Actor, query: &PageQuery) -> Result<Page<OrganizationRow>> {
    let limit = keyset::limit(query);
    let search = keyset::search(&query.search)?;
    let mut sql = Sql::build(
        "SELECT organization.id, organization.name, organization.name_key, \
         (SELECT COUNT(*) FROM customer WHERE customer.organization_id = organization.id) AS members, \
         (SELECT COUNT(*) FROM item WHERE item.organization_id = organization.id AND item.category <> 'done' AND ",
    );
    push_filter(&mut sql, db.engine(), &policy::permission(actor), &Viewer::of(actor, db.now()));
    sql.push(") AS open_items FROM organization WHERE ");
    push_search(&mut sql, db, &search);
    if let Some((key, id)) = keyset::after::<(String, i64)>(query)? {
        sql.push(" AND (organization.name_key, organization.id) > (").bind(key).push(", ").bind(id).push(")");
    }
    sql.push(" ORDER BY organization.name_key, organization.id LIMIT ").bind(limit + 1);
    let rows: Vec<Row> = db.clone().all(sql).await?;
    let page = keyset::page(rows, limit, |row| (row.name_key.clone(), row.id));
    let mut domains = domains_of(&mut db.clone(), page.rows.iter().map(|row| row.id)).await?;
    Ok(keyset::map(page, |row| OrganizationRow {
        id: OrganizationId(row.id),
        name: row.name,
        domains: domains.remove(&row.id).unwrap_or_default(),
        members: row.members,
        open_items: row.open_items,
    }))
}

fn push_search(sql: &mut Sql, db: &Db, search: &str) {
    if search.is_empty() {
        sql.push("TRUE");
        return;
    }
    let position = db.engine().position();
    sql.push("(").push(position).push("(organization.name_key, ").bind(search);
    sql.push(") > 0 OR organization.id IN (SELECT organization_id FROM organization_domain WHERE ");
    sql.push(position).push("(domain, ").bind(search).push(") > 0))");
}

async fn domains_of(db: &mut impl Read, ids: impl Iterator<Item = i64>) -> Result<HashMap<i64, Vec<String>>> {
    let mut sql = Sql::build("SELECT organization_id, domain FROM organization_domain WHERE organization_id IN (");
    sql.bind_all(ids).push(") ORDER BY domain");
    let rows: Vec<(i64, String)> = db.all(sql).await?;
    let mut domains: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, domain) in rows {
        domains.entry(id).or_default().push(domain);
    }
    Ok(domains)
}

pub(super) async fn suggest(db: &Db, text: &str) -> Result<Vec<OrganizationRef>> {
    let search = keyset::search(text)?;
    let mut sql = Sql::build("SELECT id, name FROM organization WHERE ");
    push_search(&mut sql, db, &search);
    sql.push(" ORDER BY name_key, id LIMIT 20");
    let rows: Vec<(i64, String)> = db.clone().all(sql).await?;
    Ok(rows.into_iter().map(|(id, name)| OrganizationRef { id: OrganizationId(id), name }).collect())
}

/// One organization in full.
pub(super) async fn get(db: &mut impl Read, id: OrganizationId) -> Result<Organization> {
    let sql = "SELECT name, address, notes, created_at FROM organization WHERE id = $1";
    let (name, address, notes, created_at): (String, String, String, i64) = db.one(Sql::new(sql, args![id])).await?;
    let domains = domains_of(db, [id.0].into_iter()).await?.remove(&id.0).unwrap_or_default();
    Ok(Organization { id, name, domains, address, notes, created_at: Timestamp(created_at) })
}
