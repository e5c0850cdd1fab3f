//! The rules of portals as they are kept, and those that hold for customers.

use crate::{
    args,
    db::{Read, Sql},
};
use domain::{
    Result,
    id::PortalId,
    portal::{OpenPortal, rules::PortalRules},
};

/// What is kept of rules. What cannot be read shows nothing: a mistake must not open a portal wider.
pub(super) fn read(portal: i64, kept: &str) -> PortalRules {
    serde_json::from_str(kept).unwrap_or_else(|error| {
        tracing::error!(portal, %error, "the rules of a portal cannot be read; it shows nothing");
        PortalRules { theirs: false, of_projects: false, properties: Vec::new(), filters: Vec::new(), ..PortalRules::default() }
    })
}

type Row = (i64, String, String);

fn portals(rows: Vec<Row>) -> Vec<OpenPortal> {
    let portal = |(id, slug, rules): Row| OpenPortal { id: PortalId(id), slug, rules: read(id, &rules) };
    rows.into_iter().map(portal).collect()
}

/// The portals that are there for customers, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn open(db: &mut impl Read) -> Result<Vec<OpenPortal>> {
    Ok(portals(db.all(Sql::new("SELECT id, slug, rules FROM portal WHERE enabled ORDER BY id", args![])).await?))
}

/// The portals whose rules say who is told by mail: all of them, because one that is switched off closes its door and says nothing of what
/// its customers may know. Those that are on come first: mails lead there.
///
/// # Errors
/// What the database says.
pub async fn for_mail(db: &mut impl Read) -> Result<Vec<OpenPortal>> {
    Ok(portals(db.all(Sql::new("SELECT id, slug, rules FROM portal ORDER BY enabled DESC, id", args![])).await?))
}
