//! What the search box and the palette find, on both databases: a few of each kind, and nothing that one may not see.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases, letters::links};
use domain::{
    actor::Actor,
    agent::Role,
    id::ItemNumber,
    limits::FOUND,
    service::{Finder, Found, Views},
    view::{NewView, Settings, SystemView, ViewKey, ViewScope, saved::OwnChange},
};
use server::service::{
    customers::CustomersService, filters::FiltersService, find::FindService, organizations::OrganizationsService,
    views::ViewsService,
};
use std::sync::Arc;

fn finder(desk: &TestDesk) -> FindService {
    FindService::new(
        Arc::new(desk.items()),
        Arc::new(FiltersService::new(desk.db.clone())),
        Arc::new(ViewsService::new(desk.db.clone())),
        Arc::new(CustomersService::new(desk.db.clone(), links())),
        Arc::new(OrganizationsService::new(desk.db.clone())),
    )
}

async fn find(desk: &TestDesk, actor: &Actor, text: &str) -> Found {
    finder(desk).find(actor, text.to_owned(), u32::try_from(text.len()).unwrap()).await.unwrap()
}

fn numbers(found: &Found) -> Vec<ItemNumber> {
    found.items.list.iter().map(|row| row.number).collect()
}

/// Everything that was found, as text, to look for what must not be in it.
async fn told(desk: &TestDesk, actor: &Actor, text: &str) -> String {
    format!("{:?}", find(desk, actor, text).await)
}

async fn save(desk: &TestDesk, by: &Actor, name: &str, scope: ViewScope) -> ViewKey {
    let view = NewView {
        name: name.to_owned(),
        scope,
        folder: String::new(),
        icon: String::new(),
        colour: String::new(),
        text: "status:todo".to_owned(),
        settings: Settings::default(),
    };
    ViewsService::new(desk.db.clone()).create(by, view).await.unwrap().key
}

