//! The first run: one owner, by whoever holds a token of the terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    both_databases,
    letters::{browser, links},
};
use domain::{language::Language, service::Accounts, session::Realm, workspace::SetUp};
use server::service::accounts::{AccountsService, Passwords, set_up_token};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

fn request(token: &str, email: &str) -> SetUp {
    SetUp {
        token: token.to_owned(),
        workspace: "Acme Desk".into(),
        name: "Olga Pérez".into(),
        email: email.into(),
        password: "a long walk in the hills".into(),
        language: Language::Es,
        time_zone: "Europe/Madrid".into(),
        demo: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_makes_the_owner_once() {
    both_databases(async |desk| {
        let filled = Arc::new(AtomicUsize::new(0));
        let counter = filled.clone();
        let demo: server::service::accounts::DemoFiller = Arc::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(()) })
        });
        let accounts = AccountsService::new(desk.db.clone(), Passwords::new().unwrap(), links(), Some(demo));
        assert!(accounts.needs_set_up().await.unwrap());
        // Two processes wait for the set-up; the token of either is good.
        let first = set_up_token(&desk.db).await.unwrap().unwrap();
        let second = set_up_token(&desk.db).await.unwrap().unwrap();
        let wrong = accounts.set_up(&browser(), request("not the token", "olga@acme.com")).await.unwrap_err();
        assert_eq!(wrong.fields[0].field, "token");
        let mut bad = request(&first, "no address");
        bad.password = "short".into();
        assert_eq!(accounts.set_up(&browser(), bad).await.unwrap_err().fields[0].field, "email");

        // Two browsers at once: one owner.
        let origin = browser();
        let both = futures::future::join_all([
            accounts.set_up(&origin, request(&first, "olga@acme.com")),
            accounts.set_up(&origin, request(&second, "otto@acme.com")),
        ])
        .await;
        let sessions: Vec<_> = both.iter().filter_map(|result| result.as_ref().ok()).collect();
        assert_eq!(sessions.len(), 1, "{both:?}");
        let error = both.iter().find_map(|result| result.as_ref().err()).unwrap();
        assert_eq!(error.key, "error_set_up_done");
        assert_eq!(filled.load(Ordering::SeqCst), 1);

        let owner = accounts.actor(Realm::Agent, &sessions[0].token).await.unwrap();
        let me = accounts.me(&owner).await.unwrap();
        assert_eq!((me.workspace.as_str(), me.language, me.time_zone.as_str()), ("Acme Desk", Language::Es, "Europe/Madrid"));
        assert!(!accounts.needs_set_up().await.unwrap());
        assert_eq!(set_up_token(&desk.db).await.unwrap(), None);
        let late = accounts.set_up(&browser(), request(&first, "eve@acme.com")).await.unwrap_err();
        assert_eq!(late.key, "error_set_up_done");
    })
    .await;
}
