//! Asking for words. The words of a search hold letters and digits only, so that they mean nothing to the engines' own query languages;
//! and they are bound like any other value.

use super::store::MESSAGE_BITS;
use crate::db::{Engine, Sql};
use domain::filter::words::Phrase;

/// Appends the condition that an item has these words, which must be searchable ([`domain::filter::check::searchable`]); in notes they
/// are looked for only if `notes` says so. The statement must select from `item`. `common`: they are ([`super::is_common`]), and the
/// statement goes through the items in another order.
pub(crate) fn push_in_item(sql: &mut Sql, engine: Engine, text: &str, notes: bool, common: bool) {
    let Some(phrase) = Phrase::of(text) else {
        sql.push("FALSE");
        return;
    };
    match engine {
        Engine::Sqlite => {
            let query = sqlite_query(&phrase);
            let query = if notes { query } else { format!("public : {query}") };
            sql.push(if common { "+item.id" } else { "item.id" });
            sql.push(" IN (SELECT item_words.rowid >> ").bind(i64::from(MESSAGE_BITS));
            sql.push(" FROM item_words WHERE item_words MATCH ").bind(query).push(")");
        }
        Engine::Postgres => {
            // Not as a list of ids: under NOT and OR that would be all ids there are, looked through for each item if they are many.
            sql.push("EXISTS (SELECT 1 FROM item_words WHERE item_words.item_id = item.id AND item_words.words @@ ");
            sql.bind(postgres_query(&phrase)).push("::tsquery");
            sql.push(if notes { ")" } else { " AND NOT item_words.internal)" });
        }
    }
}

/// Appends the condition that a message has these words. The statement must select from `message`, and only such as may be known of.
pub(crate) fn push_in_message(sql: &mut Sql, engine: Engine, text: &str) {
    let Some(phrase) = Phrase::of(text) else {
        sql.push("FALSE");
        return;
    };
    sql.push("EXISTS (SELECT 1 FROM item_words WHERE ");
    match engine {
        Engine::Sqlite => {
            sql.push("item_words MATCH ").bind(sqlite_query(&phrase));
            sql.push(" AND item_words.rowid = (message.item_id << ").bind(i64::from(MESSAGE_BITS)).push(") + message.id)");
        }
        Engine::Postgres => {
            sql.push("item_words.item_id = message.item_id AND item_words.message_id = message.id AND item_words.words @@ ");
            sql.bind(postgres_query(&phrase)).push("::tsquery)");
        }
    }
}

pub(super) fn sqlite_query(phrase: &Phrase) -> String {
    format!("\"{}\"{}", phrase.words.join(" "), if phrase.prefix { " *" } else { "" })
}

pub(super) fn postgres_query(phrase: &Phrase) -> String {
    format!("'{}'{}", phrase.words.join("' <-> '"), if phrase.prefix { ":*" } else { "" })
}
