//! System health: what waits, what was given up and what is done about it, what is held after a restore.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    letters::{browser, links},
};
use domain::{
    ErrorCode,
    actor::Actor,
    health::{About, Health},
    id::JobId,
    mail::MailState,
    page::PageQuery,
    service::{Accounts, Admin},
    session::Realm,
    time::{HOUR, MINUTE, Timestamp},
};
use server::{
    args,
    db::{Engine, Sql},
    jobs::{self, Chore, Held, NewJob, Priority, Runner},
    mail::{NewMail, enqueue, outbox::JOB},
    service::admin::AdminService,
};
use std::sync::Arc;
use tokio::sync::watch;

const REASON: &str = "550 5.1.1 no such mailbox";

fn admin(desk: &TestDesk) -> AdminService {
    AdminService::new(desk.db.clone(), links(), true)
}

async fn write_mail(desk: &TestDesk, to: &str) {
    let mail = NewMail {
        to: vec![to.to_owned()],
        subject: format!("Hello {to}"),
        text: "The whole text".to_owned(),
        ..NewMail::default()
    };
    desk.write(move |tx| Box::pin(async move { enqueue(tx, mail).await })).await;
}

async fn events(desk: &TestDesk) -> Vec<(String, String, String)> {
    desk.rows(Sql::new("SELECT name, field, new_text FROM event WHERE subject_kind = 'workspace' ORDER BY seq", args![])).await
}

