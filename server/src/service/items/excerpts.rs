//! The beginning of the last public message of many items at once: what a list of two lines shows. Notes are no part of it.

use super::{ItemService, record::push_permission};
use crate::{
    db::{Read, Sql},
    rich_text,
};
use domain::{Error, Result, actor::Actor, id::ItemNumber, item::Excerpt, limits};

impl ItemService {
    pub(super) async fn last_messages(&self, actor: &Actor, numbers: Vec<ItemNumber>) -> Result<Vec<Excerpt>> {
        actor.agent()?;
        if numbers.len() > usize::from(limits::PAGE) {
            return Err(Error::field("numbers", "error_too_many_values").with("max", limits::PAGE));
        }
        let mut db = self.db.clone();
        // What was asked is the first message of all. What is shown is much shorter than what is read, also with what HTML needs around it.
        let mut sql = Sql::build(
            "SELECT item.number, substr(COALESCE((SELECT message.html FROM message WHERE message.item_id = item.id \
             AND message.kind = 'reply' ORDER BY message.id DESC LIMIT 1), item.description), 1, 4000) FROM item WHERE item.number",
        );
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
