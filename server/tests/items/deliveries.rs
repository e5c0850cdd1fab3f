//! A reply that did not arrive: agents are told where they wrote it, and have it sent again; customers are told nothing.

use super::{common::both_databases, reply};
use domain::{
    ErrorCode,
    id::MailId,
    mail::MailState,
    service::{Items, Portals},
};
use server::{args, db::Sql, mail::Links, service::portals::PortalsService};

const REASON: &str = "550 5.1.1 no such mailbox";

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_did_not_arrive_says_so_and_is_sent_again() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let bruno = desk.customer("Bruno").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        items.set_customer_follows(&ana, number, bruno.customer().unwrap().id, true).await.unwrap();
        items.write(&ana, reply(number, "<p>Open tray 2.</p>")).await.unwrap();
        let version = items.get(&ana, number).await.unwrap().row.version;
        let undelivered = async || items.get(&ana, number).await.unwrap().messages[0].undelivered.clone();
        assert!(undelivered().await.is_empty(), "it is on its way");

        let mail = desk.refuse_mail("bruno@acme.test", REASON).await;
        let told = undelivered().await;
        assert_eq!(told.len(), 1, "the other one is on its way");
        assert_eq!((told[0].mail, told[0].to.as_slice()), (mail, ["bruno@acme.test".to_owned()].as_slice()));
        assert_eq!(told[0].reason, REASON);
        assert_eq!(items.messages_after(&ana, number, 0).await.unwrap()[0].undelivered, told);
        let activity = items.activity(&ana, number).await.unwrap();
        assert_eq!((activity[0].name.as_str(), activity[0].new.as_str()), ("delivery_failed", "bruno@acme.test"));
        assert_eq!(items.get(&ana, number).await.unwrap().row.version, version, "nobody has changed the ticket");

        let detail = items.deliver_again(&ana, number, mail).await.unwrap();
        assert!(detail.messages[0].undelivered.is_empty());
        let activity = items.activity(&ana, number).await.unwrap();
        let last = (activity[0].name.as_str(), activity[0].actor_name.as_str(), activity[0].new.as_str());
        assert_eq!(last, ("delivery_retried", "Ana", "bruno@acme.test"));
        assert_eq!(items.deliver_again(&ana, number, mail).await.unwrap_err().key, "error_mail_done", "it is on its way");
        assert_eq!(desk.run_due(desk.mail_worker()).await, 2);
        let state = "SELECT COUNT(*) FROM mail WHERE state = $1 AND attempts = 1";
        assert_eq!(desk.number(Sql::new(state, args![MailState::Held.key()])).await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_answers_the_ticket_has_its_mails_sent_again() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let (leo, ben) = (desk.light_agent().await, desk.agent("Ben").in_team("Billing").seeing_their_teams_only().await);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let other = desk.ticket("No paper").by(&marisa).await;
        let items = desk.items();
        items.write(&ana, reply(number, "<p>Open tray 2.</p>")).await.unwrap();
        let mail = desk.refuse_mail("marisa@acme.test", REASON).await;

        assert_eq!(items.get(&leo, number).await.unwrap().messages[0].undelivered.len(), 1, "who reads is told");
        let refused = async |who, number, mail| items.deliver_again(who, number, mail).await.unwrap_err().code;
        assert_eq!(refused(&leo, number, mail).await, ErrorCode::Forbidden);
        assert_eq!(refused(&marisa, number, mail).await, ErrorCode::Forbidden);
        assert_eq!(refused(&ben, number, mail).await, ErrorCode::NotFound);
        assert_eq!(refused(&ana, other, mail).await, ErrorCode::NotFound, "it is another ticket's");
        assert_eq!(refused(&ana, number, MailId(999_999)).await, ErrorCode::NotFound);
        let waiting = Sql::new("SELECT COUNT(*) FROM job WHERE state = 'waiting'", args![]);
        assert_eq!(desk.number(waiting).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_not_told_that_a_mail_did_not_arrive() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        desk.items().write(&ana, reply(number, "<p>Open tray 2.</p>")).await.unwrap();
        let portals = PortalsService::new(desk.db.clone(), Links::new("https://desk.test"));
        let seen = async || serde_json::to_string(&portals.ticket(&marisa, number).await.unwrap()).unwrap();
        let before = seen().await;
        desk.clock.advance(1);
        let mail = desk.refuse_mail("marisa@acme.test", REASON).await;
        assert_eq!(seen().await, before);
        desk.items().deliver_again(&ana, number, mail).await.unwrap();
        assert_eq!(seen().await, before);
        assert!(!before.contains("undelivered"), "{before}");
    })
    .await;
}
