//! What holds at every moment, whatever was killed: numbers without gaps, no change without its trace, no reply without its
//! mails.

use super::TestDesk;
use server::{
    args,
    db::{Engine, Sql},
};

/// Statements that count what must not be.
const NEVER: [(&str, &str); 12] = [
    (
        "an item whose number somebody else has, or that was skipped",
        "SELECT COUNT(*) - COUNT(DISTINCT number) + COALESCE(MAX(number), 0) - COUNT(*) FROM item",
    ),
    (
        "a number that was given out to nothing",
        "SELECT (SELECT value FROM counter WHERE name = 'item') - (SELECT COUNT(*) FROM item)",
    ),
    (
        "a gap in the log",
        "SELECT (SELECT value FROM counter WHERE name = 'event') - COUNT(*) + COALESCE(MAX(seq), 0) - COUNT(*) FROM event",
    ),
    (
        "an item that was not created once",
        "SELECT COUNT(*) FROM item WHERE 1 <> (SELECT COUNT(*) FROM event WHERE event.subject_kind = 'item' \
         AND event.subject_id = item.id AND event.name = 'created')",
    ),
    (
        "an item whose version the log does not know",
        "SELECT COUNT(*) FROM item WHERE version <> (SELECT MAX(event.version) FROM event WHERE event.subject_kind = 'item' \
         AND event.subject_id = item.id)",
    ),
    ("half a change of two fields", "SELECT COUNT(*) FROM item WHERE product <> '' AND product <> title"),
    (
        "a message that the log does not tell of once",
        "SELECT COUNT(*) FROM message WHERE 1 <> (SELECT COUNT(*) FROM event WHERE event.subject_kind = 'item' \
         AND event.subject_id = message.item_id AND event.new_value = CAST(message.id AS TEXT) \
         AND event.name = CASE message.kind WHEN 'note' THEN 'noted' ELSE 'replied' END)",
    ),
    ("a key that remembers nothing", "SELECT COUNT(*) FROM idempotency WHERE made_id = 0"),
    (
        "a mail about a message that is not there",
        "SELECT COUNT(*) FROM mail WHERE message_id IS NOT NULL AND message_id NOT IN (SELECT id FROM message)",
    ),
    (
        "a mail that waits and that nobody will send",
        "SELECT COUNT(*) FROM mail WHERE state = 'pending' AND id NOT IN (SELECT subject_id FROM job WHERE kind = 'mail')",
    ),
    (
        "a job for a mail that does not wait",
        "SELECT COUNT(*) FROM job WHERE kind = 'mail' AND subject_id NOT IN (SELECT id FROM mail WHERE state = 'pending')",
    ),
    (
        "a reply that waits and that nobody will send",
        "SELECT COUNT(*) FROM held_message WHERE error = '' AND id NOT IN (SELECT subject_id FROM job WHERE kind = 'reply')",
    ),
];

/// Holds what the database says of itself.
pub async fn hold(desk: &TestDesk) {
    for (what, sql) in NEVER {
        assert_eq!(desk.number(Sql::new(sql, args![])).await, 0, "{what}");
    }
    every_reply_has_its_mails(desk).await;
    every_text_has_its_words(desk).await;
}

/// What was written can be found, as soon as it is there.
async fn every_text_has_its_words(desk: &TestDesk) {
    let (items, messages) = match desk.engine() {
        Engine::Sqlite => (
            "SELECT COUNT(*) FROM item WHERE NOT EXISTS (SELECT 1 FROM item_words WHERE rowid = item.id << 30)",
            "SELECT COUNT(*) FROM message \
             WHERE NOT EXISTS (SELECT 1 FROM item_words WHERE rowid = (message.item_id << 30) + message.id)",
        ),
        Engine::Postgres => (
            "SELECT COUNT(*) FROM item WHERE id NOT IN (SELECT item_id FROM item_words WHERE message_id = 0)",
            "SELECT COUNT(*) FROM message WHERE id NOT IN (SELECT message_id FROM item_words)",
        ),
    };
    for sql in [items, messages] {
        assert_eq!(desk.number(Sql::new(sql, args![])).await, 0, "a text whose words nobody knows");
    }
}

/// The same, and what lies in the folder of the desk besides: the bytes of files, mails that are held.
pub async fn hold_with_folder(desk: &TestDesk) {
    hold(desk).await;
    every_held_mail_has_its_file(desk).await;
    every_file_has_its_bytes(desk).await;
}

/// A file that the database knows is there, whole.
async fn every_file_has_its_bytes(desk: &TestDesk) {
    let files: Vec<(String, i64)> =
        desk.rows(Sql::new("SELECT storage_path, size FROM file WHERE storage_path <> ''", args![])).await;
    for (path, size) in files {
        let there = std::fs::metadata(desk.folder().join("files").join(&path)).map(|file| file.len());
        assert_eq!(there.ok(), u64::try_from(size).ok(), "the bytes of {path}");
    }
}

/// One mail for each recipient of each reply, and no other.
async fn every_reply_has_its_mails(desk: &TestDesk) {
    let replies: Vec<(i64, String)> = desk.rows(Sql::new("SELECT id, recipients FROM message ORDER BY id", args![])).await;
    let mut mails: Vec<(i64, String)> =
        desk.rows(Sql::new("SELECT message_id, recipients FROM mail WHERE message_id IS NOT NULL", args![])).await;
    let mut expected: Vec<(i64, String)> = replies
        .iter()
        .flat_map(|(id, recipients)| {
            let emails: Vec<String> = serde_json::from_str(recipients).unwrap();
            emails.into_iter().map(|email| (*id, serde_json::to_string(&[email]).unwrap()))
        })
        .collect();
    mails.sort();
    expected.sort();
    assert_eq!(mails, expected, "the mails of the replies");
}

/// A mail says that it is held only when it lies there, whole.
async fn every_held_mail_has_its_file(desk: &TestDesk) {
    let held: Vec<(i64, String)> = desk.rows(Sql::new("SELECT id, token FROM mail WHERE state = 'held'", args![])).await;
    for (id, token) in held {
        let file = std::fs::read_to_string(desk.folder().join(format!("mail/{id}.eml"))).unwrap();
        assert!(file.contains(&token), "mail {id} is not whole");
    }
}
