//! kill -9 in the middle of everything: the real program, several people at work over HTTP, SIGKILL at a moment that nobody
//! chose, and a new start. What was acknowledged is there exactly as it was acknowledged; nothing is half.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;

mod worker;

use common::{
    TestDesk, both_databases, invariants,
    program::Setup,
    receiver::{Mood, Receiver},
};
use domain::time::{Clock, Timestamp};
use server::{
    ambient::{WallClock, random_bytes},
    args,
    db::Sql,
    jobs::LEASE,
};
use std::{collections::BTreeSet, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout},
};
use worker::Worker;

/// How often the program is killed, for each database, unless `KILL_ROUNDS` says otherwise.
const ROUNDS: usize = 6;
/// Every so many rounds there is no mail server, and mails are held.
const WITHOUT_MAIL: usize = 3;
/// Most requests that are acknowledged before it is killed.
const ACKNOWLEDGED: u8 = 60;
/// Longest time that these may take.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_killed_server_and_nothing_is_half() {
    let rounds = std::env::var("KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    both_databases(async |mut desk| {
        let begun = Instant::now();
        let mails = Receiver::start(Mood::Takes).await;
        let mut log = Vec::new();
        for round in 1..=rounds {
            log.extend(one_round(&mut desk, round, &mails).await);
        }
        // What an early round acknowledged has outlived every later one.
        for worker in &log {
            worker.finds_everything(&desk).await;
        }
        let acknowledged: usize = log.iter().map(|worker| worker.acknowledged).sum();
        let ids = mails.ids();
        let different: BTreeSet<&String> = ids.iter().collect();
        let [early, late] = [0, 1].map(|when| log.iter().map(|worker| worker.held[when]).sum::<usize>());
        eprintln!(
            "{:?}: {rounds} rounds in {} s, {acknowledged} requests acknowledged, {} mails delivered, {} of them again, {early} held \
             replies sent before a kill and {late} after it",
            desk.engine(),
            begun.elapsed().as_secs(),
            ids.len(),
            ids.len() - different.len()
        );
        assert!(rounds < ROUNDS || (early > 0 && late > 0), "kills came between replies that were held");
    })
    .await;
}

/// Work, a kill, a new start, and a look at everything. Answers who worked.
async fn one_round(desk: &mut TestDesk, round: usize, mails: &Receiver) -> Vec<Worker> {
    let workers = worker::people(desk, round).await;
    // Only the program has the database open when it dies, so its next start has to put things right alone.
    desk.db.close().await;

    let mailing = !round.is_multiple_of(WITHOUT_MAIL);
    let start = |desk: &TestDesk| if mailing { Setup::of(desk).mailing_to(mails.port) } else { Setup::of(desk) }.start();
    let program = start(desk);
    let (acknowledged, mut seen) = mpsc::unbounded_channel();
    let working: Vec<_> = workers
        .into_iter()
        .map(|worker| tokio::spawn(worker.work_until_nobody_answers(program.address, acknowledged.clone())))
        .collect();
    let [many, moment] = random_bytes();
    for _ in 0..=many % ACKNOWLEDGED {
        timeout(PATIENCE, seen.recv()).await.expect("the server goes on answering").expect("somebody is at work");
    }
    sleep(Duration::from_micros(u64::from(moment) * 80)).await;
    program.kill();

    let mut workers = Vec::new();
    for work in working {
        workers.push(work.await.expect("nobody is told anything but what they asked for"));
    }
    let died = WallClock.now();
    let program = start(desk);
    desk.reopen().await;
    for worker in &mut workers {
        worker.finds_what_was_answered(program.address).await;
        worker.finds_the_last_request_whole_or_not_at_all(desk).await;
        worker.asks_the_last_request_again(program.address).await;
        worker.finds_everything(desk).await;
    }
    let_go_of_what_the_dead_held(desk, died).await;
    nothing_is_left_of(desk, "replies wait", "SELECT COUNT(*) FROM held_message").await;
    for worker in &mut workers {
        worker.finds_what_was_held(desk, died).await;
    }
    invariants::hold_with_folder(desk).await;
    if mailing {
        every_mail_arrives(desk, mails).await;
    }
    workers
}

/// What was in the hands of the process that died is left to it for a while; that while is over.
async fn let_go_of_what_the_dead_held(desk: &TestDesk, died: Timestamp) {
    let release = "UPDATE job SET lease_until = $1 WHERE lease_until > $1 AND lease_until <= $2";
    desk.execute(Sql::new(release, args![died, died.plus(LEASE)])).await;
}

/// Waits until a statement counts nothing any more.
async fn nothing_is_left_of(desk: &TestDesk, what: &str, count: &'static str) {
    let begun = Instant::now();
    while desk.number(Sql::new(count, args![])).await > 0 {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Every mail of the outbox has arrived at least once, under its own id, and nothing else has.
async fn every_mail_arrives(desk: &TestDesk, mails: &Receiver) {
    nothing_is_left_of(desk, "mails stay in the outbox", "SELECT COUNT(*) FROM mail WHERE state = 'pending'").await;
    let outbox: Vec<(String, String)> = desk.rows(Sql::new("SELECT token, state FROM mail", args![])).await;
    let arrived: BTreeSet<String> = mails.ids().into_iter().collect();
    for (token, state) in &outbox {
        assert_eq!(arrived.contains(token), state == "sent", "a mail that is {state}");
    }
    assert_eq!(arrived.len(), outbox.iter().filter(|(_, state)| state == "sent").count(), "mails of nobody arrived");
}
