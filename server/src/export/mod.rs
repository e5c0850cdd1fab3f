//! A list as a table to keep: what its columns are called in the reader's language, what stands in their cells, and how it is read, page by
//! page, so that no more than a page is in memory.

pub mod csv;
pub mod xlsx;

use crate::{live::Ask, texts};
use domain::{
    Result,
    actor::AgentActor,
    id::{AgentId, TeamId},
    item::{Catalog, Impact, ItemRow},
    language::Language,
    limits,
    service::Items,
    time::Timestamp,
    types::TicketType,
    view::ItemQuery,
};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// The columns that there are, by the keys of their fields.
pub const COLUMNS: [&str; 20] = [
    "number",
    "title",
    "type",
    "status",
    "priority",
    "requester",
    "email",
    "organization",
    "agents",
    "teams",
    "tags",
    "created",
    "updated",
    "last_message",
    "impact",
    "product",
    "channel",
    "first_response",
    "resolved",
    "snoozed",
];
/// Behind these stands the zone.
const TIMES: [&str; 6] = ["created", "updated", "last_message", "first_response", "resolved", "snoozed"];

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
    columns: Vec<&'static str>,
}

impl Table {
    /// These columns, in their order, for this agent: in their language and time zone; without one in universal time.
    #[must_use]
    pub fn of(agent: &AgentActor, catalog: Catalog, columns: Vec<&'static str>) -> Self {
        let zone = TimeZone::get(&agent.time_zone).unwrap_or(TimeZone::UTC);
        Self { catalog, language: agent.language, zone, columns }
    }

    /// What the columns are called.
    #[must_use]
    pub fn heads(&self) -> Vec<Cell> {
        let zone = self.zone.iana_name().unwrap_or("UTC");
        let head = |key: &str| {
            let text = if key == "email" { "import_target_requester_email".to_owned() } else { format!("field_{key}") };
            let name = texts::name(self.language, &text).unwrap_or(text);
            if TIMES.contains(&key) { format!("{name} ({zone})") } else { name }
        };
        self.columns.iter().map(|key| head(key).into()).collect()
    }

    /// A row.
    #[must_use]
    pub fn cells(&self, row: &ItemRow) -> Vec<Cell> {
        self.columns.iter().map(|key| self.cell(key, row)).collect()
    }

    fn cell(&self, column: &str, row: &ItemRow) -> Cell {
        let requester = row.requester.as_ref();
        let told = match column {
            "number" => return Cell::Number(row.number.0),
            "priority" => return Cell::Number(row.priority.into()),
            "title" => row.title.clone(),
            "type" => self.kind(row).map(|kind| self.seeded("type", &kind.key, &kind.name)).unwrap_or_default(),
            "status" => self.status(row),
            "requester" => requester.map(|requester| requester.name.clone()).unwrap_or_default(),
            "email" => requester.and_then(|requester| requester.email.clone()).unwrap_or_default(),
            "organization" => row.organization.as_ref().map(|organization| organization.name.clone()).unwrap_or_default(),
            "agents" => self.agents(&row.agents),
            "teams" => self.teams(&row.teams),
            "tags" => row.tags.join(", "),
            "impact" if row.impact == Impact::None => String::new(),
            "impact" => self.word("impact", row.impact.key()),
            "product" => row.product.clone(),
            "channel" => self.word("channel", row.channel.key()),
            time => Self::moment(time, row).map(|at| self.time(at)).unwrap_or_default(),
        };
        told.into()
    }

    fn moment(column: &str, row: &ItemRow) -> Option<Timestamp> {
        match column {
            "created" => Some(row.created_at),
            "updated" => Some(row.updated_at),
            "last_message" => row.last_message_at,
            "first_response" => row.first_response_at,
            "resolved" => row.resolved_at,
            "snoozed" => row.away.snoozed_until,
            _ => None,
        }
    }

    fn kind(&self, row: &ItemRow) -> Option<&TicketType> {
        self.catalog.types.iter().find(|kind| kind.id == row.type_id)
    }

    fn status(&self, row: &ItemRow) -> String {
        let status = self.kind(row).and_then(|kind| kind.statuses.iter().find(|status| status.id == row.status_id));
        status.map(|status| self.seeded("status", &status.key, &status.name)).unwrap_or_default()
    }

    fn seeded(&self, what: &str, key: &str, name: &str) -> String {
        texts::seeded(self.language, what, key, name)
    }

    fn word(&self, what: &str, key: &str) -> String {
        texts::name(self.language, &format!("{what}_{key}")).unwrap_or_default()
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
