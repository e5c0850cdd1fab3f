//! What customers write in the portal, what comes of it, and that an internal note leaves no trace for them.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    Error, ErrorCode,
    actor::Actor,
    conversation::{MessageKind, NewMessage},
    id::{FileId, ItemNumber, StatusId, TypeId},
    item::{Change, Impact},
    portal::{DetailValue, PortalNewTicket, PortalQuery, PortalReply, rules::Property},
    service::{Files, Items, Portals},
    time::MINUTE,
    types::Category,
};
use server::{
    args,
    db::Sql,
    files::FileStore,
    mail::Links,
    service::{files::FilesService, items::ItemService, portals::PortalsService},
};

struct Services {
    portals: PortalsService,
    items: ItemService,
    files: FilesService,
}

fn services(desk: &TestDesk) -> Services {
    let links = Links::new("https://desk.test");
    Services {
        portals: PortalsService::new(desk.db.clone(), links.clone()),
        items: ItemService::new(desk.db.clone(), links),
        files: FilesService::new(desk.db.clone(), FileStore::local(&desk.folder().join("files")).unwrap()),
    }
}

fn request(title: &str) -> PortalNewTicket {
    PortalNewTicket {
        title: title.to_owned(),
        body: "It <b>smokes</b>.\n\nWhat now?".to_owned(),
        html: false,
        type_id: None,
        priority: 2,
        impact: Impact::None,
        product: String::new(),
        files: Vec::new(),
        idempotency_key: String::new(),
    }
}

fn answer(item: ItemNumber, body: &str) -> PortalReply {
    PortalReply { item, body: body.to_owned(), html: false, files: Vec::new(), idempotency_key: String::new() }
}

fn message(item: ItemNumber, kind: MessageKind, html: &str) -> NewMessage {
    let (html, files, cc) = (html.to_owned(), Vec::new(), Vec::new());
    NewMessage {
        item,
        kind,
        html,
        files,
        cc,
        forward_to: Vec::new(),
        status_id: None,
        seen: None,
        seen_held: Vec::new(),
        hold: false,
        idempotency_key: String::new(),
    }
}

async fn status(desk: &TestDesk, key: &str) -> StatusId {
    StatusId(desk.number(Sql::new("SELECT id FROM status WHERE key = $1 ORDER BY id LIMIT 1", args![key])).await)
}

