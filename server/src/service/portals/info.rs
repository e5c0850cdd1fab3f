//! What a portal is: its name and look.

use crate::{
    args,
    db::{Db, Read, Sql},
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
}

impl InfoRow {
    fn info(self) -> PortalInfo {
        PortalInfo {
            id: PortalId(self.id),
            slug: self.slug,
            name: self.name,
            colour: self.colour,
            logo: self.logo_id.map(FileId),
            language: Language::from_tag(&self.language).unwrap_or_default(),
        }
    }
}

/// The portal of a slug.
pub async fn by_slug(mut db: Db, slug: &str) -> Result<PortalInfo> {
    let sql = Sql::new(
        "SELECT portal.id, portal.slug, workspace.name, workspace.colour, workspace.logo_id, workspace.language \
         FROM portal CROSS JOIN workspace WHERE portal.slug = $1",
        args![slug],
    );
    let found: Option<InfoRow> = db.optional(sql).await?;
    found.map(InfoRow::info).ok_or_else(Error::not_found)
}

/// The oldest portal.
pub async fn first(mut db: Db) -> Result<PortalInfo> {
    let sql = Sql::new(
        "SELECT portal.id, portal.slug, workspace.name, workspace.colour, workspace.logo_id, workspace.language \
         FROM portal CROSS JOIN workspace ORDER BY portal.id LIMIT 1",
        args![],
    );
    let found: Option<InfoRow> = db.optional(sql).await?;
    found.map(InfoRow::info).ok_or_else(Error::not_found)
}
