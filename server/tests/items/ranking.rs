//! The best first: in which order a search finds, and that its pages hold each item once.

use super::{
    common::{TestDesk, both_databases},
    new_item,
};
use domain::{
    actor::Actor,
    id::ItemNumber,
    item::NewItem,
    page::Cursor,
    service::Items,
    time::MINUTE,
    view::{ItemQuery, Sort, SortField, SystemView},
};

fn best(text: &str) -> ItemQuery {
    let sort = Sort { by: SortField::Relevance, descending: true };
    ItemQuery { text: text.to_owned(), sort, limit: 200, ..ItemQuery::of(SystemView::All) }
}

async fn ticket(desk: &TestDesk, ana: &Actor, title: &str, description: &str) -> ItemNumber {
    let item = NewItem { description: description.to_owned(), ..new_item(title) };
    let number = desk.items().create(ana, item).await.unwrap().row.number;
    desk.clock.advance(MINUTE);
    number
}

async fn found(desk: &TestDesk, actor: &Actor, text: &str) -> Vec<i64> {
    desk.items().list(actor, best(text)).await.unwrap().rows.iter().map(|row| row.number.0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_title_comes_before_what_is_only_inside() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let all = [
            ticket(&desk, &ana, "Jam in the printer", "").await,
            ticket(&desk, &ana, "The printer jams", "").await,
            ticket(&desk, &ana, "Printer jam", "").await,
            ticket(&desk, &ana, "Invoice", "<p>printer jam</p>").await,
            ticket(&desk, &ana, "Printers", "<p>jam</p>").await,
            ticket(&desk, &ana, "Invoice again", "<p>a jam of the printer</p>").await,
            ticket(&desk, &ana, "Printer", "<p>no more</p>").await,
        ]
        .map(|number| number.0);
        let of = |places: &[usize]| places.iter().map(|place| all[*place]).collect::<Vec<_>>();
        // The title says it, in this order; both words; the beginnings; one of them; only inside, the latest first.
        assert_eq!(found(&desk, &ana, "printer jam").await, of(&[2, 1, 0, 4, 5, 3]));
        assert_eq!(found(&desk, &ana, "jam").await, of(&[0, 2, 1, 5, 4, 3]));
        assert_eq!(found(&desk, &ana, "printer -jam").await, of(&[6]));
        assert_eq!(found(&desk, &ana, "invoice | printers").await, of(&[5, 4, 3]));
        assert_eq!(found(&desk, &ana, &all[3].to_string()).await[0], all[3], "a number means the ticket");
        // Without words there is nothing to fit: the latest first.
        assert_eq!(found(&desk, &ana, "").await, all.into_iter().rev().collect::<Vec<_>>());
        assert_eq!(found(&desk, &ana, "category:todo").await, all.into_iter().rev().collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_on_behind_what_is_put_in_order_and_hold_each_ticket_once() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let mut all = Vec::new();
        for place in 0..560 {
            let (title, text) = if place % 3 == 0 { ("Printer", "") } else { ("Invoice", "<p>of a printer</p>") };
            all.push(ticket(&desk, &ana, title, text).await.0);
        }
        for limit in [77, 100, 200] {
            let mut seen = Vec::new();
            let mut after = None;
            let mut since = Vec::new();
            loop {
                let page = desk.items().list(&ana, ItemQuery { limit, after, ..best("printer") }).await.unwrap();
                assert!(page.rows.len() <= usize::from(limit));
                seen.extend(page.rows.iter().map(|row| row.number.0));
                // Others go on writing.
                since.push(ticket(&desk, &ana, "Printer", "").await.0);
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let stable: Vec<i64> = seen.iter().copied().filter(|number| all.contains(number)).collect();
            let mut sorted = stable.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!((stable.len(), sorted.len()), (all.len(), all.len()), "by {limit}: each of them, once");
            let titles: Vec<i64> = stable[..100].to_vec();
            assert!(
                titles
                    .iter()
                    .all(|number| all.iter().position(|one| one == number).is_some_and(|place| place % 3 == 0 || place >= 560))
            );
            all.extend(since);
        }
        for wrong in ["", "e30", "bm9uc2Vuc2U"] {
            let query = ItemQuery { after: Some(Cursor(wrong.to_owned())), ..best("printer") };
            assert!(desk.items().list(&ana, query).await.is_err(), "{wrong}");
        }
    })
    .await;
}
