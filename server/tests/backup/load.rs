//! A backup by the command while the program serves and people work; the restore to another folder and another database, and a
//! start on it at another port.

use crate::{
    commands::{good, taquilla},
    common::{TestDesk, both_databases, elsewhere, invariants, letters::browser, program::Setup, wire::Request},
    rows::{self, BETWEEN, sql},
    worker,
};
use domain::{
    service::{Accounts, Files},
    session::Realm,
    time::Clock,
};
use serde_json::json;
use server::{ambient::WallClock, args, db::Sql, files::FileStore, service::files::FilesService};
use std::time::Duration;
use tokio::{sync::mpsc, time::timeout};

/// Longest wait for somebody's work.
const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "a long walk in the hills";

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_a_moment_of_the_desk_and_starts_elsewhere() {
    both_databases(async |mut desk| {
        let owner = desk.owner().await;
        desk.set_password("agent", "olga@desk.test", PASSWORD).await;
        let store = FileStore::local(&desk.folder().join("files")).unwrap();
        let files = FilesService::new(desk.db.clone(), store.clone());
        for number in 0..20 {
            files.upload(&owner, &format!("{number}.txt"), vec![b'x'; 1 + number * 10_000]).await.unwrap();
        }
        // The program would discard uploads that nobody has used since the clock of the tests stopped.
        desk.execute(Sql::new("UPDATE file SET purpose = 'logo'", args![])).await;
        let workers = worker::people(&desk, 0).await;
        let cookie = desk.cookie(&owner, WallClock.now()).await;
        desk.db.close().await;

        let program = Setup::of(&desk).start();
        let (acknowledged, mut seen) = mpsc::unbounded_channel();
        let working: Vec<_> = workers
            .into_iter()
            .map(|worker| tokio::spawn(worker.work_until_nobody_answers(program.address, acknowledged.clone())))
            .collect();
        for _ in 0..60 {
            timeout(PATIENCE, seen.recv()).await.expect("the server answers").expect("somebody is at work");
        }
        desk.reopen().await;
        let before = desk.number(Sql::new("SELECT MAX(seq) FROM event", args![])).await;
        desk.db.close().await;
        while seen.try_recv().is_ok() {}
        let archive = desk.folder().join(format!("{:?}.tar.zst", desk.engine()));
        let said = good(&["backup", archive.to_str().unwrap()], &desk).await;
        assert!(said.contains("read again and found right"), "{said}");
        let mut meanwhile = 0;
        while seen.try_recv().is_ok() {
            meanwhile += 1;
        }
        assert!(meanwhile > 0, "nobody waits for a backup");
        timeout(PATIENCE, seen.recv()).await.expect("the server goes on").expect("somebody is at work");
        program.kill();
        for work in working {
            work.await.expect("nobody is told anything but what they asked for");
        }
        desk.reopen().await;

        elsewhere(desk.engine(), async |place| {
            let output = taquilla(&["restore", archive.to_str().unwrap()], &place.url, &place.folder).await;
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let restored = place.desk(&desk).await;
            is_a_moment(&desk, &restored, before).await;
            let kept = FileStore::local(&place.folder.join("files")).unwrap();
            let paths: Vec<(String,)> = restored.rows(Sql::new("SELECT storage_path FROM file", args![])).await;
            assert!(paths.len() >= 20, "{}", paths.len());
            for (path,) in paths {
                assert_eq!(kept.get(&path).await.unwrap(), store.get(&path).await.unwrap());
            }
            restored.db.close().await;
            serves(restored, &cookie).await;
        })
        .await;
    })
    .await;
}

/// What was restored is the desk as it was when its log had so many entries, or a little later; nothing in it is half.
async fn is_a_moment(desk: &TestDesk, restored: &TestDesk, before: i64) {
    invariants::hold(restored).await;
    let end = restored.number(Sql::new("SELECT MAX(seq) FROM event", args![])).await;
    assert!(before > 0 && end >= before, "{end} entries of the log where there were {before} already");
    let held = "SELECT COUNT(*) FROM workspace WHERE outgoing_held = TRUE";
    assert_eq!(restored.number(Sql::new(held, args![])).await, 1, "nothing goes out before somebody says so");
    assert!(end < desk.number(Sql::new("SELECT MAX(seq) FROM event", args![])).await, "work went on after the backup");
    let (found, mut expected) = (rows::all(restored).await, rows::all(desk).await);
    let later: Vec<(i64,)> = desk.rows(sql(format!("SELECT seq FROM event WHERE seq > {end}"))).await;
    for (seq,) in later {
        expected.get_mut("event").unwrap().retain(|row| !row.contains(&format!("{BETWEEN}seq={seq}{BETWEEN}")));
    }
    assert_eq!(found["event"], expected["event"], "the log up to then, and no other");
    for table in ["customer", "address", "team", "status", "ticket_type", "portal"] {
        assert_eq!(found[table], expected[table], "{table}, which nobody changed");
    }
    for table in ["session", "code", "rate_limit", "set_up_token", "typed_form", "presence"] {
        assert!(found[table].is_empty(), "{table} stays behind");
    }
}

/// The program starts on it; who was signed in is not, and who knows their password is let in and works on.
async fn serves(mut restored: TestDesk, cookie: &str) {
    let program = Setup::of(&restored).start();
    let list = json!({"query": {"view": "open"}});
    let answer = Request::json("/_fn/items/list", cookie, &list).send(program.address).await.unwrap();
    assert_eq!(answer.status, 401, "sessions stay behind");
    restored.reopen().await;
    restored.accounts().sign_in(Realm::Agent, &browser(), "olga@desk.test", PASSWORD).await.unwrap();
    let end = restored.number(Sql::new("SELECT value FROM counter WHERE name = 'item'", args![])).await;
    let olga = restored.number(Sql::new("SELECT agent_id FROM address WHERE email = 'olga@desk.test'", args![])).await;
    let ids: Vec<(i64,)> = restored.rows(Sql::new("SELECT MAX(id) FROM item", args![])).await;
    let again = restored.agent("Nora").await;
    assert!(again.agent().unwrap().id.0 > olga);
    let cookie = restored.cookie(&again, WallClock.now()).await;
    let item = json!({"item": {"title": "After", "description": "", "idempotency_key": "after"}});
    let answer = Request::json("/_fn/items/create", &cookie, &item).send(program.address).await.unwrap();
    let (status, answer) = (answer.status, answer.json());
    assert_eq!((status, answer["row"]["number"].as_i64()), (200, Some(end + 1)), "{answer}");
    assert!(answer["row"]["id"].as_i64() > Some(ids[0].0), "{answer}");
    drop(program);
    restored.db.close().await;
}