async fn set_status(desk: &TestDesk, services: &Services, agent: &Actor, number: ItemNumber, key: &str) {
    let version = services.items.get(agent, number).await.unwrap().row.version;
    let change = vec![Change::Status(status(desk, key).await)];
    services.items.change(agent, number, version, change).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_asks() {
    both_databases(async |desk| {
        let services = services(&desk);
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let file = services.files.upload(&marisa, "smoke.txt", b"smoke".to_vec()).await.unwrap().id;
        let number =
            services.portals.create(&marisa, PortalNewTicket { files: vec![file], ..request(" Printer\njam ") }).await.unwrap();
        let ticket = services.portals.ticket(&marisa, number).await.unwrap();
        assert_eq!(ticket.title, "Printer jam");
        assert_eq!(ticket.description.as_deref().unwrap(), "<p>It &lt;b&gt;smokes&lt;/b&gt;.</p><p>What now?</p>");
        let value =
            |property| ticket.details.iter().find(|detail| detail.property == property).map(|detail| detail.value.clone());
        assert!(matches!(value(Property::Type), Some(DetailValue::Type(kind)) if kind.key == "question"));
        assert_eq!((ticket.status().unwrap().key.as_str(), value(Property::Priority)), ("new", Some(DetailValue::Stars(2))));
        assert_eq!(ticket.files[0].name, "smoke.txt");
        assert!(ticket.own && ticket.may_close && !ticket.may_reopen && !ticket.following);
        let detail = services.items.get(&ana, number).await.unwrap();
        assert_eq!(detail.row.channel, domain::item::Channel::Portal);
        assert_eq!(detail.row.organization.unwrap().name, "ACME");
        assert!(services.files.download(&ana, file).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_changes_nothing() {
    both_databases(async |desk| {
        let services = services(&desk);
        let (ana, marisa) = (desk.agent("Ana").await, desk.customer("Marisa").await);
        let foreign = services.files.upload(&ana, "x", b"x".to_vec()).await.unwrap().id;
        desk.execute(Sql::new("UPDATE ticket_type SET enabled = FALSE WHERE key = 'problem'", args![])).await;
        let off = TypeId(desk.number(Sql::new("SELECT id FROM ticket_type WHERE key = 'problem'", args![])).await);
        let refused = [
            (PortalNewTicket { title: " \n ".to_owned(), ..request("") }, "title"),
            (request(&"x".repeat(251)), "title"),
            (PortalNewTicket { body: "x".repeat(256 * 1024 + 1), ..request("x") }, "body"),
            (PortalNewTicket { priority: 6, ..request("x") }, "priority"),
            (PortalNewTicket { type_id: Some(off), ..request("x") }, "type"),
            (PortalNewTicket { type_id: Some(TypeId(999)), ..request("x") }, "type"),
            (PortalNewTicket { files: vec![foreign], ..request("x") }, "files"),
            (PortalNewTicket { files: vec![FileId(999)], ..request("x") }, "files"),
            (PortalNewTicket { files: vec![foreign; 21], ..request("x") }, "files"),
            (PortalNewTicket { idempotency_key: "k".repeat(65), ..request("x") }, "idempotency_key"),
        ];
        for (ticket, field) in refused {
            let error = services.portals.create(&marisa, ticket).await.unwrap_err();
            assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Invalid, field), "{error}");
        }
        for actor in [&ana, &Actor::Anonymous, &Actor::System] {
            assert_eq!(services.portals.create(actor, request("x")).await.unwrap_err().code, ErrorCode::Unauthenticated);
        }
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item", args![])).await, 0);
        assert!(services.files.download(&ana, foreign).await.is_ok());

        let number = desk.ticket("Printer jam").by(&marisa).await;
        let empty = services.portals.reply(&marisa, answer(number, " \n ")).await.unwrap_err();
        assert_eq!((empty.code, empty.fields[0].field.as_str()), (ErrorCode::Invalid, "body"));
        let stolen = services.portals.reply(&marisa, PortalReply { files: vec![foreign], ..answer(number, "x") }).await;
        assert_eq!(stolen.unwrap_err().fields[0].field, "files");
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM message", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_write_is_not_executed() {
    both_databases(async |desk| {
        let services = services(&desk);
        let marisa = desk.customer("Marisa").await;
        let script = "<script>alert(1)</script><img src=x onerror=alert(1)><p onclick=\"x\">Hi</p>";
        let new = PortalNewTicket { title: script.to_owned(), body: script.to_owned(), html: true, ..request("") };
        let number = services.portals.create(&marisa, new).await.unwrap();
        services.portals.reply(&marisa, PortalReply { html: true, ..answer(number, script) }).await.unwrap();
        let ticket = services.portals.ticket(&marisa, number).await.unwrap();
        for html in [ticket.description.as_ref().unwrap(), &ticket.messages[0].html] {
            assert!(!html.contains("script") && !html.contains("onerror") && !html.contains("onclick"), "{html}");
            assert!(html.contains("Hi"));
        }
        assert_eq!(ticket.title, script, "a title is text; the pages escape it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_does_a_thing_once() {
    both_databases(async |desk| {
        let services = services(&desk);
        let (marisa, carla) = (desk.customer("Marisa").await, desk.customer("Carla").await);
        let keyed = || PortalNewTicket { idempotency_key: "once".to_owned(), ..request("Printer jam") };
        let number = services.portals.create(&marisa, keyed()).await.unwrap();
        assert_eq!(services.portals.create(&marisa, keyed()).await.unwrap(), number);
        assert_ne!(services.portals.create(&carla, keyed()).await.unwrap(), number, "a key is its maker's");

        let keyed = |item| PortalReply { idempotency_key: "twice".to_owned(), ..answer(item, "Again") };
        let (one, two) =
            tokio::join!(services.portals.reply(&marisa, keyed(number)), services.portals.reply(&marisa, keyed(number)),);
        assert_eq!((one.unwrap().messages.len(), two.unwrap().messages.len()), (1, 1));
        let other = services.portals.create(&marisa, request("Other")).await.unwrap();
        assert_eq!(services.portals.reply(&marisa, keyed(other)).await.unwrap_err().code, ErrorCode::Invalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_opens_what_waits_or_is_done() {
    both_databases(async |desk| {
        let services = services(&desk);
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").await;
        let number = services.portals.create(&marisa, request("Printer jam")).await.unwrap();
        let replied = services.portals.reply(&marisa, answer(number, "More")).await.unwrap();
        assert_eq!(replied.status().unwrap().key, "new", "what is to do stays as it is");
        for key in ["waiting_customer", "on_hold", "resolved", "closed"] {
            set_status(&desk, &services, &ana, number, key).await;
            let replied = services.portals.reply(&marisa, answer(number, "Still smoking")).await.unwrap();
            assert_eq!(replied.status().unwrap().key, "open", "after {key}");
        }
        let detail = services.items.get(&ana, number).await.unwrap();
        assert_eq!((detail.row.category, detail.row.resolved_at, detail.messages.len()), (Category::Todo, None, 5));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_requester_closes_and_opens() {
    both_databases(async |desk| {
        let services = services(&desk);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let sven = desk.customer("Sven").await;
        let number = services.portals.create(&marisa, request("Printer jam")).await.unwrap();
        assert_eq!(services.portals.set_closed(&carla, number, true).await.unwrap_err(), Error::forbidden());
        assert_eq!(services.portals.set_closed(&sven, number, true).await.unwrap_err(), Error::not_found());
        let closed = services.portals.set_closed(&marisa, number, true).await.unwrap();
        assert_eq!((closed.status().unwrap().key.as_str(), closed.may_close, closed.may_reopen), ("resolved", false, true));
        let events = async || desk.number(Sql::new("SELECT COUNT(*) FROM event WHERE name = 'changed'", args![])).await;
        assert_eq!(events().await, 1);
        services.portals.set_closed(&marisa, number, true).await.unwrap();
        assert_eq!(events().await, 1, "what is so already is no change");
        let open = services.portals.set_closed(&marisa, number, false).await.unwrap();
        assert_eq!((open.status().unwrap().key.as_str(), open.may_close, open.may_reopen), ("open", true, false));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_see_cannot_be_answered() {
    both_databases(async |desk| {
        let services = services(&desk);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let sven = desk.customer("Sven").of("Umbrella").await;
        let foreign = desk.ticket("Printer jam").by(&marisa).await;
        let hidden = desk.ticket("Not published").by(&sven).unpublished().await;
        for number in [foreign, hidden, ItemNumber(999)] {
            assert_eq!(services.portals.reply(&sven, answer(number, "x")).await.unwrap_err(), Error::not_found());
            assert_eq!(services.portals.set_closed(&sven, number, true).await.unwrap_err(), Error::not_found());
            assert_eq!(services.portals.follow(&sven, number, true).await.unwrap_err(), Error::not_found());
        }
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM message", args![])).await, 0);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM event WHERE name <> 'created'", args![])).await, 0);
    })
    .await;
}

/// Every byte that a customer gets about their tickets.
async fn everything(services: &Services, customer: &Actor, number: ItemNumber) -> String {
    let list = services.portals.list(customer, PortalQuery::default()).await.unwrap();
    let ticket = services.portals.ticket(customer, number).await.unwrap();
    serde_json::to_string(&(list, ticket)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_leaves_no_trace() {
    both_databases(async |desk| {
        let services = services(&desk);
        let ana = desk.agent("Ana").await;
        let light = desk.light_agent().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = services.portals.create(&marisa, request("Printer jam")).await.unwrap();
        services.items.write(&ana, message(number, MessageKind::Reply, "<p>Water it.</p>")).await.unwrap();
        everything(&services, &marisa, number).await;
        let before = everything(&services, &marisa, number).await;

        desk.clock.advance(MINUTE);
        let secret = services.files.upload(&ana, "secret.txt", b"secret".to_vec()).await.unwrap().id;
        let note = NewMessage { files: vec![secret], ..message(number, MessageKind::Note, "<p>secret</p>") };
        services.items.write(&ana, note).await.unwrap();
        services.items.write(&light, message(number, MessageKind::Note, "<p>secret too</p>")).await.unwrap();
        let version = services.items.get(&ana, number).await.unwrap().row.version;
        let internal = vec![Change::Tags(vec!["secret".to_owned()]), Change::Product("secret".to_owned())];
        services.items.change(&ana, number, version, internal).await.unwrap();
        services.items.follow(&ana, number, true).await.unwrap();

        assert_eq!(everything(&services, &marisa, number).await, before);
        assert_eq!(services.files.download(&marisa, secret).await.err(), Some(Error::not_found()));
        let mails: Vec<(String, String)> = desk.rows(Sql::new("SELECT text, html FROM mail", args![])).await;
        assert!(!mails.is_empty() && !format!("{mails:?}").contains("secret"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_answer_is_unread_until_it_was_looked_at() {
    both_databases(async |desk| {
        let services = services(&desk);
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let number = services.portals.create(&marisa, request("Printer jam")).await.unwrap();
        let unread = async |actor: &Actor| services.portals.list(actor, PortalQuery::default()).await.unwrap().rows[0].unread;
        assert!(!unread(&marisa).await);
        desk.clock.advance(MINUTE);
        services.items.write(&ana, message(number, MessageKind::Reply, "<p>Water it.</p>")).await.unwrap();
        assert!(unread(&marisa).await && unread(&carla).await);
        desk.clock.advance(MINUTE);
        services.portals.reply(&carla, answer(number, "Thank you")).await.unwrap();
        assert!(unread(&marisa).await && !unread(&carla).await, "a colleague's answer hides nothing");
        services.portals.ticket(&marisa, number).await.unwrap();
        assert!(!unread(&marisa).await);
        let row = services.portals.list(&marisa, PortalQuery::default()).await.unwrap().rows.remove(0);
        assert_eq!((row.last_by.as_str(), row.requester.as_str()), ("Carla", "Marisa"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_mailed_to_whom_it_concerns_but_not_to_its_author() {
    both_databases(async |desk| {
        let services = services(&desk);
        let ana = desk.agent("Ana").await;
        desk.agent("Otto").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).for_agent(&ana).await;
        services.portals.follow(&carla, number, true).await.unwrap();
        services.portals.reply(&marisa, answer(number, "Still smoking")).await.unwrap();
        let mails: Vec<(String, String)> = desk.rows(Sql::new("SELECT recipients, text FROM mail ORDER BY id", args![])).await;
        let recipients: Vec<&str> = mails.iter().map(|mail| mail.0.as_str()).collect();
        assert_eq!(recipients, ["[\"carla@acme.test\"]", "[\"ana@desk.test\"]"]);
        assert!(mails[0].1.contains("https://desk.test/p/support/tickets/"));
        assert!(mails[1].1.contains("https://desk.test/desk/tickets/"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_answers_at_once_are_all_there_in_order() {
    both_databases(async |desk| {
        let services = services(&desk);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let number = services.portals.create(&marisa, request("Printer jam")).await.unwrap();
        let replies = (0..200).map(|turn| {
            let actor = if turn % 2 == 0 { &marisa } else { &carla };
            services.portals.reply(actor, answer(number, &format!("Answer {turn}")))
        });
        for reply in futures::future::join_all(replies).await {
            reply.unwrap();
        }
        let messages = services.portals.ticket(&marisa, number).await.unwrap().messages;
        let mut texts: Vec<String> = messages.iter().map(|message| message.html.clone()).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 200);
        assert!(messages.is_sorted_by(|one, next| one.id < next.id && one.created_at <= next.created_at));
        let sql = "SELECT COUNT(DISTINCT version) FROM event WHERE name = 'replied'";
        assert_eq!(desk.number(Sql::new(sql, args![])).await, 200);
    })
    .await;
}
