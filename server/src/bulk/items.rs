//! Tickets with everything that hangs on them.

use super::{insert, insert_returning, people::Found};
use crate::{
    args,
    db::{Arg, NewEvent, Read, Sql, Tx},
    keys, search,
};
use domain::{
    Result,
    actor::Party,
    conversation::MessageKind,
    event::Subject,
    id::{AgentId, ItemNumber, OrganizationId, StatusId, TeamId, TypeId},
    item::{Channel, Impact},
    time::Timestamp,
    types::Category,
};

/// A message of a ticket's thread.
#[derive(Debug, Clone)]
pub struct BulkMessage {
    /// Reply or note.
    pub kind: MessageKind,
    /// Who wrote it.
    pub author: Party,
    /// Their name.
    pub author_name: String,
    /// Clean HTML.
    pub html: String,
    /// By which way it came.
    pub channel: Channel,
    /// Mail addresses that it went to.
    pub recipients: Vec<String>,
    /// When it was written.
    pub at: Timestamp,
}

/// A ticket as it goes into the database.
#[derive(Debug, Clone)]
pub struct BulkItem {
    /// Title.
    pub title: String,
    /// Clean HTML.
    pub description: String,
    /// Type.
    pub type_id: TypeId,
    /// Status, one of the type's.
    pub status_id: StatusId,
    /// Its category.
    pub category: Category,
    /// Its place in the order of statuses.
    pub status_rank: i64,
    /// Stars.
    pub priority: u8,
    /// Who asks.
    pub requester: Option<Found>,
    /// How it came in.
    pub channel: Channel,
    /// How many people it touches.
    pub impact: Impact,
    /// Product.
    pub product: String,
    /// Who made it and their name.
    pub created_by: (Party, String),
    /// When it came in.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the team first answered.
    pub first_response_at: Option<Timestamp>,
    /// When it was done.
    pub resolved_at: Option<Timestamp>,
    /// When the last public message was written, by which kind of party, by whom, and their name.
    pub last_message: Option<(Timestamp, Party, String)>,
    /// Changes so far, with the making.
    pub version: i64,
    /// Source and id in another system.
    pub external: Option<(String, String)>,
    /// Tags as they are kept.
    pub tags: Vec<String>,
    /// Assigned agents.
    pub agents: Vec<AgentId>,
    /// Assigned teams.
    pub teams: Vec<TeamId>,
    /// Agents who follow it. The requester follows it without being named.
    pub following_agents: Vec<AgentId>,
    /// Up to when the requester has read it.
    pub read_at: Option<Timestamp>,
    /// The thread, oldest first.
    pub messages: Vec<BulkMessage>,
    /// What happened; the subject is filled in here.
    pub events: Vec<NewEvent>,
}

const ITEM: &str = "INSERT INTO item (number, title, title_key, search_key, description, type_id, status_id, category, status_rank, \
    priority, requester_id, requester_key, organization_id, channel, impact, product, created_by_kind, created_by_id, \
    created_by_name, created_at, updated_at, first_response_at, resolved_at, last_message_at, last_message_by, \
    last_message_by_id, last_message_name, version, external_source, external_id) VALUES";

/// Inserts tickets; answers their numbers, which are in the order of `items` and without a gap.
///
/// # Errors
/// What the database says; an external id that is taken is a conflict.
pub async fn insert_items(tx: &mut Tx, items: Vec<BulkItem>) -> Result<Vec<ItemNumber>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let (last,): (i64,) =
        tx.one(Sql::new("UPDATE counter SET value = value + $1 WHERE name = 'item' RETURNING value", args![count])).await?;
    let numbers: Vec<i64> = (last - count + 1..=last).collect();
    let rows = items.iter().zip(&numbers).map(|(item, number)| item_row(item, *number)).collect();
    let mut made: Vec<(i64, i64)> = insert_returning(tx, ITEM, rows, " RETURNING number, id").await?;
    made.sort_unstable();
    let mut hanging = Hanging::default();
    for (item, (_, id)) in items.into_iter().zip(&made) {
        for event in hanging.add(*id, item) {
            tx.event(event);
        }
    }
    hanging.insert(tx).await?;
    let ids: Vec<i64> = made.into_iter().map(|(_, id)| id).collect();
    search::index_new(tx, &ids).await?;
    Ok(numbers.into_iter().map(ItemNumber).collect())
}

