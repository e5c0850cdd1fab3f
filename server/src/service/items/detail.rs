//! An item in full: description, files, followers, conversation.

use super::{
    ItemService,
    actions::{
        self, links,
        whole::{Part, parts},
    },
    deliveries::undelivered,
    drafts, held, lookup,
    record::{ItemRecord, find},
    rows,
};
use crate::{
    args,
    db::{Db, Read, Sql},
    rich_text,
    service::files,
};
use domain::{
    Result,
    actor::{Actor, CustomerActor, Party},
    conversation::{Message, MessageKind},
    customer::CustomerRef,
    file::Attachment,
    id::{AgentId, CustomerId, ItemId, ItemNumber, MessageId},
    item::{ItemDetail, ItemRights},
    portal::rules::{Access, PortalRules, Property},
    time::Timestamp,
};
use std::collections::HashMap;

impl ItemService {
    pub(super) async fn open(&self, actor: &Actor, number: ItemNumber) -> Result<ItemDetail> {
        actor.agent()?;
        let mut db = self.db.clone();
        let now = db.now();
        let record = find(&mut db, actor, number, now).await?;
        detail(&mut db, actor, record).await
    }

    pub(super) async fn newer_messages(&self, actor: &Actor, number: ItemNumber, after: i64) -> Result<Vec<Message>> {
        actor.agent()?;
        let mut db = self.db.clone();
        let now = db.now();
        let record = find(&mut db, actor, number, now).await?;
        let item = record.item_id();
        let newer = messages(&mut db, item, MessageId(after)).await?;
        if after > 0 {
            return Ok(newer);
        }
        let parts = parts(&mut db, actor, item, now).await?;
        with_parts(&mut db, newer, &parts, Reader::Agent).await
    }
}

/// The item as an agent sees it who may see it.
pub(super) async fn detail(db: &mut Db, actor: &Actor, record: ItemRecord) -> Result<ItemDetail> {
    let agent = actor.agent()?;
    let item = record.item_id();
    let (description,): (String,) = db.one(Sql::new("SELECT description FROM item WHERE id = $1", args![item])).await?;
    let following_agents = rows::related_to(db, "agent_id", "item_following_agent", item).await?;
    let following_customers = following_customers(db, item).await?;
    let mut files = files_by_message(db, item).await?;
    let of_description = files.remove(&None).unwrap_or_default();
    let messages = read_messages(db, item, MessageId(0), None, files).await?;
    let messages = with_undelivered(db, item, messages).await?;
    let now = db.now();
    let parts = parts(db, actor, item, now).await?;
    let messages = with_parts(db, messages, &parts, Reader::Agent).await?;
    let here = actions::away::refuse(&record).is_ok();
    let works = here && agent.role.works();
    Ok(ItemDetail {
        description: rich_text::clean(&description),
        files: of_description,
        published: record.published,
        created_by: Party::from_columns(&record.created_by_kind, record.created_by_id),
        created_by_name: record.created_by_name.clone(),
        following_agents: following_agents.into_iter().map(AgentId).collect(),
        following_customers,
        messages,
        merged: parts.iter().map(|part| part.told(now)).collect(),
        links: links::of_item(db, actor, item, now).await?,
        held: held::of_item(db, item).await?,
        shared_drafts: drafts::shared_with(db, agent.id, item).await?,
        may: ItemRights { change: works, reply: works, note: here },
        row: rows::row(db, record).await?,
    })
}

/// The customers who follow an item, by name.
async fn following_customers(db: &mut impl Read, item: ItemId) -> Result<Vec<CustomerRef>> {
    let ids = rows::related_to(db, "customer_id", "item_following_customer", item).await?;
    let refs = rows::customer_refs(db, ids.into_iter().map(CustomerId)).await?;
    let mut customers: Vec<CustomerRef> = refs.into_values().collect();
    customers.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(customers)
}

type FilesByMessage = HashMap<Option<MessageId>, Vec<Attachment>>;

async fn files_by_message(db: &mut impl Read, item: ItemId) -> Result<FilesByMessage> {
    let mut files = FilesByMessage::new();
    for (message, file) in files::of_item(db, item).await? {
        files.entry(message).or_default().push(file);
    }
    Ok(files)
}

/// What agents read of an item's thread: replies and notes after a message (0 for all), oldest first, with what did not arrive.
///
/// # Errors
/// What the database says.
pub async fn messages(db: &mut impl Read, item: ItemId, after: MessageId) -> Result<Vec<Message>> {
    let files = files_by_message(db, item).await?;
    let messages = read_messages(db, item, after, None, files).await?;
    with_undelivered(db, item, messages).await
}

async fn with_undelivered(db: &mut impl Read, item: ItemId, mut messages: Vec<Message>) -> Result<Vec<Message>> {
    let mut undelivered = undelivered(db, item).await?;
    for message in &mut messages {
        message.undelivered = undelivered.remove(&message.id).unwrap_or_default();
    }
    Ok(messages)
}

