//! Bulk changes: each item by the rights that its changer has then, once, whoever dies; told exactly, and taken back as far as it still holds.

use super::{
    common::{TestDesk, both_databases},
    new_item, status, type_id,
};
use domain::{
    Error, ErrorCode,
    action::Put,
    actor::Actor,
    bulk::{BulkDeed, BulkRun, BulkState, BulkTarget, Members, NewBulk},
    filter::{Expr, Field, Op, Value},
    id::{AgentId, BulkId, ItemNumber, StatusId},
    item::Change,
    limits,
    service::{Actions, Bulk, Items},
    time::DAY,
    view::{ItemQuery, SystemView},
};
use server::{
    args,
    db::Sql,
    jobs::{Held, LEASE, Outcome, Work},
    service::items::{BULK_JOB, BulkRuns, ItemService, discard_old_bulks},
};
use std::time::Duration;

fn these(numbers: &[ItemNumber], deed: BulkDeed) -> NewBulk {
    NewBulk { target: BulkTarget::Numbers(numbers.to_vec()), deed, idempotency_key: String::new() }
}

fn all(query: ItemQuery, deed: BulkDeed) -> NewBulk {
    NewBulk { target: BulkTarget::All(Box::new(query)), deed, idempotency_key: String::new() }
}

fn stars(stars: u8) -> BulkDeed {
    BulkDeed::Set(Change::Priority(stars))
}

fn tags(add: &[&str], remove: &[&str]) -> BulkDeed {
    let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    BulkDeed::Tags(Members { add: owned(add), remove: owned(remove) })
}

fn agents(add: &[&Actor], remove: &[&Actor]) -> Members<AgentId> {
    let ids = |agents: &[&Actor]| agents.iter().map(|agent| agent.agent().unwrap().id).collect();
    Members { add: ids(add), remove: ids(remove) }
}

/// What is counted of a run: how many there are, had their turn, were changed, were refused.
fn counts(run: &BulkRun) -> (i64, i64, i64, i64) {
    (run.total, run.done, run.changed, run.refused)
}

/// Tickets with nothing in them, numbered from 1.
async fn bare(desk: &TestDesk, count: i64) -> Vec<ItemNumber> {
    desk.execute(Sql::new(
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < $1) \
         INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
         created_by_kind, created_at, updated_at) SELECT x, 'Jam', 'jam', 'jam', 1, 1, 'todo', 1, 'agent', 'system', 1, 1 FROM n",
        args![count],
    ))
    .await;
    (1..=count).map(ItemNumber).collect()
}

/// How many changes of a field the log holds.
async fn noted(desk: &TestDesk, field: &str) -> i64 {
    desk.number(Sql::new("SELECT COUNT(*) FROM event WHERE name = 'changed' AND field = $1", args![field])).await
}

async fn with_stars(desk: &TestDesk, stars: i64) -> i64 {
    desk.number(Sql::new("SELECT COUNT(*) FROM item WHERE priority = $1", args![stars])).await
}

/// Somebody changes a ticket by hand.
async fn change(items: &ItemService, actor: &Actor, number: ItemNumber, change: Change) {
    let version = items.get(actor, number).await.unwrap().row.version;
    items.change(actor, number, version, vec![change]).await.unwrap();
}

/// A server that does 200 items at a step, however long they take.
fn steady(desk: &TestDesk) -> BulkRuns {
    BulkRuns::new(desk.db.clone()).holding(Duration::from_secs(3_600))
}

