//! Rules about types and statuses: which one a new item gets, which one follows when the type changes.

use crate::{
    args,
    db::{Read, Sql},
};
use domain::{
    Error, Result,
    id::{StatusId, TypeId},
    types::Category,
};

/// A status with what an item keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusFacts {
    /// The status.
    pub id: StatusId,
    /// Its type.
    pub type_id: TypeId,
    /// Stable name of a seeded one.
    pub key: String,
    /// Name.
    pub name: String,
    /// What it means.
    pub category: Category,
    position: i64,
}

impl StatusFacts {
    /// Order of the status: category, then place in the type.
    #[must_use]
    pub fn rank(&self) -> i64 {
        let category = match self.category {
            Category::Todo => 0,
            Category::Waiting => 1,
            Category::Done => 2,
        };
        category * 1000 + self.position
    }
}

/// The statuses of a type, in the order of work.
///
/// # Errors
/// What the database says.
pub async fn of_type(db: &mut impl Read, type_id: TypeId) -> Result<Vec<StatusFacts>> {
    let rows: Vec<(i64, String, String, String, i64)> = db
        .all(Sql::new(
            "SELECT id, key, name, category, position FROM status WHERE type_id = $1 ORDER BY position, id",
            args![type_id],
        ))
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, key, name, category, position)| StatusFacts {
            id: StatusId(id),
            type_id,
            key,
            name,
            category: Category::from_key(&category).unwrap_or(Category::Todo),
            position,
        })
        .collect())
}

/// One status, if it is there.
pub(super) async fn one(db: &mut impl Read, status: StatusId) -> Result<Option<StatusFacts>> {
    let found: Option<(i64,)> = db.optional(Sql::new("SELECT type_id FROM status WHERE id = $1", args![status])).await?;
    let Some((type_id,)) = found else { return Ok(None) };
    Ok(of_type(db, TypeId(type_id)).await?.into_iter().find(|each| each.id == status))
}

/// The status that an item with `status` gets in another type: the one with the same key, or else the first of the same
/// category, or else the first.
#[must_use]
pub fn counterpart<'s>(status: &StatusFacts, others: &'s [StatusFacts]) -> Option<&'s StatusFacts> {
    let same = |other: &&StatusFacts| other.category == status.category;
    others
        .iter()
        .filter(same)
        .find(|other| !status.key.is_empty() && other.key == status.key)
        .or_else(|| others.iter().find(same))
        .or_else(|| others.first())
}

/// The status that an item gets when a customer answers it while it waits or is done: "open", or else the first of *todo*.
///
/// # Errors
/// Internal if the type has no status of *todo*.
pub async fn reopened(db: &mut impl Read, type_id: TypeId) -> Result<StatusId> {
    let statuses = of_type(db, type_id).await?;
    let todo = || statuses.iter().filter(|status| status.category == Category::Todo);
    todo().find(|status| status.key == "open").or_else(|| todo().next()).map(|status| status.id).ok_or_else(Error::internal)
}

/// The status that an item gets when a customer says that it is solved: "resolved", or else the first of *done*.
///
/// # Errors
/// Internal if the type has no status of *done*.
pub async fn solved(db: &mut impl Read, type_id: TypeId) -> Result<StatusId> {
    let statuses = of_type(db, type_id).await?;
    let done = || statuses.iter().filter(|status| status.category == Category::Done);
    done().find(|status| status.key == "resolved").or_else(|| done().next()).map(|status| status.id).ok_or_else(Error::internal)
}

/// The status that an item gets when it goes on in another one: "closed", or else the last of *done*.
pub(super) async fn closed(db: &mut impl Read, type_id: TypeId) -> Result<StatusId> {
    let statuses = of_type(db, type_id).await?;
    let done = || statuses.iter().filter(|status| status.category == Category::Done);
    done()
        .find(|status| status.key == "closed")
        .or_else(|| done().next_back())
        .map(|status| status.id)
        .ok_or_else(Error::internal)
}

/// The name of a type, if it exists, and whether it can be chosen.
pub(super) async fn type_name(db: &mut impl Read, type_id: TypeId) -> Result<Option<(String, bool)>> {
    Ok(db.optional(Sql::new("SELECT name, enabled FROM ticket_type WHERE id = $1", args![type_id])).await?)
}

/// The first type that can be chosen.
pub(super) async fn first_type(db: &mut impl Read) -> Result<TypeId> {
    let found: Option<(i64,)> =
        db.optional(Sql::new("SELECT id FROM ticket_type WHERE enabled = TRUE ORDER BY position, id LIMIT 1", args![])).await?;
    found.map(|(id,)| TypeId(id)).ok_or_else(|| Error::field("type", "error_choice"))
}
