//! The filter language in both databases means what it means in memory: generated items, generated filters, generated
//! viewers, and the rows must be the same.

#![allow(clippy::unwrap_used, clippy::result_large_err, reason = "a test that cannot be set up fails, with all that it found")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    filter::{Expr, Facts, Field, Op, Quantifier, Relation, Thread, Value, Viewer, matches, testing},
    id::MessageId,
    types::Category,
};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use server::{
    args,
    db::{Read, Sql, Tx, push_filter},
};

/// Puts the people and the types of the small world into the database.
async fn insert_world(tx: &mut Tx) {
    let mut put = async |text: &'static str, id: i64, more: Option<i64>| {
        let mut values = args![id];
        values.extend(more.map(Into::into));
        tx.execute(Sql::new(text, values)).await.unwrap();
    };
    for id in testing::AGENTS {
        let sql = "INSERT INTO agent (id, name, name_key, role, access, state, language, created_at) \
                   VALUES ($1, 'a', 'a', 'agent', 'all', 'active', 'en', 0)";
        put(sql, id, None).await;
    }
    for id in testing::TEAMS {
        put("INSERT INTO team (id, name, name_key, created_at) VALUES ($1, 't', CAST($2 AS TEXT), 0)", id, Some(id)).await;
    }
    for id in testing::CUSTOMERS {
        let sql = "INSERT INTO customer (id, first_name, last_name, name_key, search_key, language, created_at) \
                   VALUES ($1, 'c', '', 'c', 'c', 'en', 0)";
        put(sql, id, None).await;
    }
    for id in testing::ORGANIZATIONS {
        put("INSERT INTO organization (id, name, name_key, created_at) VALUES ($1, 'o', CAST($2 AS TEXT), 0)", id, Some(id))
            .await;
    }
    for (id, statuses) in testing::TYPES.into_iter().zip(testing::STATUSES) {
        put("INSERT INTO ticket_type (id, name, icon, colour, position) VALUES ($1, 't', '', '', 9)", id, None).await;
        for status in statuses {
            let sql = "INSERT INTO status (id, type_id, name, category, colour, position) VALUES ($1, $2, 's', 'todo', '', 1)";
            put(sql, status, Some(id)).await;
        }
    }
}

/// Inserts an item under the id `id`, which is also its number in the database of the test.
async fn insert_item(tx: &mut Tx, id: i64, facts: &Facts) {
    let sql = "INSERT INTO item (id, number, title, title_key, search_key, type_id, status_id, category, status_rank, priority, \
               requester_id, organization_id, channel, impact, product, published, created_by_kind, created_at, updated_at, \
               first_response_at, resolved_at, last_message_at, last_message_by) \
               VALUES ($1, $2, $3, '', '', $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, $13, 'system', $14, $15, $16, $17, $18, $19)";
    let values = args![
        id,
        facts.number,
        &facts.title,
        facts.type_id,
        facts.status_id,
        facts.category.key(),
        facts.priority,
        facts.requester,
        facts.organization,
        facts.channel.key(),
        facts.impact.key(),
        &facts.product,
        facts.published,
        facts.created_at,
        facts.updated_at,
        facts.first_response_at,
        facts.resolved_at,
        facts.last_message_at,
        facts.last_message_by.map(|by| by.kind().to_owned()),
    ];
    tx.execute(Sql::new(sql, values)).await.unwrap();
    for agent in &facts.agents {
        let sql = "INSERT INTO item_agent (item_id, agent_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![id, *agent])).await.unwrap();
    }
    for team in &facts.teams {
        tx.execute(Sql::new("INSERT INTO item_team (item_id, team_id) VALUES ($1, $2)", args![id, *team])).await.unwrap();
    }
    for agent in &facts.following_agents {
        let sql = "INSERT INTO item_following_agent (item_id, agent_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![id, *agent])).await.unwrap();
    }
    for customer in &facts.following_customers {
        let sql = "INSERT INTO item_following_customer (item_id, customer_id) VALUES ($1, $2)";
        tx.execute(Sql::new(sql, args![id, *customer])).await.unwrap();
    }
    for tag in &facts.tags {
        tx.execute(Sql::new("INSERT INTO item_tag (item_id, tag) VALUES ($1, $2)", args![id, tag])).await.unwrap();
    }
    insert_thread(tx, id, facts.thread.as_ref().unwrap()).await;
}

