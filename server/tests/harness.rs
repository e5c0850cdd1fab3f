//! The harness itself: both databases are there, fresh, and nothing half-done stays in them.

mod common;

use common::both_databases;
use domain::Error;
use server::{
    args,
    db::{NewEvent, Read, Sql},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_test_begins_with_an_empty_workspace_on_both_databases() {
    let engines = std::sync::Mutex::new(Vec::new());
    both_databases(async |desk| {
        engines.lock().unwrap().push(desk.engine());
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM agent", args![])).await, 0);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM status", args![])).await, 28);
        desk.agent("Ana").in_team("Support").await;
        let marisa = desk.customer("Marisa Paz").of("ACME").await;
        assert_eq!(desk.ticket("Printer jam").by(&marisa).for_team("Support").await.0, 1);
        assert_eq!(desk.ticket("No paper").await.0, 2);
    })
    .await;
    assert_eq!(engines.into_inner().unwrap(), [server::db::Engine::Sqlite, server::db::Engine::Postgres]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_changes_nothing_and_leaves_no_gap() {
    both_databases(async |desk| {
        let event = || NewEvent::new(domain::actor::Party::System, "", domain::event::Subject::Workspace, "changed");
        let failed: domain::Result<()> = desk
            .db
            .write(move |tx| {
                Box::pin(async move {
                    tx.event(event());
                    let number = tx.next_item_number().await?;
                    tx.execute(Sql::new("UPDATE workspace SET name = $1", args![number.to_string()])).await?;
                    Err(Error::forbidden())
                })
            })
            .await;
        assert_eq!(failed, Err(Error::forbidden()));
        let (name,): (String,) = desk.db.clone().one(Sql::new("SELECT name FROM workspace", args![])).await.unwrap();
        assert_eq!(name, "Taquilla");
        desk.write(move |tx| {
            Box::pin(async move {
                tx.event(event());
                Ok(())
            })
        })
        .await;
        assert_eq!(desk.rows::<(i64,)>(Sql::new("SELECT seq FROM event", args![])).await, [(1,)]);
        assert_eq!(desk.ticket("First").await.0, 1);
    })
    .await;
}
