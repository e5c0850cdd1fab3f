//! One ticket with its public thread, as the portal's rules show it; reading it marks it as read.

use super::{REQUESTER_COLUMNS, REQUESTER_EMAIL, RequesterRow, STATUS_COLUMNS, StatusRow};
use crate::{
    args,
    db::{Db, Read, Sql, Tx},
    rich_text,
    service::{
        files,
        items::{self, push_permission},
    },
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    id::{CustomerId, ItemId, ItemNumber, TypeId},
    item::Impact,
    portal::{
        DetailValue, PortalDetail, PortalTicket,
        rules::{Access, PortalRules, Property},
    },
    time::Timestamp,
    types::Category,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    number: i64,
    title: String,
    description: String,
    type_id: i64,
    priority: i64,
    impact: String,
    product: String,
    created_at: i64,
    last_message_at: Option<i64>,
    merged_into: i64,
    read_at: Option<i64>,
    follows: bool,
    #[sqlx(flatten)]
    status: StatusRow,
    #[sqlx(flatten)]
    requester: RequesterRow,
}

/// The ticket, and notes that it was read.
pub async fn read(db: &Db, actor: &Actor, number: ItemNumber) -> Result<PortalTicket> {
    let customer = actor.customer()?.id;
    let row = find(&mut db.clone(), actor, number, db.now()).await?;
    let (item, unread_until) = (ItemId(row.id), row.last_message_at.filter(|last| row.read_at.is_none_or(|read| read < *last)));
    let ticket = complete(&mut db.clone(), actor, row, db.now()).await?;
    if let Some(until) = unread_until {
        let marked = db.write(move |tx| Box::pin(async move { mark_read(tx, customer, item, Timestamp(until)).await })).await;
        // The ticket can be shown all the same.
        if let Err(error) = marked {
            tracing::warn!(%error, "a read mark could not be set");
        }
    }
    Ok(ticket)
}

/// The ticket as it is in a transaction.
pub async fn load(db: &mut impl Read, actor: &Actor, number: ItemNumber, now: Timestamp) -> Result<PortalTicket> {
    let row = find(db, actor, number, now).await?;
    complete(db, actor, row, now).await
}

/// Notes that a customer has read the public messages up to a time.
pub async fn mark_read(tx: &mut Tx, customer: CustomerId, item: ItemId, until: Timestamp) -> Result<()> {
    tx.execute(Sql::new(
        "INSERT INTO read_mark (customer_id, item_id, read_at) VALUES ($1, $2, $3) \
         ON CONFLICT (customer_id, item_id) DO UPDATE SET read_at = excluded.read_at WHERE read_mark.read_at < excluded.read_at",
        args![customer, item, until],
    ))
    .await?;
    Ok(())
}

async fn find(db: &mut impl Read, actor: &Actor, number: ItemNumber, now: Timestamp) -> Result<Row> {
    let customer = actor.customer()?.id;
    let mut sql = Sql::build(
        "SELECT item.id AS id, item.number AS number, item.title AS title, item.description AS description, \
         item.type_id AS type_id, item.priority AS priority, item.impact AS impact, item.product AS product, item.created_at AS created_at, \
         item.last_message_at AS last_message_at, item.merged_into AS merged_into, read_mark.read_at AS read_at, EXISTS (SELECT 1 FROM item_following_customer \
         WHERE item_following_customer.item_id = item.id AND item_following_customer.customer_id = ",
    );
    sql.bind(customer).push(") AS follows, ").push(STATUS_COLUMNS).push(", ").push(REQUESTER_COLUMNS).push(REQUESTER_EMAIL);
    sql.push(
        " FROM item JOIN status ON status.id = item.status_id \
         LEFT JOIN customer AS requester ON requester.id = item.requester_id \
         LEFT JOIN read_mark ON read_mark.item_id = item.id AND read_mark.customer_id = ",
    );
    sql.bind(customer).push(" WHERE item.number = ").bind(number).push(" AND ");
    push_permission(&mut sql, db.engine(), actor, now);
    db.optional(sql).await?.ok_or_else(Error::not_found)
}

