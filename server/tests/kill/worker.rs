//! Somebody at work: asks for one thing after the other, writes down what was acknowledged, and looks for it afterwards.

use crate::common::{
    TestDesk,
    wire::{Answer, Request},
};
use domain::{
    actor::Actor,
    conversation::{MessageKind, NewMessage},
    id::{CustomerId, ItemNumber},
    service::Items,
    time::{Clock, Timestamp},
};
use serde_json::{Value, json};
use server::{ambient::WallClock, args, db::Sql};
use std::{collections::BTreeMap, net::SocketAddr};
use tokio::sync::mpsc::UnboundedSender;

/// What is asked for. `text` is there once in the world.
#[derive(Debug, Clone)]
enum Wish {
    Create {
        text: String,
    },
    Reply {
        number: i64,
        text: String,
    },
    /// One that waits before it is sent.
    Hold {
        number: i64,
        text: String,
    },
    /// With a file that was uploaded before.
    ReplyWithFile {
        number: i64,
        text: String,
        file: i64,
    },
    Note {
        number: i64,
        text: String,
    },
    Rename {
        number: i64,
        version: i64,
        text: String,
    },
    /// Of a note. It stays until the next one, or the note.
    Draft {
        number: i64,
        text: String,
    },
    /// A file with this text in it.
    Upload {
        text: String,
    },
    SignIn,
}

/// Whose work it is.
#[derive(Debug, Clone)]
enum Role {
    /// Makes tickets for this customer, and signs in with this address and [`PASSWORD`].
    Agent(CustomerId, String),
    Customer,
}

/// How many replies each agent has waiting at the beginning.
const HELD: i64 = 20;

/// The password of every agent at work.
const PASSWORD: &str = "a long enough phrase";

/// Three agents and three customers who are signed in, with tickets in common, so that they wait for each other.
pub async fn people(desk: &TestDesk, round: usize) -> Vec<Worker> {
    let now = WallClock.now();
    let everybodys = desk.customer(&format!("Carla {round}")).await;
    let shared = desk.ticket("Everybody's").by(&everybodys).await;
    let mut workers = Vec::new();
    for place in 1..=3 {
        let agent = desk.agent(&format!("Ana {round}-{place}")).await;
        let email = format!("ana.{round}-{place}@desk.test");
        desk.set_password("agent", &email, PASSWORD).await;
        let customer = desk.customer(&format!("Marisa {round}-{place}")).await;
        let own = desk.ticket("Printer jam").by(&customer).for_agent(&agent).await;
        let requester = customer.customer().unwrap().id;
        let waiting = desk.ticket("Not yet").by(&customer).await;
        let mut worker = Worker::agent(desk.cookie(&agent, now).await, email, shared, waiting, requester);
        worker.granted = hold_some(desk, &agent, waiting, now).await;
        workers.push(worker);
        workers.push(Worker::customer(desk.cookie(&customer, now).await, own));
    }
    workers
}

/// Has replies waiting whose time comes while the program is at work, one every 60 milliseconds; what is held from then on waits for a
/// second, the shortest that there is.
async fn hold_some(desk: &TestDesk, agent: &Actor, number: ItemNumber, now: Timestamp) -> Vec<Wish> {
    let id = agent.agent().unwrap().id;
    desk.execute(Sql::new("UPDATE agent SET undo_send = 1 WHERE id = $1", args![id])).await;
    let mut held = Vec::new();
    for place in 0..HELD {
        let text = server::ambient::token();
        let message = NewMessage {
            item: number,
            kind: MessageKind::Reply,
            html: html(&text),
            files: Vec::new(),
            cc: Vec::new(),
            forward_to: Vec::new(),
            status_id: None,
            seen: None,
            seen_held: Vec::new(),
            hold: true,
            idempotency_key: text.clone(),
        };
        let waiting = desk.items().write(agent, message).await.unwrap().held.pop().unwrap();
        let due = Sql::new(
            "UPDATE job SET run_at = $1 WHERE kind = 'reply' AND subject_id = $2",
            args![now.plus(500 + 60 * place), waiting.id],
        );
        desk.execute(due).await;
        held.push(Wish::Hold { number: number.0, text });
    }
    held
}

