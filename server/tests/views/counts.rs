//! The counts beside views: for each viewer their own, and none because of another's.

use crate::{
    common::{both_databases, on_postgres},
    counted, make, service, shown,
};
use domain::{
    action::NewMerge,
    actor::Actor,
    conversation::MessageKind,
    item::Change,
    limits,
    service::{Actions, Items, Views},
    view::{SystemView, ViewKey, ViewScope, saved::OwnChange},
};
use server::{
    args,
    db::{Read, Sql},
};
use tokio::sync::oneshot;

const OPEN: ViewKey = ViewKey::System(SystemView::Open);

#[tokio::test(flavor = "multi_thread")]
async fn each_viewer_counts_what_they_would_be_shown() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let ana = desk.agent("Ana").in_team("Support").await;
        let ben = desk.agent("Ben").in_team("Billing").seeing_their_teams_only().await;
        let leo = desk.light_agent().await;
        desk.ticket("Jam one").for_agent(&ana).for_team("Support").await;
        desk.ticket("Jam two").for_agent(&ana).for_agent(&ben).await;
        desk.ticket("Jam three").for_team("Billing").await;
        desk.ticket("Jam four").for_team("Support").await;
        let mine = make(&desk, &adam, "Assigned to me", ViewScope::Everyone, "assignee:@me").await;
        let jams = make(&desk, &adam, "Jams", ViewScope::Everyone, "jam").await;
        let named = make(&desk, &adam, "Of my teams", ViewScope::Everyone, "view:Jams team:@myteams").await;
        for (who, actor, expected) in [
            ("Adam", &adam, [vec![], vec![1, 2, 3, 4], vec![]]),
            ("Ana", &ana, [vec![1, 2], vec![1, 2, 3, 4], vec![1, 4]]),
            ("Ben", &ben, [vec![2], vec![2, 3], vec![3]]),
            ("Leo", &leo, [vec![], vec![1, 2, 3, 4], vec![]]),
        ] {
            for (key, expected) in [mine, jams, named].into_iter().zip(expected) {
                assert_eq!(shown(&desk, actor, key).await, expected, "{who}");
                let count = i64::try_from(expected.len()).unwrap();
                assert_eq!(counted(&desk, actor, key).await, Some(count), "{who}");
            }
        }
        // Right again after a change.
        desk.items().follow(&ben, domain::id::ItemNumber(2), true).await.unwrap();
        desk.ticket("Jam five").for_agent(&ben).await;
        assert_eq!((counted(&desk, &ben, mine).await, counted(&desk, &ana, mine).await), (Some(2), Some(2)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_views_are_counted_pinned_ones_first() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let views = service(&desk);
        let sql = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100) \
                   INSERT INTO saved_view (name, scope, owner_id, filter, settings, position, created_at) \
                   SELECT 'Jams', 'personal', $1, '{\"text\":\"jam\"}', '{}', 9000000000000 + x, 1 FROM n";
        desk.execute(Sql::new(sql, args![ana.agent().unwrap().id])).await;
        desk.ticket("Printer jam").await;
        let all: Vec<ViewKey> = views.all(&ana).await.unwrap().views.into_iter().map(|view| view.key).collect();
        let of_panel =
            async || -> Vec<ViewKey> { desk.items().counts(&ana).await.unwrap().into_iter().map(|count| count.view).collect() };
        assert_eq!(of_panel().await, all[..limits::VIEWS_COUNTED]);
        let last = *all.last().unwrap();
        views.set_own(&ana, last, OwnChange::Pin(true)).await.unwrap();
        views.set_own(&ana, all[0], OwnChange::Hide(true)).await.unwrap();
        let expected: Vec<ViewKey> = [last].into_iter().chain(all[1..limits::VIEWS_COUNTED].iter().copied()).collect();
        assert_eq!(of_panel().await, expected, "and none that is hidden");
        assert_eq!(counted(&desk, &ana, last).await, Some(1));
        for key in expected {
            views.set_own(&ana, key, OwnChange::Hide(true)).await.unwrap();
        }
        assert_eq!(of_panel().await.len(), 100 + SystemView::ALL.len() - 1 - limits::VIEWS_COUNTED);
        desk.execute(Sql::new(
            "INSERT INTO own_view (agent_id, view_id, hidden) SELECT $1, id, TRUE FROM saved_view WHERE TRUE \
                               ON CONFLICT (agent_id, view_id) DO UPDATE SET hidden = TRUE",
            args![ana.agent().unwrap().id],
        ))
        .await;
        assert!(of_panel().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_counted_once_stays_right_after_every_kind_of_change() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let ana = desk.agent("Ana").in_team("Support").await;
        let ben = desk.agent("Ben").in_team("Billing").seeing_their_teams_only().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let (support, billing) = (desk.team("Support").await, desk.team("Billing").await);
        for text in ["assignee:@me", "jam", "tag:vip", "messages:(kind:note)", "updated>=-1h", "organization:ACME -tag:vip"] {
            make(&desk, &adam, text, ViewScope::Everyone, text).await;
        }
        let (one, other) = (desk.ticket("Printer jam").by(&marisa).await, desk.ticket("Toner").await);
        // Asked again and again by the same server, and by one that begins: they agree.
        let kept = desk.items();
        let agree = async |what: &str| {
            for actor in [&adam, &ana, &ben] {
                let (told, counted) = (kept.counts(actor).await.unwrap(), desk.items().counts(actor).await.unwrap());
                assert_eq!(told, counted, "{what}");
            }
        };
        agree("at first").await;
        let items = desk.items();
        let change = async |number, change| {
            let version = items.get(&adam, number).await.unwrap().row.version;
            items.change(&adam, number, version, vec![change]).await.unwrap();
        };
        let id = |actor: &Actor| actor.agent().unwrap().id;
        let resolved = items.catalog(&adam).await.unwrap().types[0].statuses.last().unwrap().id;
        for made in [
            Change::Agents(vec![id(&ana), id(&ben)]),
            Change::Teams(vec![support]),
            Change::Teams(vec![billing]),
            Change::Tags(vec!["vip".to_owned()]),
            Change::Title("Nothing".to_owned()),
            Change::Title("A jam again".to_owned()),
            Change::Status(resolved),
            Change::Requester(None),
            Change::Agents(Vec::new()),
            Change::Tags(Vec::new()),
        ] {
            let what = format!("{made:?}");
            change(one, made.clone()).await;
            agree(&what).await;
            change(other, made).await;
            agree(&what).await;
        }
        let note = serde_json::json!({ "item": other, "kind": MessageKind::Note, "html": "<p>A jam among us</p>" });
        items.write(&adam, serde_json::from_value(note).unwrap()).await.unwrap();
        agree("a note").await;
        let third = desk.ticket("Third jam").by(&marisa).for_team("Billing").await;
        agree("a new ticket").await;
        items.snooze(&ana, third, Some(desk.db.now().plus(domain::time::HOUR))).await.unwrap();
        agree("asleep").await;
        items.snooze(&ana, third, None).await.unwrap();
        items.set_spam(&ana, third, true).await.unwrap();
        agree("spam").await;
        items.set_spam(&ana, third, false).await.unwrap();
        items.set_deleted(&ana, third, true).await.unwrap();
        agree("deleted").await;
        items.set_deleted(&ana, third, false).await.unwrap();
        items.merge(&adam, NewMerge { into: one, items: vec![third], share: false, idempotency_key: String::new() }).await.unwrap();
        agree("merged").await;
        desk.clock.advance(2 * domain::time::HOUR);
        agree("two hours later").await;

        // And it is counted once: what the log does not tell is not seen before it is time to look again.
        let open = async || kept.counts(&adam).await.unwrap().iter().find(|count| count.view == OPEN).map(|count| count.count);
        let before = open().await;
        let sql = "INSERT INTO item (number, title, title_key, search_key, type_id, status_id, category, status_rank, channel, \
                   created_by_kind, created_at, updated_at) VALUES (99, 'Jam', 'jam', 'jam', 1, 1, 'todo', 1, 'agent', 'system', 1, 1)";
        desk.execute(Sql::new(sql, args![])).await;
        assert_eq!(open().await, before);
        desk.clock.advance(10 * domain::time::MINUTE);
        assert_eq!(open().await, before.map(|count| count + 1));
    })
    .await;
}

