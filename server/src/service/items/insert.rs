//! Makes an item with everything that belongs to it.

use super::{
    lookup,
    record::{ItemRecord, by_id, one_line},
    statuses::{self, StatusFacts},
};
use crate::{
    args,
    db::{Arg, Read, Sql, Tx},
    keys, rich_text, search,
    service::{
        events::{Author, FieldChange, note_item_event},
        files::{self, Taker},
    },
};
use domain::{
    Error, Result,
    actor::Party,
    error::Check,
    id::{AgentId, CustomerId, FileId, ItemId, OrganizationId, StatusId, TeamId, TypeId},
    item::{Channel, Impact, PRIORITY_MAX, normalize_tags},
    limits,
    time::Timestamp,
    types::Category,
};

/// An item to make. History (import, demo) gives times; otherwise everything happens now.
#[derive(Debug, Clone)]
pub struct InsertItem {
    /// Title; made one line.
    pub title: String,
    /// What is asked, as HTML; it is cleaned.
    pub description: String,
    /// Type; none means the first enabled one.
    pub type_id: Option<TypeId>,
    /// Status; none means the first of the type.
    pub status_id: Option<StatusId>,
    /// 0–5 stars.
    pub priority: u8,
    /// Who asks; they follow it, and it belongs to their organization.
    pub requester: Option<CustomerId>,
    /// The organization, when it is not the requester's own.
    pub organization: Option<OrganizationId>,
    /// Agents it is assigned to.
    pub agents: Vec<AgentId>,
    /// Teams it is assigned to.
    pub teams: Vec<TeamId>,
    /// Tags; they are normalized.
    pub tags: Vec<String>,
    /// How it came in.
    pub channel: Channel,
    /// How many people it touches.
    pub impact: Impact,
    /// Product that it is about.
    pub product: String,
    /// Whether customers can see it.
    pub published: bool,
    /// Who makes it.
    pub author: Author,
    /// Files of the description, uploaded by the author and not used yet.
    pub files: Vec<FileId>,
    /// When it came in; none means now.
    pub created_at: Option<Timestamp>,
    /// When an agent first answered, as another system says.
    pub first_response_at: Option<Timestamp>,
    /// When it was done, as another system says; none means when it came in, if it is done.
    pub resolved_at: Option<Timestamp>,
    /// Name of the other system and the id there.
    pub external: Option<(String, String)>,
    /// The event: `created` or `imported`.
    pub event: &'static str,
}

impl InsertItem {
    /// A published item with a title and nothing else, by `author`.
    #[must_use]
    pub fn new(title: &str, author: Author) -> Self {
        Self {
            title: title.to_owned(),
            description: String::new(),
            type_id: None,
            status_id: None,
            priority: 0,
            requester: None,
            organization: None,
            agents: Vec::new(),
            teams: Vec::new(),
            tags: Vec::new(),
            channel: Channel::Agent,
            impact: Impact::None,
            product: String::new(),
            published: true,
            author,
            files: Vec::new(),
            created_at: None,
            first_response_at: None,
            resolved_at: None,
            external: None,
            event: "created",
        }
    }

    fn check(&self) -> Result<()> {
        let mut check = Check::new();
        check
            .not_empty(&self.title, "title")
            .at_most(&self.title, limits::TITLE, "title")
            .at_most(&self.product, limits::LINE, "product")
            .that(self.description.len() <= limits::RICH_TEXT, "description", "error_text_too_long")
            .that(self.priority <= PRIORITY_MAX, "priority", "error_priority")
            .that(self.agents.len() <= limits::ASSIGNEES, "agents", "error_too_many_values")
            .that(self.teams.len() <= limits::ASSIGNEES, "teams", "error_too_many_values")
            .that(self.tags.len() <= limits::TAGS, "tags", "error_too_many_values")
            .that(self.files.len() <= limits::FILES, "files", "error_too_many_files");
        check.done()
    }

    async fn status(&self, tx: &mut Tx) -> Result<StatusFacts> {
        let type_id = match self.type_id {
            None => statuses::first_type(tx).await?,
            Some(id) => match statuses::type_name(tx, id).await? {
                // A type that was switched off still stands in imported history.
                Some((_, enabled)) if enabled || self.event == "imported" => id,
                _ => return Err(Error::field("type", "error_choice")),
            },
        };
        let statuses = statuses::of_type(tx, type_id).await?;
        let chosen = match self.status_id {
            None => statuses.into_iter().next(),
            Some(id) => statuses.into_iter().find(|status| status.id == id),
        };
        chosen.ok_or_else(|| Error::field("status", "error_choice"))
    }
}

