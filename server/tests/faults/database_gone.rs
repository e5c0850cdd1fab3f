//! PostgreSQL goes and comes back. While it is away everybody is told so in time; afterwards everything goes on by itself, and what
//! was acknowledged is there.

use crate::{
    common::{
        TestDesk, invariants, on_postgres,
        program::{Program, Setup},
        receiver::{Mood, Receiver},
        wire::{Answer, Request},
    },
    hang_ups::no_transaction_is_open,
    load::{Load, Team, reply},
    proxy::Proxy,
    stream::Stream,
};
use serde_json::json;
use server::{ambient::token, args, db::Sql};
use std::{net::SocketAddr, time::Duration};
use tokio::time::{Instant, sleep};

/// Longest wait of somebody who cannot be served.
const TOLD: Duration = Duration::from_secs(14);
/// Longest wait of a supervisor that asks whether the server can work.
const READY: Duration = Duration::from_secs(3);
/// Longest time until all is well again.
const BACK: Duration = Duration::from_secs(5);
/// The only reasons to refuse somebody here.
const REASONS: [&str; 2] = ["error_database", "error_busy"];
/// More people than the program has connections.
const MANY: usize = 40;

/// The program with its database behind a proxy, and people at work.
struct Place {
    desk: TestDesk,
    proxy: Proxy,
    program: Program,
    mails: Receiver,
    team: Team,
    load: Load,
}

impl Place {
    async fn new(desk: TestDesk) -> Self {
        let team = Team::of(&desk, 4).await;
        let proxy = Proxy::to(&desk.url).await;
        let mails = Receiver::start(Mood::Takes).await;
        let program = Setup::at(&desk, &proxy.url(&desk.url)).mailing_to(mails.port).quiet().start();
        let load = team.work_at(program.address);
        load.goes_on(10).await;
        Self { desk, proxy, program, mails, team, load }
    }

    /// Somebody looks at the tickets.
    fn look(&self) -> Request {
        Request::json("/_fn/items/list", self.team.cookie(), &json!({"query": {"view": "all"}}))
    }

    async fn asks(&self, request: &Request) -> (Answer, Duration) {
        asks(self.program.address, request).await
    }

    /// Programs, people and supervisors are told that there is no database, each in time.
    async fn says_so(&self) {
        let (alive, waited) = self.asks(&Request::get("/healthz", "")).await;
        assert!(alive.status == 200 && waited < Duration::from_secs(1), "{waited:?}");
        let (ready, waited) = self.asks(&Request::get("/readyz", "")).await;
        assert_eq!(ready.status, 503);
        assert!(waited < READY, "{waited:?}");

        let address = self.program.address;
        let many: Vec<_> =
            (0..MANY).map(|_| self.look()).map(|look| tokio::spawn(async move { asks(address, &look).await })).collect();
        for one in many {
            let (answer, waited) = one.await.unwrap();
            assert_eq!((answer.status, answer.refusal().as_str()), (503, "error_database"));
            assert!(waited < TOLD, "{waited:?}");
        }
        let (page, waited) = self.asks(&Request::page("/desk/tickets", self.team.cookie())).await;
        assert_eq!(page.status, 503);
        assert!(page.text().contains("The database does not answer"), "{}", page.text());
        assert!(waited < TOLD, "{waited:?}");
    }

    /// Soon everybody is served again, at the speed of always.
    async fn is_back(&self, soon: Duration) {
        let begun = Instant::now();
        loop {
            let (answer, waited) = self.asks(&self.look()).await;
            if answer.status == 200 && waited < Duration::from_secs(1) {
                break;
            }
            assert!(begun.elapsed() < soon, "{}: {} after {waited:?}", answer.status, answer.text());
            sleep(Duration::from_millis(50)).await;
        }
        let address = self.program.address;
        let many: Vec<_> =
            (0..MANY).map(|_| self.look()).map(|look| tokio::spawn(async move { asks(address, &look).await })).collect();
        for one in many {
            let (answer, waited) = one.await.unwrap();
            assert_eq!(answer.status, 200, "{}", answer.text());
            assert!(waited < BACK, "{waited:?}");
        }
        assert_eq!(self.asks(&Request::get("/readyz", "")).await.0.status, 200);
        self.load.goes_on(20).await;
        assert!(begun.elapsed() < soon + BACK, "work goes on after {:?}", begun.elapsed());
    }

