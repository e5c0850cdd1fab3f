//! A list as a table to keep: what its columns are called in the reader's language, what stands in their cells, and how it is read, page by
//! page, so that no more than a page is in memory.

pub mod csv;
pub mod xlsx;

use crate::{live::Ask, texts};
use domain::{
    Result,
    actor::AgentActor,
    id::{AgentId, TeamId},
    item::{Catalog, ItemRow},
    language::Language,
    limits,
    service::Items,
    time::Timestamp,
    view::ItemQuery,
};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// The columns, by the keys of what they are called. Behind times stands the zone.
const COLUMNS: [&str; 14] = [
    "field_number",
    "field_title",
    "field_type",
    "field_status",
    "field_priority",
    "field_requester",
    "import_target_requester_email",
    "field_organization",
    "field_agents",
    "field_teams",
    "field_tags",
    "field_created",
    "field_updated",
    "field_last_message",
];
const TIMES: [&str; 3] = ["field_created", "field_updated", "field_last_message"];

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// How rows become cells, for one reader.
pub struct Table {
    catalog: Catalog,
    language: Language,
    zone: TimeZone,
}

impl Table {
    /// For this agent, in their language and time zone; without one in universal time.
    #[must_use]
    pub fn of(agent: &AgentActor, catalog: Catalog) -> Self {
        let zone = TimeZone::get(&agent.time_zone).unwrap_or(TimeZone::UTC);
        Self { catalog, language: agent.language, zone }
    }

    /// What the columns are called.
    #[must_use]
    pub fn heads(&self) -> Vec<Cell> {
        let zone = self.zone.iana_name().unwrap_or("UTC");
        let head = |key: &str| {
            let name = texts::name(self.language, key).unwrap_or_else(|| key.to_owned());
            if TIMES.contains(&key) { format!("{name} ({zone})") } else { name }
        };
        COLUMNS.into_iter().map(|key| head(key).into()).collect()
    }

    /// A row.
    #[must_use]
    pub fn cells(&self, row: &ItemRow) -> [Cell; COLUMNS.len()] {
        let kind = self.catalog.types.iter().find(|kind| kind.id == row.type_id);
        let status = kind.and_then(|kind| kind.statuses.iter().find(|status| status.id == row.status_id));
        let seeded = |what, key: &str, name: &str| texts::seeded(self.language, what, key, name);
        let (name, email) = row
            .requester
            .as_ref()
            .map_or_else(Default::default, |requester| (requester.name.clone(), requester.email.clone().unwrap_or_default()));
        [
            Cell::Number(row.number.0),
            row.title.clone().into(),
            kind.map(|kind| seeded("type", &kind.key, &kind.name)).unwrap_or_default().into(),
            status.map(|status| seeded("status", &status.key, &status.name)).unwrap_or_default().into(),
            Cell::Number(row.priority.into()),
            name.into(),
            email.into(),
            row.organization.as_ref().map(|organization| organization.name.clone()).unwrap_or_default().into(),
            self.agents(&row.agents).into(),
            self.teams(&row.teams).into(),
            row.tags.join(", ").into(),
            self.time(row.created_at).into(),
            self.time(row.updated_at).into(),
            row.last_message_at.map(|at| self.time(at)).unwrap_or_default().into(),
        ]
    }

    fn agents(&self, ids: &[AgentId]) -> String {
        let name = |id: &AgentId| self.catalog.agents.iter().find(|agent| agent.id == *id).map(|agent| agent.name.as_str());
        ids.iter().filter_map(name).collect::<Vec<_>>().join(", ")
    }

    fn teams(&self, ids: &[TeamId]) -> String {
        let name = |id: &TeamId| self.catalog.teams.iter().find(|team| team.id == *id).map(|team| team.name.as_str());
        ids.iter().filter_map(name).collect::<Vec<_>>().join(", ")
    }

    /// A time as spreadsheets read it.
    fn time(&self, at: Timestamp) -> String {
        let Ok(at) = jiff::Timestamp::from_millisecond(at.0) else { return String::new() };
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// Reads a list page by page, each with the rights that its reader has by then: what takes minutes must not go on when they are gone.
pub struct Pages {
    items: Arc<dyn Items>,
    ask: Ask,
    query: ItemQuery,
    over: bool,
}

impl Pages {
    /// From the first page on.
    #[must_use]
    pub fn new(items: Arc<dyn Items>, ask: Ask, query: ItemQuery) -> Self {
        Self { items, ask, query: ItemQuery { after: None, limit: limits::PAGE, ..query }, over: false }
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// As those of [`Items::total`].
    pub async fn total(&self) -> Result<i64> {
        self.items.total(&(self.ask)().await?, self.query.clone()).await
    }

    /// The next page; none after the last one.
    ///
    /// # Errors
    /// Unauthenticated, if the session has ended; as those of [`Items::list`].
    pub async fn next(&mut self) -> Result<Option<Vec<ItemRow>>> {
        if self.over {
            return Ok(None);
        }
        let page = self.items.list(&(self.ask)().await?, self.query.clone()).await?;
        self.over = page.next.is_none();
        self.query.after = page.next;
        Ok(Some(page.rows))
    }
}
