//! Whole tickets: put away and brought back, cloned, linked, split.

use super::{
    common::{TestDesk, both_databases},
    note, reply,
};
use domain::{
    Error, ErrorCode,
    action::{LinkKind, NewSplit},
    actor::{Actor, Party},
    filter::{Expr, Field, Op, Value},
    id::{ItemId, ItemNumber, MessageId},
    item::{Change, ItemDetail},
    limits,
    portal::{PortalQuery, PortalReply},
    service::{Actions, Items, Portals},
    time::{DAY, HOUR},
    view::{GroupBy, GroupsQuery, ItemQuery, SystemView},
};
use server::{
    args,
    db::Sql,
    jobs::Outcome,
    mail::Links,
    service::{
        items::{WAKE_JOB, Wake, discard_deleted},
        portals::PortalsService,
    },
};

/// What customers do.
pub fn portals(desk: &TestDesk) -> PortalsService {
    PortalsService::new(desk.db.clone(), Links::new("https://desk.test"))
}

/// A customer's answer.
pub fn answer(item: ItemNumber, body: &str) -> PortalReply {
    PortalReply { item, body: body.to_owned(), html: false, files: Vec::new(), idempotency_key: String::new() }
}

async fn listed(desk: &TestDesk, actor: &Actor, filter: Option<Expr>) -> Vec<ItemNumber> {
    let query = ItemQuery { filter, ..ItemQuery::of(SystemView::All) };
    let mut numbers: Vec<_> = desk.items().list(actor, query).await.unwrap().rows.iter().map(|row| row.number).collect();
    numbers.sort();
    numbers
}

async fn counted(desk: &TestDesk, actor: &Actor, view: SystemView) -> i64 {
    desk.items().counts(actor).await.unwrap().into_iter().find(|each| each.view == view.into()).unwrap().count
}

