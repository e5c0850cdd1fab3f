//! Followers: agents follow by themselves, customers are made followers by agents.

use super::{
    ItemService,
    detail::detail,
    lookup,
    record::{ItemRecord, by_id, lock},
};
use crate::{
    db::{Arg, Read, Sql, Tx},
    service::events::{Author, FieldChange, note_item_event},
};
use domain::{
    Error, Result,
    actor::Actor,
    id::{CustomerId, ItemId, ItemNumber},
    item::ItemDetail,
    limits,
};

impl ItemService {
    pub(super) async fn set_following(&self, actor: &Actor, number: ItemNumber, follow: bool) -> Result<ItemDetail> {
        actor.agent()?;
        let by = actor.clone();
        let item = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let agent = by.agent()?.id;
                    let item = lock(tx, &by, number).await?;
                    let author = Author::of(tx, &by).await?;
                    let name = author.name.clone();
                    set(tx, &item, &author, "item_following_agent", "agent_id", agent.into(), &name, follow).await
                })
            })
            .await?;
        self.after(actor, item).await
    }

    pub(super) async fn set_customer_following(
        &self,
        actor: &Actor,
        number: ItemNumber,
        customer: CustomerId,
        follows: bool,
    ) -> Result<ItemDetail> {
        actor.working_agent()?;
        let by = actor.clone();
        let item = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    let item = lock(tx, &by, number).await?;
                    if !follows && item.requester() == Some(customer) {
                        return Err(Error::field("customer", "error_requester_follows"));
                    }
                    let name = lookup::customer_text(tx, Some(customer)).await?;
                    // Every customer has a name to show, so an empty one is nobody's.
                    if name.is_empty() {
                        return Err(Error::field("customer", "error_choice"));
                    }
                    let author = Author::of(tx, &by).await?;
                    set(tx, &item, &author, "item_following_customer", "customer_id", customer.into(), &name, follows).await
                })
            })
            .await?;
        self.after(actor, item).await
    }

    /// Who stops following may stop seeing it; they still see what came of it.
    async fn after(&self, actor: &Actor, item: ItemId) -> Result<ItemDetail> {
        let mut db = self.db.clone();
        let record = by_id(&mut db, item).await?;
        detail(&mut db, actor, record).await
    }
}

/// Has somebody follow an item that is locked, or no longer.
#[allow(clippy::too_many_arguments, reason = "the two tables of followers differ in just these names")]
pub(super) async fn set(
    tx: &mut Tx,
    item: &ItemRecord,
    author: &Author,
    table: &'static str,
    column: &'static str,
    follower: Arg,
    name: &str,
    follows: bool,
) -> Result<ItemId> {
    let field = if column == "agent_id" { "following_agents" } else { "following_customers" };
    let value = match &follower {
        Arg::Int(Some(id)) => format!("[{id}]"),
        _ => String::new(),
    };
    let mut sql = Sql::build(if follows { "INSERT INTO " } else { "DELETE FROM " });
    sql.push(table);
    if follows {
        let mut count = Sql::build("SELECT COUNT(*) FROM ");
        count.push(table).push(" WHERE item_id = ").bind(item.id);
        let (followers,): (i64,) = tx.one(count).await?;
        if usize::try_from(followers).unwrap_or(usize::MAX) >= limits::FOLLOWERS {
            return Err(Error::invalid("error_too_many_values"));
        }
        sql.push(" (item_id, ").push(column).push(") VALUES (").bind(item.id).push(", ").bind(follower);
        sql.push(") ON CONFLICT DO NOTHING");
    } else {
        sql.push(" WHERE item_id = ").bind(item.id).push(" AND ").push(column).push(" = ").bind(follower);
    }
    if tx.execute(sql).await? == 1 {
        let told = match follows {
            true => FieldChange { field, text: (String::new(), name.to_owned()), value: (String::new(), value) },
            false => FieldChange { field, text: (name.to_owned(), String::new()), value: (value, String::new()) },
        };
        let event = if follows { "followed" } else { "unfollowed" };
        note_item_event(tx, author, item.id, item.version, event, told, None);
    }
    Ok(item.item_id())
}