fn mails(health: &Health) -> (i64, i64, i64, Option<Timestamp>) {
    let queue = health.queues.iter().find(|queue| queue.kind == JOB).expect("mails");
    (queue.waiting, queue.running, queue.failed, queue.waits_since)
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_what_waits_and_what_was_given_up() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let admin = admin(&desk);
        let begun = desk.db.now();
        desk.clock.advance(HOUR);
        let health = admin.health(&adam).await.unwrap();
        assert_eq!((health.since, health.outgoing_held), (begun, false));
        assert_eq!(health.version, env!("CARGO_PKG_VERSION"));
        let name = match desk.engine() {
            Engine::Sqlite => "SQLite 3.",
            Engine::Postgres => "PostgreSQL ",
        };
        assert!(health.database.starts_with(name) && health.database.len() > name.len(), "{}", health.database);
        assert!(health.queues.is_empty() && health.failed.is_empty() && health.chores.is_empty());

        for to in ["ada@example.org", "bob@example.org", "cleo@example.org", "dora@example.org"] {
            write_mail(&desk, to).await;
            desk.clock.advance(MINUTE);
        }
        desk.refuse_mail("bob@example.org", REASON).await;
        let taken =
            desk.number(Sql::new("SELECT subject_id FROM job WHERE state = 'waiting' ORDER BY id LIMIT 1", args![])).await;
        let _held = Held::take(&desk.db, JOB, taken).await.unwrap().unwrap();
        let health = admin.health(&adam).await.unwrap();
        assert_eq!(mails(&health), (2, 1, 1, Some(begun.plus(HOUR + 2 * MINUTE))), "the oldest that nobody works on");
        let [job] = health.failed.as_slice() else { panic!("{:?}", health.failed) };
        assert_eq!((job.kind.as_str(), job.attempts, job.error.as_str()), (JOB, 1, REASON));
        let About::Mail { to, subject, .. } = &job.about else { panic!("{job:?}") };
        assert_eq!((to.as_slice(), subject.as_str()), (["bob@example.org".to_owned()].as_slice(), "Hello bob@example.org"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_let_an_owner_in_are_not_shown() {
    both_databases(async |desk| {
        desk.owner().await;
        let adam = desk.administrator().await;
        desk.accounts().request_code(Realm::Agent, &browser(), "olga@desk.test").await.unwrap();
        let code = desk.code("olga@desk.test").await;
        desk.refuse_mail("olga@desk.test", REASON).await;
        let health = serde_json::to_string(&admin(&desk).health(&adam).await.unwrap()).unwrap();
        assert!(health.contains("olga@desk.test") && !health.contains(&code), "{health}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_tried_again_or_dropped_and_the_log_tells_who_did_it() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let admin = admin(&desk);
        for to in ["ada@example.org", "bob@example.org", "cleo@example.org", "dora@example.org"] {
            write_mail(&desk, to).await;
            desk.refuse_mail(to, REASON).await;
        }
        desk.write(|tx| {
            Box::pin(
                async move { jobs::enqueue(tx, NewJob { kind: "other", subject: 7, priority: Priority::Low, at: None }).await },
            )
        })
        .await;
        let failed = async || {
            let rows: Vec<(i64,)> = desk.rows(Sql::new("SELECT id FROM job WHERE state = 'failed' ORDER BY id", args![])).await;
            rows.into_iter().map(|(id,)| JobId(id)).collect::<Vec<_>>()
        };
        let [ada, bob, ..] = failed().await[..] else { panic!("four") };
        let state = async |state: MailState| admin.mails(&adam, Some(state), PageQuery::default()).await.unwrap().rows.len();

        admin.retry_job(&adam, ada).await.unwrap();
        assert_eq!((failed().await.len(), state(MailState::Pending).await, state(MailState::Failed).await), (3, 1, 3));
        assert_eq!(admin.retry_job(&adam, ada).await.unwrap_err().key, "error_job_not_failed");
        assert_eq!(admin.drop_job(&adam, ada).await.unwrap_err().key, "error_job_not_failed");
        admin.drop_job(&adam, bob).await.unwrap();
        assert_eq!((failed().await.len(), state(MailState::Failed).await), (2, 3), "the mail still says that it did not arrive");
        assert_eq!(admin.drop_job(&adam, bob).await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(admin.retry_job(&adam, bob).await.unwrap_err().code, ErrorCode::NotFound);

        assert_eq!(admin.retry_jobs(&adam, "other").await.unwrap(), 0, "it was not given up");
        assert_eq!(admin.retry_jobs(&adam, JOB).await.unwrap(), 2);
        assert_eq!(admin.retry_jobs(&adam, JOB).await.unwrap(), 0);
        assert_eq!((failed().await.len(), state(MailState::Pending).await, state(MailState::Failed).await), (0, 3, 1));
        let told: Vec<_> = events(&desk).await;
        let expected = [
            ("job_retried", JOB, "Hello ada@example.org"),
            ("job_dropped", JOB, "Hello bob@example.org"),
            ("jobs_retried", JOB, "2"),
        ];
        assert_eq!(told, expected.map(|(name, kind, what)| (name.to_owned(), kind.to_owned(), what.to_owned())));
        assert_eq!(desk.run_due(desk.mail_worker()).await, 3);
        // A mail whose job was dropped can still be sent from its own page.
        let dropped = admin.mails(&adam, Some(MailState::Failed), PageQuery::default()).await.unwrap().rows.remove(0);
        assert_eq!(admin.retry_mail(&adam, dropped.id).await.unwrap().state, MailState::Pending);
        assert_eq!(desk.run_due(desk.mail_worker()).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_mail_is_held_after_a_restore_until_it_is_released() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let admin = admin(&desk);
        write_mail(&desk, "ada@example.org").await;
        desk.execute(Sql::new("UPDATE workspace SET outgoing_held = TRUE", args![])).await;
        assert_eq!(desk.run_due(desk.mail_worker()).await, 0);
        let health = admin.health(&adam).await.unwrap();
        assert!(health.outgoing_held && admin.workspace(&adam).await.unwrap().outgoing_held);
        assert_eq!(mails(&health).0, 1);

        // A server that is running needs nobody to tell it.
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(Runner::new(desk.db.clone(), vec![Arc::new(desk.mail_worker())]).run(stopped));
        admin.release_outgoing(&adam).await.unwrap();
        admin.release_outgoing(&adam).await.unwrap();
        while desk.number(Sql::new("SELECT COUNT(*) FROM job", args![])).await > 0 {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
        running.await.unwrap();
        assert_eq!(admin.mails(&adam, Some(MailState::Held), PageQuery::default()).await.unwrap().rows.len(), 1);
        assert!(!admin.health(&adam).await.unwrap().outgoing_held);
        assert_eq!(events(&desk).await, [("outgoing_released".to_owned(), String::new(), String::new())], "once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_again_and_again_stands_apart() {
    both_databases(async |desk| {
        let adam = desk.administrator().await;
        let failing = Chore::new("tidy", HOUR, || async { Err(domain::Error::internal()) });
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(Runner::new(desk.db.clone(), vec![Arc::new(failing)]).run(stopped));
        while desk.number(Sql::new("SELECT COUNT(*) FROM job WHERE last_error <> '' AND lease_until = 0", args![])).await == 0 {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
        running.await.unwrap();
        let health = admin(&desk).health(&adam).await.unwrap();
        assert!(health.queues.is_empty(), "{:?}", health.queues);
        let [chore] = health.chores.as_slice() else { panic!("{:?}", health.chores) };
        assert_eq!(chore.kind, "tidy");
        assert!(chore.next_at > desk.db.now() && chore.next_at <= desk.db.now().plus(HOUR));
        assert!(chore.error.contains("went wrong"), "a sentence: {}", chore.error);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_or_does_any_of_it() {
    both_databases(async |desk| {
        let (ana, leo, marisa) = (desk.agent("Ana").await, desk.light_agent().await, desk.customer("Marisa").await);
        let admin = admin(&desk);
        write_mail(&desk, "ada@example.org").await;
        desk.refuse_mail("ada@example.org", REASON).await;
        desk.execute(Sql::new("UPDATE workspace SET outgoing_held = TRUE", args![])).await;
        let job = JobId(desk.number(Sql::new("SELECT id FROM job", args![])).await);
        for who in [&ana, &leo, &marisa, &Actor::Anonymous] {
            assert!(admin.health(who).await.is_err());
            assert!(admin.retry_job(who, job).await.is_err());
            assert!(admin.retry_jobs(who, JOB).await.is_err());
            assert!(admin.drop_job(who, job).await.is_err());
            assert!(admin.release_outgoing(who).await.is_err());
        }
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM job WHERE state = 'failed'", args![])).await, 1);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM workspace WHERE outgoing_held", args![])).await, 1);
        assert!(events(&desk).await.is_empty());
    })
    .await;
}
