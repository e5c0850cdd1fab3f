//! Searches among many tickets: for words that many of them have, few, and none; and what a search reads to find them.

use super::common::{TestDesk, both_databases};
use domain::{
    actor::Actor,
    service::Items,
    view::{ItemQuery, SystemView},
};
use server::{
    args,
    db::{Engine, Sql},
};
use std::time::Duration;

/// Tickets; more than half of them are more than a search takes for few.
const TICKETS: i64 = 20_000;
/// Most rows of tickets and words that a search may read here: far fewer than there are.
const READ: i64 = 4_000;

/// Numbers are ids, and the later the higher. Of ten tickets one is open, six have "everywhere"; the oldest twenty have "seldom". Three of
/// ten had "vanished" when the database last looked at its tables. Of fifty one belongs to the team.
async fn many(desk: &TestDesk, team: i64) {
    let each = "WITH RECURSIVE each (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < $1) ";
    let insert = |into: &'static str, select: &'static str| {
        let mut sql = Sql::new("", args![TICKETS]);
        sql.push(into).push(each).push(select);
        sql
    };
    let item = "INSERT INTO item (id, number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
                created_by_kind, created_at, updated_at) ";
    let values = "SELECT n, n, 'Ticket', 'ticket', 'ticket', status.type_id, status.id, status.category, 1, 'mail', 'system', n, n FROM each \
                  JOIN status ON status.id = (SELECT MIN(id) FROM status WHERE category = CASE WHEN n % 10 = 0 THEN 'todo' ELSE 'done' END)";
    desk.execute(insert(item, values)).await;
    let mut teams = insert("INSERT INTO item_team (item_id, team_id) ", "SELECT n, ");
    teams.bind(team).push(" FROM each WHERE n % 50 = 0");
    desk.execute(teams).await;
    let (words, vanished) = match desk.engine() {
        Engine::Sqlite => (
            insert(
                "INSERT INTO item_words (rowid, public, internal) ",
                "SELECT n << 30, (CASE WHEN n % 10 < 6 THEN 'everywhere' ELSE 'ticket' END) || (CASE WHEN n <= 20 THEN ' seldom' ELSE '' END), '' \
                 FROM each",
            ),
            insert(
                "INSERT INTO item_words (rowid, public, internal) ",
                "SELECT (n << 30) + 1, 'vanished', '' FROM each WHERE n % 10 < 3",
            ),
        ),
        Engine::Postgres => (
            insert(
                "INSERT INTO item_words (item_id, message_id, part, internal, words) ",
                "SELECT n, 0, 0, FALSE, words_vector((CASE WHEN n % 10 < 6 THEN 'everywhere' ELSE 'ticket' END) || \
                 (CASE WHEN n <= 20 THEN ' seldom' ELSE '' END)) FROM each",
            ),
            insert(
                "INSERT INTO item_words (item_id, message_id, part, internal, words) ",
                "SELECT n, 1, 0, FALSE, words_vector('vanished') FROM each WHERE n % 10 < 3",
            ),
        ),
    };
    desk.execute(words).await;
    desk.execute(vanished).await;
    if desk.engine() == Engine::Postgres {
        desk.execute(Sql::new("ALTER TABLE item_words SET (autovacuum_enabled = FALSE)", args![])).await;
    }
    desk.db.look_again().await;
    desk.execute(match desk.engine() {
        Engine::Sqlite => Sql::new("DELETE FROM item_words WHERE (rowid & 1) = 1", args![]),
        Engine::Postgres => Sql::new("DELETE FROM item_words WHERE message_id = 1", args![]),
    })
    .await;
}

fn search(view: SystemView, text: &str) -> ItemQuery {
    ItemQuery { text: text.to_owned(), limit: 100, ..ItemQuery::of(view) }
}

/// The numbers of the first page.
async fn first_page(desk: &TestDesk, actor: &Actor, view: SystemView, text: &str) -> Vec<i64> {
    desk.items().list(actor, search(view, text)).await.unwrap().rows.iter().map(|row| row.number.0).collect()
}

