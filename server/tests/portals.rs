//! What customers see in the portal, and what they never see.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    Error, ErrorCode,
    actor::Actor,
    id::ItemNumber,
    language::Language,
    patch::Patch,
    portal::{PortalProfilePatch, PortalQuery, PortalRow},
    service::Portals,
    time::MINUTE,
    types::Category,
};
use server::{args, db::Sql, mail::Links, service::portals::PortalsService};
use std::collections::BTreeSet;

fn service(desk: &TestDesk) -> PortalsService {
    PortalsService::new(desk.db.clone(), links())
}

fn links() -> Links {
    Links::new("https://desk.test")
}

async fn all(portals: &PortalsService, actor: &Actor) -> Vec<PortalRow> {
    portals.list(actor, PortalQuery::default()).await.unwrap().rows
}

async fn titles(portals: &PortalsService, actor: &Actor, query: PortalQuery) -> Vec<String> {
    portals.list(actor, query).await.unwrap().rows.into_iter().map(|row| row.title).collect()
}

fn searching(text: &str) -> PortalQuery {
    PortalQuery { search: text.to_owned(), ..PortalQuery::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_is_known_by_its_slug() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let first = portals.default_portal().await.unwrap();
        assert_eq!(portals.info(&first.slug).await.unwrap(), first);
        assert_eq!(portals.info("no-such-portal").await.unwrap_err(), Error::not_found());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_see_their_own_followed_and_their_organizations_tickets() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let sven = desk.customer("Sven").of("Umbrella").await;
        let loner = desk.customer("Lena").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let of_loner = desk.ticket("Slow network").by(&loner).await;
        desk.ticket("Of nobody").await;
        desk.ticket("Not published").by(&marisa).unpublished().await;

        let seen = async |actor: &Actor| titles(&portals, actor, PortalQuery::default()).await;
        assert_eq!(seen(&marisa).await, ["Printer jam"]);
        assert_eq!(seen(&carla).await, ["Printer jam"]);
        assert!(seen(&sven).await.is_empty());
        assert_eq!(seen(&loner).await, ["Slow network"]);

        assert!(all(&portals, &marisa).await[0].own);
        assert!(!all(&portals, &carla).await[0].own);
        assert_eq!(portals.ticket(&carla, number).await.unwrap().requester, "Marisa");

        let sql = "INSERT INTO item_following_customer (item_id, customer_id) SELECT id, $1 FROM item WHERE number = $2";
        desk.execute(Sql::new(sql, args![sven.customer().unwrap().id, of_loner])).await;
        assert_eq!(seen(&sven).await, ["Slow network"]);
        assert!(portals.ticket(&sven, of_loner).await.unwrap().following);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_see_answers_like_what_does_not_exist() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let sven = desk.customer("Sven").of("Umbrella").await;
        let foreign = desk.ticket("Printer jam").by(&marisa).await;
        let hidden = desk.ticket("Not published").by(&sven).unpublished().await;
        for number in [foreign, hidden, ItemNumber(999), ItemNumber(-1)] {
            assert_eq!(portals.ticket(&sven, number).await.unwrap_err(), Error::not_found());
            assert_eq!(portals.follow(&sven, number, true).await.unwrap_err(), Error::not_found());
            assert!(portals.list(&sven, searching(&number.to_string())).await.unwrap().rows.is_empty());
        }
        let owner = desk.owner().await;
        for actor in [owner, Actor::Anonymous, Actor::System] {
            assert_eq!(portals.list(&actor, PortalQuery::default()).await.unwrap_err().code, ErrorCode::Unauthenticated);
            assert_eq!(portals.ticket(&actor, foreign).await.unwrap_err().code, ErrorCode::Unauthenticated);
            assert_eq!(portals.me(&actor).await.unwrap_err().code, ErrorCode::Unauthenticated);
            assert_eq!(portals.form(&actor).await.unwrap_err().code, ErrorCode::Unauthenticated);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_visit_every_ticket_once() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let marisa = desk.customer("Marisa").await;
        for turn in 0..60 {
            // Several at the same time, so that the id has to decide.
            if turn % 3 == 0 {
                desk.clock.advance(MINUTE);
            }
            desk.ticket(&format!("Ticket {turn}")).by(&marisa).await;
        }
        let mut seen = Vec::new();
        let mut query = PortalQuery::default();
        let mut sizes = Vec::new();
        loop {
            let page = portals.list(&marisa, query.clone()).await.unwrap();
            sizes.push(page.rows.len());
            seen.extend(page.rows.iter().map(|row| row.number.0));
            // What comes in meanwhile is newer, so it is on no later page.
            desk.clock.advance(MINUTE);
            desk.ticket("New").by(&marisa).await;
            let Some(next) = page.next else { break };
            query.after = Some(next);
        }
        assert_eq!(sizes, [25, 25, 10]);
        assert!(seen.is_sorted_by(|one, next| one > next), "latest first");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 60);
        for wrong in ["", "x", "1", "1.x", "99999999999999999999.1"] {
            let query = PortalQuery { after: Some(domain::page::Cursor(wrong.to_owned())), ..PortalQuery::default() };
            assert_eq!(portals.list(&marisa, query).await.unwrap_err().code, ErrorCode::Invalid);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_searched_by_number_and_title_and_filtered_by_category() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer JAM again").by(&marisa).await;
        desk.ticket("100% slow_network").by(&marisa).await;
        assert_eq!(titles(&portals, &marisa, searching("jam PRINTER")).await, ["Printer JAM again"]);
        assert_eq!(titles(&portals, &marisa, searching(&format!("#{number}"))).await, ["Printer JAM again"]);
        assert_eq!(titles(&portals, &marisa, searching(" 100% ")).await, ["100% slow_network"]);
        for nothing in ["printers", "%%", "marisa@", "' OR 1=1 --"] {
            assert!(titles(&portals, &marisa, searching(nothing)).await.is_empty(), "{nothing}");
        }
        assert_eq!(portals.list(&marisa, searching(&"x".repeat(201))).await.unwrap_err().code, ErrorCode::Invalid);
        let of = |category| PortalQuery { category: Some(category), ..PortalQuery::default() };
        assert_eq!(titles(&portals, &marisa, of(Category::Todo)).await.len(), 2);
        assert!(titles(&portals, &marisa, of(Category::Done)).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_change_their_own_data() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let marisa = desk.customer("Marisa Pérez").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let me = portals.me(&marisa).await.unwrap();
        assert_eq!((me.name.as_str(), me.organization.as_str(), me.has_password), ("Marisa Pérez", "ACME", false));
        let patch = PortalProfilePatch {
            first_name: Patch::Set(" María ".to_owned()),
            phone: Patch::Set("+34 1".to_owned()),
            language: Patch::Set(Language::Es),
            time_zone: Patch::Set("Europe/Madrid".to_owned()),
            ..PortalProfilePatch::default()
        };
        let me = portals.change_profile(&marisa, patch).await.unwrap();
        assert_eq!((me.name.as_str(), me.language, me.phone.as_str()), ("María Pérez", Language::Es, "+34 1"));
        assert_eq!(portals.me(&marisa).await.unwrap(), me);
        let keys: Vec<(String, String)> =
            desk.rows(Sql::new("SELECT requester_key, search_key FROM item WHERE number = $1", args![number])).await;
        assert_eq!(keys[0].0, "maría pérez");
        assert!(keys[0].1.contains("maría pérez marisa.pérez@acme.test"), "{keys:?}");

        let refused = [
            PortalProfilePatch { first_name: Patch::Set("x".repeat(121)), ..PortalProfilePatch::default() },
            PortalProfilePatch { last_name: Patch::Set("a\nb".to_owned()), ..PortalProfilePatch::default() },
            PortalProfilePatch { time_zone: Patch::Set("../etc/passwd".to_owned()), ..PortalProfilePatch::default() },
        ];
        for patch in refused {
            assert_eq!(portals.change_profile(&marisa, patch).await.unwrap_err().code, ErrorCode::Invalid);
        }
        assert_eq!(portals.me(&marisa).await.unwrap(), me);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_types_in_use_can_be_chosen() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let marisa = desk.customer("Marisa").await;
        desk.execute(Sql::new("UPDATE ticket_type SET enabled = FALSE WHERE key = 'problem'", args![])).await;
        let types = portals.form(&marisa).await.unwrap().types;
        let keys: Vec<&str> = types.iter().map(|of| of.kind.key.as_str()).collect();
        assert_eq!(keys, ["question", "incident", "request"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_of_the_organization_can_be_followed() {
    both_databases(async |desk| {
        let portals = service(&desk);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        assert!(!portals.ticket(&carla, number).await.unwrap().following);
        assert!(portals.follow(&carla, number, true).await.unwrap().following);
        assert!(portals.ticket(&carla, number).await.unwrap().following);
        assert!(!portals.follow(&carla, number, false).await.unwrap().following);
        assert!(!portals.ticket(&carla, number).await.unwrap().following);
        portals.follow(&marisa, number, false).await.unwrap();
        let followers = desk.number(Sql::new("SELECT COUNT(*) FROM item_following_customer", args![])).await;
        assert_eq!(followers, 1, "the requester always follows");
    })
    .await;
}