fn item_row(item: &BulkItem, number: i64) -> Vec<Arg> {
    let title_key = keys::fold(&item.title);
    let requester = item.requester.as_ref();
    let organization: Option<OrganizationId> = requester.and_then(|found| found.organization);
    let search = keys::item_search(&title_key, requester.map_or("", |found| &found.search_key));
    let last = item.last_message.as_ref();
    args![
        number,
        &item.title,
        title_key,
        search,
        &item.description,
        item.type_id,
        item.status_id,
        item.category.key(),
        item.status_rank,
        item.priority,
        requester.map(|found| found.id),
        requester.map(|found| found.name_key.clone()),
        organization,
        item.channel.key(),
        item.impact.key(),
        &item.product,
        item.created_by.0.kind(),
        item.created_by.0.id(),
        &item.created_by.1,
        item.created_at,
        item.updated_at,
        item.first_response_at,
        item.resolved_at,
        last.map(|last| last.0),
        last.map(|last| side(last.1).to_owned()),
        last.and_then(|last| last.1.id()),
        last.map_or("", |last| &last.2),
        item.version,
        item.external.as_ref().map(|external| external.0.clone()),
        item.external.as_ref().map(|external| external.1.clone())
    ]
}

/// Whose turn it is counts by side: what the team as a whole said is an agent's word.
fn side(party: Party) -> &'static str {
    if matches!(party, Party::Customer(_)) { "customer" } else { "agent" }
}

/// The rows of the tables beside `item`.
#[derive(Default)]
struct Hanging {
    tags: Vec<Vec<Arg>>,
    agents: Vec<Vec<Arg>>,
    teams: Vec<Vec<Arg>>,
    following_agents: Vec<Vec<Arg>>,
    following_customers: Vec<Vec<Arg>>,
    read_marks: Vec<Vec<Arg>>,
    messages: Vec<Vec<Arg>>,
}

impl Hanging {
    fn add(&mut self, id: i64, item: BulkItem) -> impl Iterator<Item = NewEvent> + use<> {
        self.tags.extend(item.tags.iter().map(|tag| args![id, tag]));
        self.agents.extend(item.agents.iter().map(|agent| args![id, *agent]));
        self.teams.extend(item.teams.iter().map(|team| args![id, *team]));
        self.following_agents.extend(item.following_agents.iter().map(|agent| args![id, *agent]));
        if let Some(requester) = &item.requester {
            self.following_customers.push(args![id, requester.id]);
            if let Some(read) = item.read_at {
                self.read_marks.push(args![requester.id, id, read]);
            }
        }
        for message in item.messages {
            let recipients = serde_json::to_string(&message.recipients).unwrap_or_else(|_| "[]".to_owned());
            self.messages.push(args![
                id,
                message.kind.key(),
                message.author.kind(),
                message.author.id(),
                message.author_name,
                message.html,
                message.channel.key(),
                recipients,
                message.at
            ]);
        }
        item.events.into_iter().map(move |event| NewEvent { subject: Subject::Item(id), ..event })
    }

    async fn insert(self, tx: &mut Tx) -> Result<()> {
        insert(tx, "INSERT INTO item_tag (item_id, tag) VALUES", self.tags).await?;
        insert(tx, "INSERT INTO item_agent (item_id, agent_id) VALUES", self.agents).await?;
        insert(tx, "INSERT INTO item_team (item_id, team_id) VALUES", self.teams).await?;
        insert(tx, "INSERT INTO item_following_agent (item_id, agent_id) VALUES", self.following_agents).await?;
        insert(tx, "INSERT INTO item_following_customer (item_id, customer_id) VALUES", self.following_customers).await?;
        insert(tx, "INSERT INTO read_mark (customer_id, item_id, read_at) VALUES", self.read_marks).await?;
        insert(
            tx,
            "INSERT INTO message (item_id, kind, author_kind, author_id, author_name, html, channel, recipients, created_at) VALUES",
            self.messages,
        )
        .await?;
        Ok(())
    }
}