/// Only PostgreSQL gives up a statement.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_takes_too_long_leaves_the_others_their_counts() {
    on_postgres(async |desk| {
        let ana = desk.agent("Ana").await;
        desk.ticket("Printer jam").tagged("jam").await;
        let slow = make(&desk, &ana, "Slow", ViewScope::Personal, "tag:jam").await;
        let quick = make(&desk, &ana, "Quick", ViewScope::Personal, "title~jam").await;
        assert_eq!(counted(&desk, &ana, slow).await, Some(1));
        // Somebody holds the tags, so what asks for them waits until it is given up.
        let (held, hold) = oneshot::channel();
        let (release, released) = oneshot::channel::<()>();
        let db = desk.db.clone();
        let holder = tokio::spawn(async move {
            db.write(|tx| {
                Box::pin(async move {
                    tx.execute(Sql::new("SET LOCAL idle_in_transaction_session_timeout = 0", args![])).await?;
                    tx.execute(Sql::new("LOCK TABLE item_tag IN ACCESS EXCLUSIVE MODE", args![])).await?;
                    held.send(()).unwrap();
                    released.await.unwrap();
                    Ok(())
                })
            })
            .await
        });
        hold.await.unwrap();
        let items = desk.items();
        let counts = items.counts(&ana).await.unwrap();
        let of = |key: ViewKey| counts.iter().find(|count| count.view == key).map(|count| count.count);
        assert_eq!((of(slow), of(quick), of(OPEN)), (None, Some(1), Some(1)));
        // For a while it is not tried again: nobody waits for it.
        let begin = tokio::time::Instant::now();
        let again = items.counts(&ana).await.unwrap();
        assert_eq!(again.len(), counts.len());
        assert!(begin.elapsed().as_secs() < limits::STATEMENT_SECONDS, "{:?}", begin.elapsed());
        release.send(()).unwrap();
        holder.await.unwrap().unwrap();
        desk.clock.advance(10 * domain::time::MINUTE);
        let counts = items.counts(&ana).await.unwrap();
        assert_eq!(counts.iter().find(|count| count.view == slow).map(|count| count.count), Some(1));
        assert!(desk.db.clone().all::<(i64,)>(Sql::new("SELECT id FROM item", args![])).await.is_ok());
    })
    .await;
}
