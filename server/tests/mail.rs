//! The outbox: mails arrive at a real SMTP server once, wait out one that fails, are given up by rule, and are held without
//! one.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    receiver::{Mood, Receiver},
};
use domain::{
    id::MailId,
    mail::MailState,
    time::{HOUR, MINUTE},
};
use server::{
    args,
    config::{Smtp, SmtpTls},
    db::Sql,
    jobs::{Held, LEASE, Runner, TRIES},
    mail::{
        MailSettings, NewMail, Worker, enqueue,
        outbox::{JOB, requeue},
    },
    service::events::Author,
};
use std::sync::Arc;
use tokio::sync::watch;

/// A worker that sends to a mail server of the test.
fn sending(receiver: &Receiver, desk: &TestDesk) -> Worker {
    let smtp =
        Smtp { host: "127.0.0.1".into(), port: receiver.port, user: String::new(), password: String::new(), tls: SmtpTls::None };
    worker(desk, Some(smtp))
}

fn worker(desk: &TestDesk, smtp: Option<Smtp>) -> Worker {
    let settings = MailSettings { smtp, from: "desk@acme.com".into(), folder: desk.folder().join("mail") };
    Worker::new(desk.db.clone(), settings).unwrap()
}

async fn write_mail(desk: &TestDesk, subject: &str, secret: bool) -> MailId {
    let subject = subject.to_owned();
    let mail = NewMail {
        to: vec!["ada@example.org".into()],
        subject: subject.clone(),
        text: "Grüße aus dem Text".into(),
        html: "<p>Grüße</p>".into(),
        secret,
        ..Default::default()
    };
    desk.write(move |tx| Box::pin(async move { enqueue(tx, mail).await })).await;
    MailId(desk.number(Sql::new("SELECT id FROM mail WHERE subject = $1", args![subject])).await)
}

