//! People who hang up in the middle of a request. Whatever they had begun is done or not done; nothing of theirs stays open.

use crate::{
    common::{
        TestDesk, both_databases, invariants,
        program::{Program, Setup},
        wire::Request,
    },
    load::{Team, reply, signed_in},
};
use domain::limits::STREAMS;
use serde_json::json;
use server::{
    ambient::{random_bytes, token},
    args,
    db::{Engine, Sql},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

/// How many hang up at the same time.
const AT_ONCE: usize = 8;
/// Longest time until nothing of them is left.
const SOON: Duration = Duration::from_secs(10);

/// How often each of them does.
fn hang_ups() -> usize {
    std::env::var("HANG_UPS").ok().and_then(|all| all.parse().ok()).unwrap_or(60)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_leaves_nothing_open() {
    both_databases(async |desk| {
        let team = Team::of(&desk, 3).await;
        let mut rude = Vec::new();
        for place in 0..AT_ONCE {
            rude.push(Rude::new(&desk, place).await);
        }
        let cookies: Vec<String> = rude.iter().flat_map(|one| [one.agent.clone(), one.customer.clone()]).collect();
        let program = Setup::of(&desk).start();
        let load = team.work_at(program.address);
        load.goes_on(5).await;
        let before = sockets(&program);

        let hanging_up: Vec<_> =
            rude.into_iter().map(|one| tokio::spawn(one.hangs_up_again_and_again(program.address))).collect();
        for one in hanging_up {
            one.await.unwrap();
        }
        // Who stays polite is served all the time.
        load.goes_on(5).await;
        let work = load.end().await;
        assert!(work.refused.is_empty(), "{:?}", work.refused);

        no_transaction_is_open(&desk).await;
        no_lock_is_held(&desk).await;
        no_socket_is_kept(&program, before).await;
        for cookie in cookies {
            no_stream_is_counted(program.address, &cookie).await;
        }
        for text in &work.texts {
            let there = Sql::new("SELECT COUNT(*) FROM message WHERE html = $1", args![format!("<p>{text}</p>")]);
            assert_eq!(desk.number(there).await, 1);
        }
        drop(program);
        invariants::hold_with_folder(&desk).await;
    })
    .await;
}

/// Somebody with two surfaces and no manners.
struct Rude {
    agent: String,
    customer: String,
    number: i64,
    own: i64,
}

impl Rude {
    async fn new(desk: &TestDesk, place: usize) -> Self {
        let agent = desk.agent(&format!("Rudolf {place}")).await;
        let customer = desk.customer(&format!("Rudy {place}")).await;
        Self {
            number: desk.ticket("Everybody's").await.0,
            own: desk.ticket("Printer jam").by(&customer).await.0,
            agent: signed_in(desk, &agent).await,
            customer: signed_in(desk, &customer).await,
        }
    }

    async fn hangs_up_again_and_again(self, address: SocketAddr) {
        for _ in 0..hang_ups() {
            let request = self.something();
            hang_up(address, &request).await;
        }
    }

    /// A request of some kind.
    fn something(&self) -> Request {
        let text = token();
        let (agent, customer, number) = (&self.agent, &self.customer, self.number);
        let post = |path: &str, json| Request::json(path, agent, &json);
        let [kind] = random_bytes();
        match kind % 16 {
            0 => post("/_fn/items/create", json!({"item": {"title": text, "idempotency_key": text}})),
            1 | 2 => reply(agent, number, &text),
            3 => post("/_fn/items/write", json!({"message": {"item": number, "kind": "note", "html": "<p>Words.</p>"}})),
            4 => post(
                "/_fn/items/change",
                json!({"number": number, "version": 1, "changes": [{"field": "impact", "value": text}]}),
            ),
            5 => post("/_fn/items/list", json!({"query": {"view": "all"}})),
            6 => post("/_fn/items/save_draft", json!({"draft": {"item": number, "kind": "note", "html": "<p>Wor</p>"}})),
            7 | 8 => Request::upload(agent, "a.txt", &vec![b'a'; 300_000]),
            9 => Request::upload(customer, "a.txt", b"words"),
            10 => Request::json(
                "/_fn/portal/reply",
                customer,
                &json!({"portal": "support", "reply": {"item": self.own, "body": text}}),
            ),
            11 => Request::json("/_fn/portal/ticket", customer, &json!({"portal": "support", "number": self.own})),
            12 => Request::page("/desk/tickets", agent),
            13 => Request::page(&format!("/desk/tickets/{number}"), agent),
            14 => Request::get("/live/desk", agent),
            _ => Request::get("/live/portal", customer),
        }
    }
}

/// Sends a part of a request, or all of it, reads a part of the answer, or nothing, and is gone: politely, or like a cable that
/// is pulled.
async fn hang_up(address: SocketAddr, Request(bytes): &Request) {
    let [whole, reads, pulled, a, b, c, d] = random_bytes();
    let Ok(mut stream) = TcpStream::connect(address).await else { return };
    let part = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap() % bytes.len();
    let sent = if whole < 128 { bytes.as_slice() } else { &bytes[..part] };
    // The server may have refused it already.
    if stream.write_all(sent).await.is_ok() && whole < 128 && reads < 128 {
        let mut some = vec![0; usize::from(reads) * 8 + 1];
        let _ = timeout(Duration::from_millis(u64::from(reads)), stream.read_exact(&mut some)).await;
    } else {
        sleep(Duration::from_micros(u64::from(reads) * 40)).await;
    }
    if pulled < 128 {
        stream.set_zero_linger().unwrap();
    }
}

/// Waits until `holds`, which must be soon.
async fn soon(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < SOON, "{what}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// No connection of the program waits in the middle of a transaction.
pub async fn no_transaction_is_open(desk: &TestDesk) {
    if desk.engine() != Engine::Postgres {
        return;
    }
    const OTHERS: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(desk.number(Sql::new(OTHERS, args![])).await > 0, "the program is connected");
    soon("a transaction stays open", async || {
        let mut open = Sql::build(OTHERS);
        open.push(" AND (state LIKE 'idle in transaction%' OR xact_start < now() - interval '200 milliseconds')");
        desk.number(open).await == 0
    })
    .await;
}

/// Who wants to write can, at once.
async fn no_lock_is_held(desk: &TestDesk) {
    for _ in 0..5 {
        let write = desk.execute(Sql::new("UPDATE counter SET value = value", args![]));
        timeout(Duration::from_secs(1), write).await.expect("a lock is held");
    }
}

/// The sockets of the program; unknown where there is no /proc.
fn sockets(program: &Program) -> usize {
    let Ok(open) = std::fs::read_dir(format!("/proc/{}/fd", program.id())) else { return 0 };
    let kinds = open.filter_map(|one| std::fs::read_link(one.ok()?.path()).ok());
    kinds.filter(|kind| kind.to_string_lossy().starts_with("socket:")).count()
}

/// The program has let go of those who hung up. It may have opened connections to the database meanwhile, up to its sixteen.
async fn no_socket_is_kept(program: &Program, before: usize) {
    soon("sockets are kept", async || sockets(program) <= before + 16).await;
}

/// A session has all its streams to itself.
async fn no_stream_is_counted(address: SocketAddr, cookie: &str) {
    let path = if cookie.starts_with("taquilla_agent") { "/live/desk" } else { "/live/portal" };
    soon("a stream keeps its place", async || {
        let mut open = Vec::new();
        for _ in 0..STREAMS {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(&Request::get(path, cookie).0).await.unwrap();
            let mut status = [0; 12];
            stream.read_exact(&mut status).await.unwrap();
            open.push((stream, status));
        }
        open.iter().all(|(_, status)| status == b"HTTP/1.1 200")
    })
    .await;
}