/// Who reads a thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader<'r> {
    Agent,
    /// Within a portal: its rules hold for what was merged, too.
    Customer(&'r CustomerActor, &'r PortalRules),
}

impl Reader<'_> {
    /// What was asked in a part, as far as this reader is shown it.
    fn shown(self, part: &ItemRecord, asked: Message) -> Option<Message> {
        let Self::Customer(customer, rules) = self else { return Some(asked) };
        let shows = |property| rules.access(property, part.ticket_type()) > Access::Hidden;
        let named = part.requester() == Some(customer.id) || shows(Property::Requester);
        let author_name = if named { asked.author_name.clone() } else { String::new() };
        shows(Property::Description).then_some(Message { author_name, ..asked })
    }
}

/// Puts what was asked and written in items that were merged where it belongs by time.
async fn with_parts(db: &mut impl Read, mut messages: Vec<Message>, parts: &[Part], reader: Reader<'_>) -> Result<Vec<Message>> {
    if parts.is_empty() {
        return Ok(messages);
    }
    for part in parts {
        let item = part.item.item_id();
        let mut files = files_by_message(db, item).await?;
        let of_description = files.remove(&None).unwrap_or_default();
        let asked = asked(db, &part.item, of_description).await?;
        let mut of_part: Vec<Message> = reader.shown(&part.item, asked).into_iter().collect();
        let only = (reader != Reader::Agent).then_some(MessageKind::Reply);
        let written = read_messages(db, item, MessageId(0), only, files).await?;
        of_part.extend(if reader == Reader::Agent { with_undelivered(db, item, written).await? } else { written });
        messages.extend(of_part.into_iter().map(|message| Message { from: Some(part.item.item_number()), ..message }));
    }
    messages.sort_by_key(|message| (message.created_at, message.id));
    Ok(messages)
}

/// What was asked in an item, as a message.
async fn asked(db: &mut impl Read, item: &ItemRecord, files: Vec<Attachment>) -> Result<Message> {
    let (description,): (String,) = db.one(Sql::new("SELECT description FROM item WHERE id = $1", args![item.id])).await?;
    let (author, author_name) = match item.requester() {
        Some(customer) => (Party::Customer(customer), lookup::customer_text(db, Some(customer)).await?),
        None => (Party::from_columns(&item.created_by_kind, item.created_by_id), item.created_by_name.clone()),
    };
    Ok(Message {
        id: MessageId(-item.id),
        kind: MessageKind::Reply,
        author,
        author_name,
        html: rich_text::clean(&description),
        created_at: Timestamp(item.created_at),
        files,
        recipients: Vec::new(),
        from: None,
        undelivered: Vec::new(),
    })
}

/// What a customer may read of an item's thread: replies only, without the addresses that they went to, oldest first; with what was
/// merged into it of which the same is true.
///
/// # Errors
/// What the database says.
pub async fn public_messages(db: &mut impl Read, actor: &Actor, item: ItemId, now: Timestamp) -> Result<Vec<Message>> {
    let files = files_by_message(db, item).await?;
    let messages = read_messages(db, item, MessageId(0), Some(MessageKind::Reply), files).await?;
    let parts = parts(db, actor, item, now).await?;
    let customer = actor.customer()?;
    let reader = Reader::Customer(customer, &customer.portal()?.rules);
    let mut messages = with_parts(db, messages, &parts, reader).await?;
    for message in &mut messages {
        message.recipients.clear();
    }
    Ok(messages)
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: i64,
    kind: String,
    author_kind: String,
    author_id: Option<i64>,
    author_name: String,
    html: String,
    recipients: String,
    created_at: i64,
}

async fn read_messages(
    db: &mut impl Read,
    item: ItemId,
    after: MessageId,
    only: Option<MessageKind>,
    mut files: FilesByMessage,
) -> Result<Vec<Message>> {
    let mut sql = Sql::new(
        "SELECT id, kind, author_kind, author_id, author_name, html, recipients, created_at FROM message \
         WHERE item_id = $1 AND id > $2",
        args![item, after],
    );
    if let Some(kind) = only {
        sql.push(" AND kind = ").bind(kind.key());
    }
    sql.push(" ORDER BY id");
    let found: Vec<MessageRow> = db.all(sql).await?;
    Ok(found
        .into_iter()
        .map(|row| Message {
            id: MessageId(row.id),
            // What is not known to be public stays inside.
            kind: MessageKind::from_key(&row.kind).unwrap_or(MessageKind::Note),
            author: Party::from_columns(&row.author_kind, row.author_id),
            author_name: row.author_name,
            html: rich_text::clean(&row.html),
            created_at: Timestamp(row.created_at),
            files: files.remove(&Some(MessageId(row.id))).unwrap_or_default(),
            recipients: serde_json::from_str(&row.recipients).unwrap_or_default(),
            from: None,
            undelivered: Vec::new(),
        })
        .collect())
}
