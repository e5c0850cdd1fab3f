//! What import and demo write in bulk is what the services write one by one: every derived column alike.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::both_databases;
use domain::{
    actor::Party,
    conversation::MessageKind,
    customer::NewCustomer,
    id::{CustomerId, ItemId},
    item::{Channel, Impact},
    language::Language,
    time::{HOUR, Timestamp},
};
use server::{
    args,
    bulk::{self, BulkItem, BulkMessage, Person},
    db::{Read, Sql},
    import::facts::Facts,
    service::{
        customers,
        events::Author,
        items::{self, AppendMessage, InsertItem},
    },
};

const ASKED: Timestamp = Timestamp(1_789_000_000_000);

/// Every column of an item but its id and number.
const ITEM: [&str; 31] = [
    "kind",
    "title",
    "title_key",
    "search_key",
    "description",
    "type_id",
    "status_id",
    "category",
    "status_rank",
    "priority",
    "requester_id",
    "requester_key",
    "organization_id",
    "channel",
    "impact",
    "product",
    "published",
    "created_by_kind",
    "created_by_id",
    "created_by_name",
    "created_at",
    "updated_at",
    "first_response_at",
    "resolved_at",
    "last_message_at",
    "last_message_by",
    "last_message_by_id",
    "last_message_name",
    "version",
    "external_source",
    "external_id",
];
const MESSAGE: [&str; 8] = ["kind", "author_kind", "author_id", "author_name", "html", "channel", "recipients", "created_at"];