async fn insert_thread(tx: &mut Tx, id: i64, thread: &Thread) {
    let sql = "UPDATE item SET description = $1 WHERE id = $2";
    tx.execute(Sql::new(sql, args![&thread.description, id])).await.unwrap();
    for message in &thread.messages {
        let sql = "INSERT INTO message (id, item_id, kind, author_kind, author_id, author_name, html, channel, created_at) \
                   VALUES ($1, $2, $3, $4, $5, '', $6, 'agent', $7)";
        let (kind, by) = (message.kind.key(), message.by);
        let values = args![message.id, id, kind, by.kind(), by.id(), &message.html, message.written];
        tx.execute(Sql::new(sql, values)).await.unwrap();
    }
    for file in &thread.files {
        let sql = "INSERT INTO file (name, content_type, size, storage_path, uploader_kind, purpose, item_id, message_id, created_at) \
                   VALUES ($1, $2, $3, '', 'system', $4, $5, $6, $7)";
        let purpose = if file.message.is_some() { "message" } else { "description" };
        let values = args![&file.name, &file.content_type, file.size, purpose, id, file.message, file.added];
        tx.execute(Sql::new(sql, values)).await.unwrap();
    }
}

/// The ids and facts of 60 generated items that are now in the database.
async fn world(desk: &TestDesk) -> Vec<(i64, Facts)> {
    let mut items: Vec<(i64, Facts)> = {
        let mut runner = TestRunner::default();
        let generated = vec(testing::facts(), 60).new_tree(&mut runner).unwrap().current();
        (1..).zip(generated).collect()
    };
    for (id, facts) in &mut items {
        // Numbers and messages are unique in a workspace.
        facts.number = (*id).into();
        let thread = facts.thread.as_mut().unwrap();
        let unique = |message: &mut MessageId| message.0 += *id * 100;
        thread.messages.iter_mut().for_each(|message| unique(&mut message.id));
        thread.files.iter_mut().filter_map(|file| file.message.as_mut()).for_each(unique);
    }
    let insert = items.clone();
    desk.write(move |tx| {
        Box::pin(async move {
            insert_world(tx).await;
            for (id, facts) in &insert {
                insert_item(tx, *id, facts).await;
            }
            let sql = "UPDATE counter SET value = (SELECT MAX(id) FROM item) WHERE name = 'words'";
            tx.execute(Sql::new(sql, args![])).await.unwrap();
            Ok(())
        })
    })
    .await;
    // Their words are found as those of a desk that is brought up to date.
    desk.db.migrate().await.unwrap();
    items
}

/// What the database finds for each filter and viewer, in one statement.
async fn found_each(desk: &TestDesk, cases: &[(Expr, Viewer)]) -> Vec<Vec<i64>> {
    let mut sql = Sql::build("SELECT place, id FROM (");
    for (place, (expr, viewer)) in (0_i64..).zip(cases) {
        sql.push(if place == 0 { "SELECT " } else { " UNION ALL SELECT " }).bind(place);
        sql.push(" AS place, item.id AS id FROM item WHERE ");
        push_filter(&mut sql, desk.engine(), expr, viewer);
    }
    sql.push(") AS found ORDER BY place, id");
    let text = sql.text().to_owned();
    let rows = desk.db.clone().all::<(i64, i64)>(sql).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error}: {text}"));
    (0_i64..).zip(cases).map(|(place, _)| rows.iter().filter(|row| row.0 == place).map(|row| row.1).collect()).collect()
}

async fn found(desk: &TestDesk, expr: &Expr, viewer: &Viewer) -> Vec<i64> {
    found_each(desk, &[(expr.clone(), viewer.clone())]).await.remove(0)
}

fn expected(items: &[(i64, Facts)], expr: &Expr, viewer: &Viewer) -> Vec<i64> {
    items.iter().filter(|(_, facts)| matches(expr, facts, viewer)).map(|(id, _)| *id).collect()
}

/// How many filters are asked on each database; more with `FILTER_CASES`.
fn cases() -> u32 {
    std::env::var("FILTER_CASES").map_or(10_000, |cases| cases.parse().unwrap())
}

/// Filters of one statement.
const AT_ONCE: u32 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn the_databases_find_what_memory_finds() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let runtime = tokio::runtime::Handle::current();
        let config = Config { cases: cases().div_ceil(AT_ONCE), failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new(config);
        let expr = prop_oneof![3 => testing::expr(), 1 => testing::partly_broken()];
        let cases = vec((expr, testing::viewer()), usize::try_from(AT_ONCE).unwrap());
        let (asked, telling) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        let failure = tokio::task::block_in_place(|| {
            let holds = runner.run(&cases, |cases| {
                let found = runtime.block_on(found_each(&desk, &cases));
                for ((expr, viewer), rows) in cases.iter().zip(found) {
                    asked.set(asked.get() + 1);
                    telling.set(telling.get() + usize::from(!rows.is_empty() && rows.len() < items.len()));
                    prop_assert_eq!(rows, expected(&items, expr, viewer), "{:?} for {:?}", expr, viewer);
                }
                Ok(())
            });
            holds.err().map(|failure| failure.to_string())
        });
        assert_eq!(failure, None);
        // What matches everything or nothing tells little.
        assert!(telling.get() * 3 > asked.get(), "{} of {}", telling.get(), asked.get());
        eprintln!("{} filters on {:?}, {} of them match some", asked.get(), desk.engine(), telling.get());
    })
    .await;
}

