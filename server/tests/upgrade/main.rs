//! A desk of each earlier schema, filled, is brought up to date: every row is still there and everybody can go on; and a backup
//! of it, which keeps its schema, is restored by this program and brought up to date as well.
//!
//! `rows/<number>.sql` holds what came with a schema: a desk of schema 3 has lived through 1, 2 and 3. A new migration needs a file
//! there, and a line in [`GONE`] for each column that it takes away.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../backup/rows.rs"]
mod rows;

use common::{BEGINNING, Place, TestDesk, elsewhere, letters::browser, on_sqlite};
use domain::{
    actor::{Actor, AgentActor},
    agent::{Role, TicketAccess},
    conversation::{MessageKind, NewMessage},
    id::{AgentId, ItemNumber, SessionId},
    item::Change,
    language::Language,
    service::{Accounts, Items},
    session::Realm,
};
use server::{
    args, backup,
    db::{Engine, Sql, migrations},
    files::FileStore,
};
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use std::collections::BTreeMap;

/// What each schema brought, with its number.
const ROWS: [(i64, &str); 16] = [
    (1, include_str!("rows/0001.sql")),
    (2, include_str!("rows/0002.sql")),
    (3, include_str!("rows/0003.sql")),
    (4, include_str!("rows/0004.sql")),
    (5, include_str!("rows/0005.sql")),
    (6, include_str!("rows/0006.sql")),
    (7, include_str!("rows/0007.sql")),
    (8, include_str!("rows/0008.sql")),
    (9, include_str!("rows/0009.sql")),
    (10, include_str!("rows/0010.sql")),
    (11, include_str!("rows/0011.sql")),
    (12, include_str!("rows/0012.sql")),
    (13, include_str!("rows/0013.sql")),
    (14, include_str!("rows/0014.sql")),
    (15, include_str!("rows/0015.sql")),
    (16, include_str!("rows/0016.sql")),
];

/// The files that the rows name.
const FILES: [(&str, &str); 5] =
    [("aa/logo", "logo"), ("bb/jam", "jam"), ("cc/waits", "waits"), ("dd/import", "tickets"), ("ee/held", "held")];

/// Columns that a migration took away on purpose; what they said, another table says since.
const GONE: [(&str, &str); 2] = [("mail", "next_try_at"), ("import_run", "lease_until")];

/// Makes the desk that has lived from the first schema to this one.
async fn desk_of(schema: i64, place: &Place) {
    let lived = || ROWS.into_iter().filter(|(version, _)| *version <= schema);
    if place.url.starts_with("sqlite") {
        let pool = SqlitePool::connect(&format!("{}?mode=rwc", place.url)).await.unwrap();
        for (version, statements) in lived() {
            sqlx::migrate!("migrations/sqlite").run_to(version, &pool).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(statements)).execute(&pool).await.unwrap();
        }
        pool.close().await;
    } else {
        let pool = PgPool::connect(&place.url).await.unwrap();
        for (version, statements) in lived() {
            sqlx::migrate!("migrations/postgres").run_to(version, &pool).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(statements)).execute(&pool).await.unwrap();
        }
        pool.close().await;
    }
}

/// All rows, each as its columns.
async fn cells(desk: &TestDesk) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let mut all = BTreeMap::new();
    for (table, rows) in rows::all(desk).await {
        let of_row = |row: String| {
            let pairs = row.split(rows::BETWEEN).map(|cell| cell.split_once('=').unwrap_or((cell, "")));
            pairs.map(|(column, value)| (column.to_owned(), value.to_owned())).collect()
        };
        all.insert(table, rows.into_iter().map(of_row).collect());
    }
    all
}

/// Every row that was there is there with the values that it had, in every column that there still is.
async fn nothing_is_lost(before: BTreeMap<String, Vec<BTreeMap<String, String>>>, desk: &TestDesk) {
    let after = cells(desk).await;
    let columns = rows::tables(desk).await;
    for (table, rows) in before {
        let known = columns.get(&table).unwrap_or_else(|| panic!("the table {table} is gone"));
        for mut row in rows {
            row.retain(|column, _| {
                let there = known.iter().any(|(known, _)| known == column.trim_end_matches(':'));
                assert!(there || GONE.contains(&(table.as_str(), column.trim_end_matches(':'))), "{table}.{column} is gone");
                there
            });
            let found = after[&table].iter().any(|found| row.iter().all(|(column, value)| found.get(column) == Some(value)));
            assert!(found, "{table} has lost {row:?}");
        }
    }
}

