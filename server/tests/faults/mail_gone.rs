//! The mail server goes and comes back. People go on; their mails arrive when it is there again, and if one arrives twice it is the
//! same mail.

use crate::{
    common::{
        TestDesk, invariants, on_postgres, on_sqlite,
        program::{Program, Setup},
        receiver::{Mood, Receiver},
        wire::Request,
    },
    load::{Team, signed_in},
};
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};
use tokio::time::{Instant, sleep};

/// Longest time until the mails have come: the first tries are half a minute apart, or a little more.
const ARRIVED: Duration = Duration::from_secs(60);
/// Longest time that a server which keeps silent may hold up the others' mails.
const HELD_UP: Duration = Duration::from_secs(45);
/// How many mails the program sends at the same time.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_not_there() {
    on_sqlite(async |desk| {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = nobody.local_addr().unwrap().port();
        drop(nobody);
        mails_arrive(desk, port, async |program, cookie| {
            // Until an administrator sees that one was tried.
            let list = Request::json("/_fn/admin/mails", cookie, &json!({"state": null, "query": {}}));
            while !list.send(program.address).await.expect("an answer").text().contains("onnection refused") {
                sleep(Duration::from_millis(50)).await;
            }
            Receiver::at(port, Mood::Takes).await
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_hangs_up_in_the_middle() {
    on_postgres(async |desk| {
        let receiver = Receiver::start(Mood::HangsUp).await;
        mails_arrive(desk, receiver.port, async |_, _| {
            while receiver.met() < AT_ONCE {
                sleep(Duration::from_millis(50)).await;
            }
            receiver.is(Mood::Takes);
            receiver
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_keeps_silent() {
    on_postgres(async |desk| {
        let receiver = Receiver::start(Mood::Stalls).await;
        mails_arrive(desk, receiver.port, async |_, _| {
            let begun = Instant::now();
            // Those who wait for the first ones get their turn, although it never says a word.
            while receiver.met() <= AT_ONCE {
                assert!(begun.elapsed() < HELD_UP, "a silent server holds up everything");
                sleep(Duration::from_millis(50)).await;
            }
            receiver.is(Mood::Takes);
            receiver
        })
        .await;
    })
    .await;
}

/// People work while the mail server is away; when it is `back`, every reply is mailed.
async fn mails_arrive(desk: TestDesk, port: u16, back: impl AsyncFnOnce(&Program, &str) -> Receiver) {
    let team = Team::of(&desk, 2).await;
    let owner = desk.owner().await;
    let owner = signed_in(&desk, &owner).await;
    let program = Setup::of(&desk).quiet().mailing_to(port).start();
    let load = team.work_at(program.address);
    load.goes_on(3 * AT_ONCE).await;
    let work = load.end().await;
    assert!(work.refused.is_empty() && work.longest < Duration::from_secs(2), "nobody waits for a mail: {work:?}");

    let receiver = back(&program, &owner).await;
    let begun = Instant::now();
    while !work.texts.iter().all(|text| receiver.read().iter().any(|mail| mail.contains(text.as_str()))) {
        assert!(begun.elapsed() < ARRIVED, "{} of {} mails", receiver.got().len(), work.texts.len());
        sleep(Duration::from_millis(100)).await;
    }
    // One mail for each reply, however often it was tried.
    let ids: BTreeSet<String> = receiver.ids().into_iter().collect();
    assert_eq!(ids.len(), work.texts.len());
    drop(program);
    invariants::hold_with_folder(&desk).await;
}