#[tokio::test(flavor = "multi_thread")]
async fn things_of_every_kind_are_found_by_what_one_types() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana Printer").await;
        desk.agent("Gone Printer").disabled().await;
        let marisa = desk.customer("Marisa Printer").of("Printer Works").await;
        let jam = desk.ticket("Printer jam").by(&marisa).for_agent(&ana).await;
        let other = desk.ticket("Invoice").by(&marisa).tagged("vip").await;
        let found = find(&desk, &ana, "print").await;
        // Who asks is among the words of a ticket.
        assert_eq!(numbers(&found), [jam, other], "what has it in its title comes first");
        assert_eq!(found.customers.list.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Marisa Printer"]);
        assert_eq!(found.organizations.list.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Printer Works"]);
        // Agents lead to what is theirs.
        assert_eq!(found.agents.list.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Ana Printer"]);
        assert_eq!(numbers(&find(&desk, &ana, &found.agents.list[0].text).await), [jam]);
        assert!(found.problem.is_none());

        // A number is that of a ticket, whatever else it is.
        assert_eq!(numbers(&find(&desk, &ana, &format!("#{jam}")).await), [jam]);
        assert_eq!(numbers(&find(&desk, &ana, &other.to_string()).await)[0], other);

        // A single letter means nobody's ticket, but somebody's name.
        let letter = find(&desk, &ana, "p").await;
        assert!(letter.items.list.is_empty() && letter.customers.list.len() == 1);

        // What is typed is a filter, and what is wrong with one is told at its place.
        assert_eq!(numbers(&find(&desk, &ana, "tag:vip").await), [other]);
        assert_eq!(numbers(&find(&desk, &ana, "-tag:vip printer").await), [jam]);
        let wrong = find(&desk, &ana, "printer statuss:open").await;
        let problem = wrong.problem.clone().unwrap();
        assert_eq!((problem.from, problem.to), (8, 20), "{}", problem.error);
        assert!(wrong.items.list.is_empty());
        // What could stand there is told with it.
        let completed = find(&desk, &ana, "stat").await.completion.unwrap();
        assert!(completed.suggestions.iter().any(|one| one.text == "status:"), "{completed:?}");

        // Of nothing only the views are told, without those that one hides.
        let all = find(&desk, &ana, " ").await;
        assert!(all.items.list.is_empty() && all.customers.list.is_empty() && all.agents.list.is_empty());
        assert_eq!(all.views.len(), SystemView::ALL.len());
        let hide = OwnChange::Hide(true);
        ViewsService::new(desk.db.clone()).set_own(&ana, ViewKey::System(SystemView::Mine), hide).await.unwrap();
        assert_eq!(find(&desk, &ana, "").await.views.len(), SystemView::ALL.len() - 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_of_each_kind_are_found_and_that_there_is_more() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        for n in 0..=FOUND {
            let customer = desk.customer(&format!("Many {n}")).of(&format!("Many {n}")).await;
            desk.ticket(&format!("Many {n}")).by(&customer).await;
            desk.agent(&format!("Many {n}")).await;
        }
        let found = find(&desk, &ana, "many").await;
        let told = [
            (found.items.list.len(), found.items.more),
            (found.customers.list.len(), found.customers.more),
            (found.organizations.list.len(), found.organizations.more),
            (found.agents.list.len(), found.agents.more),
        ];
        assert_eq!(told, [(FOUND, true); 4]);
        let one = find(&desk, &ana, "\"many 3\"").await;
        assert_eq!((one.items.list.len(), one.items.more), (1, false));
        // The latest first.
        assert!(numbers(&found).windows(2).all(|pair| pair[0] > pair[1]));
        // A text too long for a name is still a filter.
        let long = vec!["title:many"; 40].join(" | ");
        assert_eq!(find(&desk, &ana, &long).await.items.list.len(), FOUND);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_they_may_not_see() {
    both_databases(async |desk| {
        let tom = desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let ana = desk.agent("Ana").in_team("Board").await;
        let leo = desk.agent("Leo").with_role(Role::Light).in_team("Support").seeing_their_teams_only().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let ours = desk.ticket("Merger of printers").by(&marisa).for_team("Support").await;
        let secret = desk.ticket("Merger with Globex").by(&marisa).for_team("Board").tagged("globex").await;
        let board = desk.team("Board").await;
        save(&desk, &ana, "Globex merger", ViewScope::Team(board)).await;
        save(&desk, &ana, "My merger", ViewScope::Personal).await;
        assert_eq!(numbers(&find(&desk, &ana, "merger").await), [secret, ours]);
        assert_eq!(find(&desk, &ana, "merger").await.views.len(), SystemView::ALL.len() + 2);
        for reader in [&tom, &leo] {
            assert_eq!(numbers(&find(&desk, reader, "merger").await), [ours]);
            let number = secret.to_string();
            for text in ["merger", "glob", "tag:", "tag:glob", "view:", "title:merger", &number, &format!("#{number}"), ""] {
                let all = told(&desk, reader, text).await;
                assert!(!all.contains("Globex") && !all.contains("globex") && !all.contains("My merger"), "{text}: {all}");
            }
        }
        for stranger in [&marisa, &Actor::Anonymous] {
            assert!(finder(&desk).find(stranger, "merger".to_owned(), 6).await.is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_is_answered() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        desk.ticket("100%_sure").await;
        let long = "x".repeat(70_000);
        for text in
            ["'", "%", "_", "\\", "\"", "(((((", "#", "#99999999999999999999", "-", "*", "\u{0}", "status:", ":", "a:b:c", &long]
        {
            let found = finder(&desk).find(&ana, text.to_owned(), u32::MAX).await.unwrap();
            assert!(found.items.list.is_empty(), "{text:.20}");
        }
        assert_eq!(find(&desk, &ana, "sure").await.items.list.len(), 1);
    })
    .await;
}
