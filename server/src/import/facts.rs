//! What an import has to know of the workspace: types and statuses, who the agents are, the name that the team goes by.

use crate::{
    args,
    db::{Read, Sql},
};
use domain::{
    Result,
    id::{AgentId, StatusId, TypeId},
    language::Language,
    types::Category,
};
use std::collections::HashMap;

/// A status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusFact {
    /// The status.
    pub id: StatusId,
    /// Stable name of a seeded one.
    pub key: String,
    /// Name.
    pub name: String,
    /// What it means.
    pub category: Category,
    /// Its place in the order of statuses.
    pub rank: i64,
}

/// A type with its statuses in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeFact {
    /// The type.
    pub id: TypeId,
    /// Stable name of a seeded one.
    pub key: String,
    /// Name.
    pub name: String,
    /// Can be chosen for new tickets.
    pub enabled: bool,
    /// Its statuses.
    pub statuses: Vec<StatusFact>,
}

/// The workspace as an import sees it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Types, in their order.
    pub types: Vec<TypeFact>,
    /// Agents by address.
    pub agents: HashMap<String, (AgentId, String)>,
    /// Name of the workspace.
    pub workspace: String,
    /// Its language: that of customers of whom none is known.
    pub language: Language,
    /// Whether unknown company domains become organizations.
    pub auto_organizations: bool,
}

#[derive(sqlx::FromRow)]
struct TypeRow {
    id: i64,
    key: String,
    name: String,
    enabled: bool,
    status_id: i64,
    status_key: String,
    status_name: String,
    category: String,
    position: i64,
}

impl Facts {
    /// Reads them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(db: &mut impl Read) -> Result<Self> {
        let rows: Vec<TypeRow> = db
            .all(Sql::new(
                "SELECT ticket_type.id, ticket_type.key, ticket_type.name, ticket_type.enabled, status.id AS status_id, \
                 status.key AS status_key, status.name AS status_name, status.category, status.position \
                 FROM ticket_type JOIN status ON status.type_id = ticket_type.id \
                 ORDER BY ticket_type.position, ticket_type.id, status.position, status.id",
                args![],
            ))
            .await?;
        let mut types: Vec<TypeFact> = Vec::new();
        for row in rows {
            if types.last().is_none_or(|last| last.id.0 != row.id) {
                let (id, key, name) = (TypeId(row.id), row.key, row.name);
                types.push(TypeFact { id, key, name, enabled: row.enabled, statuses: Vec::new() });
            }
            let Some(category) = Category::from_key(&row.category) else { continue };
            let rank = order(category) * 1000 + row.position;
            if let Some(last) = types.last_mut() {
                let (id, key, name) = (StatusId(row.status_id), row.status_key, row.status_name);
                last.statuses.push(StatusFact { id, key, name, category, rank });
            }
        }
        let agents: Vec<(String, i64, String)> = db
            .all(Sql::new(
                "SELECT address.email, agent.id, agent.name FROM agent JOIN address ON address.agent_id = agent.id",
                args![],
            ))
            .await?;
        let (workspace, language, auto_organizations): (String, String, bool) =
            db.one(Sql::new("SELECT name, language, auto_organizations FROM workspace WHERE id = 1", args![])).await?;
        Ok(Self {
            types,
            agents: agents.into_iter().map(|(email, id, name)| (email, (AgentId(id), name))).collect(),
            workspace,
            language: Language::from_tag(&language).unwrap_or_default(),
            auto_organizations,
        })
    }

    /// The type with this key or name.
    #[must_use]
    pub fn find_type(&self, text: &str) -> Option<usize> {
        self.types.iter().position(|one| is_called(&one.key, &one.name, text))
    }
    /// The type for tickets of which none is known: the first that can be chosen.
    #[must_use]
    pub fn first_type(&self) -> usize {
        self.types.iter().position(|one| one.enabled).unwrap_or_default()
    }
    /// Whether any type has a status of this key or name.
    #[must_use]
    pub fn has_status(&self, text: &str) -> bool {
        self.types.iter().any(|one| one.find_status(text).is_some())
    }
}

impl TypeFact {
    /// The status with this key or name.
    #[must_use]
    pub fn find_status(&self, text: &str) -> Option<&StatusFact> {
        self.statuses.iter().find(|status| is_called(&status.key, &status.name, text))
    }
    /// The first status of a category; every type has one of each of todo and done.
    #[must_use]
    pub fn first_of(&self, category: Category) -> Option<&StatusFact> {
        self.statuses.iter().find(|status| status.category == category).or(self.statuses.first())
    }
}

fn is_called(key: &str, name: &str, text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && (key == text || name.to_lowercase() == text.to_lowercase())
}

fn order(category: Category) -> i64 {
    match category {
        Category::Todo => 0,
        Category::Waiting => 1,
        Category::Done => 2,
    }
}
