//! Merging tickets into one, and taking it back.

use super::{
    actions::{answer, portals},
    common::{TestDesk, both_databases},
    note, reply, status,
};
use domain::{
    Error, ErrorCode,
    action::{LinkKind, NewMerge},
    actor::{Actor, Party},
    conversation::Message,
    filter::{Expr, Field, Op, Value},
    id::ItemNumber,
    item::Change,
    limits,
    portal::PortalQuery,
    service::{Actions, Files, Items, Portals},
    time::{DAY, HOUR, MINUTE},
    types::Category,
    view::{ItemQuery, SystemView},
};
use server::{
    args,
    db::Sql,
    files::FileStore,
    service::{files::FilesService, items::discard_deleted},
};
use std::collections::BTreeMap;

fn merge(into: ItemNumber, items: &[ItemNumber]) -> NewMerge {
    NewMerge { into, items: items.to_vec(), share: false, idempotency_key: String::new() }
}

fn texts(messages: &[Message]) -> Vec<String> {
    messages.iter().map(|message| message.html.replace("<p>", "").replace("</p>", "")).collect()
}

/// Every row of the tables that items are kept in, but for what every change touches.
async fn rows_of_items(desk: &TestDesk) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for (table, columns) in [
        (
            "item",
            "id, number, title, title_key, search_key, description, type_id, status_id, category, status_rank, priority, requester_id, \
             requester_key, organization_id, channel, impact, product, published, created_at, first_response_at, resolved_at, \
             last_message_at, last_message_by, last_message_by_id, last_message_name, spam, deleted_at, snoozed_until, merged_into",
        ),
        ("item_agent", "item_id, agent_id"),
        ("item_team", "item_id, team_id"),
        ("item_tag", "item_id, tag"),
        ("item_following_agent", "item_id, agent_id"),
        ("item_following_customer", "item_id, customer_id"),
        ("item_away", "item_id"),
        ("item_link", "from_id, to_id, kind"),
        ("item_merge", "item_id, target_id, brought"),
        ("message", "id, item_id, kind, html, recipients, created_at"),
        ("file", "id, item_id, message_id, purpose"),
        ("draft", "agent_id, item_id, kind, html"),
        ("mail", "id, item_id, message_id"),
    ] {
        let mut sql = Sql::build("SELECT ");
        let mut parts = columns.split(", ").peekable();
        while let Some(column) = parts.next() {
            sql.push("COALESCE(CAST(").push(column).push(" AS TEXT), '-')");
            sql.push(if parts.peek().is_some() { " || '|' || " } else { " AS line FROM " });
        }
        sql.push(table).push(" ORDER BY 1");
        let rows: Vec<(String,)> = desk.rows(sql).await;
        all.insert(table, rows.into_iter().map(|(row,)| row).collect());
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_tickets_are_one_conversation_by_time() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let (items, portals) = (desk.items(), portals(&desk));
        let into = desk.ticket("Printer jam").by(&marisa).tagged("jam").await;
        items.write(&ana, reply(into, "<p>first</p>")).await.unwrap();
        desk.clock.advance(MINUTE);
        let again = desk.ticket("Printer jams again").by(&marisa).tagged("hot").tagged("jam").await;
        let third = desk.ticket("Jam").by(&marisa).await;
        items.follow(&bea, again, true).await.unwrap();
        desk.clock.advance(MINUTE);
        let file = desk.upload(&bea, "photo.png").await;
        let mut second = reply(again, "<p>second</p>");
        second.files = vec![file];
        items.write(&bea, second).await.unwrap();
        items.write(&bea, note(again, "<p>inside</p>")).await.unwrap();
        desk.clock.advance(MINUTE);
        items.write(&ana, reply(into, "<p>fourth</p>")).await.unwrap();
        desk.clock.advance(MINUTE);
        portals.reply(&marisa, answer(again, "fifth")).await.unwrap();

        let order = NewMerge { idempotency_key: "key".to_owned(), ..merge(into, &[again, third]) };
        let whole = items.merge(&ana, order.clone()).await.unwrap();
        assert_eq!(whole.row.number, into);
        assert_eq!(texts(&whole.messages), ["first", "", "", "second", "inside", "fourth", "fifth"]);
        let from: Vec<Option<ItemNumber>> = whole.messages.iter().map(|message| message.from).collect();
        assert_eq!(from, [None, Some(third), Some(again), Some(again), Some(again), None, Some(again)]);
        assert_eq!(whole.messages[3].files[0].id, file);
        assert_eq!(whole.row.tags, ["hot", "jam"]);
        assert_eq!(whole.following_agents, [bea.agent().unwrap().id]);
        assert_eq!(whole.row.last_message_by, Some(marisa.party()), "what their customer wrote there waits for an answer here");
        assert_eq!(
            whole.merged.iter().map(|one| (one.number, one.reversible)).collect::<Vec<_>>(),
            [(again, true), (third, true)]
        );
        assert_eq!(items.merge(&ana, order).await.unwrap(), whole, "the same key merges once");

        let closed = items.get(&ana, again).await.unwrap();
        assert_eq!((closed.row.away.merged_into, closed.row.category), (Some(into), Category::Done));
        let catalog = items.catalog(&ana).await.unwrap();
        assert_eq!(closed.row.status_id, status(&catalog, "question", "closed"));
        assert_eq!((closed.may.change, closed.may.reply, closed.may.note), (false, false, false));
        let told = |number| {
            let (items, ana) = (&items, &ana);
            async move {
                items.activity(ana, number).await.unwrap().into_iter().map(|entry| (entry.name, entry.new)).collect::<Vec<_>>()
            }
        };
        assert_eq!(told(again).await[0], ("merged".to_owned(), format!("#{into}")));
        assert_eq!(told(into).await[1], ("merged_in".to_owned(), format!("#{again}")));

        // Lists show what goes on; words lead to both.
        let listed = async |query: ItemQuery| -> Vec<ItemNumber> {
            items.list(&ana, query).await.unwrap().rows.into_iter().map(|row| row.number).collect()
        };
        assert_eq!(listed(ItemQuery::of(SystemView::All)).await, [into]);
        let words = ItemQuery { text: "again".to_owned(), ..ItemQuery::of(SystemView::All) };
        assert_eq!(listed(words).await, [again]);
        let those = Expr::compare(Field::MergedInto, Op::Is, Value::Int(into.0));
        let mut found = listed(ItemQuery { filter: Some(those), ..ItemQuery::of(SystemView::All) }).await;
        found.sort();
        assert_eq!(found, [again, third]);

        // It goes on in one place only.
        let refused = |error: Error| {
            assert_eq!((error.code, error.key.as_str()), (ErrorCode::Conflict, "error_item_merged"));
            assert_eq!(error.params["number"], into.to_string());
        };
        refused(items.write(&ana, note(again, "<p>x</p>")).await.unwrap_err());
        refused(items.change(&ana, again, closed.row.version, vec![Change::Priority(2)]).await.unwrap_err());
        refused(items.set_deleted(&ana, again, true).await.unwrap_err());
        refused(items.merge(&ana, merge(third, &[into])).await.unwrap_err());
        refused(items.link(&ana, into, again, LinkKind::Blocks).await.unwrap_err());
        // A ticket that holds others can go on in another: all of them with it.
        let end = desk.ticket("Printers").by(&marisa).await;
        let whole = items.merge(&ana, merge(end, &[into])).await.unwrap();
        assert_eq!(whole.merged.iter().map(|one| one.number).collect::<Vec<_>>(), [into, again, third]);
        assert_eq!(whole.messages.len(), 8);
        assert_eq!(items.messages_after(&ana, end, 0).await.unwrap(), whole.messages);
    })
    .await;
}

