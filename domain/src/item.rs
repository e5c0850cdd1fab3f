//! Items. In this version every item is a ticket; what a ticket and a task will share lives here.

use crate::{
    action::{Away, ItemLink, Merged},
    actor::Party,
    agent::AgentRef,
    conversation::{HeldReply, Message},
    customer::CustomerRef,
    draft::Draft,
    error::{Check, Result},
    file::Attachment,
    id::{AgentId, CustomerId, FileId, ItemId, ItemNumber, OrganizationId, StatusId, TeamId, TypeId},
    limits,
    organization::OrganizationRef,
    team::Team,
    time::Timestamp,
    types::{Category, TicketType},
};
use serde::{Deserialize, Serialize};

/// How an item came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Typed in by an agent.
    #[default]
    Agent,
    /// The customer portal.
    Portal,
    /// Mail.
    Mail,
    /// A form.
    Form,
    /// Live chat.
    Chat,
    /// A telephone call.
    Phone,
    /// A social network.
    Social,
    /// The API.
    Api,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 8] =
        [Self::Agent, Self::Portal, Self::Mail, Self::Form, Self::Chat, Self::Phone, Self::Social, Self::Api];
    /// The stable name (database, filters, message keys `channel_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Portal => "portal",
            Self::Mail => "mail",
            Self::Form => "form",
            Self::Chat => "chat",
            Self::Phone => "phone",
            Self::Social => "social",
            Self::Api => "api",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }
}

/// How many people something touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// Not said, or nobody.
    #[default]
    None,
    /// Few.
    Minor,
    /// Many.
    Major,
    /// Everybody.
    Crisis,
}

impl Impact {
    /// All impacts, least first.
    pub const ALL: [Self; 4] = [Self::None, Self::Minor, Self::Major, Self::Crisis];
    /// The stable name (database, filters, message keys `impact_…`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Crisis => "crisis",
        }
    }
    /// Back from the stable name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|impact| impact.key() == key)
    }
}

/// Highest priority (five stars); 0 is none.
pub const PRIORITY_MAX: u8 = 5;

/// A row of a list of items. Types, statuses, agents and teams are ids into the [`Catalog`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRow {
    /// Database id.
    pub id: ItemId,
    /// The number that people see.
    pub number: ItemNumber,
    /// Title.
    pub title: String,
    /// Type.
    pub type_id: TypeId,
    /// Status.
    pub status_id: StatusId,
    /// Category of the status.
    pub category: Category,
    /// 0–5 stars.
    pub priority: u8,
    /// Who asks.
    pub requester: Option<CustomerRef>,
    /// The requester's organization.
    pub organization: Option<OrganizationRef>,
    /// Agents it is assigned to.
    pub agents: Vec<AgentId>,
    /// Teams it is assigned to.
    pub teams: Vec<TeamId>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the last public message was written.
    pub last_message_at: Option<Timestamp>,
    /// Who wrote the last public message: an agent or a customer.
    pub last_message_by: Option<Party>,
    /// How it came in.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub channel: Channel,
    /// How many people it touches.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub impact: Impact,
    /// Product that it is about; empty if not said.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub product: String,
    /// When an agent first answered in public.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub first_response_at: Option<Timestamp>,
    /// When it last became done.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub resolved_at: Option<Timestamp>,
    /// Whether it lies outside of ordinary lists, and why.
    #[serde(default, skip_serializing_if = "Away::is_not")]
    pub away: Away,
    /// Counts changes; send it back with a change.
    pub version: i64,
}

/// Whether a value is the one that most items have: rows are sent by the hundred.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The beginning of the last public message of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The item.
    pub number: ItemNumber,
    /// One line of at most [`crate::limits::EXCERPT`] characters.
    pub text: String,
}

/// An item in full, as an agent sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDetail {
    /// What the list shows.
    pub row: ItemRow,
    /// What was asked, as clean HTML.
    pub description: String,
    /// Files of the description.
    pub files: Vec<Attachment>,
    /// Whether customers can see it.
    pub published: bool,
    /// Who made it.
    pub created_by: Party,
    /// Name of who made it.
    pub created_by_name: String,
    /// Agents who follow it.
    pub following_agents: Vec<AgentId>,
    /// Customers who follow it (the requester is always one).
    pub following_customers: Vec<CustomerRef>,
    /// Replies and notes, oldest first; with those of the items that were merged into it.
    pub messages: Vec<Message>,
    /// The items that were merged into it and that the actor may see, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Merged>,
    /// The items that it is linked to and that the actor may see, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<ItemLink>,
    /// Replies that wait for a moment before they are sent, oldest first.
    pub held: Vec<HeldReply>,
    /// What others are writing here and have shared.
    pub shared_drafts: Vec<Draft>,
    /// What the actor may do with it.
    pub may: ItemRights,
}

/// What an actor may do with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemRights {
    /// Change fields.
    pub change: bool,
    /// Write to the customer.
    pub reply: bool,
    /// Write notes.
    pub note: bool,
}

