//! Getting in and staying in: passwords, mailed codes, limits, invitations, sessions.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    letters::{browser, from, links},
};
use domain::{
    Error, ErrorCode,
    actor::Actor,
    agent::{NewAgent, ProfilePatch, Role, Theme, TicketAccess},
    language::Language,
    patch::Patch,
    service::{Accounts, Admin},
    session::{ABSOLUTE, CODE_LIFE, IDLE, INVITATION_LIFE, Realm},
    time::{HOUR, MINUTE},
};
use server::{
    args,
    db::Sql,
    service::{accounts::tidy, admin::AdminService},
};

const PASSWORD: &str = "a long walk in the hills";

async fn ana(desk: &TestDesk) -> Actor {
    let ana = desk.agent("Ana").await;
    desk.set_password("agent", "ana@desk.test", PASSWORD).await;
    ana
}

fn too_many(error: &Error) -> bool {
    error.code == ErrorCode::TooMany && error.params.get("seconds").is_some_and(|wait| wait.parse::<i64>().unwrap() > 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_signs_in_and_the_session_is_theirs() {
    both_databases(async |desk| {
        let ana = ana(&desk).await;
        let accounts = desk.accounts();
        let session = accounts.sign_in(Realm::Agent, &browser(), " ANA@desk.test ", PASSWORD).await.unwrap();
        let actor = accounts.actor(Realm::Agent, &session.token).await.unwrap();
        assert_eq!(actor.agent().unwrap().id, ana.agent().unwrap().id);
        assert_eq!(accounts.me(&actor).await.unwrap().email, "ana@desk.test");
        // The same token opens nothing of the customers, and the database does not know it.
        assert_eq!(accounts.actor(Realm::Customer, &session.token).await.unwrap(), Actor::Anonymous);
        let sql = "SELECT COUNT(*) FROM session WHERE token_hash = $1";
        assert_eq!(desk.number(Sql::new(sql, args![&session.token])).await, 0);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM event WHERE name = 'signed_in'", args![])).await, 1);

        let wrong = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", "another password").await.unwrap_err();
        let unknown = accounts.sign_in(Realm::Agent, &browser(), "nobody@desk.test", PASSWORD).await.unwrap_err();
        let realm = accounts.sign_in(Realm::Customer, &browser(), "ana@desk.test", PASSWORD).await.unwrap_err();
        let nonsense = accounts.sign_in(Realm::Agent, &browser(), "no address", PASSWORD).await.unwrap_err();
        assert_eq!(wrong, unknown);
        assert_eq!(wrong, realm);
        assert_eq!(wrong, nonsense);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_without_a_password_or_locked_out_do_not_get_in() {
    both_databases(async |desk| {
        let accounts = desk.accounts();
        desk.agent("Dora").disabled().await;
        desk.set_password("agent", "dora@desk.test", PASSWORD).await;
        desk.agent("Nora").await;
        for email in ["dora@desk.test", "nora@desk.test"] {
            let error = accounts.sign_in(Realm::Agent, &browser(), email, PASSWORD).await.unwrap_err();
            assert_eq!(error.key, "error_sign_in", "{email}");
        }
        accounts.request_code(Realm::Agent, &browser(), "dora@desk.test").await.unwrap();
        assert_eq!(desk.letters("dora@desk.test").await, []);
        // A session that is left over somehow opens nothing.
        ana(&desk).await;
        let token = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap().token;
        desk.execute(Sql::new("UPDATE agent SET state = 'disabled'", args![])).await;
        assert_eq!(accounts.actor(Realm::Agent, &token).await.unwrap(), Actor::Anonymous);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_stopped_for_the_account_and_for_the_address() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        // Ten from anywhere, also at once, and also for somebody who does not exist.
        for email in ["ana@desk.test", "nobody@desk.test"] {
            let tries = (0..14).map(|n| {
                let accounts = &accounts;
                async move {
                    accounts.sign_in(Realm::Agent, &from(&format!("198.51.100.{n}")), email, "wrong wrong").await.unwrap_err()
                }
            });
            let errors = futures::future::join_all(tries).await;
            assert_eq!(errors.iter().filter(|error| too_many(error)).count(), 4, "{email}");
        }
        assert!(too_many(&accounts.sign_in(Realm::Agent, &from("203.0.113.9"), "ana@desk.test", PASSWORD).await.unwrap_err()));
        // Who guesses a password does not keep its owner from a mailed code.
        accounts.request_code(Realm::Agent, &from("203.0.113.9"), "ana@desk.test").await.unwrap();
        let code = desk.code("ana@desk.test").await;
        accounts.sign_in_with_code(Realm::Agent, &from("203.0.113.9"), "ana@desk.test", &code).await.unwrap();
        for _ in 0..10 {
            accounts.sign_in(Realm::Agent, &from("198.51.100.9"), "ana@desk.test", "wrong wrong").await.unwrap_err();
        }
        assert!(too_many(&accounts.sign_in(Realm::Agent, &from("203.0.113.9"), "ana@desk.test", PASSWORD).await.unwrap_err()));
        desk.clock.advance(15 * MINUTE);
        accounts.sign_in(Realm::Agent, &from("203.0.113.9"), "ana@desk.test", PASSWORD).await.unwrap();

        // Fifty from one address, whatever the account; IPv6 neighbours count together.
        let mut stopped = 0;
        for n in 0..52 {
            let error = accounts
                .sign_in(Realm::Agent, &from(&format!("2001:db8::{n:x}")), &format!("p{n}@desk.test"), "wrong wrong")
                .await
                .unwrap_err();
            stopped += usize::from(too_many(&error));
        }
        assert_eq!(stopped, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_gives_the_tries_back() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        for _ in 0..3 {
            for _ in 0..6 {
                accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", "wrong wrong").await.unwrap_err();
            }
            accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_code_works_once_and_not_for_long() {
    both_databases(async |desk| {
        let ana = ana(&desk).await;
        let accounts = desk.accounts();
        accounts.request_code(Realm::Agent, &browser(), "Ana@desk.test").await.unwrap();
        let code = desk.code("ana@desk.test").await;
        assert_eq!(code.len(), 8);
        let sql = "SELECT COUNT(*) FROM code WHERE code_hash = $1";
        assert_eq!(desk.number(Sql::new(sql, args![&code])).await, 0, "only the hash is kept");
        let typed = format!(" {}-{}", code[..4].to_lowercase(), &code[4..]);
        let session = accounts.sign_in_with_code(Realm::Agent, &browser(), "ana@desk.test", &typed).await.unwrap();
        let actor = accounts.actor(Realm::Agent, &session.token).await.unwrap();
        assert_eq!(actor.agent().unwrap().id, ana.agent().unwrap().id);
        let again = accounts.sign_in_with_code(Realm::Agent, &browser(), "ana@desk.test", &code).await.unwrap_err();
        assert_eq!(again.fields[0].key, "error_code");

        accounts.request_code(Realm::Agent, &browser(), "ana@desk.test").await.unwrap();
        let code = desk.code("ana@desk.test").await;
        desk.clock.advance(CODE_LIFE);
        accounts.sign_in_with_code(Realm::Agent, &browser(), "ana@desk.test", &code).await.unwrap_err();

        // A newer code replaces the older one; a code to sign in sets no password.
        accounts.request_code(Realm::Agent, &browser(), "ana@desk.test").await.unwrap();
        let old = desk.code("ana@desk.test").await;
        accounts.request_code(Realm::Agent, &browser(), "ana@desk.test").await.unwrap();
        accounts.sign_in_with_code(Realm::Agent, &browser(), "ana@desk.test", &old).await.unwrap_err();
        let new = desk.code("ana@desk.test").await;
        accounts.reset_password(Realm::Agent, &browser(), "ana@desk.test", &new, "another long password").await.unwrap_err();
        accounts.sign_in_with_code(Realm::Agent, &browser(), "ana@desk.test", &new).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_has_five_tries_and_is_good_for_one_of_two_at_once() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        accounts.request_code(Realm::Agent, &browser(), "ana@desk.test").await.unwrap();
        let code = desk.code("ana@desk.test").await;
        for _ in 0..5 {
            accounts.sign_in_with_code(Realm::Agent, &browser(), "ana@desk.test", "AAAAAAAA").await.unwrap_err();
        }
        accounts.sign_in_with_code(Realm::Agent, &browser(), "ana@desk.test", &code).await.unwrap_err();

        accounts.request_code(Realm::Agent, &browser(), "ana@desk.test").await.unwrap();
        let code = desk.code("ana@desk.test").await;
        let origin = browser();
        let both =
            futures::future::join_all((0..2).map(|_| accounts.sign_in_with_code(Realm::Agent, &origin, "ana@desk.test", &code)))
                .await;
        assert_eq!(both.iter().filter(|result| result.is_ok()).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_codes_is_limited_and_tells_nobody_who_exists() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        let mut answers = Vec::new();
        for email in ["ana@desk.test", "nobody@desk.test"] {
            let mut of_one = Vec::new();
            for n in 0..7 {
                // The two kinds of codes count together.
                of_one.push(match n % 2 {
                    0 => accounts.request_code(Realm::Agent, &browser(), email).await,
                    _ => accounts.forgot_password(Realm::Agent, &browser(), email).await,
                });
            }
            of_one.push(accounts.sign_in_with_code(Realm::Agent, &browser(), email, "AAAAAAAA").await.map(|_| ()));
            answers.push(of_one);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].iter().filter(|answer| answer.is_ok()).count(), 5);
        assert_eq!(desk.letters("ana@desk.test").await.len(), 5);
        assert_eq!(desk.letters("nobody@desk.test").await.len(), 0);
        desk.clock.advance(HOUR);
        accounts.request_code(Realm::Agent, &browser(), "ana@desk.test").await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_with_a_code_and_ends_all_sessions() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        let old = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap();
        accounts.forgot_password(Realm::Agent, &browser(), "ana@desk.test").await.unwrap();
        let code = desk.code("ana@desk.test").await;
        let reset =
            |password: &'static str| accounts.reset_password(Realm::Agent, const { &ORIGIN }, "ana@desk.test", &code, password);
        assert_eq!(reset("short").await.unwrap_err().fields[0].field, "password");
        assert_eq!(reset("password12345").await.unwrap_err().fields[0].key, "error_password_common");
        assert!(accounts.actor(Realm::Agent, &old.token).await.unwrap().agent().is_ok());
        let new = reset("mountains and rivers").await.unwrap();
        assert_eq!(accounts.actor(Realm::Agent, &old.token).await.unwrap(), Actor::Anonymous);
        assert!(accounts.actor(Realm::Agent, &new.token).await.unwrap().agent().is_ok());
        accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap_err();
        accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", "mountains and rivers").await.unwrap();
    })
    .await;
}

const ORIGIN: domain::session::Origin =
    domain::session::Origin { address: String::new(), user_agent: String::new(), language: None };

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_accepted_once() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let accounts = desk.accounts();
        let admin = AdminService::new(desk.db.clone(), links(), false);
        let team = desk.team("Support").await;
        let new = NewAgent {
            name: "Bea Ortiz".into(),
            email: "Bea@Desk.test".into(),
            role: Role::Agent,
            access: TicketAccess::Teams,
            teams: vec![team],
        };
        let bea = admin.invite_agent(&owner, new).await.unwrap();
        assert_eq!(bea.email, "bea@desk.test");
        let first = desk.invitation("bea@desk.test").await;
        assert!(desk.letters("bea@desk.test").await[0].1.contains("https://desk.test/desk/invitation/"));
        admin.invite_agent_again(&owner, bea.id).await.unwrap();
        let second = desk.invitation("bea@desk.test").await;
        accounts.accept_invitation(Realm::Agent, &browser(), &first, PASSWORD).await.unwrap_err();
        accounts.accept_invitation(Realm::Customer, &browser(), &second, PASSWORD).await.unwrap_err();
        let session = accounts.accept_invitation(Realm::Agent, &browser(), &second, PASSWORD).await.unwrap();
        let actor = accounts.actor(Realm::Agent, &session.token).await.unwrap();
        assert_eq!(actor.agent().unwrap().teams, [team]);
        assert_eq!(actor.agent().unwrap().access, TicketAccess::Teams);
        let again = accounts.accept_invitation(Realm::Agent, &browser(), &second, "quite another one").await.unwrap_err();
        assert_eq!(again.key, "error_invitation");
        assert_eq!(admin.invite_agent_again(&owner, bea.id).await.unwrap_err().key, "error_cannot_invite");

        let new = NewAgent {
            name: "Cleo".into(),
            email: "cleo@desk.test".into(),
            role: Role::Light,
            access: TicketAccess::All,
            teams: vec![],
        };
        admin.invite_agent(&owner, new).await.unwrap();
        let late = desk.invitation("cleo@desk.test").await;
        desk.clock.advance(INVITATION_LIFE);
        accounts.accept_invitation(Realm::Agent, &browser(), &late, PASSWORD).await.unwrap_err();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_ended_and_run_out() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap().token);
        }
        let me = accounts.actor(Realm::Agent, &tokens[0]).await.unwrap();
        // The one that the harness made is hers, too.
        let sessions = accounts.sessions(&me).await.unwrap();
        assert_eq!(sessions.len(), 4);
        assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
        assert_eq!(sessions[0].device, "Firefox · Linux");

        let marisa = desk.customer("Marisa").await;
        assert_eq!(accounts.end_session(&marisa, sessions[0].id).await.unwrap_err(), Error::not_found());
        let other = accounts.actor(Realm::Agent, &tokens[1]).await.unwrap();
        accounts.end_session(&me, other.agent().unwrap().session).await.unwrap();
        assert_eq!(accounts.actor(Realm::Agent, &tokens[1]).await.unwrap(), Actor::Anonymous);
        assert_eq!(accounts.sign_out_everywhere(&me).await.unwrap(), 2);
        assert_eq!(accounts.actor(Realm::Agent, &tokens[2]).await.unwrap(), Actor::Anonymous);
        assert!(accounts.actor(Realm::Agent, &tokens[0]).await.unwrap().agent().is_ok());
        accounts.sign_out(&me).await.unwrap();
        assert_eq!(accounts.actor(Realm::Agent, &tokens[0]).await.unwrap(), Actor::Anonymous);

        let idle = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap().token;
        desk.clock.advance(IDLE);
        assert_eq!(accounts.actor(Realm::Agent, &idle).await.unwrap(), Actor::Anonymous);
        tidy(&desk.db).await.unwrap();
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM session WHERE realm = 'agent'", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_used_lives_on_until_its_absolute_end() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        let token = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap().token;
        let mut age = 0;
        while age + IDLE - HOUR < ABSOLUTE {
            age += IDLE - HOUR;
            desk.clock.advance(IDLE - HOUR);
            assert!(accounts.actor(Realm::Agent, &token).await.unwrap().agent().is_ok(), "after {age} ms");
            // The use is noted in the background.
            let now = desk.db.now();
            let sql = "SELECT COUNT(*) FROM session WHERE last_used_at = $1";
            while desk.number(Sql::new(sql, args![now])).await == 0 {
                tokio::task::yield_now().await;
            }
        }
        desk.clock.advance(ABSOLUTE - age);
        assert_eq!(accounts.actor(Realm::Agent, &token).await.unwrap(), Actor::Anonymous);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_password_and_profile_are_changed() {
    both_databases(async |desk| {
        ana(&desk).await;
        let accounts = desk.accounts();
        let here = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap().token;
        let there = accounts.sign_in(Realm::Agent, &browser(), "ana@desk.test", PASSWORD).await.unwrap().token;
        let me = accounts.actor(Realm::Agent, &here).await.unwrap();
        let wrong = accounts.change_password(&me, "not the right one", "mountains and rivers").await.unwrap_err();
        assert_eq!((wrong.fields[0].field.as_str(), wrong.fields[0].key.as_str()), ("current", "error_password_wrong"));
        accounts.change_password(&me, PASSWORD, "mountains and rivers").await.unwrap();
        assert!(accounts.actor(Realm::Agent, &here).await.unwrap().agent().is_ok());
        assert_eq!(accounts.actor(Realm::Agent, &there).await.unwrap(), Actor::Anonymous);

        let patch = ProfilePatch {
            name: Patch::Set(" Ana María ".into()),
            language: Patch::Set(Language::Es),
            time_zone: Patch::Set("Europe/Madrid".into()),
            theme: Patch::Set(Theme::Dark),
            undo_send: Patch::Set(5),
        };
        let changed = accounts.change_profile(&me, patch).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.language, changed.theme), ("Ana María", Language::Es, Theme::Dark));
        let error =
            accounts.change_profile(&me, ProfilePatch { time_zone: Patch::Set("Europe/Nowhere".into()), ..Default::default() });
        assert_eq!(error.await.unwrap_err().fields[0].key, "error_time_zone");
        // A customer whose first way in was a code has no password to tell.
        let marisa = desk.customer("Marisa").await;
        accounts.change_password(&marisa, "", "mountains and rivers").await.unwrap();
        accounts.sign_in(Realm::Customer, &browser(), "marisa@customer.test", "mountains and rivers").await.unwrap();
    })
    .await;
}
