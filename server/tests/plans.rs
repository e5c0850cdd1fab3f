//! How both databases go about the first pages of the commonest lists: by indexes, never through all tickets. `make bench` measures the
//! same lists at a million.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    actor::Actor,
    service::Items,
    view::{ItemQuery, Sort, SortField, SystemView},
};
use server::{
    args,
    db::{Engine, Read, Sql},
    demo::{self, Options},
    service::accounts::Passwords,
};

/// Tickets that are made, and how many copies of each there are then: enough for an engine to mind reading all of them.
const MADE: u32 = 1_500;
const COPIES: i64 = 40;
/// Copies have numbers of their own.
const APART: i64 = 10_000;

/// Twenty filters as people have them in views.
const FILTERS: &str = include_str!("../../bench/filters.txt");

/// Fills the desk as a large company has it.
async fn fill(desk: &TestDesk) {
    let passwords = Passwords::new().unwrap();
    demo::fill(&desk.db, &passwords, &Options { items: MADE, seed: 3 }).await.unwrap();
    desk.write(|tx| {
        Box::pin(async move {
            let steps = "WITH RECURSIVE step (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < $1) ";
            let columns = "title, title_key, search_key, description, type_id, status_id, category, status_rank, priority, \
                requester_id, requester_key, organization_id, channel, impact, product, published, created_by_kind, \
                created_by_id, created_by_name, first_response_at, resolved_at, last_message_at, last_message_by, \
                last_message_by_id, last_message_name";
            let items = format!(
                "INSERT INTO item (number, created_at, updated_at, {columns}) {steps} SELECT item.number + n * $2, \
                 created_at - n * 3600000, updated_at - n * 3600000, {columns} FROM item CROSS JOIN step WHERE $1 > 0"
            );
            let rows = |table: &str, column: &str| {
                format!(
                    "INSERT INTO {table} (item_id, {column}) {steps} SELECT copy.id, {table}.{column} FROM {table} \
                     JOIN item ON item.id = {table}.item_id CROSS JOIN step JOIN item AS copy ON copy.number = item.number + n * $2"
                )
            };
            let all = [items, rows("item_tag", "tag"), rows("item_agent", "agent_id"), rows("item_team", "team_id")];
            for sql in all {
                tx.execute(Sql::new(sql.leak(), args![COPIES - 1, APART])).await?;
            }
            Ok(())
        })
    })
    .await;
    desk.db.look_again().await;
}

/// The steps of a plan that read all items.
fn through_all(engine: Engine, plan: &[String]) -> Vec<&String> {
    let reads = |step: &&String| match engine {
        Engine::Sqlite => step.as_str() == "SCAN item",
        Engine::Postgres => step.contains("Seq Scan on item ") || step.ends_with("Seq Scan on item"),
    };
    plan.iter().filter(reads).collect()
}

/// The conditions under which lists are the same whichever way is taken to them: some find much, some little.
const EITHER_WAY: [&str; 6] = [
    "tag:hardware",
    "category:todo,waiting tag:hardware",
    "(priority:5 | tag:damage) category:todo,waiting",
    "(tag:hardware | tag:damage) -priority:5",
    "organization:@none",
    "category:todo,waiting organization:@none not tag:hardware",
];

/// The first page holds the items that a plain question finds, in their order.
async fn is_complete(desk: &TestDesk, actor: &Actor, text: &str) {
    let query = ItemQuery { text: text.to_owned(), ..ItemQuery::of(SystemView::All) };
    let listed: Vec<i64> = desk.items().list(actor, query).await.unwrap().rows.iter().map(|row| row.number.0).collect();
    let hardware = "item.id IN (SELECT item_id FROM item_tag WHERE tag = 'hardware')";
    let damage = "item.id IN (SELECT item_id FROM item_tag WHERE tag = 'damage')";
    let open = "item.category <> 'done'";
    let condition = match text {
        "tag:hardware" => hardware.to_owned(),
        "category:todo,waiting tag:hardware" => format!("{open} AND {hardware}"),
        "(priority:5 | tag:damage) category:todo,waiting" => format!("(item.priority = 5 OR {damage}) AND {open}"),
        "(tag:hardware | tag:damage) -priority:5" => format!("({hardware} OR {damage}) AND item.priority <> 5"),
        "organization:@none" => "item.organization_id IS NULL".to_owned(),
        _ => format!("{open} AND item.organization_id IS NULL AND NOT {hardware}"),
    };
    let sql = format!(
        "SELECT number FROM item WHERE {condition} AND item.id NOT IN (SELECT item_id FROM item_away) \
         ORDER BY updated_at DESC, id DESC LIMIT {}",
        listed.len()
    );
    let numbers: Vec<(i64,)> = desk.rows(Sql::new(sql.leak(), args![])).await;
    assert!(listed.len() >= 50, "{text}: {}", listed.len());
    assert_eq!(listed, numbers.into_iter().map(|(number,)| number).collect::<Vec<_>>(), "{text}");
}

async fn by_indexes(desk: &TestDesk, actor: &Actor, query: ItemQuery) {
    let said = format!("{:?} {} by {}", query.view, query.text, query.sort);
    let plan = desk.items().plan(actor, query).await.unwrap();
    assert!(!plan.is_empty(), "{said}");
    let all = through_all(desk.db.engine(), &plan);
    assert!(all.is_empty(), "{said}\n{}", plan.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commonest_lists_are_read_by_indexes() {
    assert_eq!(FILTERS.lines().count(), 20);
    both_databases(async |desk| {
        let olga = desk.owner().await;
        fill(&desk).await;
        for text in FILTERS.lines() {
            by_indexes(&desk, &olga, ItemQuery { text: text.to_owned(), ..ItemQuery::of(SystemView::All) }).await;
        }
        for text in EITHER_WAY {
            is_complete(&desk, &olga, text).await;
        }
        for view in SystemView::ALL {
            for by in SortField::ALL {
                for descending in [false, true] {
                    by_indexes(&desk, &olga, ItemQuery { sort: Sort { by, descending }, ..ItemQuery::of(view) }).await;
                }
            }
        }
    })
    .await;
}