/// One person with one connection at a time.
pub struct Worker {
    role: Role,
    cookie: String,
    /// A ticket that others answer too.
    shared: Option<i64>,
    /// A ticket whose replies are held: it changes by itself.
    waiting: Option<i64>,
    /// Tickets that nobody else touches.
    own: Vec<i64>,
    /// The last answer about each of these that shows all of it.
    shown: BTreeMap<i64, Value>,
    /// Files that wait for their message.
    files: Vec<i64>,
    /// The draft that is there.
    draft: Option<Wish>,
    /// Cookies of the sessions that were begun.
    sessions: Vec<String>,
    /// Every wish that was granted and stays.
    granted: Vec<Wish>,
    /// How many were granted.
    pub acknowledged: usize,
    /// Replies that were held: how many the server sent that was killed, and how many the next one.
    pub held: [usize; 2],
    /// The wish that was not answered.
    open: Option<Wish>,
    asked: usize,
}

impl Worker {
    /// An agent; others answer `shared` as well, and nobody else `waiting`.
    pub fn agent(cookie: String, email: String, shared: ItemNumber, waiting: ItemNumber, requester: CustomerId) -> Self {
        let worker = Self::new(Role::Agent(requester, email), cookie, Vec::new());
        Self { shared: Some(shared.0), waiting: Some(waiting.0), ..worker }
    }
    /// A customer with a ticket.
    pub fn customer(cookie: String, own: ItemNumber) -> Self {
        Self::new(Role::Customer, cookie, vec![own.0])
    }
    fn new(role: Role, cookie: String, own: Vec<i64>) -> Self {
        Self {
            role,
            cookie,
            shared: None,
            waiting: None,
            own,
            shown: BTreeMap::new(),
            files: Vec::new(),
            draft: None,
            sessions: Vec::new(),
            granted: Vec::new(),
            acknowledged: 0,
            held: [0, 0],
            open: None,
            asked: 0,
        }
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
            self.note(wish, &answer);
            // Who counts may have stopped counting.
            let _ = acknowledged.send(());
        }
    }

    /// One kind of wish after the other.
    fn next_wish(&mut self) -> Wish {
        self.asked += 1;
        let text = server::ambient::token();
        let (Some(latest), Some(shared), Some(waiting)) = (self.own.last().copied(), self.shared, self.waiting) else {
            return match (self.asked % 4, self.own.as_slice()) {
                (1, _) | (_, []) => Wish::Create { text },
                (2, [.., latest]) => Wish::Reply { number: *latest, text },
                // Of a customer's first ticket an agent is told.
                (3, [first, ..]) => Wish::Reply { number: *first, text },
                _ => Wish::Upload { text },
            };
        };
        match self.asked % 12 {
            1 => Wish::Create { text },
            2 => Wish::Reply { number: latest, text },
            3 | 4 => Wish::Draft { number: shared, text },
            5 => Wish::Rename { number: latest, version: self.shown.get(&latest).map_or(1, version_of), text },
            6 => Wish::Upload { text },
            7 => match self.files.last() {
                Some(file) => Wish::ReplyWithFile { number: latest, text, file: *file },
                None => Wish::Reply { number: latest, text },
            },
            8 => Wish::Note { number: shared, text },
            9 => Wish::SignIn,
            10 | 11 => Wish::Hold { number: waiting, text },
            _ => Wish::Reply { number: shared, text },
        }
    }

    /// The answer to a wish; none if the server is gone.
    async fn ask(&self, address: SocketAddr, wish: &Wish) -> Option<Answer> {
        let answer = self.request(wish).send(address).await?;
        assert_eq!(answer.status, 200, "{wish:?}: {}", answer.text());
        Some(answer)
    }

    fn request(&self, wish: &Wish) -> Request {
        let message = |number: &i64, kind: &str, text: &str, files: &[i64]| json!({"message": {"item": number, "kind": kind, "html": html(text), "files": files, "idempotency_key": text}});
        let (path, json) = match (&self.role, wish) {
            (Role::Agent(requester, _), Wish::Create { text }) => {
                let item = json!({"title": text, "description": html(text), "requester": requester, "idempotency_key": text});
                ("/_fn/items/create", json!({ "item": item }))
            }
            (Role::Agent(..), Wish::Reply { number, text }) => ("/_fn/items/write", message(number, "reply", text, &[])),
            (_, Wish::Hold { number, text }) => {
                let message = json!({"item": number, "kind": "reply", "html": html(text), "hold": true, "idempotency_key": text});
                ("/_fn/items/write", json!({ "message": message }))
            }
            (_, Wish::ReplyWithFile { number, text, file }) => ("/_fn/items/write", message(number, "reply", text, &[*file])),
            (_, Wish::Note { number, text }) => ("/_fn/items/write", message(number, "note", text, &[])),
            (_, Wish::Rename { number, version, text }) => {
                let changes = json!([{"field": "title", "value": text}, {"field": "product", "value": text}]);
                ("/_fn/items/change", json!({"number": number, "version": version, "changes": changes}))
            }
            (_, Wish::Draft { number, text }) => {
                ("/_fn/items/save_draft", json!({"draft": {"item": number, "kind": "note", "html": html(text)}}))
            }
            (Role::Customer, Wish::Create { text }) => (
                "/_fn/portal/create",
                json!({"portal": "support", "ticket": {"title": text, "body": text, "idempotency_key": text}}),
            ),
            (Role::Customer, Wish::Reply { number, text }) => (
                "/_fn/portal/reply",
                json!({"portal": "support", "reply": {"item": number, "body": text, "idempotency_key": text}}),
            ),
            (_, Wish::Upload { text }) => return Request::upload(&self.cookie, &format!("{text}.txt"), text.as_bytes()),
            (Role::Agent(_, email), Wish::SignIn) => {
                return Request::form("/_fn/agent/sign_in", &[("email", email), ("password", PASSWORD)]);
            }
            (Role::Customer, Wish::SignIn) => unreachable!("customers stay signed in"),
        };
        Request::json(path, &self.cookie, &json)
    }

    fn note(&mut self, wish: Wish, answer: &Answer) {
        self.open = None;
        self.acknowledged += 1;
        let json = answer.json();
        let number = match (&wish, &self.role) {
            (Wish::Create { .. }, Role::Customer) => json.as_i64(),
            (Wish::Create { .. }, Role::Agent(..)) => json["row"]["number"].as_i64(),
            (Wish::Reply { number, .. } | Wish::ReplyWithFile { number, .. } | Wish::Rename { number, .. }, _) => Some(*number),
            _ => None,
        };
        match &wish {
            Wish::Create { .. } => self.own.push(number.expect("an answer names its ticket")),
            Wish::Upload { .. } => self.files.push(json["id"].as_i64().expect("a file has an id")),
            Wish::ReplyWithFile { file, .. } => self.files.retain(|kept| kept != file),
            Wish::SignIn => self.sessions.push(answer.cookie().expect("a session has a cookie")),
            // A note takes its draft with it; another draft takes its place.
            Wish::Note { .. } => self.draft = None,
            Wish::Draft { .. } => self.draft = Some(wish.clone()),
            Wish::Reply { .. } | Wish::Hold { .. } | Wish::Rename { .. } => {}
        }
        if let Some(number) = number.filter(|number| self.own.contains(number) && json.is_object()) {
            self.shown.insert(number, json);
        }
        if !matches!(wish, Wish::Draft { .. } | Wish::SignIn) {
            self.granted.push(wish);
        }
    }

    /// Holds every answer that showed a whole ticket against what the server shows now; whoever was signed in still is.
    pub async fn finds_what_was_answered(&self, address: SocketAddr) {
        let touched = match &self.open {
            Some(Wish::Reply { number, .. } | Wish::ReplyWithFile { number, .. } | Wish::Rename { number, .. }) => Some(*number),
            _ => None,
        };
        for session in &self.sessions {
            let me = Request::json("/_fn/agent/me", session, &json!({})).send(address).await.expect("an answer");
            assert_eq!(me.status, 200, "a session is gone");
        }
        let customer = matches!(self.role, Role::Customer);
        let path = if customer { "/_fn/portal/ticket" } else { "/_fn/items/get" };
        for (number, answered) in self.shown.iter().filter(|(number, _)| Some(**number) != touched) {
            let asked = if customer { json!({ "portal": "support", "number": number }) } else { json!({ "number": number }) };
            let now = Request::json(path, &self.cookie, &asked).send(address).await.expect("an answer");
            assert_eq!((now.status, &now.json()), (200, answered));
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
            // A file that was uploaded twice is there twice.
            let twice = matches!(wish, Wish::Upload { .. });
            self.note(wish, &answer);
            if twice {
                self.granted.pop();
            }
        }
    }

    /// Every reply that was held has become a message, once; counts those that had before the server `died`, and the others.
    pub async fn finds_what_was_held(&mut self, desk: &TestDesk, died: Timestamp) {
        for wish in &self.granted {
            if let Wish::Hold { text, .. } = wish {
                let sent = Sql::new("SELECT created_at FROM message WHERE html = $1 AND kind = 'reply'", args![html(text)]);
                let sent: Vec<(i64,)> = desk.rows(sent).await;
                let [(at,)] = sent.as_slice() else { panic!("{wish:?} was sent {} times", sent.len()) };
                self.held[usize::from(*at > died.0)] += 1;
            }
        }
    }

    /// Every wish that was granted is there, once, with its trace in the log.
    pub async fn finds_everything(&self, desk: &TestDesk) {
        for wish in self.granted.iter().chain(&self.draft) {
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
            // It waits, with the job that sends it, or it is sent: never both, and at every moment one of them.
            Self::Hold { text, .. } => (
                Sql::new(
                    "SELECT (SELECT COUNT(*) FROM held_message WHERE html = $1 AND error = '') + \
                     (SELECT COUNT(*) FROM message WHERE html = $1)",
                    args![html(text)],
                ),
                Sql::new(
                    "SELECT (SELECT COUNT(*) FROM job JOIN held_message ON held_message.id = job.subject_id \
                     WHERE job.kind = 'reply' AND held_message.html = $1) + \
                     (SELECT COUNT(*) FROM event JOIN message ON event.new_value = CAST(message.id AS TEXT) \
                     AND event.subject_id = message.item_id WHERE event.name = 'replied' AND message.html = $1)",
                    args![html(text)],
                ),
            ),
            Self::Note { number, text } => (
                Sql::new(
                    "SELECT COUNT(*) FROM message JOIN item ON item.id = message.item_id WHERE message.kind = 'note' \
                     AND item.number = $1 AND message.html = $2",
                    args![*number, html(text)],
                ),
                Sql::new(
                    "SELECT COUNT(*) FROM event JOIN message ON event.new_value = CAST(message.id AS TEXT) \
                     AND event.subject_id = message.item_id WHERE event.name = 'noted' AND message.html = $1",
                    args![html(text)],
                ),
            ),
            // The file is at its message, and the message in the log.
            Self::ReplyWithFile { number, text, file } => (
                Sql::new(
                    "SELECT COUNT(*) FROM message JOIN item ON item.id = message.item_id JOIN file ON file.message_id = message.id \
                     WHERE item.number = $1 AND message.html = $2 AND file.id = $3 AND file.purpose = 'message'",
                    args![*number, html(text), *file],
                ),
                Sql::new(
                    "SELECT COUNT(*) FROM event JOIN message ON event.new_value = CAST(message.id AS TEXT) \
                     AND event.subject_id = message.item_id WHERE event.name = 'replied' AND message.html = $1",
                    args![html(text)],
                ),
            ),
            Self::Draft { number, text } => {
                let sql =
                    "SELECT COUNT(*) FROM draft JOIN item ON item.id = draft.item_id WHERE item.number = $1 AND draft.html = $2";
                (Sql::new(sql, args![*number, html(text)]), Sql::new(sql, args![*number, html(text)]))
            }
            Self::Upload { text } => {
                let name = format!("{text}.txt");
                let whole = "SELECT COUNT(*) FROM file WHERE name = $1 AND size = $2";
                let size = i64::try_from(text.len()).expect("a short text");
                (Sql::new("SELECT COUNT(*) FROM file WHERE name = $1", args![&name]), Sql::new(whole, args![&name, size]))
            }
            // It leaves no text; the session itself is asked.
            Self::SignIn => return [0, 0],
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