/// An item to make, by an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Title, 1–250 characters.
    pub title: String,
    /// What is asked, as HTML; it is cleaned.
    #[serde(default)]
    pub description: String,
    /// Type; none means the first enabled one.
    #[serde(default)]
    pub type_id: Option<TypeId>,
    /// Status; none means the first of the type.
    #[serde(default)]
    pub status_id: Option<StatusId>,
    /// 0–5 stars.
    #[serde(default)]
    pub priority: u8,
    /// Who asks.
    #[serde(default)]
    pub requester: Option<CustomerId>,
    /// Agents it is assigned to.
    #[serde(default)]
    pub agents: Vec<AgentId>,
    /// Teams it is assigned to.
    #[serde(default)]
    pub teams: Vec<TeamId>,
    /// Tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How it came in.
    #[serde(default)]
    pub channel: Channel,
    /// Uploaded files that belong to the description.
    #[serde(default)]
    pub files: Vec<FileId>,
    /// Made once for one form: the same key again gives the same item.
    #[serde(default)]
    pub idempotency_key: String,
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "field", content = "value", deny_unknown_fields)]
pub enum Change {
    /// Title, 1–250 characters.
    Title(String),
    /// Description as HTML; it is cleaned.
    Description(String),
    /// Type; the status becomes the one of the same category in the new type.
    Type(TypeId),
    /// Status, one of the type's.
    Status(StatusId),
    /// 0–5 stars.
    Priority(u8),
    /// Who asks; the organization follows.
    Requester(Option<CustomerId>),
    /// The organization, when it is not the requester's own.
    Organization(Option<OrganizationId>),
    /// All agents it is assigned to.
    Agents(Vec<AgentId>),
    /// All teams it is assigned to.
    Teams(Vec<TeamId>),
    /// All tags.
    Tags(Vec<String>),
    /// How many people it touches.
    Impact(Impact),
    /// Product that it is about.
    Product(String),
    /// Whether customers can see it.
    Published(bool),
}

impl Change {
    /// Stable key of the field (events, conflicts, message keys `field_…`).
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Description(_) => "description",
            Self::Type(_) => "type",
            Self::Status(_) => "status",
            Self::Priority(_) => "priority",
            Self::Requester(_) => "requester",
            Self::Organization(_) => "organization",
            Self::Agents(_) => "agents",
            Self::Teams(_) => "teams",
            Self::Tags(_) => "tags",
            Self::Impact(_) => "impact",
            Self::Product(_) => "product",
            Self::Published(_) => "published",
        }
    }

    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Invalid, with the field's key.
    pub fn check(&self) -> Result<()> {
        let mut check = Check::new();
        match self {
            Self::Title(title) => {
                check.not_empty(title, "title").at_most(title, limits::TITLE, "title");
            }
            Self::Description(html) => {
                check.that(html.len() <= limits::RICH_TEXT, "description", "error_text_too_long");
            }
            Self::Priority(stars) => {
                check.that(*stars <= PRIORITY_MAX, "priority", "error_priority");
            }
            Self::Agents(agents) => {
                check.that(agents.len() <= limits::ASSIGNEES, "agents", "error_too_many_values");
            }
            Self::Teams(teams) => {
                check.that(teams.len() <= limits::ASSIGNEES, "teams", "error_too_many_values");
            }
            Self::Tags(tags) => {
                check_tags(tags, &mut check);
            }
            Self::Product(product) => {
                check.at_most(product, limits::LINE, "product");
            }
            Self::Type(_)
            | Self::Status(_)
            | Self::Requester(_)
            | Self::Organization(_)
            | Self::Impact(_)
            | Self::Published(_) => {}
        }
        check.done()
    }
}

fn check_tags(tags: &[String], check: &mut Check) {
    check.that(tags.len() <= limits::TAGS, "tags", "error_too_many_values");
    for tag in tags {
        check.not_empty(tag, "tags").at_most(tag, limits::TAG, "tags");
    }
}

impl NewItem {
    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Invalid, with every field that is wrong.
    pub fn check(&self) -> Result<()> {
        let mut check = Check::new();
        check
            .not_empty(&self.title, "title")
            .at_most(&self.title, limits::TITLE, "title")
            .that(self.description.len() <= limits::RICH_TEXT, "description", "error_text_too_long")
            .that(self.priority <= PRIORITY_MAX, "priority", "error_priority")
            .that(self.agents.len() <= limits::ASSIGNEES, "agents", "error_too_many_values")
            .that(self.teams.len() <= limits::ASSIGNEES, "teams", "error_too_many_values")
            .that(self.files.len() <= limits::FILES, "files", "error_too_many_files")
            .that(self.idempotency_key.len() <= 64, "idempotency_key", "error_too_long");
        check_tags(&self.tags, &mut check);
        check.done()
    }
}

/// Tags as we keep them: trimmed, inner white space folded, lower case, sorted, each once.
#[must_use]
pub fn normalize_tags<S: AsRef<str>>(tags: &[S]) -> Vec<String> {
    let mut tags: Vec<String> = tags
        .iter()
        .map(|tag| tag.as_ref().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase())
        .filter(|tag| !tag.is_empty())
        .collect();
    tags.sort();
    tags.dedup();
    tags
}

/// The small lists that every screen of the agent application needs: loaded once, rows refer to them by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Types with their statuses.
    pub types: Vec<TicketType>,
    /// Agents, also disabled ones (they stand in old messages).
    pub agents: Vec<AgentRef>,
    /// Teams.
    pub teams: Vec<Team>,
}