/// How many rows of tickets and words PostgreSQL has read since it was last asked.
async fn rows_read(desk: &mut TestDesk) -> i64 {
    // Connections tell what they have read when they end, at the latest.
    let now = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
    let closed = desk.number(Sql::new(now, args![])).await;
    desk.db.close().await;
    desk.reopen().await;
    let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' \
                  AND EXTRACT(EPOCH FROM backend_start) * 1000000 <= $1";
    let ended = async {
        while desk.number(Sql::new(others, args![closed])).await > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ended).await.unwrap();
    let read = "SELECT CAST(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) AS BIGINT) FROM pg_stat_user_tables \
                WHERE relname IN ('item', 'item_words')";
    let rows = desk.number(Sql::new(read, args![])).await;
    desk.rows::<(i64,)>(Sql::new("SELECT 1::bigint FROM (SELECT pg_stat_reset()) AS reset", args![])).await;
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_many_tickets_are_found_and_those_of_few_and_of_none_without_reading_them_all() {
    both_databases(async |mut desk| {
        let ana = desk.agent("Ana").await;
        let tom = desk.agent("Tom").in_team("Small").seeing_their_teams_only().await;
        let team = desk.team("Small").await.0;
        many(&desk, team).await;
        let newest = |fits: &dyn Fn(i64) -> bool| (1..=TICKETS).rev().filter(|n| fits(*n)).take(100).collect::<Vec<_>>();
        let everywhere = |n: i64| n % 10 < 6;
        let (all, open) = (SystemView::All, SystemView::Open);
        #[rustfmt::skip]
        let rows: Vec<(&Actor, SystemView, &str, Vec<i64>)> = vec![
            (&ana, all, "nowhere", vec![]), (&ana, all, "vanished", vec![]), (&ana, open, "vanished", vec![]), (&tom, all, "vanished", vec![]),
            (&ana, all, "vanish*", vec![]), (&ana, all, "everywhere vanished", vec![]), (&ana, all, "seldom vanished", vec![]),
            (&ana, all, "seldom", (1..=20).rev().collect()), (&ana, all, "sel*", (1..=20).rev().collect()), (&ana, open, "seldom", vec![20, 10]),
            (&tom, all, "seldom", vec![]), (&ana, all, "seldom -everywhere", (1..=20).rev().filter(|n| !everywhere(*n)).collect()),
            (&ana, all, "everywhere seldom", (1..=20).rev().filter(|n| everywhere(*n)).collect()),
            (&ana, all, "seldom | vanished", (1..=20).rev().collect()),
            (&ana, all, "everywhere", newest(&everywhere)), (&ana, all, "every*", newest(&everywhere)),
            (&ana, open, "everywhere", newest(&|n| n % 10 == 0)), (&ana, all, "-everywhere", newest(&|n| !everywhere(n))),
            (&ana, all, "-vanished", newest(&|_| true)), (&ana, open, "-vanished", newest(&|n| n % 10 == 0)),
            (&ana, all, "7777", vec![7777]), (&tom, all, "7777", vec![]), (&tom, all, "7750", vec![7750]),
        ];
        let measures = desk.engine() == Engine::Postgres;
        if measures {
            rows_read(&mut desk).await;
        }
        for (actor, view, text, expected) in rows {
            assert_eq!(first_page(&desk, actor, view, text).await, expected, "{text} in {view:?}");
            let read = if measures { rows_read(&mut desk).await } else { 0 };
            // What fills a page may be found in many ways.
            assert!(expected.len() == 100 || read < READ, "{read} rows read for {text} in {view:?}");
        }
        // Where permission is asked of many, the answer is the same.
        assert_eq!(first_page(&desk, &tom, all, "everywhere").await, newest(&|n| n % 50 == 0));
        assert_eq!(first_page(&desk, &tom, all, "-everywhere").await, [0; 0]);
        for (text, count) in [("nowhere", 0), ("seldom", 20), ("everywhere", TICKETS / 10 * 6), ("-seldom", TICKETS - 20)] {
            assert_eq!(desk.items().total(&ana, search(all, text)).await.unwrap(), count, "{text}");
        }
        // Pages go on where the last one ended.
        let page = |after| ItemQuery { limit: 15, after, ..search(all, "seldom") };
        let first = desk.items().list(&ana, page(None)).await.unwrap();
        let second = desk.items().list(&ana, page(first.next.clone())).await.unwrap();
        let numbers: Vec<i64> = second.rows.iter().map(|row| row.number.0).collect();
        assert_eq!((first.rows.len(), numbers, second.next), (15, vec![5, 4, 3, 2, 1], None));
    })
    .await;
}
