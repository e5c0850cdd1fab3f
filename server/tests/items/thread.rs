//! Replies, notes, mails, drafts, followers.

use super::{common::both_databases, new_item, note, reply, status};
use domain::{
    ErrorCode,
    actor::Party,
    conversation::{MessageKind, NewMessage},
    draft::NewDraft,
    id::{EventSeq, FileId, ItemNumber, MessageId},
    item::Excerpt,
    limits,
    service::Items,
    time::{DAY, HOUR, MINUTE, Timestamp},
};
use server::{args, db::Sql, files::FileStore, service::files::FilesService};

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_goes_to_the_requester_the_followers_and_copies() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa Paz").of("ACME").await;
        let bruno = desk.customer("Bruno").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        items.set_customer_follows(&ana, number, bruno.customer().unwrap().id, true).await.unwrap();
        desk.clock.advance(HOUR);
        let catalog = items.catalog(&ana).await.unwrap();

        let file = desk.upload(&ana, "manual.txt").await;
        let mut answer = reply(number, "<p>Open <strong>tray 2</strong><script>alert(1)</script></p>");
        answer.cc = vec!["Boss@ACME.test".to_owned(), "marisa.paz@acme.test".to_owned()];
        answer.files = vec![file];
        answer.status_id = Some(status(&catalog, "question", "waiting_customer"));
        let detail = items.write(&ana, answer).await.unwrap();

        let message = detail.messages.last().unwrap();
        assert_eq!(message.html, "<p>Open <strong>tray 2</strong></p>");
        assert_eq!(message.recipients, ["marisa.paz@acme.test", "bruno@acme.test", "boss@acme.test"]);
        assert_eq!(message.author_name, "Ana");
        assert_eq!(message.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["manual.txt"]);
        let now = Timestamp(super::common::BEGINNING.0 + HOUR);
        assert_eq!(detail.row.first_response_at, Some(now));
        assert_eq!(detail.row.last_message_at, Some(now));
        assert_eq!(detail.row.last_message_by, Some(ana.party()));
        assert_eq!(detail.row.status_id, status(&catalog, "question", "waiting_customer"));
        assert_eq!(detail.row.updated_at, now);

        let mails: Vec<(String, String, String)> =
            desk.rows(Sql::new("SELECT recipients, subject, text FROM mail ORDER BY id", args![])).await;
        assert_eq!(mails.len(), 3);
        assert_eq!(mails[0].0, "[\"marisa.paz@acme.test\"]");
        assert_eq!(mails[0].1, "[#1] Printer jam");
        assert!(mails[0].2.contains("tray 2") && mails[0].2.contains("https://desk.test/p/support/tickets/1"), "{}", mails[0].2);

        let names: Vec<String> = items.activity(&ana, number).await.unwrap().into_iter().map(|event| event.name).collect();
        assert_eq!(names, ["changed", "replied", "followed", "created"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_stays_inside() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let leo = desk.light_agent().await;
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        desk.clock.advance(MINUTE);
        let items = desk.items();
        let detail = items.write(&leo, note(number, "<p>Their contract ends</p>")).await.unwrap();
        assert_eq!(detail.messages[0].kind, MessageKind::Note);
        assert!(detail.messages[0].recipients.is_empty());
        assert_eq!(detail.row.first_response_at, None);
        assert_eq!(detail.row.last_message_by, Some(marisa.party()), "a note is no public message");
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM mail", args![])).await, 0);
        let mut with_copies = note(number, "<p>x</p>");
        with_copies.cc = vec!["a@b.test".to_owned()];
        let refused = items.write(&ana, with_copies).await.unwrap_err();
        assert_eq!(refused.fields[0].key, "error_note_has_no_recipients");
        let mut db = desk.db.clone();
        let item = server::service::items::find(&mut db, &ana, number, desk.db.now()).await.unwrap();
        assert!(
            server::service::items::public_messages(&mut db, &marisa, item.item_id(), desk.db.now()).await.unwrap().is_empty()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_forwarded_to_exactly_these_addresses_and_no_customer_reads_it() {
    both_databases(async |desk| {
        let (ana, leo) = (desk.agent("Ana").await, desk.light_agent().await);
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        let forward = |to: &[&str]| NewMessage {
            forward_to: to.iter().map(|address| (*address).to_owned()).collect(),
            idempotency_key: "forward-1".to_owned(),
            ..note(number, "<p>Can you come?</p><blockquote><p>It jams</p></blockquote>")
        };
        let to = ["Repairs@Maker.test", "boss@acme.test", "repairs@maker.test"];
        let mut first = forward(&to);
        first.files = vec![desk.upload(&ana, "serial.txt").await];
        let detail = items.write(&ana, first).await.unwrap();
        // The same request again does it once.
        items.write(&ana, forward(&to)).await.unwrap();
        let message = detail.messages.last().unwrap();
        assert_eq!((message.kind, message.recipients.len()), (MessageKind::Note, 2));
        assert_eq!(detail.row.first_response_at, None, "the customer has no answer by that");
        assert_eq!(detail.row.last_message_by, Some(marisa.party()));

        let mails: Vec<(String, String, String)> =
            desk.rows(Sql::new("SELECT recipients, subject, text FROM mail ORDER BY id", args![])).await;
        let to: Vec<&str> = mails.iter().map(|mail| mail.0.as_str()).collect();
        assert_eq!(to, ["[\"repairs@maker.test\"]", "[\"boss@acme.test\"]"]);
        assert_eq!(mails[0].1, "Fwd: [#1] Printer jam");
        for expected in ["Can you come?", "It jams", "serial.txt", "Ana"] {
            assert!(mails[0].2.contains(expected), "{expected}: {}", mails[0].2);
        }
        assert!(!mails[0].2.contains("https://desk.test"), "nobody outside can open the desk: {}", mails[0].2);

        let mut db = desk.db.clone();
        let item = server::service::items::find(&mut db, &ana, number, desk.db.now()).await.unwrap();
        let seen = server::service::items::public_messages(&mut db, &marisa, item.item_id(), desk.db.now()).await.unwrap();
        assert!(seen.is_empty());

        let again = |to: &[&str]| NewMessage { idempotency_key: String::new(), ..forward(to) };
        let refused = items.write(&ana, again(&["good@acme.test", "not an address"])).await.unwrap_err();
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].key.as_str()), ("forward_to", "error_email"));
        let many: Vec<String> = (0..=limits::RECIPIENTS).map(|n| format!("to{n}@acme.test")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(items.write(&ana, again(&many)).await.unwrap_err().fields[0].key, "error_too_many_values");
        let as_reply = NewMessage { kind: MessageKind::Reply, ..again(&["a@acme.test"]) };
        assert_eq!(items.write(&ana, as_reply).await.unwrap_err().fields[0].field, "forward_to");
        assert_eq!(items.write(&leo, again(&["a@acme.test"])).await.unwrap_err().code, ErrorCode::Forbidden);
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM mail", args![])).await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_replies_at_once_are_all_there_once_and_in_order() {
    both_databases(async |desk| {
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let mut agents = Vec::new();
        for index in 0..4 {
            agents.push(desk.agent(&format!("Agent {index}")).await);
        }
        let writes = (0..200).map(|index| {
            let (desk, agent) = (desk.clone(), agents[index % agents.len()].clone());
            tokio::spawn(async move { desk.items().write(&agent, reply(number, &format!("<p>reply {index}</p>"))).await })
        });
        for write in futures::future::join_all(writes).await {
            write.unwrap().unwrap();
        }

        let detail = desk.items().get(&agents[0], number).await.unwrap();
        let mut texts: Vec<String> = detail.messages.iter().map(|message| message.html.clone()).collect();
        assert!(detail.messages.is_sorted_by_key(|message| message.id));
        texts.sort();
        let mut expected: Vec<String> = (0..200).map(|index| format!("<p>reply {index}</p>")).collect();
        expected.sort();
        assert_eq!(texts, expected);
        assert_eq!(detail.row.version, 201);

        // The log is gapless, and its order is the order of the messages.
        let events: Vec<(i64, String, String)> =
            desk.rows(Sql::new("SELECT seq, name, new_value FROM event ORDER BY seq", args![])).await;
        assert_eq!(events.iter().map(|event| event.0).collect::<Vec<_>>(), (1..=201).collect::<Vec<_>>());
        let told: Vec<i64> = events.iter().filter(|event| event.1 == "replied").map(|event| event.2.parse().unwrap()).collect();
        assert_eq!(told, detail.messages.iter().map(|message| message.id.0).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_again_does_it_once() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let bea = desk.agent("Bea").await;
        let items = desk.items();
        let mut item = new_item("Printer jam");
        item.idempotency_key = "form-1".to_owned();
        let tries = (0..8).map(|_| {
            let (desk, ana, item) = (desk.clone(), ana.clone(), item.clone());
            tokio::spawn(async move { desk.items().create(&ana, item).await.unwrap().row.number })
        });
        let numbers: Vec<_> = futures::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
        assert!(numbers.iter().all(|number| *number == numbers[0]), "{numbers:?}");
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM item", args![])).await, 1);
        // Somebody else's key is their own.
        assert_ne!(items.create(&bea, item.clone()).await.unwrap().row.number, numbers[0]);

        let mut answer = reply(numbers[0], "<p>Hello</p>");
        answer.idempotency_key = "composer-1".to_owned();
        let tries = (0..8).map(|_| {
            let (desk, ana, answer) = (desk.clone(), ana.clone(), answer.clone());
            tokio::spawn(async move { desk.items().write(&ana, answer).await.unwrap().messages.len() })
        });
        for count in futures::future::join_all(tries).await {
            assert_eq!(count.unwrap(), 1);
        }
        // A key names one thing.
        answer.idempotency_key = "form-1".to_owned();
        assert_eq!(items.write(&ana, answer).await.unwrap_err().fields[0].key, "error_key_reused");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_no_gap_when_some_writes_fail() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let number = desk.ticket("Printer jam").await;
        let writes = (0..40).map(|index| {
            let (desk, ana) = (desk.clone(), ana.clone());
            tokio::spawn(async move {
                let mut answer = reply(number, "<p>Hello</p>");
                if index % 2 == 0 {
                    // Fails late, after the message was written.
                    answer.status_id = Some(domain::id::StatusId(99_999));
                }
                desk.items().write(&ana, answer).await.is_ok()
            })
        });
        let done = futures::future::join_all(writes).await.into_iter().filter(|done| *done.as_ref().unwrap()).count();
        assert_eq!(done, 20);
        let detail = desk.items().get(&ana, number).await.unwrap();
        assert_eq!(detail.messages.len(), 20);
        assert_eq!(detail.row.version, 21);
        let seqs: Vec<(i64,)> = desk.rows(Sql::new("SELECT seq FROM event ORDER BY seq", args![])).await;
        assert_eq!(seqs, (1..=21).map(|seq| (seq,)).collect::<Vec<_>>());
        let last = desk.items().activity(&ana, number).await.unwrap()[0].seq;
        assert_eq!(last, EventSeq(21));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_kept_until_the_message_is_sent() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let bea = desk.agent("Bea").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let draft = |kind, html: &str| NewDraft { item: number, kind, html: html.to_owned(), files: vec![] };
        items.save_draft(&ana, draft(MessageKind::Reply, "<p>Dear</p>")).await.unwrap();
        items.save_draft(&ana, draft(MessageKind::Reply, "<p>Dear Marisa<img src=x onerror=alert(1)></p>")).await.unwrap();
        items.save_draft(&ana, draft(MessageKind::Note, "<p>Ask Bea</p>")).await.unwrap();
        let drafts = items.drafts(&ana, number).await.unwrap();
        assert_eq!(drafts.len(), 2);
        assert!(drafts.iter().all(|draft| !draft.html.contains("onerror") && !draft.shared));
        assert!(items.drafts(&bea, number).await.unwrap().is_empty());
        items.write(&ana, reply(number, "<p>Dear Marisa</p>")).await.unwrap();
        items.save_draft(&ana, draft(MessageKind::Note, "<p> </p>")).await.unwrap();
        assert!(items.drafts(&ana, number).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_stops_if_the_thread_has_moved() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let mine = |seen: i64, html: &str| {
            let mut message = reply(number, html);
            message.seen = Some(MessageId(seen));
            message
        };
        let thread = async || items.get(&ana, number).await.unwrap().messages;
        items.write(&ana, mine(0, "<p>Hello</p>")).await.unwrap();
        // What one wrote oneself, in another tab, stops nothing.
        items.write(&ana, mine(0, "<p>Hello again</p>")).await.unwrap();
        let seen = thread().await.last().unwrap().id;
        items.write(&bea, note(number, "<p>Wait, I am on it</p>")).await.unwrap();
        let refused = items.write(&ana, mine(seen.0, "<p>Done</p>")).await.unwrap_err();
        assert_eq!((refused.code, refused.key.as_str()), (ErrorCode::Conflict, "error_thread_moved"));
        assert_eq!(thread().await.len(), 3, "nothing was written");
        // Notes are for the team: they stop for nobody. Who has seen it, or does not say, is not stopped.
        let mut aside = note(number, "<p>All right</p>");
        aside.seen = Some(seen);
        items.write(&ana, aside).await.unwrap();
        let latest = thread().await.last().unwrap().id;
        items.write(&ana, mine(latest.0, "<p>Done</p>")).await.unwrap();
        items.write(&ana, reply(number, "<p>Bye</p>")).await.unwrap();
        assert_eq!(thread().await.len(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_wait_with_their_draft() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let bea = desk.agent("Bea").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let (mine, other, foreign) =
            (desk.upload(&ana, "mine.txt").await, desk.upload(&ana, "other.txt").await, desk.upload(&bea, "foreign.txt").await);
        let draft = |kind, files: &[FileId]| NewDraft { item: number, kind, html: String::new(), files: files.to_vec() };
        items.save_draft(&ana, draft(MessageKind::Reply, &[mine, foreign])).await.unwrap();
        items.save_draft(&ana, draft(MessageKind::Note, &[other])).await.unwrap();
        let kept = async || -> Vec<(MessageKind, Vec<String>)> {
            let drafts = items.drafts(&ana, number).await.unwrap();
            drafts.into_iter().map(|draft| (draft.kind, draft.files.into_iter().map(|file| file.name).collect())).collect()
        };
        let both = [(MessageKind::Note, vec!["other.txt".to_owned()]), (MessageKind::Reply, vec!["mine.txt".to_owned()])];
        assert_eq!(kept().await, both);
        // Longer than any upload that nothing waits for.
        desk.clock.advance(3 * DAY);
        let store = FileStore::local(&desk.folder().join("files")).unwrap();
        let discarded = FilesService::new(desk.db.clone(), store).discard_unused().await;
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM file", args![])).await, 2, "{discarded:?}");
        assert_eq!(kept().await, both);
        let mut message = reply(number, "<p>Dear Marisa</p>");
        message.files = vec![mine];
        items.write(&ana, message).await.unwrap();
        assert_eq!(kept().await, both[..1]);
        items.save_draft(&ana, draft(MessageKind::Note, &[])).await.unwrap();
        assert!(kept().await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_come_and_go_but_the_requester_stays() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").await;
        let bruno = desk.customer("Bruno").await.customer().unwrap().id;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        items.follow(&ana, number, true).await.unwrap();
        let detail = items.follow(&ana, number, true).await.unwrap();
        assert_eq!(detail.following_agents, [ana.agent().unwrap().id]);
        let detail = items.set_customer_follows(&ana, number, bruno, true).await.unwrap();
        assert_eq!(detail.following_customers.iter().map(|each| each.name.as_str()).collect::<Vec<_>>(), ["Bruno", "Marisa"]);
        let detail = items.set_customer_follows(&ana, number, bruno, false).await.unwrap();
        assert_eq!(detail.following_customers.len(), 1);
        let refused = items.set_customer_follows(&ana, number, marisa.customer().unwrap().id, false).await.unwrap_err();
        assert_eq!(refused.fields[0].key, "error_requester_follows");
        let refused = items.set_customer_follows(&ana, number, domain::id::CustomerId(999), true).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid);
        items.follow(&ana, number, false).await.unwrap();
        let names: Vec<String> = items.activity(&ana, number).await.unwrap().into_iter().map(|event| event.name).collect();
        assert_eq!(names, ["unfollowed", "unfollowed", "followed", "followed", "created"], "twice the same is once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn newer_messages_are_those_after_the_last_one_seen() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        items.write(&ana, reply(number, "<p>one</p>")).await.unwrap();
        let seen = items.write(&ana, note(number, "<p>two</p>")).await.unwrap().messages[1].id;
        let detail = items.write(&ana, reply(number, "<p>three</p>")).await.unwrap();
        assert_eq!(items.messages_after(&ana, number, seen.0).await.unwrap(), detail.messages[2..]);
        assert_eq!(items.messages_after(&ana, number, 0).await.unwrap(), detail.messages);
        assert_eq!(detail.messages[0].author, Party::Agent(ana.agent().unwrap().id));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_tell_how_the_last_public_message_begins() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let tom = desk.agent("Tom").in_team("Support").seeing_their_teams_only().await;
        let items = desk.items();
        let asked = desk.ticket("Printer jam").for_team("Support").await;
        items
            .change(&ana, asked, 1, vec![domain::item::Change::Description("<p>It is <b>stuck</b></p>".to_owned())])
            .await
            .unwrap();
        let answered = desk.ticket("Secret").for_team("Board").await;
        items.write(&ana, reply(answered, "<p>one</p>")).await.unwrap();
        items.write(&ana, reply(answered, &format!("<p>two</p><p>{}</p>", "x".repeat(2 * limits::EXCERPT)))).await.unwrap();
        items.write(&ana, note(answered, "<p>not for customers</p>")).await.unwrap();
        let mut told = items.excerpts(&ana, vec![asked, answered, ItemNumber(4711)]).await.unwrap();
        told.sort_by_key(|excerpt| excerpt.number);
        assert_eq!(told[0], Excerpt { number: asked, text: "It is stuck".to_owned() });
        assert!(told[1].text.starts_with("two xxx") && told[1].text.chars().count() == limits::EXCERPT, "{}", told[1].text);
        assert_eq!(told.len(), 2);
        // Of what somebody may not see they are told nothing.
        let theirs = items.excerpts(&tom, vec![asked, answered]).await.unwrap();
        assert_eq!(theirs.iter().map(|excerpt| excerpt.number).collect::<Vec<_>>(), [asked]);
        assert!(items.excerpts(&desk.customer("Marisa").await, vec![asked]).await.is_err());
        let many = vec![asked; usize::from(limits::PAGE) + 1];
        assert_eq!(items.excerpts(&ana, many).await.unwrap_err().fields[0].field, "numbers");
        assert!(items.excerpts(&ana, Vec::new()).await.unwrap().is_empty());
    })
    .await;
}
