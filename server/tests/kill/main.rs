//! kill -9 in the middle of everything: the real program, several people at work over HTTP, SIGKILL at a moment that nobody
//! chose, and a new start. What was acknowledged is there exactly as it was acknowledged; nothing is half.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;

mod invariants;
mod program;
mod worker;

use common::{TestDesk, both_databases};
use domain::time::Clock;
use program::Program;
use server::ambient::{WallClock, random_bytes};
use std::time::Duration;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};
use worker::Worker;

/// How often the program is killed, for each database.
const ROUNDS: usize = 5;
/// Most requests that are acknowledged before it is killed.
const ACKNOWLEDGED: u8 = 60;
/// Longest time that these may take.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_a_killed_server_and_nothing_is_half() {
    both_databases(async |mut desk| {
        let mut log = Vec::new();
        for round in 1..=ROUNDS {
            log.extend(one_round(&mut desk, round).await);
        }
        // What an early round acknowledged has outlived every later one.
        for worker in &log {
            worker.finds_everything(&desk).await;
        }
    })
    .await;
}

/// Work, a kill, a new start, and a look at everything. Answers who worked.
async fn one_round(desk: &mut TestDesk, round: usize) -> Vec<Worker> {
    let workers = people(desk, round).await;
    // Only the program has the database open when it dies, so its next start has to put things right alone.
    desk.db.close().await;

    let program = Program::start(desk);
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
    let program = Program::start(desk);
    desk.reopen().await;
    for worker in &mut workers {
        worker.finds_what_was_answered(program.address).await;
        worker.finds_the_last_request_whole_or_not_at_all(desk).await;
        worker.asks_the_last_request_again(program.address).await;
        worker.finds_everything(desk).await;
    }
    invariants::hold(desk).await;
    invariants::every_held_mail_has_its_file(desk).await;
    workers
}

/// Three agents and three customers who are signed in, with tickets in common, so that they wait for each other.
async fn people(desk: &TestDesk, round: usize) -> Vec<Worker> {
    let now = WallClock.now();
    let everybodys = desk.customer(&format!("Carla {round}")).await;
    let shared = desk.ticket("Everybody's").by(&everybodys).await;
    let mut workers = Vec::new();
    for place in 1..=3 {
        let agent = desk.agent(&format!("Ana {round}-{place}")).await;
        let customer = desk.customer(&format!("Marisa {round}-{place}")).await;
        let own = desk.ticket("Printer jam").by(&customer).for_agent(&agent).await;
        let requester = customer.customer().unwrap().id;
        workers.push(Worker::agent(desk.cookie(&agent, now).await, shared, requester));
        workers.push(Worker::customer(desk.cookie(&customer, now).await, own));
    }
    workers
}