/// State, tries, last error, text.
async fn standing(desk: &TestDesk, mail: MailId) -> (MailState, i64, String, String) {
    let sql = "SELECT state, attempts, last_error, text FROM mail WHERE id = $1";
    let rows: Vec<(String, i64, String, String)> = desk.rows(Sql::new(sql, args![mail])).await;
    let (state, attempts, error, text) = rows.into_iter().next().unwrap();
    (MailState::from_key(&state).unwrap(), attempts, error, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_arrives_once_and_its_secret_is_wiped() {
    both_databases(async |desk| {
        let receiver = Receiver::start(Mood::Takes).await;
        let open = write_mail(&desk, "Open", false).await;
        let secret = write_mail(&desk, "Secret", true).await;
        // Several processes look at the same time.
        let workers: Vec<Worker> = (0..4).map(|_| sending(&receiver, &desk)).collect();
        let tried: usize =
            futures::future::join_all(workers.iter().map(|worker| desk.run_due(worker.clone()))).await.into_iter().sum();
        assert_eq!(tried, 2);
        let got = receiver.got();
        assert_eq!(got.len(), 2);
        let mail = got.iter().find(|mail| mail.contains("Subject: Open")).unwrap();
        assert!(mail.contains("From: Taquilla <desk@acme.com>") && mail.contains("To: ada@example.org"), "{mail}");
        assert!(mail.contains("Message-ID: <") && mail.contains("multipart/alternative"), "{mail}");
        assert_eq!(standing(&desk, open).await, (MailState::Sent, 1, String::new(), "Grüße aus dem Text".into()));
        assert_eq!(standing(&desk, secret).await, (MailState::Sent, 1, String::new(), String::new()));
        desk.clock.advance(24 * HOUR);
        assert_eq!(desk.run_due(workers[0].clone()).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_waited_for_with_the_same_message_id() {
    both_databases(async |desk| {
        let receiver = Receiver::start(Mood::Busy).await;
        let worker = sending(&receiver, &desk);
        let mail = write_mail(&desk, "Later", false).await;
        assert_eq!(desk.run_due(worker.clone()).await, 1);
        let (state, attempts, error, _) = standing(&desk, mail).await;
        assert_eq!((state, attempts), (MailState::Pending, 1));
        assert!(error.contains("come back later"), "{error}");
        assert_eq!(desk.run_due(worker.clone()).await, 0, "not before its time");
        desk.clock.advance(MINUTE);
        receiver.is(Mood::HangsUp);
        assert_eq!(desk.run_due(worker.clone()).await, 1);
        assert_eq!(standing(&desk, mail).await.0, MailState::Pending);
        desk.clock.advance(10 * MINUTE);
        receiver.is(Mood::Takes);
        assert_eq!(desk.run_due(worker.clone()).await, 1);
        assert_eq!(standing(&desk, mail).await.0, MailState::Sent);
        let tokens: Vec<(String,)> = desk.rows(Sql::new("SELECT token FROM mail", args![])).await;
        assert!(receiver.got()[0].contains(&format!("Message-ID: <{}@acme.com>", tokens[0].0)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_given_up_when_it_will_never_do() {
    both_databases(async |desk| {
        let receiver = Receiver::start(Mood::Refuses).await;
        let worker = sending(&receiver, &desk);
        let refused = write_mail(&desk, "Refused", false).await;
        desk.run_due(worker.clone()).await;
        let (state, attempts, error, _) = standing(&desk, refused).await;
        assert_eq!((state, attempts), (MailState::Failed, 1));
        assert!(error.contains("no such mailbox"), "{error}");

        receiver.is(Mood::HangsUp);
        let unlucky = write_mail(&desk, "Unlucky", false).await;
        for attempt in 1..=TRIES {
            assert_eq!(standing(&desk, unlucky).await.0, MailState::Pending, "before try {attempt}");
            assert_eq!(desk.run_due(worker.clone()).await, 1, "try {attempt}");
            desk.clock.advance(8 * HOUR);
        }
        let (state, attempts, error, _) = standing(&desk, unlucky).await;
        assert_eq!((state, attempts), (MailState::Failed, TRIES));
        assert!(!error.is_empty());
        assert_eq!(desk.run_due(worker.clone()).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_in_the_hands_of_a_process_that_died_is_not_lost() {
    both_databases(async |desk| {
        let receiver = Receiver::start(Mood::Takes).await;
        let worker = sending(&receiver, &desk);
        let mail = write_mail(&desk, "Orphan", false).await;
        // A process takes it and dies.
        drop(Held::take(&desk.db, JOB, mail.0).await.unwrap().unwrap());
        assert_eq!(desk.run_due(worker.clone()).await, 0);
        desk.clock.advance(LEASE);
        assert_eq!(desk.run_due(worker.clone()).await, 1);
        assert_eq!(standing(&desk, mail).await.0, MailState::Sent);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_mail_server_mails_are_held_as_files() {
    both_databases(async |desk| {
        let mail = write_mail(&desk, "Held\r\nBcc: eve@example.org", true).await;
        let bad = {
            let mail = NewMail { to: vec!["no address".into()], subject: "Bad".into(), ..Default::default() };
            desk.write(move |tx| Box::pin(async move { enqueue(tx, mail).await })).await;
            MailId(desk.number(Sql::new("SELECT id FROM mail WHERE subject = 'Bad'", args![])).await)
        };
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(Runner::new(desk.db.clone(), vec![Arc::new(worker(&desk, None))]).run(stopped));
        while standing(&desk, mail).await.0 == MailState::Pending || standing(&desk, bad).await.0 == MailState::Pending {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();
        running.await.unwrap();
        let (state, _, _, text) = standing(&desk, mail).await;
        assert_eq!((state, text.as_str()), (MailState::Held, "Grüße aus dem Text"));
        assert_eq!(standing(&desk, bad).await.0, MailState::Failed);
        let file = std::fs::read_to_string(desk.folder().join("mail").join(format!("{mail}.eml"))).unwrap();
        assert!(file.contains("Subject: Held Bcc: eve@example.org") && !file.contains("\nBcc:"), "{file}");
        assert_eq!(std::fs::read_dir(desk.folder().join("mail")).unwrap().count(), 1);
        std::fs::remove_dir_all(desk.folder().join("mail")).unwrap();
    })
    .await;
}

/// The files of held mails, by name.
fn held_files(desk: &TestDesk) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(desk.folder().join("mail"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn retried(desk: &TestDesk, mail: MailId) {
    let requeued = desk.write(move |tx| Box::pin(async move { requeue(tx, &Author::system(), &[mail]).await })).await;
    assert_eq!(requeued, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_held_mail_goes_when_the_mail_is_sent_or_given_up() {
    both_databases(async |desk| {
        let [sent, given_up, waits] = [
            write_mail(&desk, "One", true).await,
            write_mail(&desk, "Two", false).await,
            write_mail(&desk, "Three", false).await,
        ];
        desk.run_due(worker(&desk, None)).await;
        assert_eq!(held_files(&desk).len(), 3);

        let receiver = Receiver::start(Mood::Takes).await;
        retried(&desk, sent).await;
        assert_eq!(held_files(&desk).len(), 3, "a mail that waits in line is still held");
        desk.run_due(sending(&receiver, &desk)).await;
        assert_eq!(standing(&desk, sent).await.0, MailState::Sent);
        assert!(!held_files(&desk).contains(&format!("{sent}.eml")));

        receiver.is(Mood::Refuses);
        retried(&desk, given_up).await;
        desk.run_due(sending(&receiver, &desk)).await;
        assert_eq!(standing(&desk, given_up).await.0, MailState::Failed);
        assert_eq!(held_files(&desk), [format!("{waits}.eml")]);
        std::fs::remove_dir_all(desk.folder().join("mail")).unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_sent_is_swept_and_nothing_else() {
    both_databases(async |desk| {
        let [sent, forgotten, waits] = [
            write_mail(&desk, "One", true).await,
            write_mail(&desk, "Two", false).await,
            write_mail(&desk, "Three", false).await,
        ];
        desk.run_due(worker(&desk, None)).await;
        // The other server has a folder of its own.
        desk.execute(Sql::new("UPDATE mail SET state = 'sent' WHERE id = $1", args![sent])).await;
        desk.execute(Sql::new("DELETE FROM mail WHERE id = $1", args![forgotten])).await;
        let folder = desk.folder().join("mail");
        for name in [format!(".{forgotten}.part"), "notes.txt".to_owned()] {
            std::fs::write(folder.join(name), "x").unwrap();
        }
        assert_eq!(worker(&desk, None).sweep().await.unwrap(), 3);
        assert_eq!(held_files(&desk), [format!("{waits}.eml"), "notes.txt".to_owned()]);
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(worker(&desk, None).sweep().await.unwrap(), 0, "nothing was ever held");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_exists_exactly_when_its_change_does() {
    both_databases(async |desk| {
        let undone: domain::Result<()> = desk
            .db
            .write(|tx| {
                Box::pin(async move {
                    enqueue(tx, NewMail { to: vec!["a@acme.com".into()], ..Default::default() }).await?;
                    Err(domain::Error::forbidden())
                })
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM mail", args![])).await, 0);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM job", args![])).await, 0);
    })
    .await;
}
