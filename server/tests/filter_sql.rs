//! The filter language in both databases means what it means in memory: generated items, generated filters, generated
//! viewers, and the rows must be the same.

#![allow(clippy::unwrap_used, clippy::result_large_err, reason = "a test that cannot be set up fails, with all that it found")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    filter::{Expr, Facts, Field, Op, Relation, Value, Viewer, matches, testing},
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
}

/// The ids and facts of 60 generated items that are now in the database.
async fn world(desk: &TestDesk) -> Vec<(i64, Facts)> {
    let mut items: Vec<(i64, Facts)> = {
        let mut runner = TestRunner::default();
        let generated = vec(testing::facts(), 60).new_tree(&mut runner).unwrap().current();
        (1..).zip(generated).collect()
    };
    for (id, facts) in &mut items {
        // Numbers are unique in a workspace.
        facts.number = (*id).into();
    }
    let insert = items.clone();
    desk.write(move |tx| {
        Box::pin(async move {
            insert_world(tx).await;
            for (id, facts) in &insert {
                insert_item(tx, *id, facts).await;
            }
            Ok(())
        })
    })
    .await;
    items
}

async fn found(desk: &TestDesk, expr: &Expr, viewer: &Viewer) -> Vec<i64> {
    let mut sql = Sql::build("SELECT item.id FROM item WHERE ");
    push_filter(&mut sql, desk.engine(), expr, viewer);
    sql.push(" ORDER BY item.id");
    let text = sql.text().to_owned();
    let rows = desk.db.clone().all::<(i64,)>(sql).await;
    rows.unwrap_or_else(|error| panic!("{error}: {text}")).into_iter().map(|row| row.0).collect()
}

fn expected(items: &[(i64, Facts)], expr: &Expr, viewer: &Viewer) -> Vec<i64> {
    items.iter().filter(|(_, facts)| matches(expr, facts, viewer)).map(|(id, _)| *id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_databases_find_what_memory_finds() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let runtime = tokio::runtime::Handle::current();
        let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
        let cases = (testing::expr(), testing::viewer());
        let failure = tokio::task::block_in_place(|| {
            let holds = runner.run(&cases, |(expr, viewer)| {
                let rows = runtime.block_on(found(&desk, &expr, &viewer));
                prop_assert_eq!(rows, expected(&items, &expr, &viewer), "{:?} for {:?}", expr, viewer);
                Ok(())
            });
            holds.err().map(|failure| failure.to_string())
        });
        assert_eq!(failure, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_leaf_alone_and_negated() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let mut runner = TestRunner::default();
        let leaves = prop_oneof![testing::comparison(), testing::relation()];
        for _ in 0..400 {
            let (leaf, viewer) = (&leaves, testing::viewer()).new_tree(&mut runner).unwrap().current();
            let negated = Expr::Not(Box::new(leaf.clone()));
            for expr in [leaf, negated] {
                assert_eq!(found(&desk, &expr, &viewer).await, expected(&items, &expr, &viewer), "{expr:?}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_largest_filter_is_answered() {
    both_databases(async |desk| {
        let items = world(&desk).await;
        let viewer = Viewer { me_agent: None, me_customer: None, teams: Vec::new(), organization: None, now: testing::NOW };
        let ids = |from: i64| Value::Set((from..from + 1_000).map(Value::Id).collect());
        let words = || {
            let mut words: Vec<Value> = (0..998).map(|word| Value::Text(format!("\"word' {word}"))).collect();
            words.extend(["billing", "o'brien"].map(|tag| Value::Text(tag.to_owned())));
            Value::Set(words)
        };
        let parts: Vec<Expr> = (0..25)
            .flat_map(|turn| {
                [
                    Expr::compare(Field::Requester, Op::In, ids(turn)),
                    Expr::compare(Field::Status, Op::NotIn, ids(912)),
                    Expr::some(Relation::Tags, words()),
                    Expr::none(Relation::Agents, ids(932)),
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