/// Texts that mean something to SQL, to a pattern, to the query languages of full-text search, or to nobody.
const HOSTILE: [&str; 24] = [
    "'",
    "''",
    "\"",
    "\\",
    "\\'",
    "'; DROP TABLE item; --",
    "1 OR 1=1",
    "$1",
    "?",
    "%",
    "_",
    "a'b:*",
    "printer' | '!x",
    "printer AND NOT jam",
    "NEAR(printer jam)",
    "public : printer",
    "{internal}: secret",
    "printer <-> jam",
    "(printer",
    "* printer*",
    "\u{e000}",
    "\u{202e}printer",
    "\r\n\t",
    "𝕡𝕣𝕚𝕟𝕥𝕖𝕣 🖨️",
];

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_texts() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let agent = Viewer { notes: true, ..Viewer::nobody(testing::NOW) };
        let mut asked = Vec::new();
        for hostile in HOSTILE {
            let text = || Value::Text(hostile.to_owned());
            let set = || Value::Set(vec![text(), Value::Text("x".to_owned())]);
            let messages = |of| Expr::related(Relation::Messages, Quantifier::Some, of);
            let mut exprs = vec![
                Expr::Text(hostile.to_owned()),
                Expr::Text(format!("{hostile}*")),
                messages(Expr::Text(hostile.to_owned())),
                Expr::some(Relation::Tags, text()),
                Expr::some(Relation::Tags, set()),
                Expr::some(Relation::Files, text()),
                Expr::compare(Field::Category, Op::Is, text()),
                Expr::compare(Field::Unknown(hostile.to_owned()), Op::Is, text()),
            ];
            for op in [Op::Is, Op::IsNot, Op::Contains, Op::NotContains, Op::StartsWith] {
                exprs.push(Expr::compare(Field::Title, op, text()));
                exprs.push(Expr::related(Relation::Tags, Quantifier::Every, Expr::compare(Field::Tag, op, text())));
            }
            exprs.extend([Op::In, Op::NotIn].map(|op| Expr::compare(Field::Product, op, set())));
            for expr in exprs {
                asked.extend([expr.clone(), expr.not()].map(|expr| (expr, agent.clone())));
            }
        }
        for cases in asked.chunks(40) {
            for ((expr, viewer), rows) in cases.iter().zip(found_each(&desk, cases).await) {
                assert_eq!(rows, expected(&items, expr, viewer), "{expr:?}");
            }
        }
        assert_eq!(found(&desk, &Expr::All(vec![]), &agent).await.len(), items.len(), "nothing is gone");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_leaf_alone_and_negated() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let mut runner = TestRunner::default();
        let leaves = prop_oneof![testing::comparison(), testing::relation(), testing::search(), testing::broken()];
        for _ in 0..60 {
            let pairs = (0..10).flat_map(|_| {
                let (leaf, viewer) = (&leaves, testing::viewer()).new_tree(&mut runner).unwrap().current();
                [(leaf.clone(), viewer.clone()), (leaf.not(), viewer)]
            });
            let pairs: Vec<(Expr, Viewer)> = pairs.collect();
            for ((expr, viewer), rows) in pairs.iter().zip(found_each(&desk, &pairs).await) {
                assert_eq!(rows, expected(&items, expr, viewer), "{expr:?} for {viewer:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_filter_is_answered() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let viewer = Viewer::nobody(testing::NOW);
        let ids = |from: i64| Value::Set((from..from + 1_000).map(Value::Id).collect());
        let words = || {
            let mut words: Vec<Value> = (0..998).map(|word| Value::Text(format!("\"word' {word}"))).collect();
            words.extend(["billing", "o'brien"].map(|tag| Value::Text(tag.to_owned())));
            Value::Set(words)
        };
        let messages = |of| Expr::related(Relation::Messages, Quantifier::Every, of);
        let parts: Vec<Expr> = (0..20)
            .flat_map(|turn| {
                [
                    Expr::compare(Field::Requester, Op::In, ids(turn)),
                    Expr::compare(Field::Status, Op::NotIn, ids(912)),
                    Expr::some(Relation::Tags, words()),
                    Expr::none(Relation::Agents, ids(932)),
                    messages(Expr::compare(Field::Customer, Op::NotIn, ids(951))),
                ]
            })
            .collect();
        for expr in [Expr::All(parts.clone()), Expr::Any(parts)] {
            assert_eq!(domain::filter::check(&expr), Ok(()));
            assert_eq!(found(&desk, &expr, &viewer).await, expected(&items, &expr, &viewer));
        }
        assert!(items.iter().any(|(_, facts)| facts.category == Category::Done));
    })
    .await;
}
