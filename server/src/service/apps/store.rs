//! Customer apps in the database.

use super::rules;
use crate::{
    args,
    db::{Read, Sql, Tx},
    service::events::Author,
};
use domain::{
    Error, ErrorCode, Result,
    event::Subject,
    id::PortalId,
    limits,
    portal::{
        app::{AppKind, AppSettings, CustomerApp, NewApp, PortalLook},
        rules::PortalRules,
    },
    time::Timestamp,
};
use serde::Serialize;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    kind: String,
    name: String,
    slug: String,
    enabled: bool,
    rules: String,
    look: String,
    version: i64,
    created_at: i64,
}

const COLUMNS: &str = "SELECT id, kind, name, slug, enabled, rules, look, version, created_at FROM portal";

impl Row {
    fn app(self) -> CustomerApp {
        CustomerApp {
            id: PortalId(self.id),
            kind: AppKind::from_key(&self.kind).unwrap_or_default(),
            name: self.name,
            slug: self.slug,
            enabled: self.enabled,
            rules: rules::read(self.id, &self.rules),
            look: look(self.id, &self.look),
            version: self.version,
            created_at: Timestamp(self.created_at),
        }
    }
}

/// What is kept of looks; what cannot be read is as in a new portal.
pub fn look(portal: i64, kept: &str) -> PortalLook {
    serde_json::from_str(kept).unwrap_or_else(|error| {
        tracing::error!(portal, %error, "the looks of a portal cannot be read");
        PortalLook::default()
    })
}

pub(super) async fn all(db: &mut impl Read) -> Result<Vec<CustomerApp>> {
    let mut sql = Sql::build(COLUMNS);
    sql.push(" ORDER BY id");
    let rows: Vec<Row> = db.all(sql).await?;
    Ok(rows.into_iter().map(Row::app).collect())
}

pub(super) async fn one(db: &mut impl Read, app: PortalId) -> Result<CustomerApp> {
    let mut sql = Sql::build(COLUMNS);
    sql.push(" WHERE id = ").bind(app);
    let row: Option<Row> = db.optional(sql).await?;
    row.map(Row::app).ok_or_else(Error::not_found)
}

pub(super) async fn create(tx: &mut Tx, by: &Author, app: &NewApp) -> Result<CustomerApp> {
    let (apps,): (i64,) = tx.one(Sql::new("SELECT COUNT(*) FROM portal", args![])).await?;
    if usize::try_from(apps).is_ok_and(|apps| apps >= limits::APPS) {
        return Err(Error::invalid("error_too_many_apps").with("max", limits::APPS));
    }
    let now = tx.now;
    let sql = "INSERT INTO portal (kind, name, slug, rules, look, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (slug) DO NOTHING RETURNING id";
    let (rules, look) = (json(&PortalRules::default())?, json(&PortalLook::default())?);
    let values = args![app.kind.key(), &app.name, &app.slug, rules, look, now];
    let (id,): (i64,) = tx.optional(Sql::new(sql, values)).await?.ok_or_else(slug_taken)?;
    let mut event = by.event(Subject::Portal(id), "created");
    event.text.1.clone_from(&app.slug);
    tx.event(event);
    one(tx, PortalId(id)).await
}

pub(super) async fn change(tx: &mut Tx, by: &Author, id: PortalId, version: i64, settings: AppSettings) -> Result<CustomerApp> {
    let old = hold(tx, id).await?;
    if old.version != version {
        return Err(Error::new(ErrorCode::Conflict, "error_conflict"));
    }
    let before = old.settings();
    if before == settings {
        return Ok(old);
    }
    let namesake = Sql::new("SELECT id FROM portal WHERE slug = $1 AND id <> $2", args![&settings.slug, id]);
    if tx.optional::<(i64,)>(namesake).await?.is_some() {
        return Err(slug_taken());
    }
    let sql = "UPDATE portal SET name = $1, slug = $2, enabled = $3, rules = $4, look = $5, version = version + 1 WHERE id = $6";
    let (rules, look) = (json(&settings.rules)?, json(&settings.look)?);
    let values = args![&settings.name, &settings.slug, settings.enabled, &rules, &look, id];
    tx.execute(Sql::new(sql, values)).await?;
    for (field, old, new) in [
        ("name", before.name, settings.name),
        ("slug", before.slug, settings.slug),
        ("enabled", before.enabled.to_string(), settings.enabled.to_string()),
        ("rules", json(&before.rules)?, rules),
        ("look", json(&before.look)?, look),
    ] {
        if old != new {
            tx.event(by.changed(Subject::Portal(id.0), field, &old, &new));
        }
    }
    one(tx, id).await
}

pub(super) async fn delete(tx: &mut Tx, by: &Author, id: PortalId) -> Result<()> {
    // Two who delete the last two must not both succeed.
    let mut lock = Sql::build("SELECT id FROM portal ORDER BY id");
    lock.push(tx.engine().for_update());
    let all: Vec<(i64,)> = tx.all(lock).await?;
    let old = one(tx, id).await?;
    if all.len() < 2 {
        return Err(Error::new(ErrorCode::Conflict, "error_last_portal"));
    }
    tx.execute(Sql::new("DELETE FROM portal WHERE id = $1", args![id])).await?;
    let mut event = by.event(Subject::Portal(id.0), "deleted");
    event.text.0 = old.slug;
    tx.event(event);
    Ok(())
}

/// An app, which is held until the transaction ends.
async fn hold(tx: &mut Tx, id: PortalId) -> Result<CustomerApp> {
    let mut sql = Sql::build(COLUMNS);
    sql.push(" WHERE id = ").bind(id).push(tx.engine().for_update());
    let row: Option<Row> = tx.optional(sql).await?;
    row.map(Row::app).ok_or_else(Error::not_found)
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| {
        tracing::error!(%error, "settings of a portal cannot be written");
        Error::internal()
    })
}

fn slug_taken() -> Error {
    Error::field("slug", "error_slug_taken")
}
