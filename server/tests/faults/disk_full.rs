//! A disk without space, under SQLite and the folder of files. Writes are refused with the reason, reads go on; when there is space
//! again everything goes on by itself, and what was acknowledged is there.

use crate::{
    common::{
        TestDesk, invariants, on_sqlite,
        program::{Program, Setup},
        wire::Request,
    },
    load::Team,
};
use serde_json::json;
use server::{ambient::random_bytes, args, db::Sql};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How often the space goes.
const ROUNDS: usize = 6;
/// The only reason to refuse somebody here.
const REASON: &str = "error_no_space";
/// Longest time until somebody is told, and until all is well again.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_without_space_and_with_space_again() {
    on_sqlite(async |mut desk| {
        let team = Team::of(&desk, 4).await;
        // Only the program has the database open.
        desk.db.close().await;
        let program = Setup::of(&desk).quiet().start();
        let kept = upload(&program, &team).await.expect("there is space");
        let load = team.work_at(program.address);
        for round in 0..ROUNDS {
            load.goes_on(10).await;
            let room = room(&desk, round);
            program.limit_files(Some(room));
            writes_are_refused(&program, &team).await;
            reads_go_on(&program, &team, kept).await;
            if room == 0 {
                assert_eq!(upload(&program, &team).await, Err(REASON.to_owned()));
            }
            program.limit_files(None);
            timeout(SOON, load.goes_on(5)).await.expect("work goes on");
            upload(&program, &team).await.expect("there is space again");
        }
        // Without space the program is killed, and starts where there is some.
        program.limit_files(Some(0));
        writes_are_refused(&program, &team).await;
        program.kill();
        let program = Setup::of(&desk).quiet().start();
        load.move_to(program.address);
        load.goes_on(5).await;
        let work = load.end().await;
        for (status, key) in work.refused.keys() {
            assert!((*status, key.as_str()) == (503, REASON) || *status == 0, "{:?}", work.refused);
        }
        program.stop();
        desk.reopen().await;
        work.is_all_there(&desk).await;
        every_file_is_whole(&desk).await;
        invariants::hold_with_folder(&desk).await;
    })
    .await;
}

/// How large a file may be: no larger than nothing; or a little more than the database has, so that space ends in the middle of
/// its log.
fn room(desk: &TestDesk, round: usize) -> u64 {
    let database = std::fs::metadata(desk.folder().join("taquilla.db")).unwrap().len();
    let [more] = random_bytes();
    if round.is_multiple_of(2) { 0 } else { database + u64::from(more) * 256 }
}

async fn upload(program: &Program, team: &Team) -> Result<i64, String> {
    let answer = Request::upload(team.cookie(), "a.bin", &vec![7; 200_000]).send(program.address).await.expect("an answer");
    if answer.status == 200 {
        return Ok(answer.json()["id"].as_i64().unwrap());
    }
    assert_eq!(answer.status, 503);
    Err(answer.refusal())
}

/// Sooner or later, depending on how much there is still room for.
async fn writes_are_refused(program: &Program, team: &Team) {
    let begun = Instant::now();
    let draft = "x".repeat(20_000);
    loop {
        let draft = json!({"draft": {"item": team.number(), "kind": "note", "html": format!("<p>{draft}</p>")}});
        let answer =
            Request::json("/_fn/items/save_draft", team.cookie(), &draft).send(program.address).await.expect("an answer");
        if answer.status != 200 {
            assert_eq!((answer.status, answer.refusal().as_str()), (503, REASON), "{}", answer.text());
            return;
        }
        assert!(begun.elapsed() < SOON, "there is still room");
        sleep(Duration::from_millis(10)).await;
    }
}

async fn reads_go_on(program: &Program, team: &Team, file: i64) {
    let list = Request::json("/_fn/items/list", team.cookie(), &json!({"query": {"view": "all"}}));
    let ticket = Request::json("/_fn/items/get", team.cookie(), &json!({"number": team.number()}));
    let page = Request::page("/desk/tickets", team.cookie());
    let file = Request::get(&format!("/files/{file}/a.bin"), team.cookie());
    let ready = Request::get("/readyz", "");
    for request in [list, ticket, page, file, ready] {
        let answer = request.send(program.address).await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
}

/// Every file that the database knows has all its bytes, and nothing half lies around.
async fn every_file_is_whole(desk: &TestDesk) {
    let files: Vec<(String, i64)> =
        desk.rows(Sql::new("SELECT storage_path, size FROM file ORDER BY storage_path", args![])).await;
    assert!(files.len() > ROUNDS);
    for (path, size) in &files {
        let there = std::fs::metadata(desk.folder().join("files").join(path)).unwrap().len();
        assert_eq!(i64::try_from(there).unwrap(), *size);
    }
    let mut lying = Vec::new();
    for folder in
        std::fs::read_dir(desk.folder().join("files")).unwrap().map(|folder| folder.unwrap().path()).filter(|path| path.is_dir())
    {
        let names = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        lying.extend(names.map(|name| format!("{}/{name}", folder.file_name().unwrap().to_str().unwrap())));
    }
    lying.sort();
    let known: Vec<String> = files.into_iter().map(|(path, _)| path).collect();
    assert_eq!(lying, known);
}
