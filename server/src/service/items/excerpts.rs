//! The beginning of the last public message of many items at once: what a list of two lines shows. Notes are no part of it.

use super::{ItemService, record::push_permission};
use crate::{
    db::{Read, Sql},
    rich_text,
};
use domain::{Error, Result, actor::Actor, id::ItemNumber, item::Excerpt, limits};

/// So much of a message is read: what is shown of it is much shorter, even with what HTML needs around it.
const READ: i64 = 4_000;

impl ItemService {
    pub(super) async fn last_messages(&self, actor: &Actor, numbers: Vec<ItemNumber>) -> Result<Vec<Excerpt>> {
        actor.agent()?;
        if numbers.len() > usize::from(limits::PAGE) {
            return Err(Error::field("numbers", "error_too_many_values").with("max", limits::PAGE));
        }
        let mut db = self.db.clone();
        // What was asked is the first message of all.
        let mut sql =
            Sql::build("SELECT item.number, substr(COALESCE((SELECT message.html FROM message WHERE message.item_id = item.id ");
        sql.push("AND message.kind = 'reply' ORDER BY message.id DESC LIMIT 1), item.description), 1, ").bind(READ);
        sql.push(") FROM item WHERE item.number");
        sql.push_in_ids(db.engine(), numbers.into_iter().map(|number| number.0)).push(" AND ");
        push_permission(&mut sql, db.engine(), actor, db.now());
        let found: Vec<(i64, String)> = db.all(sql).await?;
        let excerpt = |(number, html): (i64, String)| Excerpt {
            number: ItemNumber(number),
            text: rich_text::preview(&html, limits::EXCERPT),
        };
        Ok(found.into_iter().map(excerpt).collect())
    }
}