/// What is shown of a ticket, without what every change touches.
fn still(detail: &ItemDetail) -> ItemDetail {
    let mut detail = detail.clone();
    detail.row.version = 0;
    detail.row.updated_at = detail.row.created_at;
    detail
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_away_is_in_no_list_until_it_comes_back() {
    both_databases(async |desk| {
        let (ana, marisa) = (desk.agent("Ana").await, desk.customer("Marisa").of("ACME").await);
        let items = desk.items();
        let mut numbers = Vec::new();
        for title in ["Stays", "Deleted", "Spam", "Sleeps"] {
            numbers.push(desk.ticket(title).by(&marisa).tagged("jam").await);
        }
        let [stays, deleted, spam, sleeps] = numbers[..] else { unreachable!() };
        let before = items.get(&ana, deleted).await.unwrap();
        let gone = items.set_deleted(&ana, deleted, true).await.unwrap();
        assert_eq!(gone.row.away.deleted_at, Some(desk.db.now()));
        assert_eq!((gone.may.change, gone.may.reply, gone.may.note), (false, false, false));
        items.set_spam(&ana, spam, true).await.unwrap();
        let until = desk.db.now().plus(DAY);
        let slept = items.snooze(&ana, sleeps, Some(until)).await.unwrap();
        assert_eq!(slept.row.away.snoozed_until, Some(until));

        assert_eq!(listed(&desk, &ana, None).await, [stays]);
        assert_eq!(items.total(&ana, ItemQuery::of(SystemView::All)).await.unwrap(), 1);
        assert_eq!((counted(&desk, &ana, SystemView::All).await, counted(&desk, &ana, SystemView::Open).await), (1, 1));
        for by in ["status", "tags", "requester"] {
            let by: GroupBy = by.parse().unwrap();
            for view in [SystemView::All, SystemView::Open] {
                let query = GroupsQuery::of(ItemQuery::of(view), by.clone());
                assert_eq!(items.groups(&ana, query).await.unwrap().groups.iter().map(|group| group.count).sum::<i64>(), 1);
            }
        }
        let not_empty = |field| Some(Expr::compare(field, Op::IsNotEmpty, Value::Null));
        assert_eq!(listed(&desk, &ana, not_empty(Field::Deleted)).await, [deleted]);
        assert_eq!(listed(&desk, &ana, not_empty(Field::Snoozed)).await, [sleeps]);
        assert_eq!(listed(&desk, &ana, Some(Expr::compare(Field::Spam, Op::Is, Value::Bool(true)))).await, [spam]);
        let away = Expr::compare(Field::Away, Op::Is, Value::Bool(true));
        assert_eq!(listed(&desk, &ana, Some(away)).await, [deleted, spam, sleeps]);
        // As people type it.
        let typed = ItemQuery { text: "spam:yes".to_owned(), ..ItemQuery::of(SystemView::All) };
        assert_eq!(items.total(&ana, typed).await.unwrap(), 1);

        // Customers see what sleeps, and nothing of the rest.
        let portals = portals(&desk);
        let theirs = portals.list(&marisa, PortalQuery::default()).await.unwrap().rows;
        assert_eq!(theirs.iter().map(|row| row.number).collect::<Vec<_>>(), [sleeps, stays]);
        for hidden in [deleted, spam] {
            assert_eq!(portals.ticket(&marisa, hidden).await.map(|_| ()), Err(Error::not_found()));
            assert_eq!(portals.reply(&marisa, answer(hidden, "?")).await.map(|_| ()), Err(Error::not_found()));
        }

        // Nobody works in what is deleted.
        let refused = |error: Error| assert_eq!((error.code, error.key.as_str()), (ErrorCode::Conflict, "error_item_deleted"));
        let version = gone.row.version;
        refused(items.change(&ana, deleted, version, vec![Change::Priority(3)]).await.unwrap_err());
        refused(items.write(&ana, note(deleted, "<p>x</p>")).await.unwrap_err());
        refused(items.set_spam(&ana, deleted, true).await.unwrap_err());
        refused(items.snooze(&ana, deleted, Some(until)).await.unwrap_err());
        refused(items.clone_item(&ana, deleted, String::new()).await.unwrap_err());
        refused(items.link(&ana, stays, deleted, LinkKind::Blocks).await.unwrap_err());

        let back = items.set_deleted(&ana, deleted, false).await.unwrap();
        assert_eq!(still(&back), still(&before));
        // What is so already is no change.
        assert_eq!(items.set_deleted(&ana, deleted, false).await.unwrap(), back);
        items.set_spam(&ana, spam, false).await.unwrap();
        items.snooze(&ana, sleeps, None).await.unwrap();
        assert_eq!(listed(&desk, &ana, None).await, [stays, deleted, spam, sleeps]);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item_away", args![])).await, 0);
        let told: Vec<String> = items.activity(&ana, deleted).await.unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(told, ["restored", "deleted", "created"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_restored_or_goes_for_good() {
    both_databases(async |desk| {
        let (ana, marisa) = (desk.agent("Ana").await, desk.customer("Marisa").of("ACME").await);
        let items = desk.items();
        let (number, other) = (desk.ticket("Printer jam").by(&marisa).await, desk.ticket("Stays").await);
        let file = desk.upload(&ana, "photo.png").await;
        let mut message = reply(number, "<p>See</p>");
        message.files = vec![file];
        items.write(&ana, message).await.unwrap();
        items.link(&ana, other, number, LinkKind::Relates).await.unwrap();
        items.set_deleted(&ana, number, true).await.unwrap();
        desk.clock.advance(limits::DELETED_DAYS * DAY);
        assert_eq!(discard_deleted(&desk.db).await.unwrap(), 0);
        items.set_deleted(&ana, number, false).await.unwrap();
        desk.clock.advance(2 * DAY);
        assert_eq!(discard_deleted(&desk.db).await.unwrap(), 0, "it was restored");
        items.set_deleted(&ana, number, true).await.unwrap();
        assert!(items.get(&ana, other).await.unwrap().links.is_empty(), "a link to what is deleted leads nowhere");
        desk.clock.advance(limits::DELETED_DAYS * DAY + 1);
        assert_eq!(discard_deleted(&desk.db).await.unwrap(), 1);
        assert_eq!(items.get(&ana, number).await.map(|_| ()), Err(Error::not_found()));
        assert_eq!(items.set_deleted(&ana, number, false).await.map(|_| ()), Err(Error::not_found()));
        for table in ["message", "item_away", "item_link", "item_following_customer"] {
            let mut sql = Sql::build("SELECT COUNT(*) FROM ");
            sql.push(table);
            assert_eq!(desk.number(sql).await, 0, "{table}");
        }
        let purpose: Vec<(String, Option<i64>)> = desk.rows(Sql::new("SELECT purpose, item_id FROM file", args![])).await;
        assert_eq!(purpose, [("gone".to_owned(), None)]);
        let told = "SELECT COUNT(*) FROM event WHERE name = 'discarded' AND old_text = '#1 Printer jam'";
        assert_eq!(desk.number(Sql::new(told, args![])).await, 1, "the log keeps that it was there");
        assert_eq!(desk.with_words("printer").await, Vec::<i64>::new());
        assert_eq!(desk.ticket("Next").await, ItemNumber(3), "its number is not given out again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snoozed_ticket_wakes_in_time_and_when_its_customer_answers() {
    both_databases(async |desk| {
        let (ana, marisa) = (desk.agent("Ana").await, desk.customer("Marisa").of("ACME").await);
        let items = desk.items();
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let wake = Wake::new(desk.db.clone());
        let id = ItemId(desk.number(Sql::new("SELECT id FROM item", args![])).await);
        let jobs =
            async || -> Vec<(i64,)> { desk.rows(Sql::new("SELECT run_at FROM job WHERE kind = $1", args![WAKE_JOB])).await };
        let now = desk.db.now();
        for wrong in [now, now.plus(-1), now.plus(limits::SNOOZE_DAYS * DAY + 1)] {
            let error = items.snooze(&ana, number, Some(wrong)).await.unwrap_err();
            assert_eq!(error.fields[0].key, "error_snooze_time");
        }
        items.snooze(&ana, number, Some(now.plus(limits::SNOOZE_DAYS * DAY))).await.unwrap();
        let soon = now.plus(HOUR);
        items.snooze(&ana, number, Some(soon)).await.unwrap();
        assert_eq!(jobs().await, [(soon.0,)], "only the last time counts");
        assert_eq!(wake.wake(id).await, Outcome::Again(soon), "too early");
        desk.clock.advance(HOUR);
        assert_eq!(wake.wake(id).await, Outcome::Done);
        let woken = items.get(&ana, number).await.unwrap();
        assert!(woken.row.away.is_not());
        assert_eq!(woken.row.updated_at, soon, "it comes up again");
        assert_eq!(wake.wake(id).await, Outcome::Done, "done twice is done once");

        items.snooze(&ana, number, Some(soon.plus(DAY))).await.unwrap();
        items.write(&ana, reply(number, "<p>Wait</p>")).await.unwrap();
        assert!(!items.get(&ana, number).await.unwrap().row.away.is_not(), "an agent's reply wakes nobody");
        portals(&desk).reply(&marisa, answer(number, "Still broken")).await.unwrap();
        assert!(items.get(&ana, number).await.unwrap().row.away.is_not());
        assert!(jobs().await.is_empty());
        assert_eq!(listed(&desk, &ana, None).await, [number]);
        let told: Vec<String> = items.activity(&ana, number).await.unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(told[..2], ["woke", "replied"]);
        assert_eq!(wake.wake(ItemId(4711)).await, Outcome::Done, "what is gone sleeps no more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_shown_at_both_ends_to_who_sees_both() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let tom = desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let items = desk.items();
        let one = desk.ticket("One").for_team("Support").await;
        let other = desk.ticket("Other").await;
        let of = |detail: &ItemDetail| detail.links.iter().map(|link| (link.kind, link.number)).collect::<Vec<_>>();
        for (kind, back) in [
            (LinkKind::Blocks, LinkKind::BlockedBy),
            (LinkKind::DuplicatedBy, LinkKind::Duplicates),
            (LinkKind::Relates, LinkKind::Relates),
            (LinkKind::CausedBy, LinkKind::Causes),
        ] {
            let linked = items.link(&ana, one, other, kind).await.unwrap();
            assert_eq!(of(&linked), [(kind, other)]);
            assert_eq!(linked.links[0].title, "Other");
            assert_eq!(items.link(&ana, one, other, kind).await.unwrap(), linked, "twice is once");
            assert_eq!(of(&items.link(&ana, other, one, back).await.unwrap()), [(back, one)]);
            assert!(items.get(&tom, one).await.unwrap().links.is_empty(), "who does not see the other is told nothing");
            assert!(items.unlink(&ana, other, one, back).await.unwrap().links.is_empty());
            assert!(items.get(&ana, one).await.unwrap().links.is_empty());
        }
        let told = items.activity(&ana, other).await.unwrap();
        assert_eq!((told[1].name.as_str(), told[1].field.as_str(), told[1].new.as_str()), ("linked", "causes", "#1"));
        assert_eq!(items.link(&tom, one, other, LinkKind::Blocks).await.map(|_| ()), Err(Error::not_found()));
        assert_eq!(items.link(&ana, one, one, LinkKind::Blocks).await.unwrap_err().fields[0].key, "error_same_item");
        let made_up = items.link(&ana, one, other, LinkKind::SplitFrom).await.unwrap_err();
        assert_eq!(made_up.fields[0].field, "kind");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_has_only_so_many_links() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let one = desk.ticket("One").await;
        for _ in 0..=limits::LINKS {
            desk.ticket("Other").await;
        }
        let most = i64::try_from(limits::LINKS).unwrap();
        let sql = "INSERT INTO item_link (from_id, to_id, kind, created_at) SELECT 1, id, 'blocks', 1 FROM item WHERE id BETWEEN 2 AND $1";
        desk.execute(Sql::new(sql, args![most])).await;
        let items = desk.items();
        items.link(&ana, one, ItemNumber(most + 1), LinkKind::Blocks).await.unwrap();
        for (from, to) in [(one, ItemNumber(most + 2)), (ItemNumber(most + 2), one)] {
            assert_eq!(items.link(&ana, from, to, LinkKind::Blocks).await.unwrap_err().fields[0].key, "error_too_many_values");
        }
        items.unlink(&ana, ItemNumber(2), one, LinkKind::BlockedBy).await.unwrap();
        items.link(&ana, ItemNumber(most + 2), one, LinkKind::Blocks).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_has_the_fields_and_nothing_of_the_conversation() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").in_team("Support").await;
        let gone = desk.agent("Gus").disabled().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let items = desk.items();
        let number = desk.ticket("Printer jam").by(&marisa).for_agent(&ana).for_team("Support").tagged("hot").await;
        let sql = "INSERT INTO item_agent (item_id, agent_id) VALUES (1, $1)";
        desk.execute(Sql::new(sql, args![gone.agent().unwrap().id])).await;
        items.write(&ana, reply(number, "<p>Hello</p>")).await.unwrap();
        // Colleagues do not see it: nor do they see the clone.
        let version = items.get(&ana, number).await.unwrap().row.version;
        items.change(&ana, number, version, vec![Change::Organization(None), Change::Priority(4)]).await.unwrap();

        let cloned = items.clone_item(&ana, number, "key".to_owned()).await.unwrap();
        assert_eq!(cloned.row.number, ItemNumber(2));
        let row = &cloned.row;
        assert_eq!((row.title.as_str(), row.priority, &row.tags[..]), ("Printer jam", 4, &["hot".to_owned()][..]));
        assert_eq!(row.agents, [ana.agent().unwrap().id], "who has left is assigned nothing");
        assert_eq!((&row.teams, row.organization.as_ref()), (&ana.agent().unwrap().teams, None));
        assert_eq!(row.requester.as_ref().unwrap().name, "Marisa");
        assert!(cloned.messages.is_empty());
        assert_eq!(cloned.links[0].kind, LinkKind::ClonedFrom);
        assert_eq!(items.get(&ana, number).await.unwrap().links[0].kind, LinkKind::ClonedTo);
        assert_eq!(items.clone_item(&ana, number, "key".to_owned()).await.unwrap(), cloned, "the same key gives the same");
        assert_eq!(items.clone_item(&ana, number, "other".to_owned()).await.unwrap().row.number, ItemNumber(3));
    })
    .await;
}

fn split(item: ItemNumber, message: MessageId, later: bool) -> NewSplit {
    NewSplit { item, message, title: "Split off".to_owned(), later, idempotency_key: String::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_becomes_a_ticket_with_its_files_and_what_came_after() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let (marisa, carla) = (desk.customer("Marisa").of("ACME").await, desk.customer("Carla").of("Globex").await);
        let (items, portals) = (desk.items(), portals(&desk));
        let number = desk.ticket("Printer jam").by(&marisa).await;
        items.set_customer_follows(&ana, number, carla.customer().unwrap().id, true).await.unwrap();
        items.write(&ana, reply(number, "<p>Which printer?</p>")).await.unwrap();
        desk.clock.advance(HOUR);
        let file = desk.upload(&carla, "screen.png").await;
        let mut asked = answer(number, "My screen flickers");
        asked.files = vec![file];
        portals.reply(&carla, asked).await.unwrap();
        desk.clock.advance(HOUR);
        items.write(&ana, note(number, "<p>Not a printer</p>")).await.unwrap();
        let before = items.write(&ana, reply(number, "<p>Which screen?</p>")).await.unwrap();
        let messages: Vec<MessageId> = before.messages.iter().map(|message| message.id).collect();

        let made =
            items.split(&ana, NewSplit { idempotency_key: "key".to_owned(), ..split(number, messages[1], true) }).await.unwrap();
        assert_eq!(made.row.number, ItemNumber(2));
        assert_eq!(made.row.title, "Split off");
        assert!(made.description.contains("My screen flickers"));
        assert_eq!(made.files.iter().map(|each| each.id).collect::<Vec<_>>(), [file]);
        assert_eq!(made.row.requester.as_ref().unwrap().name, "Carla", "who wrote it asks");
        assert_eq!(made.row.organization.as_ref().unwrap().name, "ACME", "who saw it sees it, and no other company");
        assert_eq!(made.row.created_at, before.messages[1].created_at);
        assert_eq!(made.messages.iter().map(|message| message.id).collect::<Vec<_>>(), messages[2..]);
        assert_eq!(made.row.last_message_by, Some(ana.party()));
        assert_eq!(made.row.first_response_at, Some(before.messages[3].created_at));
        assert_eq!(made.links[0].kind, LinkKind::SplitFrom);
        let again = NewSplit { idempotency_key: "key".to_owned(), ..split(number, messages[1], true) };
        assert_eq!(items.split(&ana, again).await.unwrap(), made);

        let rest = items.get(&ana, number).await.unwrap();
        assert_eq!(rest.messages.iter().map(|message| message.id).collect::<Vec<_>>(), messages[..1]);
        assert_eq!(
            (rest.row.last_message_by, rest.row.last_message_at),
            (Some(ana.party()), Some(before.messages[0].created_at))
        );
        assert_eq!(rest.links[0].number, made.row.number);
        assert_eq!(items.activity(&ana, number).await.unwrap()[0].name, "split");
        assert_eq!(portals.ticket(&carla, made.row.number).await.unwrap().messages.len(), 1, "the note stays inside");
        assert_eq!(desk.with_words("flickers").await, [2]);
        assert_eq!(desk.with_words("not a printer").await, [2]);

        // The first message of all, alone: nothing is left but the question.
        let second = items.split(&ana, split(number, messages[0], false)).await.unwrap();
        assert_eq!(second.row.requester.as_ref().unwrap().name, "Marisa");
        let rest = items.get(&ana, number).await.unwrap();
        assert_eq!((rest.messages.len(), rest.row.first_response_at), (0, None));
        assert_eq!(rest.row.last_message_by, Some(Party::Customer(marisa.customer().unwrap().id)));
        for gone in [messages[0], MessageId(4711), MessageId(-1)] {
            assert_eq!(items.split(&ana, split(number, gone, false)).await.map(|_| ()), Err(Error::not_found()));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_is_split_off_stays_a_note() {
    both_databases(async |desk| {
        let (ana, marisa) = (desk.agent("Ana").await, desk.customer("Marisa").of("ACME").await);
        let (items, portals) = (desk.items(), portals(&desk));
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let noted = items.write(&ana, note(number, "<p>Secret plan</p>")).await.unwrap();
        let made = items.split(&ana, split(number, noted.messages[0].id, false)).await.unwrap();
        assert_eq!(made.description, "");
        assert_eq!(made.messages, noted.messages);
        let theirs = portals.ticket(&marisa, made.row.number).await.unwrap();
        assert_eq!((theirs.description.as_deref(), theirs.messages.len()), (Some(""), 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn actions_are_for_who_works_and_sees() {
    both_databases(async |desk| {
        let (leo, marisa) = (desk.light_agent().await, desk.customer("Marisa").of("ACME").await);
        let tom = desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let own = desk.ticket("For Tom").for_agent(&tom).await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        for (actor, error) in [(&leo, Error::forbidden()), (&marisa, Error::forbidden()), (&tom, Error::not_found())] {
            let refused = Err(error);
            assert_eq!(items.set_deleted(actor, number, true).await.map(|_| ()), refused);
            assert_eq!(items.set_spam(actor, number, true).await.map(|_| ()), refused);
            assert_eq!(items.snooze(actor, number, None).await.map(|_| ()), refused);
            assert_eq!(items.clone_item(actor, number, String::new()).await.map(|_| ()), refused);
            assert_eq!(items.link(actor, number, own, LinkKind::Blocks).await.map(|_| ()), refused);
            assert_eq!(items.link(actor, own, number, LinkKind::Blocks).await.map(|_| ()), refused);
            assert_eq!(items.unlink(actor, own, number, LinkKind::Blocks).await.map(|_| ()), refused);
            assert_eq!(items.split(actor, split(number, MessageId(1), false)).await.map(|_| ()), refused);
        }
        assert_eq!(desk.number(Sql::new("SELECT MAX(version) FROM item", args![])).await, 1, "nothing was changed");
    })
    .await;
}