fn olga() -> Actor {
    let (id, session) = (AgentId(1), SessionId(1));
    let (language, time_zone) = (Language::De, "Europe/Berlin".to_owned());
    Actor::Agent(AgentActor { id, role: Role::Owner, access: TicketAccess::All, teams: Vec::new(), session, language, time_zone })
}

/// People sign in, read, answer, change and ask anew.
async fn everybody_goes_on(desk: &TestDesk, items: i64) {
    let accounts = desk.accounts();
    accounts.sign_in(Realm::Agent, &browser(), "olga@desk.test", "a long walk in the hills").await.unwrap();
    accounts.sign_in(Realm::Customer, &browser(), "marisa@acme.test", "a long walk in the hills").await.unwrap();
    let service = desk.items();
    let number = ItemNumber(1);
    let shown = service.get(&olga(), number).await.unwrap();
    assert_eq!((shown.row.title.as_str(), shown.messages.len()), ("Printer jam", 3));
    assert_eq!(shown.row.tags.len(), 2);
    let message = NewMessage {
        item: number,
        kind: MessageKind::Reply,
        html: "<p>Better?</p>".to_owned(),
        files: vec![],
        cc: vec![],
        forward_to: Vec::new(),
        status_id: None,
        seen: None,
        seen_held: vec![],
        hold: false,
        idempotency_key: String::new(),
    };
    assert_eq!(service.write(&olga(), message).await.unwrap().messages.len(), 4);
    let version = service.get(&olga(), number).await.unwrap().row.version;
    service.change(&olga(), number, version, vec![Change::Priority(5)]).await.unwrap();
    assert_eq!(desk.ticket("After the upgrade").await.0, items + 1);
    let waits =
        "SELECT COUNT(*) FROM mail WHERE state = 'pending' AND id NOT IN (SELECT subject_id FROM job WHERE kind = 'mail')";
    assert_eq!(desk.number(Sql::new(waits, args![])).await, 0, "a mail that waited is still sent");
    let given_up = "SELECT COUNT(*) FROM job WHERE kind = 'mail' AND state = 'failed'";
    assert_eq!(desk.number(Sql::new(given_up, args![])).await, 1);
}

async fn upgrade(engine: Engine, schema: i64, like: &TestDesk) {
    elsewhere(engine, async |place| {
        desk_of(schema, &place).await;
        let desk = place.desk(like).await;
        assert_eq!(desk.db.schema().await.unwrap(), Some(schema));
        let before = cells(&desk).await;
        let items = i64::try_from(before["item"].len()).unwrap();
        let store = FileStore::local(&place.folder.join("files")).unwrap();
        let files = before["file"].len();
        for (path, text) in FILES.into_iter().take(files) {
            store.put_at(path, text.into()).await.unwrap();
        }
        let archive = place.folder.join("before.tar.zst");
        let written = backup::write(&desk.db, &store, &archive).await.unwrap();
        assert_eq!((written.schema, written.files, written.missing.len()), (schema, files as u64, 0));

        desk.db.migrate().await.unwrap();
        nothing_is_lost(before, &desk).await;
        let upgraded = rows::all(&desk).await;
        elsewhere(engine, async |other| {
            let restored = other.desk(like).await;
            let kept = FileStore::local(&other.folder.join("files")).unwrap();
            backup::restore(&restored.db, &kept, &archive, &backup::check(&archive).unwrap()).await.unwrap();
            rows::same(&rows::all(&restored).await, &rows::restored(&upgraded));
            assert_eq!(restored.with_words("printer jam").await, [1], "words are in no archive, and are there all the same");
            everybody_goes_on(&restored, items).await;
            restored.db.close().await;
        })
        .await;
        if schema < 8 {
            assert_eq!(desk.with_words("printer jam").await, [1], "words of tickets that were there before");
        }
        everybody_goes_on(&desk, items).await;
        desk.db.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_of_every_earlier_schema_is_brought_up_to_date() {
    let known: Vec<i64> = sqlx::migrate!("migrations/sqlite").iter().map(|migration| migration.version).collect();
    assert_eq!(ROWS.map(|(version, _)| version).to_vec(), known, "a new migration needs a file in rows/");
    assert_eq!(known.last(), Some(&migrations::newest()));
    on_sqlite(async |like| {
        assert_eq!(like.db.now(), BEGINNING);
        for (schema, _) in ROWS {
            for engine in [Engine::Sqlite, Engine::Postgres] {
                eprintln!("schema {schema} on {engine:?}");
                upgrade(engine, schema, &like).await;
            }
        }
    })
    .await;
}
