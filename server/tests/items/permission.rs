//! Who sees and does what. What one may not see answers exactly like what does not exist.

use super::{common::both_databases, new_item, note, reply};
use domain::{
    Error,
    actor::Actor,
    conversation::MessageKind,
    draft::NewDraft,
    id::ItemNumber,
    item::Change,
    service::Items,
    view::{ItemQuery, SystemView},
};

fn all(search: &str) -> ItemQuery {
    ItemQuery { text: search.to_owned(), ..ItemQuery::of(SystemView::All) }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_of_a_team_sees_its_tickets_and_their_own_everywhere_and_no_others() {
    both_databases(async |desk| {
        let tom = desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let team = desk.ticket("For the team").by(&marisa).for_team("Support").tagged("seen").await;
        let own = desk.ticket("For Tom").by(&marisa).for_agent(&tom).await;
        let followed = desk.ticket("Followed").by(&marisa).await;
        desk.items().follow(&ana, followed, true).await.unwrap();
        let secret = desk.ticket("Secret").by(&marisa).for_team("Board").tagged("secret").await;
        let items = desk.items();

        let seen: Vec<ItemNumber> = items.list(&tom, all("")).await.unwrap().rows.iter().map(|row| row.number).collect();
        assert_eq!(seen, [own, team]);
        assert_eq!(items.total(&tom, all("")).await.unwrap(), 2);
        assert_eq!(items.total(&ana, all("")).await.unwrap(), 4);
        let count = items.counts(&tom).await.unwrap().into_iter().find(|each| each.view == SystemView::All.into()).unwrap().count;
        assert_eq!(count, 2);
        for search in ["secret", &format!("#{secret}"), &secret.to_string()] {
            assert!(items.list(&tom, all(search)).await.unwrap().rows.is_empty(), "{search}");
        }
        assert_eq!(items.suggest_tags(&tom, "se").await.unwrap(), ["seen"]);
        assert_eq!(items.suggest_tags(&ana, "se").await.unwrap(), ["secret", "seen"]);
        let customer = marisa.customer().unwrap();
        assert_eq!(items.of_customer(&tom, customer.id).await.unwrap().len(), 2);
        assert_eq!(items.of_organization(&tom, customer.organization.unwrap()).await.unwrap().len(), 2);

        // Every door answers for the hidden one as for one that is not there.
        for number in [secret, ItemNumber(4711)] {
            let gone = Err(Error::not_found());
            assert_eq!(items.get(&tom, number).await.map(|_| ()), gone);
            assert_eq!(items.activity(&tom, number).await.map(|_| ()), gone);
            assert_eq!(items.change(&tom, number, 1, vec![Change::Priority(1)]).await.map(|_| ()), gone);
            assert_eq!(items.write(&tom, reply(number, "<p>x</p>")).await.map(|_| ()), gone);
            assert_eq!(items.follow(&tom, number, true).await.map(|_| ()), gone);
            assert_eq!(items.set_customer_follows(&tom, number, customer.id, true).await.map(|_| ()), gone);
            assert_eq!(items.drafts(&tom, number).await.map(|_| ()), gone);
            let draft = NewDraft { item: number, kind: MessageKind::Note, html: "<p>x</p>".to_owned(), files: vec![] };
            assert_eq!(items.save_draft(&tom, draft).await, gone);
            assert_eq!(items.messages_after(&tom, number, 0).await.map(|_| ()), gone);
        }
        assert_eq!(items.get(&ana, secret).await.unwrap().row.version, 1, "nothing was changed");

        // Who gives a ticket away sees what came of it, and then no more.
        let given = items.change(&tom, own, 1, vec![Change::Agents(vec![ana.agent().unwrap().id])]).await.unwrap();
        assert_eq!(given.row.agents, [ana.agent().unwrap().id]);
        assert_eq!(items.get(&tom, own).await.map(|_| ()), Err(Error::not_found()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_light_agent_reads_and_writes_notes_only() {
    both_databases(async |desk| {
        let leo = desk.light_agent().await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let detail = items.get(&leo, number).await.unwrap();
        assert_eq!((detail.may.change, detail.may.reply, detail.may.note), (false, false, true));
        let catalog = items.catalog(&leo).await.unwrap();
        let forbidden = Err(Error::forbidden());
        assert_eq!(items.create(&leo, new_item("x")).await.map(|_| ()), forbidden);
        assert_eq!(items.change(&leo, number, 1, vec![Change::Priority(1)]).await.map(|_| ()), forbidden);
        assert_eq!(items.write(&leo, reply(number, "<p>x</p>")).await.map(|_| ()), forbidden);
        let mut closing = note(number, "<p>x</p>");
        closing.status_id = Some(catalog.types[0].statuses[6].id);
        assert_eq!(items.write(&leo, closing).await.map(|_| ()), forbidden);
        let draft = NewDraft { item: number, kind: MessageKind::Reply, html: "<p>x</p>".to_owned(), files: vec![] };
        assert_eq!(items.save_draft(&leo, draft).await, forbidden);
        items.write(&leo, note(number, "<p>Seen</p>")).await.unwrap();
        items.follow(&leo, number, true).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_and_strangers_do_not_come_in_here() {
    both_databases(async |desk| {
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        for (who, error) in [(marisa.clone(), Error::forbidden()), (Actor::Anonymous, Error::unauthenticated())] {
            let refused = Err(error);
            assert_eq!(items.catalog(&who).await.map(|_| ()), refused);
            assert_eq!(items.counts(&who).await.map(|_| ()), refused);
            assert_eq!(items.list(&who, all("")).await.map(|_| ()), refused);
            assert_eq!(items.total(&who, all("")).await.map(|_| ()), refused);
            assert_eq!(items.of_customer(&who, marisa.customer().unwrap().id).await.map(|_| ()), refused);
            assert_eq!(items.get(&who, number).await.map(|_| ()), refused);
            assert_eq!(items.activity(&who, number).await.map(|_| ()), refused);
            assert_eq!(items.create(&who, new_item("x")).await.map(|_| ()), refused);
            assert_eq!(items.change(&who, number, 1, Vec::new()).await.map(|_| ()), refused);
            assert_eq!(items.write(&who, note(number, "<p>x</p>")).await.map(|_| ()), refused);
            assert_eq!(items.follow(&who, number, true).await.map(|_| ()), refused);
            assert_eq!(items.suggest_tags(&who, "").await.map(|_| ()), refused);
            assert_eq!(items.drafts(&who, number).await.map(|_| ()), refused);
            assert_eq!(items.messages_after(&who, number, 0).await.map(|_| ()), refused);
        }
    })
    .await;
}