    /// Everything that was acknowledged is there, nothing else is, and every reply has been mailed.
    async fn ends_well(self) {
        let work = self.load.end().await;
        work.was_refused_only_for(&REASONS);
        assert!(work.longest < TOLD, "{:?}", work.longest);
        work.is_all_there(&self.desk).await;
        no_transaction_is_open(&self.desk).await;
        // A mail that was in somebody's hands when the database went comes again later, so not every one is there yet.
        let begun = Instant::now();
        while self.mails.got().len() < work.texts.len() - 20 {
            assert!(begun.elapsed() < Duration::from_secs(30), "{} of {} mails", self.mails.got().len(), work.texts.len());
            sleep(Duration::from_millis(50)).await;
        }
        drop(self.program);
        invariants::hold_with_folder(&self.desk).await;
    }
}

async fn asks(address: SocketAddr, request: &Request) -> (Answer, Duration) {
    let begun = Instant::now();
    let answer = request.send(address).await.expect("an answer");
    (answer, begun.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_stopped_and_started_again() {
    on_postgres(async |desk| {
        let place = Place::new(desk).await;
        let mut stream = Stream::open(place.program.address, "/live/desk", place.team.cookie(), None).await.unwrap();
        let begin = stream.place().await;
        place.proxy.refuses();
        place.says_so().await;
        stream.ends().await;
        let refused = Stream::open(place.program.address, "/live/desk", place.team.cookie(), stream.last).await;
        assert_eq!(refused.err(), Some(503));

        place.proxy.opens();
        place.is_back(BACK).await;
        // The stream goes on where it was, and tells everything.
        let mut stream = Stream::open(place.program.address, "/live/desk", place.team.cookie(), stream.last).await.unwrap();
        let Place { load, desk, .. } = &place;
        load.goes_on(1).await;
        let end = desk.number(Sql::new("SELECT MAX(seq) FROM event", args![])).await;
        stream.reaches(end).await;
        assert!(end > begin);
        place.ends_well().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_keeps_silent_and_speaks_again() {
    on_postgres(async |desk| {
        let place = Place::new(desk).await;
        place.proxy.halts();
        place.says_so().await;
        place.proxy.opens();
        place.is_back(BACK).await;
        place.ends_well().await;
    })
    .await;
}

/// Nobody ever hears again of the connections that the program has, which held locks.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_lead_nowhere_any_more() {
    on_postgres(async |desk| {
        let place = Place::new(desk).await;
        place.proxy.strands();
        place.is_back(4 * BACK).await;
        place.ends_well().await;
    })
    .await;
}

/// The server commits, and nobody hears of it: what is asked for again is there once, and a file that is there has its bytes.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost() {
    on_postgres(async |desk| {
        let place = Place::new(desk).await;
        let text = token();
        let write = reply(place.team.cookie(), place.team.number(), &text);
        place.proxy.loses_commits();
        let (answer, _) = place.asks(&write).await;
        assert_eq!((answer.status, answer.refusal().as_str()), (503, "error_database"));
        for _ in 0..3 {
            let (answer, _) = place.asks(&Request::upload(place.team.cookie(), "a.txt", b"words")).await;
            assert_eq!((answer.status, answer.refusal().as_str()), (503, "error_database"));
        }
        place.proxy.opens();
        place.is_back(BACK).await;
        assert_eq!(place.asks(&write).await.0.status, 200);
        let there = Sql::new("SELECT COUNT(*) FROM message WHERE html = $1", args![format!("<p>{text}</p>")]);
        assert_eq!(place.desk.number(there).await, 1);
        let files: Vec<(String,)> = place.desk.rows(Sql::new("SELECT storage_path FROM file", args![])).await;
        assert!(!files.is_empty(), "a commit of an upload has come through");
        for (path,) in files {
            assert_eq!(std::fs::read(place.desk.folder().join("files").join(path)).unwrap(), b"words");
        }
        let Place { load, program, desk, .. } = place;
        load.end().await.was_refused_only_for(&REASONS);
        drop(program);
        invariants::hold_with_folder(&desk).await;
    })
    .await;
}