/// A server that takes what is due.
async fn background(desk: &TestDesk) {
    desk.run_due(BulkRuns::new(desk.db.clone())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn few_are_changed_at_once_and_many_in_the_background() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let numbers = bare(&desk, 501).await;
        change(&items, &ana, numbers[1], Change::Priority(4)).await;
        let before = items.get(&ana, numbers[0]).await.unwrap().row;

        let three = [numbers[2], numbers[0], numbers[1], numbers[0]];
        let run = items.start(&ana, these(&three, stars(4))).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (3, 3, 2, 0)), "one was so already");
        assert!(run.may_undo && !run.undone && run.refusals.is_empty());
        assert_eq!(with_stars(&desk, 4).await, 3);
        assert_eq!(noted(&desk, "priority").await, 3);
        let after = items.get(&ana, numbers[0]).await.unwrap().row;
        assert_eq!((after.priority, after.version), (4, before.version + 1));
        let told = &items.activity(&ana, numbers[0]).await.unwrap()[0];
        assert_eq!((told.actor, told.old.as_str(), told.new.as_str()), (ana.party(), "0", "4"));

        let at_once = usize::try_from(limits::BULK_AT_ONCE).unwrap();
        let run = items.start(&ana, these(&numbers[..at_once], stars(3))).await.unwrap();
        assert!(run.done >= 20, "begun at once, and maybe done");
        background(&desk).await;
        assert_eq!(with_stars(&desk, 3).await, limits::BULK_AT_ONCE);

        let run = items.start(&ana, these(&numbers, stars(2))).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Waiting, (501, 0, 0, 0)), "left to the background");
        assert!(!run.may_undo);
        background(&desk).await;
        let run = items.run(&ana, run.id).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (501, 501, 501, 0)));
        assert_eq!(with_stars(&desk, 2).await, 501);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM job", args![])).await, 0);
        let latest: Vec<BulkId> = items.runs(&ana).await.unwrap().into_iter().map(|run| run.id).collect();
        assert_eq!(latest[0], run.id);
        assert_eq!(latest.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_list_shows_when_it_begins_is_changed() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let numbers = bare(&desk, 10_100).await;
        let some = Expr::compare(Field::Number, Op::Gt, Value::Int(10_050));
        let query = ItemQuery { filter: Some(some), limit: 1, ..ItemQuery::of(SystemView::Open) };
        let run = items.start(&ana, all(query.clone(), tags(&["hot"], &[]))).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (50, 50, 50, 0)), "a page is no limit");
        assert_eq!(desk.number(Sql::new("SELECT MIN(item_id) FROM item_tag", args![])).await, 10_051);

        // More than are found in one piece; all but one hold it already.
        change(&items, &ana, numbers[10_099], Change::Priority(1)).await;
        let run = items.start(&ana, all(ItemQuery::of(SystemView::Open), stars(0))).await.unwrap();
        assert_eq!((run.state, run.total), (BulkState::Waiting, 10_000));
        desk.execute(Sql::new(
            "INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, priority, \
             created_by_kind, created_at, updated_at) VALUES (10101, 'New', 'new', 'new', 1, 1, 'todo', 1, 'agent', 5, 'system', 1, 1)",
            args![],
        ))
        .await;
        background(&desk).await;
        let run = items.run(&ana, run.id).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (10_100, 10_100, 1, 0)), "what came in later is not in it");
        assert_eq!(with_stars(&desk, 0).await, 10_100);

        // A list of nothing.
        let none = ItemQuery { text: "nothing-like-this".to_owned(), ..query };
        let run = items.start(&ana, all(none, stars(1))).await.unwrap();
        assert_eq!((run.state, counts(&run), run.may_undo), (BulkState::Done, (0, 0, 0, 0), false));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_changes_only_what_they_see() {
    both_databases(async |desk| {
        let tom = desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let (ana, leo) = (desk.agent("Ana").await, desk.light_agent().await);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let own = desk.ticket("Ours").by(&marisa).for_team("Support").await;
        let secret = desk.ticket("Theirs").by(&marisa).for_team("Board").await;
        let items = desk.items();

        let run = items.start(&tom, these(&[own, secret, ItemNumber(4711)], stars(5))).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (3, 3, 1, 2)));
        let refused: Vec<_> = run.refusals.iter().map(|one| (one.number, one.error.clone())).collect();
        assert_eq!(refused, [(secret, Error::not_found()), (ItemNumber(4711), Error::not_found())], "the two look alike");
        let run = items.start(&tom, all(ItemQuery::of(SystemView::All), stars(4))).await.unwrap();
        assert_eq!(counts(&run), (1, 1, 1, 0));
        assert_eq!(items.get(&ana, secret).await.unwrap().row.priority, 0);

        // Assigning it to others takes it out of their sight.
        let run = items.start(&tom, these(&[own], BulkDeed::Set(Change::Teams(Vec::new())))).await.unwrap();
        assert_eq!(run.changed, 1);
        let run = items.undo(&tom, run.id).await.unwrap();
        assert_eq!(run.refusals[0].error, Error::not_found());

        for (who, code) in
            [(&leo, ErrorCode::Forbidden), (&marisa, ErrorCode::Forbidden), (&Actor::Anonymous, ErrorCode::Unauthenticated)]
        {
            assert_eq!(items.start(who, these(&[own], stars(1))).await.unwrap_err().code, code);
            assert_eq!(items.undo(who, run.id).await.unwrap_err().code, code);
        }
        // Runs are their own.
        for gone in [
            items.run(&ana, run.id).await.map(|_| ()),
            items.cancel(&ana, run.id).await.map(|_| ()),
            items.undo(&ana, run.id).await.map(|_| ()),
            items.run(&tom, BulkId(4711)).await.map(|_| ()),
        ] {
            assert_eq!(gone, Err(Error::not_found()));
        }
        assert_eq!(items.runs(&ana).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_those_of_the_moment() {
    both_databases(async |desk| {
        let items = desk.items();
        let numbers = bare(&desk, 600).await;
        let set = async |actor: &Actor, set: &'static str, value: &str| {
            let mut sql = Sql::build("UPDATE agent SET ");
            sql.push(set).push(" = ").bind(value).push(" WHERE id = ").bind(actor.agent().unwrap().id);
            desk.execute(sql).await;
        };
        for (name, column, value) in [("Dora", "state", "disabled"), ("Lea", "role", "light")] {
            let agent = desk.agent(name).await;
            let run = items.start(&agent, these(&numbers, stars(5))).await.unwrap();
            assert!(steady(&desk).step(run.id).await.unwrap());
            set(&agent, column, value).await;
            background(&desk).await;
            let run = items.run(&agent, run.id).await.unwrap();
            assert_eq!((run.state, run.done), (BulkState::Failed, 200), "{name}");
            assert_eq!(run.error, Some(Error::forbidden()));
            desk.execute(Sql::new("UPDATE item SET priority = 0", args![])).await;
        }
        let tom = desk.agent("Tom").await;
        let run = items.start(&tom, these(&numbers, stars(5))).await.unwrap();
        set(&tom, "access", "teams").await;
        background(&desk).await;
        let run = items.run(&tom, run.id).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (600, 600, 0, 600)));
        assert_eq!(with_stars(&desk, 5).await, 0);

        // Also while the items are still being found.
        let eve = desk.agent("Eve").await;
        desk.execute(Sql::new(
            "INSERT INTO bulk_run (agent_id, deed, shown, up_to, gathered, created_at) \
             VALUES ($1, '{\"set\":{\"field\":\"priority\",\"value\":5}}', '[{\"all\":[]}]', 600, FALSE, $2)",
            args![eve.agent().unwrap().id, desk.db.now()],
        ))
        .await;
        let run = BulkId(desk.number(Sql::new("SELECT MAX(id) FROM bulk_run", args![])).await);
        set(&eve, "state", "disabled").await;
        let runs = steady(&desk);
        while runs.step(run).await.unwrap() {}
        assert_eq!(items.run(&eve, run).await.unwrap().error, Some(Error::forbidden()));
        assert_eq!(with_stars(&desk, 5).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_stopped_in_the_middle_and_taken_back_as_far_as_it_came() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let numbers = bare(&desk, 600).await;
        let runs = steady(&desk);
        let run = items.start(&ana, these(&numbers, stars(5))).await.unwrap();
        assert!(runs.step(run.id).await.unwrap());
        let under_way = items.run(&ana, run.id).await.unwrap();
        assert_eq!((under_way.state, counts(&under_way)), (BulkState::Running, (600, 200, 200, 0)));
        assert_eq!(items.undo(&ana, run.id).await.unwrap_err().key, "error_bulk_over", "not as long as it runs");
        let stopped = items.cancel(&ana, run.id).await.unwrap();
        assert_eq!((stopped.state, counts(&stopped)), (BulkState::Cancelled, (600, 200, 200, 0)));
        assert!(!runs.step(run.id).await.unwrap());
        background(&desk).await;
        assert_eq!(with_stars(&desk, 5).await, 200);
        assert_eq!(items.cancel(&ana, run.id).await.unwrap(), stopped, "once is enough");

        let back = items.undo(&ana, run.id).await.unwrap();
        background(&desk).await;
        let back = items.run(&ana, back.id).await.unwrap();
        assert_eq!((back.state, counts(&back), back.undo_of), (BulkState::Done, (200, 200, 200, 0), Some(run.id)));
        assert!(!back.may_undo);
        assert_eq!(with_stars(&desk, 5).await, 0);
        let stopped = items.run(&ana, run.id).await.unwrap();
        assert!(stopped.undone && !stopped.may_undo);
        assert_eq!(items.undo(&ana, run.id).await.unwrap(), back, "once is enough");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_back_that_was_stopped_goes_on_with_the_rest() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let numbers = bare(&desk, 600).await;
        let runs = steady(&desk);
        let run = items.start(&ana, these(&numbers, stars(5))).await.unwrap();
        background(&desk).await;
        let back = items.undo(&ana, run.id).await.unwrap();
        assert!(runs.step(back.id).await.unwrap());
        items.cancel(&ana, back.id).await.unwrap();
        assert_eq!(with_stars(&desk, 5).await, 400);
        assert!(items.run(&ana, run.id).await.unwrap().may_undo);
        let rest = items.undo(&ana, run.id).await.unwrap();
        assert_ne!(rest.id, back.id);
        background(&desk).await;
        assert_eq!(counts(&items.run(&ana, rest.id).await.unwrap()), (400, 400, 400, 0));
        assert_eq!(with_stars(&desk, 5).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dies_each_item_is_changed_once() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let numbers = bare(&desk, 1_000).await;
        let run = items.start(&ana, these(&numbers, tags(&["hot"], &[]))).await.unwrap();
        // A server has taken it, does a batch, and is never heard of again.
        let dead = Held::take(&desk.db, BULK_JOB, run.id.0).await.unwrap().unwrap();
        assert!(steady(&desk).step(run.id).await.unwrap());
        background(&desk).await;
        assert_eq!(items.run(&ana, run.id).await.unwrap().done, 200, "it may still be at work");
        // Two others believe that it is theirs now.
        let mut other = desk.clone();
        other.reopen().await;
        let (one, two) = (BulkRuns::new(desk.db.clone()), BulkRuns::new(other.db.clone()));
        let to_its_end = async |runs: &BulkRuns| loop {
            match runs.run(dead.job()).await {
                Outcome::Done => break,
                Outcome::Again(_) => {}
                other => panic!("{other:?}"),
            }
        };
        tokio::join!(to_its_end(&one), to_its_end(&two));
        other.db.close().await;
        desk.clock.advance(LEASE);
        background(&desk).await;
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM job", args![])).await, 0);
        let run = items.run(&ana, run.id).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (1_000, 1_000, 1_000, 0)));
        assert_eq!(noted(&desk, "tags").await, 1_000);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item_tag WHERE tag = 'hot'", args![])).await, 1_000);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item WHERE version <> 2", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_takes_long_ends_before_its_items() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let numbers = bare(&desk, 600).await;
        let run = items.start(&ana, these(&numbers, tags(&["hot"], &[]))).await.unwrap().id;
        let hasty = BulkRuns::new(desk.db.clone()).holding(Duration::ZERO);
        for done in [20, 40, 60] {
            assert!(hasty.step(run).await.unwrap());
            assert_eq!(counts(&items.run(&ana, run).await.unwrap()), (600, done, done, 0));
        }
        assert!(steady(&desk).step(run).await.unwrap());
        assert_eq!(counts(&items.run(&ana, run).await.unwrap()), (600, 260, 260, 0));
        while hasty.step(run).await.unwrap() {}
        let run = items.run(&ana, run).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (600, 600, 600, 0)));
        assert_eq!(noted(&desk, "tags").await, 600);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item WHERE version <> 2", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_over_the_same_items_do_not_wait_for_each_other_in_a_circle() {
    both_databases(async |desk| {
        let (ana, bea, items) = (desk.agent("Ana").await, desk.agent("Bea").await, desk.items());
        let numbers = bare(&desk, 800).await;
        let starred = items.start(&ana, these(&numbers, stars(3))).await.unwrap().id;
        let tagged = items.start(&bea, all(ItemQuery::of(SystemView::All), tags(&["hot"], &[]))).await.unwrap().id;
        let runs = BulkRuns::new(desk.db.clone());
        let to_its_end = async |run: BulkId| while runs.step(run).await.unwrap() {};
        tokio::join!(to_its_end(starred), to_its_end(tagged));
        for (actor, run) in [(&ana, starred), (&bea, tagged)] {
            assert_eq!(counts(&items.run(actor, run).await.unwrap()), (800, 800, 800, 0));
        }
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item WHERE version = 3", args![])).await, 800);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_has_changed_since_is_not_taken_back() {
    both_databases(async |desk| {
        let (ana, bea, items) = (desk.agent("Ana").await, desk.agent("Bea").await, desk.items());
        let marisa = desk.customer("Marisa").await;
        let mut numbers = Vec::new();
        for title in ["One", "Two", "Three"] {
            numbers.push(desk.ticket(title).by(&marisa).tagged("old").await);
        }
        let run = items.start(&ana, these(&numbers, stars(5))).await.unwrap();
        change(&items, &bea, numbers[1], Change::Priority(3)).await;
        change(&items, &bea, numbers[2], Change::Title("Something else".to_owned())).await;
        let back = items.undo(&ana, run.id).await.unwrap();
        assert_eq!((back.state, counts(&back)), (BulkState::Done, (3, 3, 2, 1)));
        assert_eq!((back.refusals[0].number, back.refusals[0].error.key.as_str()), (numbers[1], "error_changed_since"));
        let stars = async |number| items.get(&ana, number).await.unwrap().row.priority;
        assert_eq!((stars(numbers[0]).await, stars(numbers[1]).await, stars(numbers[2]).await), (0, 3, 0));

        // Of lists what the run put in goes, and what it took out comes back; what others did stays.
        let run = items.start(&ana, these(&numbers, tags(&["hot", "new"], &["old"]))).await.unwrap();
        change(&items, &bea, numbers[0], Change::Tags(vec!["hot".to_owned(), "theirs".to_owned()])).await;
        change(&items, &bea, numbers[1], Change::Tags(vec!["old".to_owned()])).await;
        let back = items.undo(&ana, run.id).await.unwrap();
        assert_eq!(counts(&back), (3, 3, 2, 1));
        let tags = async |number| items.get(&ana, number).await.unwrap().row.tags;
        assert_eq!(tags(numbers[0]).await, ["old", "theirs"]);
        assert_eq!(tags(numbers[1]).await, ["old"]);
        assert_eq!(tags(numbers[2]).await, ["old"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_deed_is_done_and_taken_back() {
    both_databases(async |desk| {
        let (ana, bea, leo) = (desk.agent("Ana").await, desk.agent("Bea").await, desk.light_agent().await);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let bruno = desk.customer("Bruno").of("Globex").await.customer().unwrap().clone();
        let umbrella = desk.organization("Umbrella").await;
        let (team, items) = (desk.team("Support").await, desk.items());
        let catalog = items.catalog(&ana).await.unwrap();
        let number = desk.ticket("Printer jam").by(&marisa).for_agent(&bea).tagged("old").await;
        let other = {
            let mut item = new_item("Other");
            item.type_id = Some(type_id(&catalog, "incident"));
            item.requester = Some(marisa.customer().unwrap().id);
            items.create(&ana, item).await.unwrap().row.number
        };
        items.follow(&ana, number, true).await.unwrap();
        let before = async |number| {
            let mut detail = items.get(&ana, number).await.unwrap();
            detail.row.version = 0;
            detail.following_customers.sort_by_key(|customer| customer.id);
            detail
        };
        let was = [before(number).await, before(other).await];
        let deeds = [
            BulkDeed::Set(Change::Title("  Another ".to_owned())),
            BulkDeed::Set(Change::Type(type_id(&catalog, "problem"))),
            BulkDeed::Set(Change::Status(status(&catalog, "question", "resolved"))),
            BulkDeed::Set(Change::Requester(Some(bruno.id))),
            BulkDeed::Set(Change::Requester(None)),
            BulkDeed::Set(Change::Organization(Some(umbrella))),
            BulkDeed::Set(Change::Agents(vec![ana.agent().unwrap().id])),
            BulkDeed::Set(Change::Product("Printer".to_owned())),
            BulkDeed::Set(Change::Published(false)),
            BulkDeed::Agents(agents(&[&ana], &[&bea])),
            BulkDeed::Teams(Members { add: vec![team], remove: Vec::new() }),
            tags(&["  HOT "], &["old"]),
            BulkDeed::Followers(agents(&[&bea, &leo], &[&ana])),
            BulkDeed::Put(Put::Spam(true)),
            BulkDeed::Put(Put::Deleted(true)),
            BulkDeed::Put(Put::Snoozed(Some(desk.db.now().plus(DAY)))),
        ];
        for deed in deeds {
            let run = items.start(&ana, these(&[number, other], deed.clone())).await.unwrap();
            assert!(run.state == BulkState::Done && run.changed > 0 && run.refused == 0, "{deed:?}: {run:?}");
            assert_ne!(before(number).await, was[0], "{deed:?}");
            let back = items.undo(&ana, run.id).await.unwrap();
            assert_eq!((back.changed, back.refused), (run.changed, 0), "{deed:?}: {back:?}");
            assert_eq!([before(number).await, before(other).await], was, "{deed:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_away_together_comes_back_together() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let mut numbers = Vec::new();
        for title in ["One", "Two", "Three", "Four"] {
            numbers.push(desk.ticket(title).await);
        }
        let put = |numbers: &[ItemNumber], put| these(numbers, BulkDeed::Put(put));
        let listed = async |view: SystemView| items.total(&ana, ItemQuery::of(view)).await.unwrap();
        let run = items.start(&ana, put(&numbers[..3], Put::Deleted(true))).await.unwrap();
        assert_eq!((counts(&run), listed(SystemView::All).await, listed(SystemView::Deleted).await), ((3, 3, 3, 0), 1, 3));
        // What is deleted is no spam and does not sleep; the others are.
        let spam = items.start(&ana, put(&numbers, Put::Spam(true))).await.unwrap();
        assert_eq!((counts(&spam), listed(SystemView::Spam).await), ((4, 4, 1, 3), 1));
        assert!(spam.refusals.iter().all(|refusal| refusal.error.key == "error_item_deleted"));
        items.undo(&ana, spam.id).await.unwrap();
        // Everything in the view.
        let restore = all(ItemQuery::of(SystemView::Deleted), BulkDeed::Put(Put::Deleted(false)));
        let back = items.start(&ana, restore).await.unwrap();
        assert_eq!((counts(&back), listed(SystemView::All).await), ((3, 3, 3, 0), 4));

        let now = desk.db.now();
        let run = items.start(&ana, put(&numbers[..2], Put::Snoozed(Some(now.plus(DAY))))).await.unwrap();
        assert_eq!((run.changed, listed(SystemView::Snoozed).await), (2, 2));
        // One sleeps longer by now, and is left so.
        items.snooze(&ana, numbers[1], Some(now.plus(2 * DAY))).await.unwrap();
        let undone = items.undo(&ana, run.id).await.unwrap();
        assert_eq!((undone.changed, undone.refused, listed(SystemView::Snoozed).await), (1, 1, 1));
        for until in [now, now.plus((limits::SNOOZE_DAYS + 1) * DAY)] {
            let error = items.start(&ana, put(&numbers, Put::Snoozed(Some(until)))).await.unwrap_err();
            assert_eq!(error.fields[0].field, "until");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_of_another_type_becomes_the_one_that_comes_nearest() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let catalog = items.catalog(&ana).await.unwrap();
        let mut numbers = Vec::new();
        for key in ["question", "incident"] {
            let mut item = new_item("Jam");
            item.type_id = Some(type_id(&catalog, key));
            numbers.push(items.create(&ana, item).await.unwrap().row.number);
        }
        let resolved = status(&catalog, "question", "resolved");
        let run = items.start(&ana, these(&numbers, BulkDeed::Set(Change::Status(resolved)))).await.unwrap();
        assert_eq!(counts(&run), (2, 2, 2, 0));
        for (number, key) in numbers.into_iter().zip(["question", "incident"]) {
            assert_eq!(items.get(&ana, number).await.unwrap().row.status_id, status(&catalog, key, "resolved"), "{key}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_item_cannot_have_is_told_and_the_others_have_it() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let numbers = bare(&desk, 3).await;
        let full: Vec<String> = (0..limits::TAGS).map(|n| format!("t{n:02}")).collect();
        change(&items, &ana, numbers[1], Change::Tags(full.clone())).await;
        let run = items.start(&ana, these(&numbers, tags(&["one-more"], &[]))).await.unwrap();
        assert_eq!((run.state, counts(&run)), (BulkState::Done, (3, 3, 2, 1)));
        assert_eq!(run.refusals[0].number, numbers[1]);
        assert_eq!(run.refusals[0].error.fields[0].key, "error_too_many_values");
        assert_eq!(items.get(&ana, numbers[1]).await.unwrap().row.tags, full);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_begins_one_run() {
    both_databases(async |desk| {
        let (ana, bea, items) = (desk.agent("Ana").await, desk.agent("Bea").await, desk.items());
        let number = desk.ticket("Jam").await;
        let keyed = |deed| NewBulk { idempotency_key: "the key".to_owned(), ..these(&[number], deed) };
        let run = items.start(&ana, keyed(stars(5))).await.unwrap();
        change(&items, &ana, number, Change::Priority(1)).await;
        assert_eq!(items.start(&ana, keyed(stars(5))).await.unwrap(), run, "it was done before");
        assert_eq!(items.get(&ana, number).await.unwrap().row.priority, 1);
        assert_ne!(items.start(&bea, keyed(stars(5))).await.unwrap().id, run.id, "keys are each one's own");
        let item = domain::item::NewItem { idempotency_key: "the key".to_owned(), ..new_item("Other") };
        assert_eq!(items.create(&ana, item).await.unwrap_err().fields[0].key, "error_key_reused");
        // Two at once.
        let twice = NewBulk { idempotency_key: "another".to_owned(), ..these(&[number], stars(2)) };
        let (one, two) = tokio::join!(items.start(&ana, twice.clone()), items.start(&ana, twice));
        assert_eq!(one.unwrap().id, two.unwrap().id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_not_begun() {
    both_databases(async |desk| {
        let (ana, leo, items) = (desk.agent("Ana").await, desk.light_agent().await, desk.items());
        let number = desk.ticket("Jam").await;
        let locked_out = desk.agent("Dora").disabled().await;
        for (deed, field) in [
            (BulkDeed::Set(Change::Status(StatusId(4711))), "status"),
            (BulkDeed::Set(Change::Type(4711.into())), "type"),
            (BulkDeed::Set(Change::Requester(Some(4711.into()))), "requester"),
            (BulkDeed::Set(Change::Organization(Some(4711.into()))), "organization"),
            (BulkDeed::Set(Change::Agents(vec![AgentId(4711)])), "agents"),
            (BulkDeed::Set(Change::Teams(vec![4711.into()])), "teams"),
            (BulkDeed::Set(Change::Title("  ".to_owned())), "title"),
            (BulkDeed::Set(Change::Description("<p>x</p>".to_owned())), "description"),
            (BulkDeed::Agents(agents(&[&leo], &[])), "agents"),
            (BulkDeed::Agents(agents(&[&locked_out], &[])), "agents"),
            (BulkDeed::Teams(Members { add: vec![4711.into()], remove: Vec::new() }), "teams"),
            (BulkDeed::Followers(agents(&[&locked_out], &[])), "following_agents"),
            (tags(&[], &[]), "tags"),
        ] {
            let error = items.start(&ana, these(&[number], deed.clone())).await.unwrap_err();
            assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Invalid, field), "{deed:?}");
        }
        let list = |query: ItemQuery| items.start(&ana, all(query, stars(1)));
        let view = ItemQuery::of(SystemView::Open);
        assert_eq!(list(ItemQuery::of(domain::id::ViewId(4711))).await.unwrap_err().code, ErrorCode::NotFound);
        let wrong = Expr::compare(Field::Priority, Op::Contains, Value::Int(1));
        assert_eq!(list(ItemQuery { filter: Some(wrong), ..view.clone() }).await.unwrap_err().code, ErrorCode::Invalid);
        let run = list(ItemQuery { text: "no:such:thing (".to_owned(), ..view }).await.unwrap();
        assert_eq!(run.total, 0, "what is not understood matches nothing");
        assert!(items.start(&ana, these(&[], stars(1))).await.is_err());
        assert_eq!(items.get(&ana, number).await.unwrap().row.version, 1);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM bulk_item", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_page_by_page() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let nothing: Vec<ItemNumber> = (1..=limits::BULK_REFUSALS + 50).map(ItemNumber).collect();
        let run = items.start(&ana, these(&nothing, stars(1))).await.unwrap();
        background(&desk).await;
        let run = items.run(&ana, run.id).await.unwrap();
        assert_eq!((run.refused, run.refusals.len() as i64), (limits::BULK_REFUSALS + 50, limits::BULK_REFUSALS));
        assert!(run.refusals.iter().map(|one| one.number).eq((1..=limits::BULK_REFUSALS).map(ItemNumber)));
        assert!(!run.may_undo, "it has changed nothing");
        let last = run.refusals.last().unwrap().number;
        let rest = items.refusals(&ana, run.id, last).await.unwrap();
        assert!(rest.iter().map(|one| one.number.0).eq(limits::BULK_REFUSALS + 1..=limits::BULK_REFUSALS + 50));
        assert!(rest.iter().all(|one| one.error == Error::not_found()));
        assert_eq!(items.refusals(&ana, run.id, rest.last().unwrap().number).await.unwrap(), []);
        assert_eq!(items.refusals(&ana, run.id, ItemNumber(0)).await.unwrap(), run.refusals);
        let bea = desk.agent("Bea").await;
        assert_eq!(items.refusals(&bea, run.id, ItemNumber(0)).await, Err(Error::not_found()), "runs are their own");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_begins_only_so_many() {
    both_databases(async |desk| {
        let (ana, bea, items) = (desk.agent("Ana").await, desk.agent("Bea").await, desk.items());
        let many: Vec<ItemNumber> = (1..=limits::BULK_AT_ONCE + 1).map(ItemNumber).collect();
        for _ in 0..limits::BULKS_UNDER_WAY {
            items.start(&ana, these(&many, stars(1))).await.unwrap();
        }
        let error = items.start(&ana, these(&many, stars(1))).await.unwrap_err();
        assert_eq!((error.code, error.key.as_str()), (ErrorCode::TooMany, "error_bulks_under_way"));
        items.start(&bea, these(&many, stars(1))).await.unwrap();
        background(&desk).await;
        items.start(&ana, these(&many[..1], stars(1))).await.unwrap();

        desk.execute(Sql::new("UPDATE rate_limit SET used = $1 WHERE key LIKE 'bulk:%'", args![limits::BULKS_AGENT - 1])).await;
        items.start(&ana, these(&many[..1], stars(1))).await.unwrap();
        let error = items.start(&ana, these(&many[..1], stars(1))).await.unwrap_err();
        assert_eq!((error.code, error.key.as_str()), (ErrorCode::TooMany, "error_rate"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_kept_for_thirty_days() {
    both_databases(async |desk| {
        let (ana, items) = (desk.agent("Ana").await, desk.items());
        let number = desk.ticket("Jam").await;
        let old = items.start(&ana, these(&[number], stars(5))).await.unwrap();
        desk.clock.advance(DAY);
        let young = items.start(&ana, these(&[number], stars(4))).await.unwrap();
        desk.clock.advance(29 * DAY - 1);
        discard_old_bulks(&desk.db).await.unwrap();
        assert!(items.run(&ana, old.id).await.unwrap().may_undo);
        desk.clock.advance(1);
        assert!(!items.run(&ana, old.id).await.unwrap().may_undo, "too late, swept or not");
        assert_eq!(items.undo(&ana, old.id).await.unwrap_err().key, "error_bulk_over");
        discard_old_bulks(&desk.db).await.unwrap();
        assert_eq!(items.run(&ana, old.id).await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(items.runs(&ana).await.unwrap().len(), 1);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM bulk_item", args![])).await, 1);
        items.undo(&ana, young.id).await.unwrap();
        assert_eq!(items.get(&ana, number).await.unwrap().row.priority, 5);
    })
    .await;
}