fn person(first: &str, email: &str) -> Person {
    Person {
        email: Some(email.to_owned()),
        first_name: first.to_owned(),
        last_name: "Lopez".to_owned(),
        phone: "1".to_owned(),
        job_title: "Baker".to_owned(),
        organization: None,
        language: Language::Es,
        password_hash: None,
        created_at: common::BEGINNING,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_in_bulk_are_customers() {
    both_databases(async |desk| {
        let ids = desk
            .write(|tx| {
                Box::pin(async move {
                    let by = Author::system();
                    let bulk = bulk::resolve(tx, vec![person("Ána", "ana@bakery.test")], &by).await?;
                    let new = NewCustomer {
                        first_name: "Ána".into(),
                        last_name: "Lopez".into(),
                        emails: vec!["ana2@bakery.test".into()],
                        phone: "1".into(),
                        job_title: "Baker".into(),
                        language: Language::Es,
                        ..NewCustomer::default()
                    };
                    let single = customers::create(tx, &by, &new, "none").await?;
                    Ok([bulk[0].clone().unwrap().id, single])
                })
            })
            .await;
        let sql = "SELECT first_name, last_name, name_key, phone, job_title, organization_id, language, time_zone, notes, state, \
                   password_hash, created_at FROM customer WHERE id = $1";
        type Row = (String, String, String, String, String, Option<i64>, String, String, String, String, Option<String>, i64);
        let mut rows: Vec<Row> = Vec::new();
        for id in ids {
            rows.extend(desk.rows::<Row>(Sql::new(sql, args![id])).await);
        }
        assert_eq!(rows[0], rows[1]);
        assert!(rows[0].5.is_some(), "the bakery was made an organization once");
        let keys: Vec<(String,)> =
            desk.rows(Sql::new("SELECT REPLACE(search_key, 'ana2', 'ana') FROM customer ORDER BY id", args![])).await;
        assert_eq!(keys[0], keys[1]);
        let events: Vec<(String, String)> =
            desk.rows(Sql::new("SELECT name, new_text FROM event WHERE subject_kind = 'customer' ORDER BY seq", args![])).await;
        assert_eq!(events[0], events[1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tickets_in_bulk_are_tickets() {
    both_databases(async |desk| {
        let agent = desk.agent("Bea").await.agent().unwrap().id;
        let ids = desk
            .write(move |tx| {
                Box::pin(async move {
                    let by = Author::system();
                    let found = bulk::resolve(tx, vec![person("Ana", "ana@bakery.test")], &by).await?[0].clone().unwrap();
                    let facts = Facts::load(tx).await?;
                    let (first_type, answer) = (&facts.types[1], ASKED.plus(HOUR));
                    let status = &first_type.statuses[3];
                    let customer = (Party::Customer(found.id), found.name.clone());
                    let bea = Author { party: Party::Agent(agent), name: "Bea".into(), channel: "agent" };
                    let single = single(tx, found.id, first_type.id, status.id, &bea, answer).await?;
                    let item = BulkItem {
                        title: "Ofen KAPUTT".into(),
                        description: "<p>Hot &amp; smoky</p>".into(),
                        type_id: first_type.id,
                        status_id: status.id,
                        category: status.category,
                        status_rank: status.rank,
                        priority: 4,
                        requester: Some(found),
                        channel: Channel::Mail,
                        impact: Impact::Minor,
                        product: "Oven".into(),
                        created_by: customer,
                        created_at: ASKED,
                        updated_at: answer,
                        first_response_at: Some(answer),
                        resolved_at: None,
                        last_message: Some((answer, bea.party, bea.name.clone())),
                        version: 2,
                        external: None,
                        tags: vec!["heat".into()],
                        agents: vec![agent],
                        teams: Vec::new(),
                        following_agents: Vec::new(),
                        read_at: None,
                        messages: vec![BulkMessage {
                            kind: MessageKind::Reply,
                            author: bea.party,
                            author_name: bea.name.clone(),
                            html: "<p>Coming</p>".into(),
                            channel: Channel::Agent,
                            recipients: vec!["ana@bakery.test".into()],
                            at: answer,
                        }],
                        events: Vec::new(),
                    };
                    let number = bulk::insert_items(tx, vec![item]).await?[0];
                    let (bulk,): (i64,) = tx.one(Sql::new("SELECT id FROM item WHERE number = $1", args![number])).await?;
                    Ok([single, ItemId(bulk)])
                })
            })
            .await;
        for (table, columns) in [
            ("item", &ITEM[..]),
            ("message", &MESSAGE[..]),
            ("item_following_customer", &["customer_id"][..]),
            ("item_tag", &["tag"][..]),
            ("item_agent", &["agent_id"][..]),
        ] {
            for column in columns {
                let key = if table == "item" { "id" } else { "item_id" };
                let mut sql = Sql::build("SELECT DISTINCT COALESCE(CAST(");
                sql.push(column).push(" AS TEXT), 'nothing') FROM ").push(table).push(" WHERE ").push(key);
                sql.push(" IN (").bind_all(ids).push(")");
                let values: Vec<(String,)> = desk.rows(sql).await;
                assert_eq!(values.len(), 1, "{table}.{column}: {values:?}");
            }
        }
        for words in ["ofen kaputt", "HOT smoky", "coming"] {
            assert_eq!(desk.with_words(words).await, ids.map(|id| id.0), "{words}");
        }
        let both = "SELECT COUNT(*) FROM item_following_customer WHERE item_id IN ($1, $2)";
        assert_eq!(desk.number(Sql::new(both, args![ids[0], ids[1]])).await, 2);
    })
    .await;
}

/// The same ticket as the services make it.
async fn single(
    tx: &mut server::db::Tx,
    requester: CustomerId,
    type_id: domain::id::TypeId,
    status_id: domain::id::StatusId,
    bea: &Author,
    answer: Timestamp,
) -> domain::Result<ItemId> {
    let asker = Author { party: Party::Customer(requester), name: "Ana Lopez".into(), channel: "portal" };
    let bea_id = bea.party.id().unwrap();
    let mut record = items::insert(
        tx,
        InsertItem {
            description: "<p>Hot &amp; smoky</p>".into(),
            type_id: Some(type_id),
            status_id: Some(status_id),
            priority: 4,
            requester: Some(requester),
            agents: vec![bea_id.into()],
            tags: vec!["Heat".into()],
            channel: Channel::Mail,
            impact: Impact::Minor,
            product: "Oven".into(),
            created_at: Some(ASKED),
            ..InsertItem::new("Ofen KAPUTT", asker)
        },
    )
    .await?;
    let message = AppendMessage {
        recipients: vec!["ana@bakery.test".into()],
        at: Some(answer),
        ..AppendMessage::new(MessageKind::Reply, bea.clone(), "<p>Coming</p>")
    };
    items::append_message(tx, &mut record, message).await?;
    Ok(ItemId(record.id))
}
