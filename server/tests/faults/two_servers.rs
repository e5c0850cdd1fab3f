//! Two servers on one PostgreSQL. Whoever follows either of them hears everything once and in order, whichever of them is written
//! through, halts, or dies.

use crate::{
    common::{TestDesk, on_postgres, program::Setup},
    load::{Load, Team, signed_in},
    stream::Stream,
};
use server::{ambient::random_bytes, args, db::Sql};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

/// How long a server is halted: longer than anybody may hold a lock.
const HALTED: Duration = Duration::from_secs(7);
/// Longest wait for those who follow to hear the last of it.
const SOON: Duration = Duration::from_secs(40);

/// Where the two servers are now.
type Servers = Arc<Mutex<[SocketAddr; 2]>>;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_hears_everything_once_from_either_server() {
    on_postgres(async |desk| {
        let team = Team::of(&desk, 4).await;
        let owner = desk.owner().await;
        let cookie = signed_in(&desk, &owner).await;
        let begin = end(&desk).await;
        let first = Setup::of(&desk).quiet().start();
        let second = Setup::of(&desk).quiet().start();
        let servers: Servers = Arc::new(Mutex::new([first.address, second.address]));
        let (last, until) = watch::channel(None);
        let follow = |habit| -> JoinHandle<Heard> {
            tokio::spawn(Heard::from(begin).follows(servers.clone(), habit, cookie.clone(), until.clone()))
        };
        let following: Vec<_> =
            [Habit::Stays(0), Habit::Stays(1), Habit::Stays(1), Habit::Wanders, Habit::Wanders, Habit::Wanders]
                .map(follow)
                .into();

        let load = team.work_at(first.address);
        load.goes_on(40).await;
        // The second server halts, and goes on.
        second.halt();
        sleep(HALTED).await;
        load.goes_on(40).await;
        second.go_on();
        load.goes_on(40).await;
        // The first one dies in the middle; people go on at the second, and at another in its place.
        first.kill();
        load.move_to(second.address);
        load.goes_on(40).await;
        let first = Setup::of(&desk).quiet().start();
        servers.lock().unwrap()[0] = first.address;
        load.move_to(first.address);
        load.goes_on(40).await;

        let happened = finished(&desk, load).await;
        last.send_replace(Some(end(&desk).await));
        for one in following {
            let heard = timeout(SOON, one).await.expect("everybody hears the last of it").unwrap();
            assert_eq!(heard.replies, happened, "{:?}", heard.habit);
            assert!(heard.places.is_sorted(), "{:?}", heard.places);
        }
    })
    .await;
}

async fn end(desk: &TestDesk) -> i64 {
    desk.number(Sql::new("SELECT COALESCE(MAX(seq), 0) FROM event", args![])).await
}

/// Ends the work; answers how many replies each ticket has, in the log. A request that nobody answered may have come through twice
/// only with the same key, so there is one for each text.
async fn finished(desk: &TestDesk, load: Load) -> BTreeMap<i64, usize> {
    let work = load.end().await;
    for (status, key) in work.refused.keys() {
        assert!(*status == 0 || (*status == 503 && key == "error_busy"), "{:?}", work.refused);
    }
    work.is_all_there(desk).await;
    let sql = "SELECT item.number, COUNT(*) FROM event JOIN item ON item.id = event.subject_id \
               WHERE event.subject_kind = 'item' AND event.name = 'replied' GROUP BY item.number";
    let rows: Vec<(i64, i64)> = desk.rows(Sql::new(sql, args![])).await;
    rows.into_iter().map(|(number, count)| (number, usize::try_from(count).unwrap())).collect()
}

/// Where somebody follows.
#[derive(Debug, Clone, Copy)]
enum Habit {
    /// At one server, for as long as it lives.
    Stays(usize),
    /// Now here, now there.
    Wanders,
}

/// What somebody has heard.
struct Heard {
    habit: Habit,
    /// Replies, by ticket.
    replies: BTreeMap<i64, usize>,
    /// The places of the log, in the order in which they were told.
    places: Vec<i64>,
}

impl Heard {
    fn from(begin: i64) -> Self {
        Self { habit: Habit::Wanders, replies: BTreeMap::new(), places: vec![begin] }
    }

    /// Follows, and comes back whenever the stream is over, until it has told everything.
    async fn follows(mut self, servers: Servers, habit: Habit, cookie: String, until: watch::Receiver<Option<i64>>) -> Self {
        self.habit = habit;
        let done = |heard: &Self| until.borrow().is_some_and(|end| heard.places.last().is_some_and(|place| *place >= end));
        let mut turn = 0;
        while !done(&self) {
            let [chance, pieces] = random_bytes();
            let server = match habit {
                Habit::Stays(server) => server,
                Habit::Wanders => usize::from(chance % 2),
            };
            turn += 1;
            let address = servers.lock().unwrap()[server];
            let opened = Stream::open(address, "/live/desk", &cookie, self.places.last().copied());
            let Ok(Ok(mut stream)) = timeout(Duration::from_secs(2), opened).await else {
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            let most = if matches!(habit, Habit::Wanders) { usize::from(pieces % 8) + 1 } else { usize::MAX };
            for _ in 0..most {
                // A piece is heard whole or not at all; so nothing may be given up in the middle of one.
                let going = stream.take().await;
                self.hears(&mut stream);
                if !going || done(&self) {
                    break;
                }
            }
        }
        assert!(turn > 0);
        self
    }

    fn hears(&mut self, stream: &mut Stream) {
        for news in stream.news.drain(..) {
            assert!(news["kind"] != "reset", "nobody has been away for long");
            if news["kind"] != "item" {
                continue;
            }
            let replied = news["what"].as_array().unwrap().iter().filter(|what| what["name"] == "replied").count();
            *self.replies.entry(news["row"]["number"].as_i64().unwrap()).or_default() += replied;
        }
        self.places.extend(stream.last);
    }
}
