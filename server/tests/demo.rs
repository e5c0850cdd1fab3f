//! Demo data on both databases: how much there is, that it is believable, and that it goes into an empty workspace only.

mod common;

use common::both_databases;
use domain::{
    agent::Role,
    service::{Accounts, Items, Views},
    session::{Origin, Realm},
    view::{ItemQuery, SystemView},
};
use server::{
    args,
    db::Sql,
    demo::{self, Options},
    mail::Links,
    service::{
        accounts::{AccountsService, Passwords},
        items::ItemService,
        views::ViewsService,
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn the_company_is_whole() {
    both_databases(async |desk| {
        let count = async |sql| desk.number(Sql::new(sql, args![])).await;
        let passwords = Passwords::new().unwrap();
        let made = demo::fill(&desk.db, &passwords, &Options::default()).await.unwrap();
        assert_eq!((made.items, made.agents, made.customers, made.organizations), (400, 8, 60, 15));
        assert_eq!(count("SELECT COUNT(*) FROM item").await, 400);
        assert_eq!(count("SELECT COUNT(*) FROM agent WHERE state = 'active'").await, 8);
        assert_eq!(count("SELECT COUNT(*) FROM team").await, 3);
        assert_eq!(count("SELECT COUNT(*) FROM customer").await, 60);
        assert_eq!(count("SELECT COUNT(*) FROM organization").await, 15);
        assert_eq!(count("SELECT COUNT(DISTINCT customer.language) FROM item JOIN customer ON customer.id = requester_id").await, 6);
        assert_eq!(count("SELECT COUNT(*) FROM mail").await, 0);
        assert!(count("SELECT COUNT(DISTINCT title) FROM item").await > 100);
        // Every stage of work occurs, and nothing lies in the future.
        assert_eq!(count("SELECT COUNT(DISTINCT status.key) FROM item JOIN status ON status.id = status_id").await, 7);
        assert!(count("SELECT COUNT(*) FROM item WHERE category <> 'done' AND last_message_by = 'customer'").await >= 10);
        assert!(count("SELECT COUNT(*) FROM message WHERE kind = 'note'").await >= 50);
        let now = desk.db.now();
        for sql in ["SELECT MAX(updated_at) FROM item", "SELECT MAX(created_at) FROM message", "SELECT MAX(at) FROM event"] {
            assert!(count(sql).await <= now.0, "{sql}");
        }
        assert!(count("SELECT MIN(created_at) FROM item").await > now.plus(-92 * domain::time::DAY).0);
        assert_eq!(count("SELECT COUNT(*) FROM item WHERE title LIKE '%{%' OR description LIKE '%{%'").await, 0);
        assert_eq!(count("SELECT COUNT(*) FROM message WHERE html LIKE '%{%' OR html = ''").await, 0);
        // The log tells how each ticket came to be what it is.
        assert_eq!(count("SELECT COUNT(*) FROM event WHERE name = 'created' AND subject_kind = 'item'").await, 400);
        assert_eq!(count("SELECT COUNT(*) FROM item WHERE version <> (SELECT MAX(version) FROM event WHERE subject_kind = 'item' AND subject_id = item.id)").await, 0);
        assert_eq!(count("SELECT COUNT(*) FROM event").await, count("SELECT value FROM counter WHERE name = 'event'").await);

        // Whoever was printed can sign in.
        let accounts = AccountsService::new(desk.db.clone(), passwords.clone(), Links::new("http://desk.test"), None);
        assert_eq!(made.sign_ins.iter().map(|one| one.what).collect::<Vec<_>>(), ["owner", "agent", "customer"]);
        for one in &made.sign_ins {
            let realm = if one.customer { Realm::Customer } else { Realm::Agent };
            let session = accounts.sign_in(realm, &Origin::default(), &one.email, &one.password).await.unwrap();
            let actor = accounts.actor(realm, &session.token).await.unwrap();
            if one.what == "owner" {
                assert_eq!(actor.agent().unwrap().role, Role::Owner);
                let items = ItemService::new(desk.db.clone(), Links::new("http://desk.test"));
                let query = ItemQuery { limit: 200, ..ItemQuery::of(SystemView::All) };
                let page = items.list(&actor, query).await.unwrap();
                assert_eq!(page.rows.len(), 200);
                let opened = items.get(&actor, page.rows[0].number).await.unwrap();
                assert!(opened.row.requester.is_some());
                // There are views that show what views are, each with something in it.
                let views = ViewsService::new(desk.db.clone()).all(&actor).await.unwrap().views;
                let saved: Vec<_> = views.iter().filter(|view| view.owner.is_some()).collect();
                let names: Vec<_> = saved.iter().map(|view| view.name.as_str()).collect();
                assert_eq!(names, ["Urgent and unanswered", "Billing", "By organization"]);
                for view in saved {
                    assert!(!view.broken && items.total(&actor, ItemQuery::of(view.key)).await.unwrap() > 0, "{}", view.name);
                }
            }
        }

        // A second time it is refused, and nothing is changed.
        let error = demo::fill(&desk.db, &passwords, &Options::default()).await.unwrap_err();
        assert_eq!(error.key, "error_demo_not_empty");
        assert_eq!(count("SELECT COUNT(*) FROM item").await, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seed_decides_and_an_owner_stays() {
    both_databases(async |desk| {
        let olga = desk.owner().await;
        let passwords = Passwords::new().unwrap();
        let made = demo::fill(&desk.db, &passwords, &Options { items: 700, seed: 5 }).await.unwrap();
        assert_eq!((made.items, made.agents, made.customers), (700, 8, 90));
        assert!(made.sign_ins.iter().all(|one| one.what != "owner"));
        let sql = "SELECT COUNT(*) FROM agent WHERE role = 'owner' AND id = $1";
        assert_eq!(desk.number(Sql::new(sql, args![olga.agent().unwrap().id])).await, 1);
        let titles: Vec<(String,)> = desk.rows(Sql::new("SELECT title FROM item ORDER BY number LIMIT 5", args![])).await;
        // The clock of the tests stands still, so the seed alone decides.
        static FIRST: std::sync::OnceLock<Vec<(String,)>> = std::sync::OnceLock::new();
        assert_eq!(FIRST.get_or_init(|| titles.clone()), &titles, "both databases hold the same company");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_and_tickets_of_somebody_are_left_alone() {
    both_databases(async |desk| {
        let marisa = desk.customer("Marisa").await;
        desk.ticket("Printer jam").by(&marisa).await;
        let passwords = Passwords::new().unwrap();
        assert!(demo::fill(&desk.db, &passwords, &Options::default()).await.is_err());
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item", args![])).await, 1);
    })
    .await;
}
