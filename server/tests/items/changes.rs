//! Making tickets and changing fields, also when two people do it at once.

use super::{common::both_databases, new_item, status, type_id};
use domain::{
    ErrorCode,
    actor::Party,
    item::{Change, Impact},
    service::Items,
    time::HOUR,
    types::Category,
};
use server::{args, db::Sql};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_ticket_has_what_was_asked_for() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").in_team("Support").await;
        let marisa = desk.customer("Marisa Paz").of("ACME").await.customer().unwrap().clone();
        let items = desk.items();
        let file = desk.upload(&ana, "photo.png").await;
        let mut item = new_item("  Printer\njam ");
        item.description = format!("<p>It <em>smokes</em></p><img src=\"/files/{file}/photo.png\"><iframe></iframe>");
        item.requester = Some(marisa.id);
        item.agents = vec![ana.agent().unwrap().id, ana.agent().unwrap().id];
        item.teams = ana.agent().unwrap().teams.clone();
        item.tags = vec!["Paper  Jam".to_owned(), "hot".to_owned(), "HOT".to_owned()];
        item.priority = 4;
        let made = items.create(&ana, item).await.unwrap();

        assert_eq!(made.row.number.0, 1);
        assert_eq!(made.row.title, "Printer jam");
        assert_eq!(made.description, format!("<p>It <em>smokes</em></p><img src=\"/files/{file}/photo.png\">"));
        assert_eq!(made.files.iter().map(|each| each.id).collect::<Vec<_>>(), [file], "an image that is shown is taken");
        assert_eq!(made.row.requester.as_ref().unwrap().name, "Marisa Paz");
        assert_eq!(made.row.organization.as_ref().unwrap().name, "ACME");
        assert_eq!(made.row.agents, [ana.agent().unwrap().id]);
        assert_eq!(made.row.tags, ["hot", "paper jam"]);
        assert_eq!(made.row.category, Category::Todo);
        assert_eq!(made.following_customers.len(), 1, "the requester follows");
        assert_eq!(made.row.last_message_by, Some(Party::Customer(marisa.id)), "what is asked counts as the requester's message");
        assert_eq!(made.created_by, ana.party());
        assert_eq!(items.get(&ana, made.row.number).await.unwrap(), made);
        let catalog = items.catalog(&ana).await.unwrap();
        assert_eq!(made.row.type_id, type_id(&catalog, "question"));
        assert_eq!(made.row.status_id, status(&catalog, "question", "new"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_can_be_changed_and_the_activity_tells_it() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").in_team("Support").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let bruno = desk.customer("Bruno").of("Globex").await.customer().unwrap().id;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        let catalog = items.catalog(&ana).await.unwrap();
        let agent = ana.agent().unwrap();
        desk.clock.advance(HOUR);
        let changed = items
            .change(
                &ana,
                number,
                1,
                vec![
                    Change::Title("Printer burns".to_owned()),
                    Change::Description("<p>Smoke</p>".to_owned()),
                    Change::Status(status(&catalog, "incident", "resolved")),
                    Change::Type(type_id(&catalog, "incident")),
                    Change::Priority(5),
                    Change::Requester(Some(bruno)),
                    Change::Agents(vec![agent.id]),
                    Change::Teams(agent.teams.clone()),
                    Change::Tags(vec!["fire".to_owned()]),
                    Change::Impact(Impact::Crisis),
                    Change::Product("LaserJet".to_owned()),
                    Change::Published(false),
                ],
            )
            .await
            .unwrap();
        assert_eq!(changed.row.version, 2);
        assert_eq!(changed.row.title, "Printer burns");
        assert_eq!(changed.row.organization.as_ref().unwrap().name, "Globex", "the organization follows the requester");
        assert_eq!(changed.following_customers.iter().map(|each| each.id).collect::<Vec<_>>(), [bruno]);
        assert_eq!(changed.row.category, Category::Done);
        assert_eq!(changed.row.resolved_at, Some(changed.row.updated_at));
        assert_eq!(changed.row.updated_at.since(changed.row.created_at), HOUR);
        assert_eq!((changed.row.impact, changed.row.product.as_str(), changed.published), (Impact::Crisis, "LaserJet", false));
        assert_eq!(items.get(&ana, number).await.unwrap(), changed);
        let found: Vec<(String, String)> = desk.rows(Sql::new("SELECT search_key, requester_key FROM item", args![])).await;
        assert_eq!(found, [("printer burns\nbruno bruno@globex.test".to_owned(), "bruno".to_owned())]);

        let activity = items.activity(&ana, number).await.unwrap();
        let of = |field: &str| {
            activity.iter().find(|event| event.field == field).map(|event| (event.old.as_str(), event.new.as_str()))
        };
        assert_eq!(of("title"), Some(("Printer jam", "Printer burns")));
        assert_eq!(of("requester"), Some(("Marisa", "Bruno")));
        assert_eq!(of("organization"), Some(("ACME", "Globex")));
        assert_eq!(of("agents"), Some(("", "Ana")));
        assert_eq!(of("teams"), Some(("", "Support")));
        assert_eq!(of("type"), Some(("Question", "Incident")));
        assert_eq!(of("priority"), Some(("0", "5")));
        assert_eq!(of("status").map(|texts| texts.1), Some("Resolved"));

        // The same again changes nothing and tells nothing.
        let again =
            items.change(&ana, number, 2, vec![Change::Priority(5), Change::Tags(vec!["FIRE".to_owned()])]).await.unwrap();
        assert_eq!(again.row.version, 2);
        // Opened again, it is no longer resolved.
        let open = status(&catalog, "incident", "open");
        let opened = items.change(&ana, number, 2, vec![Change::Status(open), Change::Requester(None)]).await.unwrap();
        assert_eq!((opened.row.resolved_at, opened.row.requester, opened.row.organization), (None, None, None));
        assert!(opened.following_customers.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_put_into_a_description_belongs_to_the_ticket() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let other = desk.ticket("Scanner").by(&marisa).await;
        let items = desk.items();
        let (own, unused, foreign) =
            (desk.upload(&ana, "own.png").await, desk.upload(&ana, "unused.png").await, desk.upload(&bea, "foreign.png").await);
        let shows = |files: &[domain::id::FileId]| {
            let images = files.iter().map(|file| format!("<img src=\"/files/{file}/x.png\">")).collect::<String>();
            Change::Description(format!("<p>Look</p>{images}"))
        };
        let files = |detail: &domain::item::ItemDetail| detail.files.iter().map(|file| file.id).collect::<Vec<_>>();

        let changed = items.change(&ana, number, 1, vec![shows(&[own, foreign])]).await.unwrap();
        assert_eq!(files(&changed), [own], "only what the agent uploaded and the text shows");
        assert_eq!(files(&items.get(&bea, number).await.unwrap()), [own]);

        // What a ticket has already stays where it is, wherever else it is shown.
        let elsewhere = items.change(&ana, other, 1, vec![shows(&[own])]).await.unwrap();
        assert!(files(&elsewhere).is_empty());
        let again = items.change(&ana, number, 2, vec![Change::Description("<p>Look away</p>".to_owned())]).await.unwrap();
        assert_eq!(files(&again), [own], "taken out of the text it is still a file of the ticket");

        // A change that is refused takes nothing.
        let refused = items.change(&ana, number, 3, vec![shows(&[unused]), Change::Status(domain::id::StatusId(9_999))]).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::Invalid);
        let free = "SELECT id FROM file WHERE purpose = 'none' ORDER BY id";
        assert_eq!(desk.rows::<(i64,)>(Sql::new(free, args![])).await, [(unused.0,), (foreign.0,)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_type_keeps_the_meaning_of_the_status() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let catalog = items.catalog(&ana).await.unwrap();
        items.change(&ana, number, 1, vec![Change::Status(status(&catalog, "question", "on_hold"))]).await.unwrap();
        let moved = items.change(&ana, number, 2, vec![Change::Type(type_id(&catalog, "problem"))]).await.unwrap();
        assert_eq!(moved.row.status_id, status(&catalog, "problem", "on_hold"));
        // A status of another type is refused.
        let foreign = vec![Change::Status(status(&catalog, "question", "open"))];
        assert_eq!(items.change(&ana, number, 3, foreign).await.unwrap_err().fields[0].field, "status");
        // Where the key is missing, the category decides.
        desk.execute(Sql::new("UPDATE status SET key = '' WHERE key = 'on_hold'", args![])).await;
        let moved = items.change(&ana, number, 3, vec![Change::Type(type_id(&catalog, "request"))]).await.unwrap();
        assert_eq!(moved.row.status_id, status(&catalog, "request", "waiting_customer"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_change_different_fields_both_win() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let bea = desk.agent("Bea").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        items.change(&ana, number, 1, vec![Change::Priority(3)]).await.unwrap();
        let merged = items.change(&bea, number, 1, vec![Change::Title("No paper".to_owned())]).await.unwrap();
        assert_eq!((merged.row.priority, merged.row.title.as_str(), merged.row.version), (3, "No paper", 3));
        // The same value is no conflict either.
        items.change(&bea, number, 1, vec![Change::Priority(3)]).await.unwrap();
        // Who is ahead of us is wrong.
        assert_eq!(items.change(&bea, number, 99, vec![Change::Priority(1)]).await.unwrap_err().fields[0].key, "error_version");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_field_changed_twice_is_a_conflict_that_shows_both() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let bea = desk.agent("Bea").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        items.change(&ana, number, 1, vec![Change::Priority(3)]).await.unwrap();
        let refused =
            items.change(&bea, number, 1, vec![Change::Priority(5), Change::Title("No paper".to_owned())]).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Conflict);
        assert_eq!(refused.conflicts.len(), 1);
        assert_eq!(
            (refused.conflicts[0].field.as_str(), refused.conflicts[0].theirs.as_str(), refused.conflicts[0].yours.as_str()),
            ("priority", "3", "5")
        );
        let now = items.get(&bea, number).await.unwrap();
        assert_eq!((now.row.priority, now.row.title.as_str(), now.row.version), (3, "Printer jam", 2), "nothing was changed");
        // One's own later change follows one's earlier one, whatever the page knew.
        assert_eq!(items.change(&ana, number, 1, vec![Change::Priority(4)]).await.unwrap().row.priority, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_set_the_same_field_at_once_one_wins_and_all_others_learn_it() {
    both_databases(async |desk| {
        let number = desk.ticket("Printer jam").await;
        let mut agents = Vec::new();
        for index in 0..10 {
            agents.push(desk.agent(&format!("Agent {index}")).await);
        }
        let changes = agents.iter().enumerate().map(|(index, agent)| {
            let (desk, agent) = (desk.clone(), agent.clone());
            let change = Change::Title(format!("Title {index}"));
            tokio::spawn(async move { desk.items().change(&agent, number, 1, vec![change]).await })
        });
        let results: Vec<_> = futures::future::join_all(changes).await.into_iter().map(Result::unwrap).collect();
        let won: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
        assert_eq!(won.len(), 1);
        assert!(results.iter().filter_map(|result| result.as_ref().err()).all(|error| error.code == ErrorCode::Conflict));
        let now = desk.items().get(&agents[0], number).await.unwrap();
        assert_eq!((now.row.title.as_str(), now.row.version), (won[0].row.title.as_str(), 2));
    })
    .await;
}
