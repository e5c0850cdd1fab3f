//! People at work: agents who write reply after reply, and ask again for each until it is acknowledged.

use crate::common::{TestDesk, wire::Request};
use domain::{actor::Actor, time::Clock};
use serde_json::json;
use server::{ambient::WallClock, args, db::Sql};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, timeout},
};

/// Longest wait for people at work to be acknowledged something.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long somebody who was refused waits before asking again.
const PAUSE: Duration = Duration::from_millis(100);

/// Agents, each with a ticket of their own.
pub struct Team(Vec<Member>);

#[derive(Clone)]
struct Member {
    cookie: String,
    number: i64,
}

impl Team {
    /// As many agents, signed in, each with a customer's ticket.
    pub async fn of(desk: &TestDesk, many: usize) -> Self {
        let mut members = Vec::new();
        for place in 1..=many {
            let customer = desk.customer(&format!("Marisa {place}")).await;
            let agent = desk.agent(&format!("Ana {place}")).await;
            let number = desk.ticket("Printer jam").by(&customer).for_agent(&agent).await;
            members.push(Member { cookie: signed_in(desk, &agent).await, number: number.0 });
        }
        Self(members)
    }
    /// The cookie of the first agent.
    pub fn cookie(&self) -> &str {
        &self.0[0].cookie
    }
    /// The number of the first agent's ticket.
    pub fn number(&self) -> i64 {
        self.0[0].number
    }
    /// Sets all of them to work at a server.
    pub fn work_at(&self, address: SocketAddr) -> Load {
        let (stop, stopped) = watch::channel(false);
        let (count, acknowledged) = watch::channel(0);
        let place = Arc::new(Mutex::new(address));
        let count = Arc::new(count);
        let work = |member: &Member| tokio::spawn(work(member.clone(), place.clone(), count.clone(), stopped.clone()));
        Load { working: self.0.iter().map(work).collect(), place, acknowledged, stop }
    }
}

/// Signs somebody in, for a program that has the time of the wall; answers the cookie.
pub async fn signed_in(desk: &TestDesk, who: &Actor) -> String {
    desk.cookie(who, WallClock.now()).await
}

/// A reply of which there is one in the world.
pub fn reply(cookie: &str, number: i64, text: &str) -> Request {
    let message = json!({"item": number, "kind": "reply", "html": format!("<p>{text}</p>"), "idempotency_key": text});
    Request::json("/_fn/items/write", cookie, &json!({ "message": message }))
}

/// People at work.
pub struct Load {
    working: Vec<JoinHandle<Work>>,
    place: Arc<Mutex<SocketAddr>>,
    acknowledged: watch::Receiver<usize>,
    stop: watch::Sender<bool>,
}

/// What somebody did.
#[derive(Debug, Default)]
pub struct Work {
    /// Texts that were acknowledged.
    pub texts: Vec<String>,
    /// How often they were refused, by status and key; no answer is 0.
    pub refused: BTreeMap<(u16, String), usize>,
    /// The longest wait for an answer.
    pub longest: Duration,
}

async fn work(
    member: Member,
    place: Arc<Mutex<SocketAddr>>,
    acknowledged: Arc<watch::Sender<usize>>,
    stop: watch::Receiver<bool>,
) -> Work {
    let mut work = Work::default();
    while !*stop.borrow() {
        let text = server::ambient::token();
        let request = reply(&member.cookie, member.number, &text);
        loop {
            let begun = Instant::now();
            let address = *place.lock().unwrap();
            let answer = request.send(address).await;
            work.longest = work.longest.max(begun.elapsed());
            match answer {
                Some(answer) if answer.status == 200 => break,
                Some(answer) => *work.refused.entry((answer.status, answer.refusal())).or_default() += 1,
                None => *work.refused.entry((0, String::new())).or_default() += 1,
            }
            tokio::time::sleep(PAUSE).await;
        }
        work.texts.push(text);
        acknowledged.send_modify(|count| *count += 1);
    }
    work
}

impl Load {
    /// Sends everybody to another server.
    pub fn move_to(&self, address: SocketAddr) {
        *self.place.lock().unwrap() = address;
    }
    /// Waits until so many more requests have been acknowledged.
    pub async fn goes_on(&self, more: usize) {
        let mut acknowledged = self.acknowledged.clone();
        let enough = *acknowledged.borrow() + more;
        timeout(PATIENCE, acknowledged.wait_for(|count| *count >= enough)).await.expect("work goes on").unwrap();
    }
    /// Has everybody end their work; answers what they did, together.
    pub async fn end(self) -> Work {
        self.stop.send_replace(true);
        let mut all = Work::default();
        for work in self.working {
            let work = work.await.unwrap();
            all.texts.extend(work.texts);
            all.longest = all.longest.max(work.longest);
            for (refusal, count) in work.refused {
                *all.refused.entry(refusal).or_default() += count;
            }
        }
        all
    }
}

impl Work {
    /// Nobody was refused for other reasons than these.
    pub fn was_refused_only_for(&self, keys: &[&str]) {
        for (status, key) in self.refused.keys() {
            assert!(*status == 503 && keys.contains(&key.as_str()), "{:?}", self.refused);
        }
    }
    /// Everything that was acknowledged is there once, and nothing else is.
    pub async fn is_all_there(&self, desk: &TestDesk) {
        let there: Vec<(String,)> =
            desk.rows(Sql::new("SELECT html FROM message WHERE kind = 'reply' ORDER BY html", args![])).await;
        let there: Vec<String> = there.into_iter().map(|(html,)| html).collect();
        let mut acknowledged: Vec<String> = self.texts.iter().map(|text| format!("<p>{text}</p>")).collect();
        acknowledged.sort();
        assert_eq!(there.len(), acknowledged.len());
        assert!(
            there.iter().all(|html| acknowledged.binary_search(html).is_ok()),
            "other replies are there than were acknowledged"
        );
    }
}
