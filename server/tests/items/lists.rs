//! Lists: views, sorts, pages, search, counts.

use super::{
    common::{TestDesk, both_databases},
    new_item, reply, status,
};
use domain::{
    ErrorCode,
    actor::Actor,
    customer::CustomerPatch,
    filter::{Expr, Field, Op, Value},
    id::ItemNumber,
    item::Change,
    page::Cursor,
    patch::Patch,
    service::{Customers, Items},
    time::{DAY, MINUTE},
    view::{ItemQuery, Sort, SortField, SystemView},
};
use server::{mail::Links, service::customers::CustomersService};

fn query(view: SystemView) -> ItemQuery {
    ItemQuery::of(view)
}

async fn numbers(desk: &TestDesk, actor: &Actor, query: ItemQuery) -> Vec<i64> {
    desk.items().list(actor, query).await.unwrap().rows.iter().map(|row| row.number.0).collect()
}

/// Thirty tickets that differ and agree in everything that can be sorted by; some have no requester.
async fn thirty_tickets(desk: &TestDesk, ana: &Actor) {
    let customers = [desk.customer("Zoe").await, desk.customer("marisa").await, desk.customer("Élodie").await];
    let items = desk.items();
    let catalog = items.catalog(ana).await.unwrap();
    for index in 0..30_usize {
        let mut item = new_item(&format!("{} ticket", ["beta", "Alpha", "ändern", "alpha", "42"][index % 5]));
        item.priority = u8::try_from(index % 6).unwrap();
        item.status_id = Some(catalog.types[0].statuses[index % 7].id);
        if index % 4 != 0 {
            item.requester = Some(customers[index % 3].customer().unwrap().id);
        }
        items.create(ana, item).await.unwrap();
        if index % 3 == 0 {
            desk.clock.advance(MINUTE);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sort_visits_every_row_once_whatever_the_page_size() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        thirty_tickets(&desk, &ana).await;
        for by in SortField::ALL {
            for descending in [false, true] {
                let sort = Sort { by, descending };
                let whole = numbers(&desk, &ana, ItemQuery { sort, limit: 200, ..query(SystemView::All) }).await;
                assert_eq!(whole.len(), 30, "{sort:?}");
                for limit in [1, 7, 29, 30] {
                    let mut paged = Vec::new();
                    let mut after = None;
                    loop {
                        let page =
                            desk.items().list(&ana, ItemQuery { sort, limit, after, ..query(SystemView::All) }).await.unwrap();
                        assert!(page.rows.len() <= limit.into());
                        paged.extend(page.rows.iter().map(|row| row.number.0));
                        match page.next {
                            Some(next) => after = Some(next),
                            None => break,
                        }
                    }
                    assert_eq!(paged, whole, "{sort:?} by {limit}");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sorts_order_as_people_expect_with_empty_last() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        thirty_tickets(&desk, &ana).await;
        for descending in [false, true] {
            let rows = |by| {
                let (desk, ana) = (desk.clone(), ana.clone());
                async move {
                    let sort = Sort { by, descending };
                    desk.items().list(&ana, ItemQuery { sort, ..query(SystemView::All) }).await.unwrap().rows
                }
            };
            let stars: Vec<u8> = rows(SortField::Priority).await.iter().map(|row| row.priority).collect();
            let mut expected: Vec<u8> = (0..6).flat_map(|stars| [stars; 5]).collect();
            expected.sort_by_key(|stars| {
                if *stars == 0 {
                    9
                } else if descending {
                    6 - *stars
                } else {
                    *stars
                }
            });
            assert_eq!(stars, expected);
            let requesters: Vec<Option<String>> =
                rows(SortField::Requester).await.into_iter().map(|row| row.requester.map(|each| each.name)).collect();
            let first_empty = requesters.iter().position(Option::is_none).unwrap();
            assert!(requesters[first_empty..].iter().all(Option::is_none));
            let first = if descending { "Élodie" } else { "marisa" };
            assert_eq!(requesters[0].as_deref(), Some(first), "by letters without regard to case");
            let titles: Vec<String> = rows(SortField::Title).await.into_iter().map(|row| row.title.to_lowercase()).collect();
            assert!(if descending { titles.is_sorted_by(|a, b| a >= b) } else { titles.is_sorted() });
            let categories: Vec<_> = rows(SortField::Status).await.into_iter().map(|row| row.category).collect();
            assert!(if descending { categories.is_sorted_by(|a, b| a >= b) } else { categories.is_sorted() });
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_stays_right_while_tickets_come_and_change() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        thirty_tickets(&desk, &ana).await;
        let items = desk.items();
        let sort = Sort { by: SortField::Created, descending: true };
        let (mut seen, mut after, mut round) = (Vec::new(), None, 0);
        loop {
            let page = items.list(&ana, ItemQuery { sort, limit: 4, after, ..query(SystemView::All) }).await.unwrap();
            seen.extend(page.rows.iter().map(|row| row.number.0));
            // Meanwhile one comes in, and one that was seen and one that was not are changed.
            desk.clock.advance(MINUTE);
            items.create(&ana, new_item(&format!("Late {round}"))).await.unwrap();
            let first = page.rows.first().unwrap();
            items.change(&ana, first.number, first.version, vec![Change::Product("x".to_owned())]).await.unwrap();
            items.write(&ana, reply(ItemNumber(1), "<p>x</p>")).await.unwrap();
            round += 1;
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let mut once = seen.clone();
        once.sort_unstable();
        assert_eq!(once, (1..=30).collect::<Vec<_>>(), "{seen:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_belongs_to_its_sort() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        thirty_tickets(&desk, &ana).await;
        let items = desk.items();
        let first = items.list(&ana, ItemQuery { limit: 3, ..query(SystemView::All) }).await.unwrap();
        for sort in [Sort { by: SortField::Title, descending: true }, Sort { by: SortField::Updated, descending: false }] {
            let wrong = ItemQuery { sort, after: first.next.clone(), ..query(SystemView::All) };
            assert_eq!(items.list(&ana, wrong).await.unwrap_err().key, "error_cursor");
        }
        for junk in ["", "x", "AAAA", "eyJieSI6InVwZGF0ZWQifQ"] {
            let wrong = ItemQuery { after: Some(Cursor(junk.to_owned())), ..query(SystemView::All) };
            assert_eq!(items.list(&ana, wrong).await.unwrap_err().code, ErrorCode::Invalid);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_by_number_title_and_requester() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa Paz").of("ACME").await;
        desk.ticket("Printer 100% jam_ed").by(&marisa).await;
        desk.ticket("Élan of 2 printers").await;
        desk.ticket("Order 4711").await;
        let find = async |text: &str| {
            let mut found = numbers(&desk, &ana, ItemQuery { text: text.to_owned(), ..query(SystemView::All) }).await;
            found.sort_unstable();
            found
        };
        assert_eq!(find("printer").await, [1, 2]);
        assert_eq!(find("print").await, [1, 2], "the beginning of a word is enough");
        assert_eq!(find("\"print\"").await, [0_i64; 0], "in quotation marks it is the word itself");
        assert_eq!(find("PAZ printer").await, [1]);
        assert_eq!(find("marisa.paz@acme").await, [1]);
        assert_eq!(find("2").await, [2], "a number is a number, and a word that can stand in a title");
        assert_eq!(find(" #3 ").await, [3]);
        assert_eq!(find("4711").await, [3]);
        assert_eq!(find("#4711").await, [0_i64; 0]);
        assert_eq!(find("100%").await, [1]);
        assert_eq!(find("jam_e").await, [1], "what is no letter and no digit stands between words");
        assert_eq!(find("%").await, [0_i64; 0]);
        assert_eq!(find("p_inter").await, [0_i64; 0]);
        assert_eq!(find("elan").await, [2]);
        assert_eq!(find("printer -élan").await, [1]);
        assert_eq!(find("requester:\"Marisa Paz\"").await, [1]);
        assert_eq!(find("organization:acme | #3").await, [1, 3]);
        assert_eq!(find("status:todo printer").await, [1, 2]);
        assert_eq!(find("' OR 1=1 --").await, [0_i64; 0]);
        assert_eq!(find("99999999999999999999").await, [0_i64; 0]);
        assert_eq!(find("   ").await, [1, 2, 3], "nothing typed is the view itself");
        let mine = ItemQuery { text: "printer".to_owned(), ..query(SystemView::Mine) };
        assert_eq!(numbers(&desk, &ana, mine).await, [0_i64; 0], "a text is asked within the view");

        // Who asks is found under the name of today.
        let marisa = marisa.customer().unwrap().id;
        let owner = desk.owner().await;
        let renamed = CustomerPatch { last_name: Patch::Set("Sol".to_owned()), ..CustomerPatch::default() };
        CustomersService::new(desk.db.clone(), Links::new("http://desk.test")).change(&owner, marisa, renamed).await.unwrap();
        assert_eq!(find("Paz").await, [1], "the address stays");
        assert_eq!(find("Sol").await, [1]);
        assert_eq!(find("\"marisa paz\" -acme").await, [0_i64; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn system_views_show_and_count_what_they_say() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").in_team("Support").await;
        let marisa = desk.customer("Marisa").await;
        let mine = desk.ticket("Mine").by(&marisa).for_agent(&ana).await;
        let team = desk.ticket("Team's").by(&marisa).for_team("Support").await;
        let answered = desk.ticket("Answered").by(&marisa).await;
        let waiting = desk.ticket("Waiting").by(&marisa).await;
        let done = desk.ticket("Done").by(&marisa).for_agent(&ana).await;
        let long_done = desk.ticket("Long done").by(&marisa).await;
        let items = desk.items();
        let catalog = items.catalog(&ana).await.unwrap();
        let set = async |number, key| {
            items.change(&ana, number, 1, vec![Change::Status(status(&catalog, "question", key))]).await.unwrap();
        };
        set(long_done, "closed").await;
        desk.clock.advance(8 * DAY);
        items.write(&ana, reply(answered, "<p>x</p>")).await.unwrap();
        set(waiting, "waiting_customer").await;
        set(done, "resolved").await;
        let counts = items.counts(&ana).await.unwrap();
        for (view, expected) in [
            (SystemView::Mine, vec![mine]),
            (SystemView::TeamUnassigned, vec![team]),
            (SystemView::Open, vec![mine, team, answered, waiting]),
            (SystemView::Waiting, vec![waiting]),
            (SystemView::Unanswered, vec![mine, team, waiting]),
            (SystemView::RecentlyDone, vec![done]),
            (SystemView::All, vec![mine, team, answered, waiting, done, long_done]),
        ] {
            let mut shown = numbers(&desk, &ana, query(view)).await;
            shown.sort_unstable();
            assert_eq!(shown, expected.iter().map(|number| number.0).collect::<Vec<_>>(), "{view:?}");
            let expected = i64::try_from(expected.len()).unwrap();
            assert_eq!(counts.iter().find(|each| each.view == view.into()).unwrap().count, expected, "{view:?}");
            assert_eq!(items.total(&ana, query(view)).await.unwrap(), expected);
        }
        let filter = Some(Expr::compare(Field::Title, Op::StartsWith, Value::Text("d".to_owned())));
        assert_eq!(numbers(&desk, &ana, ItemQuery { filter, ..query(SystemView::All) }).await, [done.0]);
    })
    .await;
}