/// A desk of tickets that have all kinds of things in common, or not. `seed` says which.
async fn several(desk: &TestDesk, seed: u64) -> (Actor, Vec<ItemNumber>) {
    let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut dice = move |sides: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % sides
    };
    let (ana, bea) = (desk.agent("Ana").in_team("Support").await, desk.agent("Bea").await);
    let people = [
        desk.customer("Marisa").of("ACME").await,
        desk.customer("Carla").of("ACME").await,
        desk.customer("Sven").of("Globex").await,
    ];
    let (items, portals) = (desk.items(), portals(desk));
    let catalog = items.catalog(&ana).await.unwrap();
    let mut numbers = Vec::new();
    for n in 0..4 {
        let mut ticket = desk.ticket(&format!("Ticket {n}")).by(&people[usize::try_from(dice(3)).unwrap()]);
        for tag in ["a", "b", "c"] {
            if dice(2) == 0 {
                ticket = ticket.tagged(tag);
            }
        }
        numbers.push(ticket.await);
    }
    for turn in 0..14 {
        desk.clock.advance(MINUTE);
        let number = numbers[usize::try_from(dice(4)).unwrap()];
        match dice(6) {
            0 => drop(items.follow(&bea, number, true).await.unwrap()),
            1 => {
                let customer = people[usize::try_from(dice(3)).unwrap()].customer().unwrap().id;
                items.set_customer_follows(&ana, number, customer, true).await.unwrap();
            }
            2 => drop(items.write(&ana, note(number, &format!("<p>note {turn}</p>"))).await.unwrap()),
            3 => drop(items.write(&bea, reply(number, &format!("<p>reply {turn}</p>"))).await.unwrap()),
            4 => {
                let version = items.get(&ana, number).await.unwrap().row.version;
                let key = ["open", "waiting_customer", "resolved"][usize::try_from(dice(3)).unwrap()];
                items.change(&ana, number, version, vec![Change::Status(status(&catalog, "question", key))]).await.unwrap();
            }
            _ => {
                for person in &people {
                    if portals.reply(person, answer(number, &format!("answer {turn}"))).await.is_ok() {
                        break;
                    }
                }
            }
        }
    }
    (ana, numbers)
}

