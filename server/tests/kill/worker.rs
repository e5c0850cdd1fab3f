//! Somebody at work: asks for one thing after the other, writes down what was acknowledged, and looks for it afterwards.

use crate::{common::TestDesk, program::post};
use domain::id::{CustomerId, ItemNumber};
use serde_json::{Value, json};
use server::{args, db::Sql};
use std::{collections::BTreeMap, net::SocketAddr};
use tokio::sync::mpsc::UnboundedSender;

/// What is asked for. `text` is there once in the world.
#[derive(Debug, Clone)]
enum Wish {
    Create { text: String },
    Reply { number: i64, text: String },
    Rename { number: i64, version: i64, text: String },
}

/// Whose work it is.
#[derive(Debug, Clone, Copy)]
enum Role {
    /// Makes tickets for this customer.
    Agent(CustomerId),
    Customer,
}

/// One person with one connection at a time.
pub struct Worker {
    role: Role,
    cookie: String,
    /// A ticket that others answer too.
    shared: Option<i64>,
    /// Tickets that nobody else touches.
    own: Vec<i64>,
    /// The last answer about each of these that shows all of it.
    shown: BTreeMap<i64, Value>,
    /// Every wish that was granted.
    granted: Vec<Wish>,
    /// The wish that was not answered.
    open: Option<Wish>,
    asked: usize,
}

impl Worker {
    /// An agent; others answer `shared` as well.
    pub fn agent(cookie: String, shared: ItemNumber, requester: CustomerId) -> Self {
        Self::new(Role::Agent(requester), cookie, Some(shared.0), Vec::new())
    }
    /// A customer with a ticket.
    pub fn customer(cookie: String, own: ItemNumber) -> Self {
        Self::new(Role::Customer, cookie, None, vec![own.0])
    }
    fn new(role: Role, cookie: String, shared: Option<i64>, own: Vec<i64>) -> Self {
        Self { role, cookie, shared, own, shown: BTreeMap::new(), granted: Vec::new(), open: None, asked: 0 }
    }

    /// Asks and asks, and tells `acknowledged` of every answer.
    ///
    /// # Panics
    /// When something is refused.
    pub async fn work_until_nobody_answers(mut self, address: SocketAddr, acknowledged: UnboundedSender<()>) -> Self {
        loop {
            let wish = self.next_wish();
            self.open = Some(wish.clone());
            let Some(answer) = self.ask(address, &wish).await else { return self };
            self.note(wish, answer);
            // Who counts may have stopped counting.
            let _ = acknowledged.send(());
        }
    }

    /// Creates, replies, renames in turn.
    fn next_wish(&mut self) -> Wish {
        self.asked += 1;
        let text = server::ambient::token();
        let latest = self.own.last().copied();
        match (self.asked % 4, latest, self.shared) {
            (1, _, _) | (_, None, _) => Wish::Create { text },
            (0, _, Some(number)) | (2, Some(number), _) => Wish::Reply { number, text },
            // Of a customer's first ticket an agent is told.
            (_, _, None) => Wish::Reply { number: self.own[0], text },
            (_, Some(number), Some(_)) => {
                let version = self.shown.get(&number).map_or(1, version_of);
                Wish::Rename { number, version, text }
            }
        }
    }

    /// The answer to a wish; none if the server is gone.
    async fn ask(&self, address: SocketAddr, wish: &Wish) -> Option<Value> {
        let (path, json) = self.request(wish);
        let (status, answer) = post(address, path, &self.cookie, &json).await?;
        assert_eq!(status, 200, "{wish:?}: {answer}");
        Some(answer)
    }

    fn request(&self, wish: &Wish) -> (&'static str, Value) {
        match (self.role, wish) {
            (Role::Agent(requester), Wish::Create { text }) => {
                let item = json!({"title": text, "description": html(text), "requester": requester, "idempotency_key": text});
                ("/_fn/items/create", json!({ "item": item }))
            }
            (Role::Agent(_), Wish::Reply { number, text }) => {
                let message = json!({"item": number, "kind": "reply", "html": html(text), "idempotency_key": text});
                ("/_fn/items/write", json!({ "message": message }))
            }
            (_, Wish::Rename { number, version, text }) => {
                let changes = json!([{"field": "title", "value": text}, {"field": "product", "value": text}]);
                ("/_fn/items/change", json!({"number": number, "version": version, "changes": changes}))
            }
            (Role::Customer, Wish::Create { text }) => {
                ("/_fn/portal/create", json!({"ticket": {"title": text, "body": text, "idempotency_key": text}}))
            }
            (Role::Customer, Wish::Reply { number, text }) => {
                ("/_fn/portal/reply", json!({"reply": {"item": number, "body": text, "idempotency_key": text}}))
            }
        }
    }

