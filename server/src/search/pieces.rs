//! The texts that have words: an item itself (title, who asks, description, names of its files), and each of its messages (text, names of
//! its files).

use crate::{
    db::{DbError, Read, Sql, Tx},
    keys,
};
use domain::{
    conversation::MessageKind,
    filter::words,
    id::{ItemId, MessageId},
};
use std::collections::HashMap;

/// Which texts of an item.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// The item itself and all messages.
    All,
    /// The item itself.
    Item,
    /// One message.
    Message(MessageId),
}

/// The words of a text.
pub(super) struct Piece {
    pub item: ItemId,
    /// The message; 0 for the item itself.
    pub message: MessageId,
    /// Whether customers know nothing of it.
    pub internal: bool,
    pub words: Vec<String>,
}

/// The pieces of these items that have words, by item and message.
pub(super) async fn of(tx: &mut Tx, items: &[i64], part: Part) -> Result<Vec<Piece>, DbError> {
    let engine = tx.engine();
    let of_items = |text: &'static str, column: &'static str| {
        let mut sql = Sql::build(text);
        sql.push(column).push_in_ids(engine, items.iter().copied());
        sql
    };
    let mut sql = of_items(
        "SELECT item_id, COALESCE(message_id, 0), name FROM file WHERE purpose IN ('description', 'message') AND ",
        "item_id",
    );
    sql.push(" ORDER BY id");
    let mut names: HashMap<(i64, i64), Vec<String>> = HashMap::new();
    for (item, message, name) in tx.all::<(i64, i64, String)>(sql).await? {
        names.entry((item, message)).or_default().push(name);
    }
    let names_of = |item: i64, message: i64| names.get(&(item, message)).into_iter().flatten().map(String::as_str);
    let mut pieces = Vec::new();
    if matches!(part, Part::All | Part::Item) {
        let sql = of_items("SELECT id, title, search_key, description FROM item WHERE ", "id");
        for (item, title, key, description) in tx.all::<(i64, String, String, String)>(sql).await? {
            let requester = keys::requester_of(&key);
            let words = words::of_item(&title, requester, names_of(item, 0), &description);
            pieces.push(Piece { item: ItemId(item), message: MessageId(0), internal: false, words });
        }
    }
    if matches!(part, Part::All | Part::Message(_)) {
        let mut sql = of_items("SELECT item_id, id, kind, html FROM message WHERE ", "item_id");
        if let Part::Message(message) = part {
            sql.push(" AND id = ").bind(message);
        }
        for (item, message, kind, html) in tx.all::<(i64, i64, String, String)>(sql).await? {
            let words = words::of_message(names_of(item, message), &html);
            let internal = kind == MessageKind::Note.key();
            pieces.push(Piece { item: ItemId(item), message: MessageId(message), internal, words });
        }
    }
    pieces.retain(|piece| !piece.words.is_empty());
    pieces.sort_by_key(|piece| (piece.item, piece.message));
    Ok(pieces)
}
