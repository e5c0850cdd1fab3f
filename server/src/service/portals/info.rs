//! What a portal is: its name and look.

use crate::{
    db::{Db, Read, Sql},
    service::apps,
};
use domain::{
    Error, Result,
    id::{FileId, PortalId},
    language::Language,
    portal::PortalInfo,
};

#[derive(sqlx::FromRow)]
struct InfoRow {
    id: i64,
    slug: String,
    name: String,
    colour: String,
    logo_id: Option<i64>,
    language: String,
    look: String,
}

impl InfoRow {
    fn info(self) -> PortalInfo {
        let look = apps::look(self.id, &self.look);
        PortalInfo {
            id: PortalId(self.id),
            slug: self.slug,
            name: self.name,
            colour: look.colour.unwrap_or(self.colour),
            logo: self.logo_id.map(FileId),
            language: Language::from_tag(&self.language).unwrap_or_default(),
            texts: look.texts,
        }
    }
}

const COLUMNS: &str = "SELECT portal.id, portal.slug, CASE WHEN portal.name = '' THEN workspace.name ELSE portal.name END AS name, \
                       workspace.colour, workspace.logo_id, workspace.language, portal.look FROM portal CROSS JOIN workspace ";

/// The portal of a slug that is there for customers.
pub async fn by_slug(mut db: Db, slug: &str) -> Result<PortalInfo> {
    let mut sql = Sql::build(COLUMNS);
    sql.push("WHERE portal.enabled AND portal.slug = ").bind(slug.to_owned());
    let found: Option<InfoRow> = db.optional(sql).await?;
    found.map(InfoRow::info).ok_or_else(Error::not_found)
}

/// The oldest portal that is there for customers.
pub async fn first(mut db: Db) -> Result<PortalInfo> {
    let mut sql = Sql::build(COLUMNS);
    sql.push("WHERE portal.enabled ORDER BY portal.id LIMIT 1");
    let found: Option<InfoRow> = db.optional(sql).await?;
    found.map(InfoRow::info).ok_or_else(Error::not_found)
}
