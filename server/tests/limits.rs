//! Limits that no other test meets, and the list of which test meets which.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod common;

use axum::{Router, routing::get};
use common::{
    both_databases,
    letters::{from, links},
    on_sqlite,
};
use domain::{
    Error,
    actor::Actor,
    conversation::{MessageKind, NewMessage},
    customer::{CustomerPatch, NewCustomer},
    id::{EventSeq, ItemNumber},
    limits::{self, STOP_SECONDS, STREAM_HEARTBEAT_SECONDS, STREAM_PATIENCE_SECONDS},
    organization::NewOrganization,
    patch::Patch,
    service::{Accounts, Admin, Customers, Imports, Items, Organizations},
    session::Realm,
};
use server::{
    args,
    db::{Engine, NewEvent, Sql},
    files::FileStore,
    live::{Ask, Begin, Live, Reader},
    service::{admin::AdminService, customers::CustomersService, imports::ImportsService, organizations::OrganizationsService},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
    time::{Instant, timeout},
};

fn field(error: &Error) -> &str {
    &error.fields[0].field
}

/// An address of so many bytes.
fn address(bytes: usize) -> String {
    let labels = ["b".repeat(61), "b".repeat(61), "b".repeat(61), "b".repeat(61 + bytes - 254)];
    let address = format!("a@{}.test", labels.join("."));
    assert_eq!(address.len(), bytes);
    address
}

#[test]
fn a_password_is_neither_short_nor_endless() {
    let check = |length: usize| domain::session::check_password(&"xK7w-q2Zr".chars().cycle().take(length).collect::<String>());
    assert!(check(limits::PASSWORD_MIN - 1).is_err());
    check(limits::PASSWORD_MIN).unwrap();
    check(limits::PASSWORD_MAX).unwrap();
    assert!(check(limits::PASSWORD_MAX + 1).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_network_address_asks_for_so_many_codes() {
    both_databases(async |desk| {
        let accounts = desk.accounts();
        let ask = |n: i64, address: &'static str| {
            let (accounts, email) = (&accounts, format!("p{n}@desk.test"));
            async move { accounts.request_code(Realm::Agent, &from(address), &email).await }
        };
        for n in 0..limits::CODES_ADDRESS {
            ask(n, "192.0.2.7").await.unwrap();
        }
        assert_eq!(ask(100, "192.0.2.7").await.unwrap_err().code, domain::ErrorCode::TooMany);
        ask(101, "192.0.2.8").await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counts_beside_views_stop() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let sql = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1100) \
                   INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
                   created_by_kind, created_at, updated_at) SELECT x, 'Jam', 'jam', 'jam', 1, 1, 'todo', 1, 'agent', 'system', 1, 1 FROM n";
        desk.execute(Sql::new(sql, args![])).await;
        let counts = desk.items().counts(&owner).await.unwrap();
        assert_eq!(counts.iter().map(|view| view.count).max(), Some(limits::VIEW_COUNT));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_is_too_long_is_refused_by_field() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let customers = CustomersService::new(desk.db.clone(), links());
        let new = || NewCustomer { first_name: "Ada".into(), emails: vec!["ada@acme.test".into()], ..NewCustomer::default() };
        let addresses = |count: usize| (0..count).map(|n| format!("ada{n}@acme.test")).collect::<Vec<_>>();
        let wrong = [
            ("first_name", NewCustomer { first_name: "x".repeat(limits::NAME + 1), ..new() }),
            ("job_title", NewCustomer { job_title: "x".repeat(limits::LINE + 1), ..new() }),
            ("notes", NewCustomer { notes: "x".repeat(limits::NOTES + 1), ..new() }),
            ("emails", NewCustomer { emails: addresses(limits::ADDRESSES + 1), ..new() }),
            ("emails", NewCustomer { emails: vec![address(limits::EMAIL + 1)], ..new() }),
        ];
        for (expected, customer) in wrong {
            assert_eq!(field(&customers.create(&ana, customer).await.unwrap_err()), expected);
        }
        let most = NewCustomer {
            first_name: "x".repeat(limits::NAME),
            notes: "x".repeat(limits::NOTES),
            emails: addresses(limits::ADDRESSES),
            ..new()
        };
        let made = customers.create(&ana, most).await.unwrap();
        let more = CustomerPatch { emails: Patch::Set(addresses(limits::ADDRESSES + 1)), ..CustomerPatch::default() };
        assert_eq!(field(&customers.change(&ana, made.id, more).await.unwrap_err()), "emails");
        let long = NewCustomer { emails: vec![address(limits::EMAIL)], ..new() };
        customers.create(&ana, long).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_has_only_so_many_domains_and_a_team_only_so_long_a_name() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let organizations = OrganizationsService::new(desk.db.clone());
        let domains = |count: usize| (0..count).map(|n| format!("acme{n}.test")).collect::<Vec<_>>();
        let new = |domains| NewOrganization { name: "Acme".into(), domains, ..Default::default() };
        let error = organizations.create(&owner, new(domains(limits::DOMAINS + 1))).await.unwrap_err();
        assert_eq!(field(&error), "domains");
        organizations.create(&owner, new(domains(limits::DOMAINS))).await.unwrap();
        let admin = AdminService::new(desk.db.clone(), links(), false);
        assert_eq!(field(&admin.create_team(&owner, &"x".repeat(limits::NAME + 1), vec![]).await.unwrap_err()), "name");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_goes_to_so_many_and_a_ticket_is_followed_by_so_many() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let reply = |cc: usize| NewMessage {
            item: number,
            kind: MessageKind::Reply,
            html: "<p>Hello</p>".to_owned(),
            files: vec![],
            cc: (0..cc).map(|n| format!("cc{n}@acme.test")).collect(),
            forward_to: Vec::new(),
            status_id: None,
            seen: None,
            seen_held: vec![],
            hold: false,
            idempotency_key: String::new(),
        };
        assert_eq!(field(&desk.items().write(&owner, reply(limits::RECIPIENTS + 1)).await.unwrap_err()), "cc");
        desk.items().write(&owner, reply(limits::RECIPIENTS)).await.unwrap();
        let missing = limits::FOLLOWERS - usize::try_from(followers(&desk, number).await).unwrap();
        for place in 0..missing {
            let agent = desk.agent(&format!("Ana {place}")).await;
            desk.items().follow(&agent, number, true).await.unwrap();
        }
        assert_eq!(followers(&desk, number).await, i64::try_from(limits::FOLLOWERS).unwrap());
        let late = desk.agent("Late").await;
        assert_eq!(desk.items().follow(&late, number, true).await.unwrap_err().key, "error_too_many_values");
    })
    .await;
}

