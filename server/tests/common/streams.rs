//! The streams of live updates, as a server opens them and a browser reads them.

use bytes::Bytes;
use domain::{actor::Actor, live::News};
use server::{
    db::Db,
    live::{Ask, Begin, Live, Reader},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

/// Longest wait for something that has to come.
const SOON: Duration = Duration::from_secs(20);

/// The live updates of one server process.
pub struct Server {
    /// What streams are opened at.
    pub live: Live,
    stop: watch::Sender<bool>,
}

impl Server {
    /// Starts to follow a database.
    pub async fn start(db: &Db) -> Self {
        let server = Self::begin(db).await;
        server.follow();
        server
    }

    /// One that does not follow anything yet.
    pub async fn begin(db: &Db) -> Self {
        Self { live: Live::begin(db).await.unwrap(), stop: watch::Sender::new(false) }
    }

    /// Follows from now on.
    pub fn follow(&self) {
        tokio::spawn(self.live.clone().run(self.stop.subscribe()));
    }

    /// The stream of somebody, from this place of the log on or from now on.
    pub fn open(&self, actor: &Actor, after: Option<i64>) -> Stream {
        self.open_tab(actor, Begin { after, tab: None })
    }

    /// The stream of somebody as a page opens it.
    pub fn open_tab(&self, actor: &Actor, begin: Begin) -> Stream {
        let rights = Arc::new(Mutex::new(actor.clone()));
        let ask: Ask = {
            let rights = rights.clone();
            Arc::new(move || {
                let now = rights.lock().unwrap().clone();
                Box::pin(async move { Ok(now) })
            })
        };
        Stream { sent: Reader::open(&self.live, actor.clone(), ask, begin).unwrap(), rights, place: None, news: Vec::new() }
    }
}

/// What a browser makes of a stream.
pub struct Stream {
    /// What arrives.
    pub sent: mpsc::Receiver<Bytes>,
    /// Who holds the session, when it is asked.
    pub rights: Arc<Mutex<Actor>>,
    /// How far the log was told.
    pub place: Option<i64>,
    /// What was told and not looked at yet.
    pub news: Vec<News>,
}

impl Stream {
    /// Takes one piece; `false` when the stream is over.
    pub async fn take(&mut self) -> bool {
        let Some(text) = timeout(SOON, self.sent.recv()).await.expect("nothing came") else { return false };
        let text = std::str::from_utf8(&text).unwrap();
        for event in text.split("\n\n").filter(|event| !event.is_empty()) {
            for line in event.lines() {
                match line.split_once(": ").unwrap() {
                    ("data", data) => {
                        let news = serde_json::from_str(data).unwrap();
                        if news != News::Beat {
                            self.news.push(news);
                        }
                    }
                    ("id", place) => self.place = Some(place.parse().unwrap()),
                    (name, _) => assert_eq!(name, "retry"),
                }
            }
        }
        true
    }

    /// Waits until the stream has told everything up to this place of the log, and answers what it told.
    pub async fn until(&mut self, end: i64) -> Vec<News> {
        self.take_until(|stream| stream.place.is_some_and(|place| place >= end)).await;
        std::mem::take(&mut self.news)
    }

    /// Waits for this notice.
    pub async fn hears(&mut self, wanted: &News) {
        self.take_until(|stream| stream.news.contains(wanted)).await;
    }

    /// Waits for something that has to come soon, although the stream says again and again that it is there.
    async fn take_until(&mut self, there: impl Fn(&Self) -> bool) {
        let taken = timeout(SOON, async {
            while !there(self) {
                assert!(self.take().await, "the stream is over");
            }
        });
        assert!(taken.await.is_ok(), "it did not come: {:?}, {:?}", self.place, self.news);
    }
}
