//! The doctor: finds nothing where nothing is wrong, and each thing that is, with what to do; and changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{BEGINNING, TestDesk, both_databases, elsewhere, on_sqlite};
use domain::time::{Clock, DAY, HOUR};
use server::{
    ambient::WallClock,
    args,
    config::{Given, Settings},
    db::{Engine, Sql},
    doctor::{Finding, Level, examine},
};
use std::{
    path::Path,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

fn settings(url: &str, folder: &Path, more: &[(&str, &str)]) -> Settings {
    let data = folder.display().to_string();
    let always = [("DATABASE_URL", url), ("DATA", data.as_str())];
    let variables = always.iter().chain(more);
    let variables = variables.map(|(name, value)| (format!("TAQUILLA_{name}"), (*value).to_owned()));
    Settings::load_with(Given::default(), variables.collect::<Vec<_>>()).unwrap()
}

async fn of(desk: &TestDesk, clock: Arc<dyn Clock>) -> Vec<Finding> {
    examine(&settings(&desk.url, desk.folder(), &[]), clock).await
}

/// The findings of an area that are not good.
fn bad<'f>(findings: &'f [Finding], area: &str) -> Vec<&'f Finding> {
    let bad: Vec<&Finding> = findings.iter().filter(|finding| finding.area == area && finding.level > Level::Good).collect();
    assert!(bad.iter().all(|finding| !finding.advice.is_empty()), "{bad:?}");
    bad
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_where_nothing_is_wrong() {
    both_databases(async |desk| {
        desk.ticket("Printer jam").await;
        let before = desk.number(Sql::new("SELECT COUNT(*) FROM event", args![])).await;
        let findings = of(&desk, Arc::new(WallClock)).await;
        for area in ["settings", "database", "files", "queue"] {
            assert!(bad(&findings, area).is_empty(), "{findings:#?}");
            assert!(findings.iter().any(|finding| finding.area == area || area == "files"), "nobody looked at {area}");
        }
        let mail = bad(&findings, "mail");
        assert_eq!((mail.len(), mail[0].level), (1, Level::Warning), "held mail reaches nobody");
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM event", args![])).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_what_was_given_up_and_what_is_held_is_told() {
    both_databases(async |desk| {
        let at = desk.db.now();
        for (kind, subject, state, run_at) in
            [("mail", 1_i64, "failed", at.plus(-DAY)), ("import", 1, "waiting", at.plus(-HOUR)), ("mail", 2, "waiting", at)]
        {
            let sql = "INSERT INTO job (kind, subject_id, priority, state, run_at, created_at) VALUES ($1, $2, 1, $3, $4, $4)";
            desk.execute(Sql::new(sql, args![kind, subject, state, run_at])).await;
        }
        let findings = of(&desk, desk.clock.clone()).await;
        let told: Vec<&str> = bad(&findings, "queue").iter().map(|finding| finding.what.as_str()).collect();
        let expected = [
            "1 jobs (import) wait, the oldest for 1 hours longer than it should",
            "1 jobs (mail) were given up, the oldest 24 hours ago",
        ];
        assert_eq!(told, expected);
        desk.execute(Sql::new("UPDATE workspace SET outgoing_held = TRUE", args![])).await;
        let findings = of(&desk, desk.clock.clone()).await;
        assert!(bad(&findings, "queue")[0].what.contains("held since a restore"));
        // The clock of the tests stands in another month than that of the database.
        let clocks: Vec<_> = bad(&findings, "database");
        match desk.engine() {
            Engine::Sqlite => assert!(clocks.is_empty(), "{clocks:?}"),
            Engine::Postgres => {
                assert!(WallClock.now().0 - BEGINNING.0 > HOUR);
                assert_eq!((clocks.len(), clocks[0].level), (1, Level::Problem));
                assert!(clocks[0].what.contains("seconds apart"), "{clocks:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_missing_older_newer_or_gone_is_told() {
    both_databases(async |desk| {
        elsewhere(desk.engine(), async |place| {
            let findings = examine(&settings(&place.url, &place.folder, &[]), Arc::new(WallClock)).await;
            let found = bad(&findings, "database");
            assert_eq!((found.len(), found[0].level), (1, Level::Warning), "{found:?}");
            assert!(!place.folder.join("elsewhere.db").exists(), "a look makes no database");
        })
        .await;
        for (version, level, says) in
            [(999, Level::Problem, "knows only up to"), (1, Level::Warning, "the database has schema 1")]
        {
            desk.execute(Sql::new("DELETE FROM _sqlx_migrations WHERE version <> 1", args![])).await;
            if version > 1 {
                let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                           SELECT 999, 'later', success, checksum, 1 FROM _sqlx_migrations";
                desk.execute(Sql::new(sql, args![])).await;
            }
            let findings = of(&desk, Arc::new(WallClock)).await;
            let found = bad(&findings, "database");
            assert_eq!((found.len(), found[0].level), (1, level), "{found:?}");
            assert!(found[0].what.contains(says), "{found:?}");
        }
    })
    .await;
    let nowhere = settings("postgres://nobody@127.0.0.1:9/none", &std::env::temp_dir(), &[]);
    let findings = examine(&nowhere, Arc::new(WallClock)).await;
    assert!(bad(&findings, "database")[0].what.contains("cannot be opened"), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_found() {
    on_sqlite(async |desk| {
        for number in 0..200 {
            desk.ticket(&format!("Printer jam {number}")).await;
        }
        desk.db.close().await;
        let path = desk.folder().join("taquilla.db");
        let log = path.with_extension("db-wal");
        let put_away = async {
            while log.exists() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), put_away).await.expect("SQLite puts its log away");
        let mut bytes = std::fs::read(&path).unwrap();
        let half = bytes.len() / 2;
        bytes.iter_mut().skip(half).take(60_000).for_each(|byte| *byte ^= 0x5a);
        std::fs::write(&path, bytes).unwrap();
        let findings = of(&desk, Arc::new(WallClock)).await;
        let found = bad(&findings, "database");
        assert!(
            found.iter().any(|finding| finding.level == Level::Problem && finding.advice.contains("restore")),
            "{findings:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_server_is_greeted_and_nothing_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = said.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (read, mut write) = stream.split();
            write.write_all(b"220 test\r\n").await.unwrap();
            let mut lines = BufReader::new(read).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                heard.lock().unwrap().push(line.clone());
                let answer: &[u8] = if line.starts_with("QUIT") { b"221 bye\r\n" } else { b"250 ok\r\n" };
                if write.write_all(answer).await.is_err() {
                    break;
                }
            }
        }
    });
    on_sqlite(async |desk| {
        let with = |port: &str| {
            let more = [("SMTP_HOST", "127.0.0.1"), ("SMTP_TLS", "none"), ("SMTP_FROM", "desk@desk.test"), ("SMTP_PORT", port)];
            settings(&desk.url, desk.folder(), &more)
        };
        let findings = examine(&with(&port), Arc::new(WallClock)).await;
        assert!(bad(&findings, "mail").is_empty(), "{findings:?}");
        let said = said.lock().unwrap().join("\n");
        assert!(said.contains("EHLO") && !said.contains("MAIL") && !said.contains("DATA"), "{said}");
        let findings = examine(&with("9"), Arc::new(WallClock)).await;
        assert_eq!(bad(&findings, "mail")[0].level, Level::Problem);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_files_that_does_not_work_is_a_problem() {
    on_sqlite(async |desk| {
        std::fs::create_dir_all(desk.folder().join("files")).unwrap();
        assert!(bad(&of(&desk, Arc::new(WallClock)).await, "files").is_empty());
        let left = std::fs::read_dir(desk.folder().join("files")).unwrap().flatten().filter(|it| it.path().is_file());
        let left: Vec<_> = left.map(|it| it.file_name()).collect();
        assert_eq!(left, [".taquilla-files"], "nothing but the mark of the folder");
        let more = [
            ("FILES", "s3"),
            ("S3_ENDPOINT", "http://127.0.0.1:9"),
            ("S3_BUCKET", "desk"),
            ("S3_KEY", "key"),
            ("S3_SECRET", "hush-hush"),
        ];
        let findings = examine(&settings(&desk.url, desk.folder(), &more), Arc::new(WallClock)).await;
        assert_eq!(bad(&findings, "files")[0].level, Level::Problem, "{findings:?}");
        assert!(!format!("{findings:?}").contains("hush-hush"));
    })
    .await;
}