async fn followers(desk: &common::TestDesk, number: ItemNumber) -> i64 {
    let sql = "SELECT COUNT(*) FROM item_following_agent JOIN item ON item.id = item_id WHERE number = $1";
    desk.number(Sql::new(sql, args![number])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_no_larger_than_it_may_be() {
    on_sqlite(async |desk| {
        let owner = desk.owner().await;
        let store = FileStore::local(&desk.folder().join("files")).unwrap();
        let imports = ImportsService::new(desk.db.clone(), store.clone());
        let large = vec![b'a'; usize::try_from(limits::IMPORT).unwrap() + 1];
        let error = imports.inspect(&owner, "large.csv", large).await.unwrap_err();
        assert_eq!((error.key.as_str(), error.params["max"].as_str()), ("error_import_too_large", "200"));
        assert_eq!(store.any().await.unwrap(), None, "nothing of it was kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_does_not_run_for_ever() {
    both_databases(async |desk| {
        if desk.engine() == Engine::Postgres {
            let sql = Sql::new("SELECT current_setting('statement_timeout')", args![]);
            let found: Vec<(String,)> = desk.rows(sql).await;
            assert_eq!(found, [(format!("{}s", limits::STATEMENT_SECONDS),)]);
        }
        // Migrations take as long as they need.
        desk.db.migrate().await.unwrap();
        if desk.engine() == Engine::Postgres {
            let sql = Sql::new("SELECT current_setting('statement_timeout')", args![]);
            for _ in 0..20 {
                let found: Vec<(String,)> = desk.rows(sql.clone()).await;
                assert_eq!(found, [(format!("{}s", limits::STATEMENT_SECONDS),)], "and leave no connection without an end");
            }
        }
    })
    .await;
}

/// A stream of somebody whose rights do not change.
fn open(live: &Live, actor: &Actor) -> tokio::sync::mpsc::Receiver<bytes::Bytes> {
    let held = actor.clone();
    let ask: Ask = Arc::new(move || {
        let held = held.clone();
        Box::pin(async move { Ok(held) })
    });
    Reader::open(live, actor.clone(), ask, Begin::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_says_that_it_is_there_and_lets_go_of_who_takes_nothing() {
    on_sqlite(async |desk| {
        let owner = desk.owner().await;
        desk.ticket("Printer jam").await;
        let live = Live::begin(&desk.db).await.unwrap();
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(live.clone().run(stopped));
        let (mut quiet, mut slow) = (open(&live, &owner), open(&live, &owner));
        let begin = Instant::now();
        assert!(quiet.recv().await.unwrap().starts_with(b"retry: "));
        // The heartbeat of a stream that has nothing to tell.
        let patience = Duration::from_secs(2 * STREAM_HEARTBEAT_SECONDS);
        let beat = timeout(patience, quiet.recv()).await.expect("a heartbeat").unwrap();
        let EventSeq(end) = live.position();
        assert_eq!(beat, format!("id: {end}\ndata: {{\"kind\":\"beat\"}}\n\n"));
        assert!(begin.elapsed() >= Duration::from_secs(STREAM_HEARTBEAT_SECONDS - 1));
        // More than a stream keeps for a reader, who takes none of it.
        drop(quiet);
        for _ in 0..20 {
            desk.write(|tx| {
                Box::pin(async move {
                    tx.event(NewEvent::new(domain::actor::Party::System, "", domain::event::Subject::Item(1), "tried"));
                    Ok(())
                })
            })
            .await;
            let told = desk.number(Sql::new("SELECT MAX(seq) FROM event", args![])).await;
            while live.position() < EventSeq(told) {
                tokio::task::yield_now().await;
            }
        }
        let waited = Instant::now();
        let gone = async {
            while live.streams() > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(3 * STREAM_PATIENCE_SECONDS), gone).await.expect("its place is given back");
        assert!(waited.elapsed() >= Duration::from_secs(STREAM_PATIENCE_SECONDS - 2));
        let mut kept = 0;
        while slow.recv().await.is_some() {
            kept += 1;
        }
        assert!(kept <= 10, "{kept} pieces were kept for somebody who takes nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_stop_does_not_wait_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (asked, heard) = watch::channel(false);
    let router = Router::new().route(
        "/",
        get(move || async move {
            asked.send_replace(true);
            std::future::pending::<()>().await;
        }),
    );
    let serving = tokio::spawn(server::http::serve(listener, router, async move { drop(stopped.await) }));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: desk.test\r\n\r\n").await.unwrap();
    heard.clone().wait_for(|heard| *heard).await.unwrap();
    let begin = Instant::now();
    stop.send(()).unwrap();
    timeout(Duration::from_secs(2 * STOP_SECONDS), serving).await.expect("it stops").unwrap().unwrap();
    assert!(begin.elapsed() >= Duration::from_secs(STOP_SECONDS - 1), "what is under way gets its time");
}

/// `docs/limits.md` names for each limit the test that meets it; the test is there.
#[test]
fn every_limit_has_a_test() {
    let document = include_str!("../../docs/limits.md");
    let (_, table) = document.split_once("## Which test").expect("the second table");
    let mut shown: Vec<String> = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [file, test] = [cells[2], cells[3]].map(|cell| cell.trim_matches('`'));
        let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(source.contains(&format!("fn {test}()")), "{file} has no test {test}");
        shown.extend(cells[1].split(',').map(|name| name.trim().trim_matches('`').to_owned()));
    }
    let limits = include_str!("../../domain/src/limits.rs");
    for name in limits.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next()) {
        assert!(shown.iter().any(|shown| shown == name), "no test is named for the limit {name}");
    }
    for name in shown {
        assert!(limits.contains(&format!("pub const {name}:")), "{name} is no limit");
    }
}
