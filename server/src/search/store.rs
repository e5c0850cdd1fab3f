//! Where words are kept: an FTS5 table without content on SQLite, rows of `tsvector` on PostgreSQL.
//!
//! SQLite knows a piece by one number, which is made of those of its item and its message, so that the items of what is found are known
//! without looking them up. PostgreSQL keeps at most 255 places of a word in a vector, and places up to 16,383; so a long piece is
//! several rows, which overlap by as many words as a search can have.

use super::pieces::Piece;
use crate::{
    args,
    db::{DbError, Engine, Read, Sql, Tx},
};
use domain::{
    id::{ItemId, MessageId},
    limits,
};

/// Bits of the number that are the message's.
pub(super) const MESSAGE_BITS: u32 = 30;
/// Most words of a row.
const ROW: usize = 255;
/// Words that two rows share: a search of [`limits::SEARCH`] characters has no more.
const SHARED: usize = limits::SEARCH / 2;
/// Most rows of one statement.
const ROWS: usize = 50;

fn number(item: ItemId, message: MessageId) -> i64 {
    (item.0 << MESSAGE_BITS) + message.0
}

/// Forgets a piece.
pub(super) async fn forget(tx: &mut Tx, item: ItemId, message: MessageId) -> Result<(), DbError> {
    let sql = match tx.engine() {
        Engine::Sqlite => Sql::new("DELETE FROM item_words WHERE rowid = $1", args![number(item, message)]),
        Engine::Postgres => Sql::new("DELETE FROM item_words WHERE item_id = $1 AND message_id = $2", args![item, message]),
    };
    tx.execute(sql).await.map(|_| ())
}

/// Forgets all pieces of the items whose ids lie between these, both included.
pub(super) async fn forget_between(tx: &mut Tx, first: i64, last: i64) -> Result<(), DbError> {
    let sql = match tx.engine() {
        Engine::Sqlite => Sql::new(
            "DELETE FROM item_words WHERE rowid BETWEEN $1 AND $2",
            args![number(ItemId(first), MessageId(0)), number(ItemId(last + 1), MessageId(0)) - 1],
        ),
        Engine::Postgres => Sql::new("DELETE FROM item_words WHERE item_id BETWEEN $1 AND $2", args![first, last]),
    };
    tx.execute(sql).await.map(|_| ())
}

/// Keeps pieces of which nothing is kept.
pub(super) async fn put(tx: &mut Tx, pieces: Vec<Piece>) -> Result<(), DbError> {
    let engine = tx.engine();
    let mut rows = pieces.into_iter().flat_map(|piece| rows(engine, &piece)).peekable();
    while rows.peek().is_some() {
        let mut sql = Sql::build(match engine {
            Engine::Sqlite => "INSERT INTO item_words (rowid, public, internal) VALUES ",
            Engine::Postgres => "INSERT INTO item_words (item_id, message_id, part, internal, words) VALUES ",
        });
        for (index, row) in rows.by_ref().take(ROWS).enumerate() {
            sql.push(if index == 0 { "(" } else { ", (" });
            match engine {
                Engine::Sqlite => {
                    let nothing = String::new();
                    let (public, internal) = if row.internal { (nothing, row.words) } else { (row.words, nothing) };
                    sql.bind(number(row.item, row.message)).push(", ").bind(public).push(", ").bind(internal)
                }
                Engine::Postgres => {
                    sql.bind(row.item).push(", ").bind(row.message).push(", ").bind(row.part).push(", ").bind(row.internal);
                    sql.push(", words_vector(").bind(row.words).push(")")
                }
            }
            .push(")");
        }
        tx.execute(sql).await?;
    }
    Ok(())
}

struct Row {
    item: ItemId,
    message: MessageId,
    part: i64,
    internal: bool,
    words: String,
}

fn rows(engine: Engine, piece: &Piece) -> Vec<Row> {
    let words = &piece.words;
    let parts = match engine {
        Engine::Postgres if words.len() > ROW => (words.len() - SHARED).div_ceil(ROW - SHARED),
        _ => 1,
    };
    let of_part = |part: usize| match parts {
        1 => words.join(" "),
        _ => {
            let from = part * (ROW - SHARED);
            words[from..words.len().min(from + ROW)].join(" ")
        }
    };
    (0..parts)
        .map(|part| Row {
            item: piece.item,
            message: piece.message,
            part: i64::try_from(part).unwrap_or_default(),
            internal: piece.internal,
            words: of_part(part),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_pieces_are_rows_that_overlap() {
        for count in [1, 255, 256, 410, 411, 5_000] {
            let words: Vec<String> = (0..count).map(|word| word.to_string()).collect();
            let piece = Piece { item: ItemId(1), message: MessageId(2), internal: false, words };
            let rows: Vec<Vec<usize>> = rows(Engine::Postgres, &piece)
                .into_iter()
                .map(|row| row.words.split(' ').map(|word| word.parse().unwrap()).collect())
                .collect();
            assert!(rows.iter().all(|row| row.len() <= ROW), "{count}");
            // Whatever follows each other, as long as a search can be, is in one row.
            let longest = SHARED.min(count);
            for from in 0..=count - longest {
                assert!(rows.iter().any(|row| row.contains(&from) && row.contains(&(from + longest - 1))), "{count} {from}");
            }
            assert_eq!(rows.last().and_then(|row| row.last()), Some(&(count - 1)));
        }
    }
}