/// Makes an item: checks what it names, gives it a number, notes the event. Answers it as it stands.
///
/// # Errors
/// Invalid, with the field that is wrong. Taken (a conflict) if the external id is there already.
pub async fn insert(tx: &mut Tx, mut new: InsertItem) -> Result<ItemRecord> {
    new.title = one_line(&new.title);
    new.product = one_line(&new.product);
    new.tags = normalize_tags(&new.tags);
    new.agents.sort_unstable();
    new.agents.dedup();
    new.teams.sort_unstable();
    new.teams.dedup();
    new.check()?;
    let description = rich_text::clean(&new.description);
    let status = new.status(tx).await?;
    if !new.agents.is_empty() {
        lookup::agents(tx, &new.agents, &new.agents).await?;
    }
    if !new.teams.is_empty() {
        lookup::teams(tx, &new.teams, &new.teams).await?;
    }
    let requester = match new.requester {
        Some(id) => Some(lookup::requester(tx, id).await?),
        None => None,
    };
    if let Some(organization) = new.organization
        && lookup::organization_name(tx, organization).await?.is_none()
    {
        return Err(Error::field("organization", "error_choice"));
    }

    let number = tx.next_item_number().await?;
    let created_at = new.created_at.unwrap_or(tx.now);
    let done = status.category == Category::Done;
    let resolved_at = done.then(|| new.resolved_at.unwrap_or(created_at));
    let updated_at = [resolved_at, new.first_response_at].into_iter().flatten().fold(created_at, Ord::max);
    let title_key = keys::fold(&new.title);
    let search_key = keys::item_search(&title_key, requester.as_ref().map_or("", |facts| &facts.search_key));
    let organization = new.organization.or_else(|| requester.as_ref().and_then(|facts| facts.organization));
    // What is asked counts as the requester's message, whoever typed it in.
    let asked = new.requester.map(Party::Customer);
    let values: Vec<(&'static str, Arg)> = vec![
        ("number", number.into()),
        ("title", (&new.title).into()),
        ("title_key", title_key.into()),
        ("search_key", search_key.into()),
        ("description", (&description).into()),
        ("type_id", status.type_id.into()),
        ("status_id", status.id.into()),
        ("category", status.category.key().into()),
        ("status_rank", status.rank().into()),
        ("priority", new.priority.into()),
        ("requester_id", new.requester.into()),
        ("requester_key", requester.as_ref().map(|facts| facts.name_key.clone()).into()),
        ("organization_id", organization.into()),
        ("channel", new.channel.key().into()),
        ("impact", new.impact.key().into()),
        ("product", (&new.product).into()),
        ("published", new.published.into()),
        ("created_by_kind", new.author.party.kind().into()),
        ("created_by_id", new.author.party.id().into()),
        ("created_by_name", (&new.author.name).into()),
        ("created_at", created_at.into()),
        ("updated_at", updated_at.into()),
        ("first_response_at", new.first_response_at.into()),
        ("resolved_at", resolved_at.into()),
        ("last_message_at", asked.map(|_| created_at).into()),
        ("last_message_by", asked.map(|party| party.kind().to_owned()).into()),
        ("last_message_by_id", asked.and_then(Party::id).into()),
        ("last_message_name", requester.as_ref().map_or("", |facts| &facts.name).into()),
        ("external_source", new.external.as_ref().map(|(source, _)| source.clone()).into()),
        ("external_id", new.external.as_ref().map(|(_, id)| id.clone()).into()),
    ];
    let (id,): (i64,) = tx.one(insert_sql(values)).await?;

    for agent in &new.agents {
        tx.execute(Sql::new("INSERT INTO item_agent (item_id, agent_id) VALUES ($1, $2)", args![id, *agent])).await?;
    }
    for team in &new.teams {
        tx.execute(Sql::new("INSERT INTO item_team (item_id, team_id) VALUES ($1, $2)", args![id, *team])).await?;
    }
    for tag in &new.tags {
        tx.execute(Sql::new("INSERT INTO item_tag (item_id, tag) VALUES ($1, $2)", args![id, tag])).await?;
    }
    if let Some(requester) = new.requester {
        let sql = "INSERT INTO item_following_customer (item_id, customer_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![id, requester])).await?;
    }
    let files = with_embedded(tx, new.author.party, &new.files, &description).await?;
    files::take(tx, new.author.party, &files, Taker::Description(ItemId(id))).await?;
    search::index_item(tx, ItemId(id)).await?;
    note_item_event(tx, &new.author, id, 1, new.event, FieldChange::default(), new.created_at);
    by_id(tx, ItemId(id)).await
}

fn insert_sql(values: Vec<(&'static str, Arg)>) -> Sql {
    let mut sql = Sql::build("INSERT INTO item (");
    for (index, (column, _)) in values.iter().enumerate() {
        sql.push(if index == 0 { "" } else { ", " }).push(column);
    }
    sql.push(") VALUES (").bind_all(values.into_iter().map(|(_, value)| value)).push(") RETURNING id");
    sql
}

/// The files that a text comes with: those that were named, and images that it shows and that are still the author's own.
pub(super) async fn with_embedded(tx: &mut Tx, author: Party, files: &[FileId], html: &str) -> Result<Vec<FileId>> {
    let mut files = files.to_vec();
    let shown = rich_text::embedded_files(html);
    if let (Some(uploader), false) = (author.id(), shown.is_empty()) {
        let mut sql = Sql::build("SELECT id FROM file WHERE purpose = 'none' AND uploader_kind = ");
        sql.bind(author.kind()).push(" AND uploader_id = ").bind(uploader).push(" AND id");
        sql.push_in_ids(tx.engine(), shown);
        let own: Vec<(i64,)> = tx.all(sql).await?;
        files.extend(own.into_iter().map(|(id,)| FileId(id)));
    }
    Ok(files)
}