/// Where a ticket that was merged goes on, if the customer may see that.
pub async fn end(db: &mut impl Read, actor: &Actor, number: ItemNumber, now: Timestamp) -> Result<Option<ItemNumber>> {
    let end = items::end(db, number).await?;
    match items::find(db, actor, end, now).await {
        Ok(_) => Ok(Some(end)),
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn complete(db: &mut impl Read, actor: &Actor, row: Row, now: Timestamp) -> Result<PortalTicket> {
    let customer = actor.customer()?;
    let rules = &customer.portal()?.rules;
    let (item, type_id) = (ItemId(row.id), TypeId(row.type_id));
    let access = |property| rules.access(property, type_id);
    let shows = |property| access(property) > Access::Hidden;
    let messages = items::public_messages(db, actor, item, now).await?;
    let merged = row.merged_into != 0;
    let merged_into = if merged { end(db, actor, ItemNumber(row.number), now).await? } else { None };
    let described = shows(Property::Description);
    let mut files = Vec::new();
    if described {
        let attachments = files::of_item(db, item).await?;
        files.extend(attachments.into_iter().filter(|(message, _)| message.is_none()).map(|(_, file)| file));
    }
    let own = row.requester.requester_id == Some(customer.id.0);
    let last_at = [last_change(db, item, rules, type_id).await?, row.last_message_at].into_iter().flatten();
    let last_at = Timestamp(last_at.fold(row.created_at, i64::max));
    let requester = if own || shows(Property::Requester) { row.requester.name() } else { String::new() };
    let status = row.status.status();
    let mut details = Vec::new();
    for property in rules.properties.iter().map(|rule| rule.property).filter(|property| shows(*property)) {
        let value = match property {
            Property::Title | Property::Description => continue,
            Property::Status => DetailValue::Status(status.clone()),
            Property::Type => {
                let mut kinds = items::types(db).await?;
                kinds.retain(|kind| kind.id == type_id);
                let mut kind = kinds.pop().ok_or_else(Error::internal)?;
                kind.statuses.clear();
                DetailValue::Type(kind)
            }
            Property::Priority => DetailValue::Stars(u8::try_from(row.priority).unwrap_or_default()),
            Property::Assignee => DetailValue::Text(assignees(db, item).await?),
            Property::Requester => DetailValue::Text(requester.clone()),
            Property::Impact => DetailValue::Impact(Impact::from_key(&row.impact).unwrap_or_default()),
            Property::Product => DetailValue::Text(row.product.clone()),
            Property::Created => DetailValue::Moment(Timestamp(row.created_at)),
            Property::Updated => DetailValue::Moment(last_at),
        };
        details.push(PortalDetail { property, value, editable: !merged && access(property) == Access::Edit });
    }
    let (may_change, done) = (own && !merged && rules.may.close, status.category == Category::Done);
    Ok(PortalTicket {
        number: ItemNumber(row.number),
        title: row.title,
        description: described.then(|| rich_text::clean(&row.description)),
        files,
        requester,
        own,
        details,
        may_rename: !merged && access(Property::Title) == Access::Edit,
        created_at: Timestamp(row.created_at),
        last_at,
        messages,
        following: row.follows && !own,
        may_reply: rules.may.reply,
        may_attach: rules.may.attach,
        may_close: may_change && !done,
        may_reopen: may_change && done,
        merged_into,
    })
}

/// When something last changed that the portal shows.
async fn last_change(db: &mut impl Read, item: ItemId, rules: &PortalRules, type_id: TypeId) -> Result<Option<i64>> {
    let mut sql = Sql::build("SELECT MAX(at) FROM event WHERE subject_kind = 'item' AND subject_id = ");
    sql.bind(item).push(" AND (name IN ('created', 'replied') OR name = 'changed' AND field IN (''");
    let shown = Property::ALL.into_iter().filter(|property| rules.access(*property, type_id) > Access::Hidden);
    for field in shown.filter_map(Property::event_field) {
        sql.push(", ").bind(field);
    }
    sql.push("))");
    let (at,): (Option<i64>,) = db.one(sql).await?;
    Ok(at)
}

async fn assignees(db: &mut impl Read, item: ItemId) -> Result<String> {
    let sql = "SELECT agent.name FROM item_agent JOIN agent ON agent.id = item_agent.agent_id \
               WHERE item_agent.item_id = $1 ORDER BY agent.name_key, agent.id";
    let names: Vec<(String,)> = db.all(Sql::new(sql, args![item])).await?;
    Ok(names.into_iter().map(|(name,)| name).collect::<Vec<_>>().join(", "))
}
