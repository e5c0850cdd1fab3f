//! Customers who register: nothing is made before the address is confirmed, and nobody learns who is known.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    letters::{browser, from, links},
};
use domain::{
    actor::Actor,
    customer::{CustomerPatch, NewCustomer, PortalAccess},
    id::CustomerId,
    language::Language,
    patch::Patch,
    service::{Accounts, Customers},
    session::{Origin, Realm},
};
use server::{args, db::Sql, service::customers::CustomersService};

const PASSWORD: &str = "a long walk in the hills";

fn customers(desk: &TestDesk) -> CustomersService {
    CustomersService::new(desk.db.clone(), links())
}

async fn count(desk: &TestDesk) -> i64 {
    desk.number(Sql::new("SELECT COUNT(*) FROM customer", args![])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_confirms_the_address_and_makes_the_customer() {
    both_databases(async |desk| {
        let accounts = desk.accounts();
        let french = Origin { language: Some(Language::Fr), ..browser() };
        accounts.register(&french, " Zoé ", "Petit", "Zoe@Boulangerie.fr", PASSWORD).await.unwrap();
        assert_eq!(count(&desk).await, 0);
        accounts.sign_in(Realm::Customer, &browser(), "zoe@boulangerie.fr", PASSWORD).await.unwrap_err();
        assert!(desk.letters("zoe@boulangerie.fr").await[0].0.starts_with("Confirmez"));
        let code = desk.code("zoe@boulangerie.fr").await;
        accounts.sign_in_with_code(Realm::Agent, &browser(), "zoe@boulangerie.fr", &code).await.unwrap_err();
        accounts.sign_in_with_code(Realm::Customer, &browser(), "zoe@boulangerie.fr", "AAAAAAAA").await.unwrap_err();
        assert_eq!(count(&desk).await, 0);
        let session = accounts.sign_in_with_code(Realm::Customer, &browser(), "zoe@boulangerie.fr", &code).await.unwrap();
        let actor = accounts.actor(Realm::Customer, &session.token).await.unwrap();
        let zoe = actor.customer().unwrap();
        assert_eq!(zoe.language, Language::Fr);
        let owner = desk.owner().await;
        let known = customers(&desk).get(&owner, zoe.id).await.unwrap();
        assert_eq!((known.first_name.as_str(), known.access), ("Zoé", PortalAccess::Active));
        assert_eq!(known.organization.unwrap().name, "Boulangerie");
        accounts.sign_in(Realm::Customer, &browser(), "zoe@boulangerie.fr", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_code_can_be_asked_for_before_the_address_is_confirmed() {
    both_databases(async |desk| {
        let accounts = desk.accounts();
        accounts.register(&browser(), "Zoé", "Petit", "zoe@boulangerie.fr", PASSWORD).await.unwrap();
        let first = desk.code("zoe@boulangerie.fr").await;
        accounts.request_code(Realm::Customer, &browser(), "zoe@boulangerie.fr").await.unwrap();
        assert_eq!(desk.letters("zoe@boulangerie.fr").await.len(), 2);
        let second = desk.code("zoe@boulangerie.fr").await;
        assert_ne!(first, second);
        accounts.sign_in_with_code(Realm::Customer, &browser(), "zoe@boulangerie.fr", &first).await.unwrap_err();
        accounts.sign_in_with_code(Realm::Customer, &browser(), "zoe@boulangerie.fr", &second).await.unwrap();
        accounts.sign_in(Realm::Customer, &browser(), "zoe@boulangerie.fr", PASSWORD).await.unwrap();
        // Nobody is told anything who never registered.
        accounts.request_code(Realm::Customer, &browser(), "nobody@boulangerie.fr").await.unwrap();
        assert!(desk.letters("nobody@boulangerie.fr").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_takes_over_what_agents_noted() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let (accounts, customers) = (desk.accounts(), customers(&desk));
        let new = NewCustomer {
            last_name: "Miller".into(),
            emails: vec!["m@acme.com".into()],
            notes: "VIP".into(),
            ..Default::default()
        };
        let known = customers.create(&owner, new).await.unwrap();
        assert_eq!(known.access, PortalAccess::None);
        accounts.register(&browser(), "Somebody", "Else", "m@acme.com", PASSWORD).await.unwrap();
        let code = desk.code("m@acme.com").await;
        let session = accounts.sign_in_with_code(Realm::Customer, &browser(), "m@acme.com", &code).await.unwrap();
        let actor = accounts.actor(Realm::Customer, &session.token).await.unwrap();
        assert_eq!(actor.customer().unwrap().id, known.id);
        let now = customers.get(&owner, known.id).await.unwrap();
        assert_eq!((now.last_name.as_str(), now.notes.as_str(), now.access), ("Miller", "VIP", PortalAccess::Active));
        assert_eq!(count(&desk).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_addresses_answer_alike_and_their_owners_get_a_mail() {
    both_databases(async |desk| {
        desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").await;
        let disabled = desk.customer("Dario").await;
        let owner = desk.owner().await;
        let lock = CustomerPatch { disabled: Patch::Set(true), ..Default::default() };
        customers(&desk).change(&owner, disabled.customer().unwrap().id, lock).await.unwrap();
        let accounts = desk.accounts();
        let mut answers = Vec::new();
        for email in ["ana@desk.test", "marisa@customer.test", "dario@customer.test", "new@customer.test"] {
            let mut of_one = vec![accounts.register(&browser(), "Eve", "", email, PASSWORD).await];
            for code in ["", "AAAAAAAA"] {
                of_one.push(accounts.sign_in_with_code(Realm::Customer, &browser(), email, code).await.map(|_| ()));
            }
            answers.push(of_one);
        }
        assert!(answers.iter().all(|answer| answer == &answers[0] && answer[0].is_ok()), "{answers:?}");
        let mail = |email: &'static str| async { desk.letters(email).await.pop().unwrap().1 };
        assert!(mail("ana@desk.test").await.contains("https://desk.test/desk/sign-in"));
        assert!(mail("marisa@customer.test").await.contains("https://desk.test/p/support/sign-in"));
        assert!(!mail("marisa@customer.test").await.contains("Eve"), "no text of a stranger");
        let kept = customers(&desk).get(&owner, marisa.customer().unwrap().id).await.unwrap();
        assert_eq!(kept.first_name, "Marisa");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_registration_is_said_at_once() {
    both_databases(async |desk| {
        let accounts = desk.accounts();
        let error = accounts.register(&browser(), " ", "", "no address", "short").await.unwrap_err();
        let fields: Vec<&str> = error.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["first_name", "email", "password"]);
        for n in 0..5 {
            accounts.register(&from(&format!("192.0.2.{n}")), "Eve", "", "eve@customer.test", PASSWORD).await.unwrap();
        }
        accounts.register(&browser(), "Eve", "", "eve@customer.test", PASSWORD).await.unwrap_err();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_customer_chooses_a_password_and_a_locked_out_one_is_out() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let (accounts, customers) = (desk.accounts(), customers(&desk));
        let new = NewCustomer { first_name: "Pia".into(), emails: vec!["pia@acme.com".into()], ..Default::default() };
        let pia = customers.create(&owner, new).await.unwrap();
        assert_eq!(customers.invite(&owner, pia.id).await.unwrap().access, PortalAccess::Invited);
        assert!(desk.letters("pia@acme.com").await[0].1.contains("https://desk.test/p/support/invitation/"));
        let token = desk.invitation("pia@acme.com").await;
        let session = accounts.accept_invitation(Realm::Customer, &browser(), &token, PASSWORD).await.unwrap();
        assert!(accounts.actor(Realm::Customer, &session.token).await.unwrap().customer().is_ok());
        assert_eq!(customers.invite(&owner, pia.id).await.unwrap_err().key, "error_cannot_invite");

        accounts.request_code(Realm::Customer, &browser(), "pia@acme.com").await.unwrap();
        let code = desk.code("pia@acme.com").await;
        let lock = |disabled| CustomerPatch { disabled: Patch::Set(disabled), ..Default::default() };
        assert_eq!(customers.change(&owner, pia.id, lock(true)).await.unwrap().access, PortalAccess::Disabled);
        assert_eq!(accounts.actor(Realm::Customer, &session.token).await.unwrap(), Actor::Anonymous);
        accounts.sign_in_with_code(Realm::Customer, &browser(), "pia@acme.com", &code).await.unwrap_err();
        accounts.sign_in(Realm::Customer, &browser(), "pia@acme.com", PASSWORD).await.unwrap_err();
        assert_eq!(customers.change(&owner, pia.id, lock(false)).await.unwrap().access, PortalAccess::Active);
        accounts.sign_in(Realm::Customer, &browser(), "pia@acme.com", PASSWORD).await.unwrap();
        assert_eq!(customers.get(&owner, CustomerId(99_999)).await.unwrap_err(), domain::Error::not_found());
    })
    .await;
}
