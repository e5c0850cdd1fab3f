//! The harness itself: both databases are there, fresh, and nothing half-done stays in them.

mod common;

use common::both_databases;
use domain::{Error, ErrorCode};
use server::{
    args,
    asker::Asker,
    db::{Db, Engine, NewEvent, Read, Sql},
};
use std::sync::Arc;
use tokio::sync::Notify;

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

/// Says something in the log; answers what became of it.
async fn say(db: &Db, name: &'static str) -> domain::Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.event(NewEvent::new(domain::actor::Party::System, "", domain::event::Subject::Workspace, name));
            Ok(())
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_waits_for_any_more_does_not_stand_in_line_and_what_was_begun_goes_on_to_its_end() {
    both_databases(async |desk| {
        let said = async || desk.number(Sql::new("SELECT COUNT(*) FROM event", args![])).await;
        // Gone right after asking, as from a page that is closed: there is room, and it is done.
        let (waits, asker) = Asker::new();
        drop(waits);
        let mut db = desk.db.clone();
        assert!(asker.clone().served(db.all::<(i64,)>(Sql::new("SELECT seq FROM event", args![]))).await.is_ok());
        assert_eq!((asker.served(say(&desk.db, "last word")).await, said().await), (Ok(()), 1));
        // Gone between two changes of one request.
        let (waits, asker) = Asker::new();
        let both = async {
            say(&desk.db, "first").await?;
            drop(waits);
            say(&desk.db, "second").await
        };
        assert_eq!((asker.served(both).await, said().await), (Ok(()), 3));
        // Gone while others have their turn, where changes stand in one line.
        if desk.engine() == Engine::Sqlite {
            let (held, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let other = {
                let (db, held, end) = (desk.db.clone(), held.clone(), end.clone());
                let wait = async move || {
                    held.notify_one();
                    end.notified().await;
                };
                tokio::spawn(async move {
                    let work = db.write(move |_| {
                        Box::pin(async move {
                            wait().await;
                            Ok(())
                        })
                    });
                    work.await
                })
            };
            held.notified().await;
            let (waits, asker) = Asker::new();
            let waiting = tokio::spawn({
                let db = desk.db.clone();
                async move { asker.served(say(&db, "third")).await }
            });
            drop(waits);
            assert_eq!(
                waiting.await.unwrap().unwrap_err().code,
                ErrorCode::Conflict,
                "its place in the line is given up after a moment"
            );
            end.notify_one();
            other.await.unwrap().unwrap();
            assert_eq!(said().await, 3);
        }
        // Where nobody has asked nobody can go.
        say(&desk.db, "fourth").await.unwrap();
        assert_eq!(said().await, 4);
    })
    .await;
}
