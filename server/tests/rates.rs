//! How much one person may do in an hour: counted in the database, so that it holds over several servers.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    letters::{from, links},
};
use domain::{
    Error, ErrorCode,
    conversation::{MessageKind, NewMessage},
    id::ItemNumber,
    limits,
    portal::{PortalNewTicket, PortalReply},
    service::{Accounts, Files, Items, Portals},
    time::{HOUR, MINUTE},
};
use server::{
    args,
    db::Sql,
    files::FileStore,
    service::{files::FilesService, portals::PortalsService},
};

fn portals(desk: &TestDesk) -> PortalsService {
    PortalsService::new(desk.db.clone(), links())
}

fn files(desk: &TestDesk) -> FilesService {
    FilesService::new(desk.db.clone(), FileStore::local(&desk.folder().join("files")).unwrap())
}

fn request(key: &str) -> PortalNewTicket {
    let (title, body, idempotency_key) = ("Printer jam".to_owned(), "It jams.".to_owned(), key.to_owned());
    PortalNewTicket {
        title,
        body,
        html: false,
        type_id: None,
        priority: 0,
        impact: domain::item::Impact::None,
        product: String::new(),
        files: Vec::new(),
        idempotency_key,
    }
}

fn reply(item: ItemNumber, body: &str) -> PortalReply {
    PortalReply { item, body: body.to_owned(), html: false, files: Vec::new(), idempotency_key: String::new() }
}

