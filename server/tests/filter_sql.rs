//! The filter language in both databases means what it means in memory: generated items, generated filters, generated
//! viewers, and the rows must be the same.

#![allow(clippy::unwrap_used, clippy::result_large_err, reason = "a test that cannot be set up fails, with all that it found")]

mod common;

use common::{
    TestDesk, both_databases,
    world::{found_each, world},
};
use domain::{
    filter::{Expr, Facts, Field, Op, Quantifier, Relation, Value, Viewer, matches, testing},
    types::Category,
};
use proptest::{
    collection::vec,
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

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