/// Whatever the tickets were like, and in whichever order it is taken back.
#[tokio::test(flavor = "multi_thread")]
async fn after_it_is_taken_back_everything_is_as_it_was() {
    for seed in 0..10 {
        both_databases(async |desk| {
            let (ana, numbers) = several(&desk, seed).await;
            let items = desk.items();
            let [into, one, two, three] = numbers[..] else { unreachable!() };
            let before = rows_of_items(&desk).await;
            desk.clock.advance(DAY);
            // Some at once, one of them shared, one by way of another.
            items.merge(&ana, merge(into, &[one])).await.unwrap();
            items.merge(&ana, NewMerge { share: true, ..merge(into, &[two]) }).await.unwrap();
            let all = rows_of_items(&desk).await;
            assert_ne!(all, before);
            desk.clock.advance(DAY);
            items.merge(&ana, merge(three, &[into])).await.unwrap();
            items.unmerge(&ana, vec![into]).await.unwrap();
            assert_eq!(rows_of_items(&desk).await, all, "seed {seed}");
            match seed % 3 {
                0 => drop(items.unmerge(&ana, vec![one, two]).await.unwrap()),
                1 => {
                    items.unmerge(&ana, vec![two]).await.unwrap();
                    items.unmerge(&ana, vec![one]).await.unwrap();
                }
                _ => {
                    items.unmerge(&ana, vec![one]).await.unwrap();
                    items.unmerge(&ana, vec![two]).await.unwrap();
                }
            }
            assert_eq!(rows_of_items(&desk).await, before, "seed {seed}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_after_stays_where_it_is() {
    both_databases(async |desk| {
        let (ana, marisa) = (desk.agent("Ana").await, desk.customer("Marisa").of("ACME").await);
        let items = desk.items();
        let (into, other) = (desk.ticket("One").by(&marisa).await, desk.ticket("Other").by(&marisa).tagged("hot").await);
        items.write(&ana, reply(other, "<p>before</p>")).await.unwrap();
        items.merge(&ana, merge(into, &[other])).await.unwrap();
        desk.clock.advance(HOUR);
        let after = items.write(&ana, reply(into, "<p>after</p>")).await.unwrap();
        let last = after.row.last_message_at;
        let version = after.row.version;
        items.change(&ana, into, version, vec![Change::Tags(vec!["hot".to_owned(), "new".to_owned()])]).await.unwrap();
        let rest = items.unmerge(&ana, vec![other]).await.unwrap();
        assert_eq!(texts(&rest.messages), ["after"]);
        assert_eq!((rest.row.last_message_at, &rest.row.tags[..]), (last, &["new".to_owned()][..]));
        let back = items.get(&ana, other).await.unwrap();
        assert_eq!((texts(&back.messages), back.row.category), (vec!["before".to_owned()], Category::Todo));
        assert!(back.may.reply);
        let error = items.unmerge(&ana, vec![other]).await.unwrap_err();
        assert_eq!((error.code, error.key.as_str()), (ErrorCode::Conflict, "error_not_merged"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_has_limits() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let items = desk.items();
        let (into, other) = (desk.ticket("One").await, desk.ticket("Other").await);
        items.merge(&ana, merge(into, &[other])).await.unwrap();
        desk.clock.advance(limits::UNMERGE_DAYS * DAY);
        assert!(items.get(&ana, into).await.unwrap().merged[0].reversible);
        desk.clock.advance(1);
        assert!(!items.get(&ana, into).await.unwrap().merged[0].reversible);
        let late = items.unmerge(&ana, vec![other]).await.unwrap_err();
        assert_eq!((late.code, late.key.as_str()), (ErrorCode::Conflict, "error_unmerge_late"));
        assert_eq!(items.get(&ana, other).await.unwrap().row.away.merged_into, Some(into), "nothing was changed");

        let mut many = Vec::new();
        for _ in 1..limits::MERGED {
            many.push(desk.ticket("Another").await);
        }
        items.merge(&ana, merge(into, &many)).await.unwrap();
        let one_more = desk.ticket("Too much").await;
        assert_eq!(items.merge(&ana, merge(into, &[one_more])).await.unwrap_err().fields[0].key, "error_too_many_values");
        assert_eq!(items.merge(&ana, merge(one_more, &[into])).await.unwrap_err().fields[0].key, "error_too_many_values");
        assert_eq!(items.merge(&ana, merge(into, &[into])).await.unwrap_err().fields[0].key, "error_same_item");
        assert_eq!(items.merge(&ana, merge(into, &[])).await.unwrap_err().fields[0].field, "items");
        let gone = items.merge(&ana, merge(into, &[ItemNumber(4711)])).await;
        assert_eq!(gone.map(|_| ()), Err(Error::not_found()));

        // A reply that waits was written for other people.
        let (here, there) = (desk.ticket("Here").await, desk.ticket("There").await);
        let mut waits = reply(here, "<p>Hello</p>");
        waits.hold = true;
        items.write(&ana, waits).await.unwrap();
        assert_eq!(items.merge(&ana, merge(there, &[here])).await.unwrap_err().key, "error_merge_waits");
        items.merge(&ana, merge(here, &[there])).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_merge_at_once_do_not_lose_anything() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        for turn in 0..6 {
            let (one, two, three) = (desk.ticket("One").await, desk.ticket("Two").await, desk.ticket("Three").await);
            let items = desk.items();
            // The same into two, into each other, and in a circle.
            let (first, second) = match turn % 3 {
                0 => (merge(two, &[one]), merge(three, &[one])),
                1 => (merge(two, &[one]), merge(one, &[two])),
                _ => (merge(two, &[one, three]), merge(three, &[two])),
            };
            let (a, b) = tokio::join!(items.merge(&ana, first), items.merge(&bea, second));
            let refused = match (a, b) {
                (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
                other => panic!("{turn}: {other:?}"),
            };
            assert_eq!((refused.code, refused.key.as_str()), (ErrorCode::Conflict, "error_item_merged"), "{turn}");
            // And two who take it back at once.
            let sql = "SELECT number FROM item WHERE merged_into <> 0 ORDER BY number";
            let merged: Vec<(i64,)> = desk.rows(Sql::new(sql, args![])).await;
            let merged: Vec<ItemNumber> = merged.into_iter().map(|(number,)| ItemNumber(number)).collect();
            let (a, b) = tokio::join!(items.unmerge(&ana, merged.clone()), items.unmerge(&bea, merged.clone()));
            let errors: Vec<String> = [a, b].into_iter().filter_map(Result::err).map(|error| error.key).collect();
            assert_eq!(errors, ["error_not_merged"], "{turn}");
            assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item_merge", args![])).await, 0);
            assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item_away", args![])).await, 0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_more_of_a_merged_ticket_than_before() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let tom = desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let sven = desk.customer("Sven").of("Globex").await;
        let (items, portals) = (desk.items(), portals(&desk));
        let into = desk.ticket("Printer jam").by(&marisa).for_team("Support").await;
        let foreign = desk.ticket("Secret plan").by(&sven).await;
        let file = desk.upload(&sven, "plan.pdf").await;
        let mut secret = answer(foreign, "very secret");
        secret.files = vec![file];
        desk.clock.advance(HOUR);
        portals.reply(&sven, secret).await.unwrap();
        let before = portals.list(&marisa, PortalQuery::default()).await.unwrap();
        items.merge(&ana, merge(into, &[foreign])).await.unwrap();

        // The agent reads all of it; an agent of the team what they saw before.
        assert_eq!(items.get(&ana, into).await.unwrap().messages.len(), 2);
        let theirs = items.get(&tom, into).await.unwrap();
        assert_eq!((theirs.messages.len(), theirs.merged.len()), (0, 0));
        // Its customers neither read it nor see that anybody wrote.
        for who in [&marisa, &carla] {
            let ticket = portals.ticket(who, into).await.unwrap();
            assert_eq!((ticket.messages.len(), ticket.merged_into), (0, None));
            assert_eq!(portals.ticket(who, foreign).await.map(|_| ()), Err(Error::not_found()));
        }
        let after = portals.list(&marisa, PortalQuery::default()).await.unwrap();
        assert_eq!(
            after.rows.iter().map(|row| (row.last_at, &row.last_by)).collect::<Vec<_>>(),
            before.rows.iter().map(|row| (row.last_at, &row.last_by)).collect::<Vec<_>>()
        );
        let store = FileStore::local(&desk.folder().join("files")).unwrap();
        let files = FilesService::new(desk.db.clone(), store);
        let hidden = files.download(&marisa, file).await.map(|_| ()).unwrap_err();
        assert_eq!(hidden.code, ErrorCode::NotFound);
        // There are no bytes: who may have them is told that.
        assert_ne!(files.download(&sven, file).await.map(|_| ()).unwrap_err().code, ErrorCode::NotFound);

        // Who asked there keeps what was theirs, and learns nothing of the other.
        let kept = portals.ticket(&sven, foreign).await.unwrap();
        assert_eq!((texts(&kept.messages), kept.merged_into), (vec!["very secret".to_owned()], None));
        assert_eq!((kept.status().unwrap().category, kept.may_close, kept.may_reopen), (Category::Done, false, false));
        assert_eq!(portals.ticket(&sven, into).await.map(|_| ()), Err(Error::not_found()));
        assert_eq!(items.get(&ana, into).await.unwrap().following_customers.len(), 1);

        // What they answer is read by who reads both, and by nobody else.
        let version = items.get(&ana, into).await.unwrap().row.version;
        let catalog = items.catalog(&ana).await.unwrap();
        items.change(&ana, into, version, vec![Change::Status(status(&catalog, "question", "resolved"))]).await.unwrap();
        items.follow(&ana, into, true).await.unwrap();
        desk.clock.advance(HOUR);
        let mails = "SELECT COUNT(*) FROM mail WHERE recipients LIKE '%marisa%'";
        let mailed = desk.number(Sql::new(mails, args![])).await;
        let answered = portals.reply(&sven, answer(foreign, "still secret")).await.unwrap();
        assert_eq!((answered.number, answered.messages.len()), (foreign, 2));
        let whole = items.get(&ana, into).await.unwrap();
        assert_eq!(texts(&whole.messages).last().unwrap(), "still secret");
        assert_eq!(whole.row.category, Category::Todo, "it is opened where agents go on with it");
        assert_eq!(portals.ticket(&marisa, into).await.unwrap().messages.len(), 0);
        assert_eq!(desk.number(Sql::new(mails, args![])).await, mailed);
        let to_ana = "SELECT COUNT(*) FROM mail WHERE recipients LIKE '%ana@desk.test%'";
        assert_eq!(desk.number(Sql::new(to_ana, args![])).await, 1);
        assert_eq!(items.get(&ana, foreign).await.unwrap().row.category, Category::Done);
        assert_eq!(portals.set_closed(&sven, foreign, false).await.map(|_| ()), Err(Error::forbidden()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_read_the_other_goes_on_there() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let (marisa, carla) = (desk.customer("Marisa").of("ACME").await, desk.customer("Carla").of("ACME").await);
        let (items, portals) = (desk.items(), portals(&desk));
        let (into, again) = (desk.ticket("Printer jam").by(&marisa).await, desk.ticket("Jam again").by(&carla).await);
        let whole = items.merge(&ana, merge(into, &[again])).await.unwrap();
        let names: Vec<&str> = whole.following_customers.iter().map(|customer| customer.name.as_str()).collect();
        assert_eq!(names, ["Carla", "Marisa"], "a colleague saw it already, and hears of it from now on");
        assert_eq!(portals.ticket(&carla, again).await.unwrap().merged_into, Some(into));
        assert_eq!(portals.ticket(&marisa, into).await.unwrap().messages.len(), 1, "the question of the colleague");
        let mut twice = answer(again, "Still");
        twice.idempotency_key = "once".to_owned();
        let answered = portals.reply(&carla, twice.clone()).await.unwrap();
        assert_eq!(answered.number, into);
        assert_eq!(texts(&answered.messages), ["", "Still"]);
        assert_eq!(portals.reply(&carla, twice).await.unwrap().messages.len(), 2);
        assert_eq!(items.get(&ana, into).await.unwrap().row.last_message_by, Some(Party::Customer(carla.customer().unwrap().id)));

        // Strangers are let in only if the agent says so.
        let sven = desk.customer("Sven").of("Globex").await;
        let (one, two) = (desk.ticket("One").by(&sven).await, desk.ticket("Two").by(&sven).await);
        items.merge(&ana, NewMerge { share: true, ..merge(into, &[one]) }).await.unwrap();
        assert_eq!(
            portals.ticket(&sven, into).await.unwrap().messages.len(),
            2,
            "what is written there, and what they asked themselves"
        );
        let hidden: Vec<_> =
            portals.ticket(&sven, into).await.unwrap().messages.into_iter().filter_map(|each| each.from).collect();
        assert_eq!(hidden, [one], "not what Carla asked");
        items.unmerge(&ana, vec![one]).await.unwrap();
        assert_eq!(portals.ticket(&sven, into).await.map(|_| ()), Err(Error::not_found()));

        // If the ticket where they go on is gone for good, they are on their own again.
        items.merge(&ana, merge(one, &[two])).await.unwrap();
        items.set_deleted(&ana, one, true).await.unwrap();
        assert_eq!(portals.ticket(&sven, two).await.unwrap().merged_into, None);
        desk.clock.advance((limits::DELETED_DAYS + 1) * DAY);
        assert_eq!(discard_deleted(&desk.db).await.unwrap(), 1);
        assert!(items.get(&ana, two).await.unwrap().row.away.is_not());
    })
    .await;
}