/// Holds that this was refused because it was too much, with the number and the time to wait.
#[track_caller]
fn too_much<T: std::fmt::Debug>(result: Result<T, Error>, max: i64, minutes: i64) {
    let error = result.unwrap_err();
    let says = |name: &str| error.params.get(name).and_then(|value| value.parse().ok());
    assert_eq!((error.code, error.key.as_str()), (ErrorCode::TooMany, "error_rate"));
    assert_eq!((says("max"), says("minutes"), says("seconds")), (Some(max), Some(minutes), Some(minutes * 60)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_makes_so_many_requests_an_hour_on_all_servers_together() {
    both_databases(async |desk| {
        let (one, other) = (portals(&desk), portals(&desk));
        let marisa = desk.customer("Marisa").await;
        let first = one.create(&marisa, request("first")).await.unwrap();
        for _ in 0..(limits::REQUESTS_CUSTOMER - 1) / 2 {
            let (left, right) = tokio::join!(one.create(&marisa, request("")), other.create(&marisa, request("")));
            left.unwrap();
            right.unwrap();
        }
        desk.clock.advance(20 * MINUTE);
        one.create(&marisa, request("last")).await.unwrap();
        for service in [&one, &other] {
            too_much(service.create(&marisa, request("")).await, limits::REQUESTS_CUSTOMER, 40);
        }
        let made = desk.number(Sql::new("SELECT COUNT(*) FROM item", args![])).await;
        assert_eq!(made, limits::REQUESTS_CUSTOMER, "what is refused makes nothing");
        assert_eq!(one.create(&marisa, request("first")).await.unwrap(), first, "a repetition is no new request");
        one.create(&desk.customer("Bruno").await, request("")).await.unwrap();
        desk.clock.advance(40 * MINUTE);
        one.create(&marisa, request("")).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_does_not_count() {
    both_databases(async |desk| {
        let portals = portals(&desk);
        let marisa = desk.customer("Marisa").await;
        for _ in 0..=limits::REQUESTS_CUSTOMER {
            let unknown_file = PortalNewTicket { files: vec![domain::id::FileId(7)], ..request("") };
            assert_eq!(portals.create(&marisa, unknown_file).await.unwrap_err().code, ErrorCode::Invalid);
        }
        portals.create(&marisa, request("")).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_replies_and_changes_so_often_an_hour() {
    both_databases(async |desk| {
        let portals = portals(&desk);
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        for _ in 0..limits::REPLIES_CUSTOMER {
            portals.reply(&marisa, reply(number, "It still jams.")).await.unwrap();
        }
        too_much(portals.reply(&marisa, reply(number, "And now?")).await, limits::REPLIES_CUSTOMER, 60);
        for turn in 0..limits::CHANGES_CUSTOMER {
            portals.set_closed(&marisa, number, turn % 2 == 0).await.unwrap();
        }
        too_much(portals.set_closed(&marisa, number, true).await, limits::CHANGES_CUSTOMER, 60);
        too_much(portals.follow(&marisa, number, true).await, limits::CHANGES_CUSTOMER, 60);
        too_much(portals.change_profile(&marisa, Default::default()).await, limits::CHANGES_CUSTOMER, 60);
        portals.ticket(&marisa, number).await.unwrap();
        desk.clock.advance(HOUR);
        portals.reply(&marisa, reply(number, "Good morning.")).await.unwrap();
        portals.set_closed(&marisa, number, true).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_uploads_so_many_files_an_hour_and_an_agent_more() {
    both_databases(async |desk| {
        let files = files(&desk);
        let marisa = desk.customer("Marisa").await;
        let use_them = || async { desk.execute(Sql::new("UPDATE file SET purpose = 'logo'", args![])).await };
        for number in 0..limits::UPLOADS_CUSTOMER {
            files.upload(&marisa, "a.txt", b"hello".to_vec()).await.unwrap();
            if number % 90 == 0 {
                use_them().await;
            }
        }
        use_them().await;
        let kept = || std::fs::read_dir(desk.folder().join("files")).map_or(0, Iterator::count);
        let before = kept();
        too_much(files.upload(&marisa, "a.txt", b"hello".to_vec()).await, limits::UPLOADS_CUSTOMER, 60);
        assert_eq!(kept(), before, "what is refused is not even stored");

        let ana = desk.agent("Ana").await;
        files.upload(&ana, "a.txt", b"hello".to_vec()).await.unwrap();
        spend(&desk, "upload:agent", ana.agent().unwrap().id.0, limits::UPLOADS_AGENT).await;
        too_much(files.upload(&ana, "a.txt", b"hello".to_vec()).await, limits::UPLOADS_AGENT, 60);
    })
    .await;
}

/// As if somebody had done this so often already.
async fn spend(desk: &TestDesk, what: &str, who: i64, used: i64) {
    let sql = "UPDATE rate_limit SET used = $1 WHERE key = $2";
    desk.execute(Sql::new(sql, args![used, format!("{what}:{who}")])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_writes_so_much_an_hour_and_changes_fields_without_end() {
    both_databases(async |desk| {
        let items = desk.items();
        let ana = desk.agent("Ana").await;
        let number = desk.ticket("Printer jam").await;
        let note = || {
            let (kind, html) = (MessageKind::Note, "<p>Called.</p>".to_owned());
            let message = NewMessage {
                item: number,
                kind,
                html,
                files: vec![],
                cc: vec![],
                forward_to: Vec::new(),
                status_id: None,
                seen: None,
                seen_held: Vec::new(),
                hold: false,
                idempotency_key: String::new(),
            };
            items.write(&ana, message)
        };
        note().await.unwrap();
        spend(&desk, "write:agent", ana.agent().unwrap().id.0, limits::WRITES_AGENT).await;
        too_much(note().await, limits::WRITES_AGENT, 60);
        let version = items.get(&ana, number).await.unwrap().row.version;
        items.change(&ana, number, version, vec![domain::item::Change::Priority(3)]).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_register_from_one_network_address() {
    both_databases(async |desk| {
        let accounts = desk.accounts();
        let register = |number: i64, address: &'static str| {
            let (accounts, email) = (&accounts, format!("marisa{number}@acme.test"));
            async move { accounts.register(&from(address), "Marisa", "", &email, "a long walk in the hills").await }
        };
        for number in 0..limits::REGISTRATIONS_ADDRESS {
            register(number, "192.0.2.7").await.unwrap();
        }
        too_much(register(100, "192.0.2.7").await, limits::REGISTRATIONS_ADDRESS, 60);
        register(101, "192.0.2.8").await.unwrap();
        desk.clock.advance(HOUR);
        register(102, "192.0.2.7").await.unwrap();
    })
    .await;
}