    fn note(&mut self, wish: Wish, answer: Value) {
        let number = match (&wish, self.role) {
            (Wish::Create { .. }, Role::Customer) => answer.as_i64(),
            (Wish::Create { .. }, Role::Agent(_)) => answer["row"]["number"].as_i64(),
            (Wish::Reply { number, .. } | Wish::Rename { number, .. }, _) => Some(*number),
        };
        let number = number.expect("an answer names its ticket");
        if matches!(wish, Wish::Create { .. }) {
            self.own.push(number);
        }
        if self.own.contains(&number) && answer.is_object() {
            self.shown.insert(number, answer);
        }
        self.granted.push(wish);
        self.open = None;
    }

    /// Holds every answer that showed a whole ticket against what the server shows now.
    pub async fn finds_what_was_answered(&self, address: SocketAddr) {
        let touched = match &self.open {
            Some(Wish::Reply { number, .. } | Wish::Rename { number, .. }) => Some(*number),
            _ => None,
        };
        let path = if matches!(self.role, Role::Customer) { "/_fn/portal/ticket" } else { "/_fn/items/get" };
        for (number, answered) in self.shown.iter().filter(|(number, _)| Some(**number) != touched) {
            let (status, now) = post(address, path, &self.cookie, &json!({ "number": number })).await.expect("an answer");
            assert_eq!((status, &now), (200, answered));
        }
    }

    /// Nobody knows what became of the request that was under way; but half of it cannot be there.
    pub async fn finds_the_last_request_whole_or_not_at_all(&self, desk: &TestDesk) {
        if let Some(wish) = &self.open {
            let [things, traces] = wish.found(desk).await;
            assert!(things == traces && things <= 1, "{wish:?}: {things} there, with {traces} in the log");
        }
    }

    /// Asks for it once more, as a browser or a person would.
    pub async fn asks_the_last_request_again(&mut self, address: SocketAddr) {
        if let Some(wish) = self.open.clone() {
            let answer = self.ask(address, &wish).await.expect("an answer");
            self.note(wish, answer);
        }
    }

    /// Every wish that was granted is there, once, with its trace in the log.
    pub async fn finds_everything(&self, desk: &TestDesk) {
        for wish in &self.granted {
            assert_eq!(wish.found(desk).await, [1, 1], "{wish:?}");
        }
    }
}

impl Wish {
    /// How often it came true, and how often the log tells of it.
    async fn found(&self, desk: &TestDesk) -> [i64; 2] {
        let (thing, trace) = match self {
            // Its title may be another one by now: the description stays.
            Self::Create { text } => (
                Sql::new("SELECT COUNT(*) FROM item WHERE description = $1", args![html(text)]),
                Sql::new(
                    "SELECT COUNT(*) FROM event JOIN item ON item.id = event.subject_id AND event.subject_kind = 'item' \
                     WHERE event.name = 'created' AND item.description = $1",
                    args![html(text)],
                ),
            ),
            Self::Reply { number, text } => (
                Sql::new(
                    "SELECT COUNT(*) FROM message JOIN item ON item.id = message.item_id WHERE item.number = $1 AND message.html = $2",
                    args![*number, html(text)],
                ),
                Sql::new(
                    "SELECT COUNT(*) FROM event JOIN message ON event.new_value = CAST(message.id AS TEXT) \
                     AND event.subject_id = message.item_id WHERE event.name = 'replied' AND message.html = $1",
                    args![html(text)],
                ),
            ),
            // Two fields at once; each leaves one line in the log.
            Self::Rename { text, .. } => {
                let sql = "SELECT COUNT(*) FROM event WHERE name = 'changed' AND field = $1 AND new_text = $2";
                (Sql::new(sql, args!["title", text]), Sql::new(sql, args!["product", text]))
            }
        };
        [desk.number(thing).await, desk.number(trace).await]
    }
}

/// A text as both the editor and the cleaning of plain text leave it.
fn html(text: &str) -> String {
    format!("<p>{text}</p>")
}

fn version_of(detail: &Value) -> i64 {
    detail["row"]["version"].as_i64().expect("a version")
}
