//! Replies that wait for a moment before they are sent, and drafts that are shared.

use super::{
    common::{TestDesk, both_databases, letters::links},
    note, reply, status,
};
use domain::{
    Error, ErrorCode,
    agent::ProfilePatch,
    conversation::{HeldReply, MessageKind, NewMessage},
    draft::NewDraft,
    id::{FileId, HeldId, ItemNumber, MessageId},
    patch::Patch,
    service::{Accounts, Files, Items, Portals},
    time::DAY,
};
use server::{
    args,
    db::Sql,
    files::FileStore,
    jobs::Outcome,
    service::{files::FilesService, items::SendHeld, portals::PortalsService},
};

fn held(item: ItemNumber, html: &str) -> NewMessage {
    NewMessage { hold: true, ..reply(item, html) }
}

fn draft(item: ItemNumber, kind: MessageKind, html: &str, files: &[FileId]) -> NewDraft {
    NewDraft { item, kind, html: html.to_owned(), files: files.to_vec() }
}

/// Sends what waits, as the job does when its time has come.
async fn send(desk: &TestDesk, held: HeldId) -> Outcome {
    SendHeld::new(desk.db.clone(), links()).send(held).await
}

async fn mails(desk: &TestDesk) -> i64 {
    desk.number(Sql::new("SELECT COUNT(*) FROM mail", args![])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_waits_and_is_then_a_message_like_any_other() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        let waiting = status(&items.catalog(&ana).await.unwrap(), "question", "waiting_customer");
        let file = desk.upload(&ana, "manual.txt").await;
        items.save_draft(&ana, draft(number, MessageKind::Reply, "<p>Open tr</p>", &[file])).await.unwrap();

        let mut message = held(number, "<p>Open tray 2<script>alert(1)</script></p>");
        (message.files, message.status_id, message.cc) = (vec![file], Some(waiting), vec!["boss@acme.test".to_owned()]);
        message.idempotency_key = "once".to_owned();
        let before = items.get(&ana, number).await.unwrap();
        let detail = items.write(&ana, message.clone()).await.unwrap();
        let HeldReply { id, author_name, html, files, send_at, error, .. } = detail.held[0].clone();
        assert_eq!((author_name.as_str(), html.as_str(), error.as_str()), ("Ana", "<p>Open tray 2</p>", ""));
        assert_eq!(files[0].name, "manual.txt");
        assert_eq!(send_at, desk.db.now().plus(10_000), "ten seconds, unless somebody chose otherwise");
        assert_eq!((detail.messages, detail.row.clone()), (before.messages, before.row), "nothing has happened yet");
        assert!(items.drafts(&ana, number).await.unwrap().is_empty());
        assert_eq!(items.get(&bea, number).await.unwrap().held.len(), 1, "colleagues see it");
        // The same request again holds nothing more.
        assert_eq!(items.write(&ana, message.clone()).await.unwrap().held.len(), 1);
        assert_eq!(mails(&desk).await, 0);
        let due = desk.number(Sql::new("SELECT run_at FROM job WHERE kind = 'reply' AND subject_id = $1", args![id])).await;
        assert_eq!(due, send_at.0);

        desk.clock.advance(10_000);
        assert_eq!(send(&desk, id).await, Outcome::Done);
        let detail = items.get(&ana, number).await.unwrap();
        assert!(detail.held.is_empty());
        let sent = detail.messages.last().unwrap();
        assert_eq!((sent.html.as_str(), sent.author_name.as_str()), ("<p>Open tray 2</p>", "Ana"));
        assert_eq!((sent.created_at, sent.files[0].id), (send_at, file));
        assert_eq!(detail.row.status_id, waiting);
        assert_eq!(mails(&desk).await, 2);
        // A worker that died before it could say so does it again, and a browser that heard nothing asks again.
        assert_eq!(send(&desk, id).await, Outcome::Done);
        assert_eq!(items.write(&ana, message).await.unwrap().messages.len(), 1);
        assert_eq!(mails(&desk).await, 2);
        let names: Vec<String> = items.activity(&ana, number).await.unwrap().into_iter().map(|event| event.name).collect();
        assert_eq!(names, ["changed", "replied", "created"], "waiting is nothing that stays");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_is_taken_back_is_a_draft_again() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        let (first, second) = (desk.upload(&ana, "first.txt").await, desk.upload(&ana, "second.txt").await);
        let mut message = held(number, "<p>Dear Marisa</p>");
        (message.files, message.cc) = (vec![first], vec!["boss@acme.test".to_owned()]);
        let id = items.write(&ana, message).await.unwrap().held[0].id;
        // What was begun meanwhile stays, behind it.
        items.save_draft(&ana, draft(number, MessageKind::Reply, "<p>By the way</p>", &[second])).await.unwrap();
        let gone = Error::new(ErrorCode::Conflict, "error_sent_already");
        assert_eq!(items.take_back(&bea, id).await.unwrap_err(), gone, "it is not hers");

        let back = items.take_back(&ana, id).await.unwrap();
        assert_eq!((back.html.as_str(), back.cc.as_slice()), ("<p>Dear Marisa</p>", ["boss@acme.test".to_owned()].as_slice()));
        assert_eq!(back.files.iter().map(|file| file.id).collect::<Vec<_>>(), [first]);
        assert!(back.item.held.is_empty() && back.item.messages.is_empty());
        let kept = items.drafts(&ana, number).await.unwrap();
        assert_eq!(kept[0].html, "<p>Dear Marisa</p><p>By the way</p>");
        assert_eq!(kept[0].files.iter().map(|file| file.id).collect::<Vec<_>>(), [first, second]);
        assert_eq!(items.take_back(&ana, id).await.unwrap_err(), gone, "twice");
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM job WHERE kind = 'reply'", args![])).await, 0);
        assert_eq!(send(&desk, id).await, Outcome::Done);
        assert_eq!((items.get(&ana, number).await.unwrap().messages.len(), mails(&desk).await), (0, 0), "nothing left");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_and_taking_back_at_once_leave_one_of_them() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        for round in 0..12 {
            let id = items.write(&ana, held(number, "<p>Now or never</p>")).await.unwrap().held[0].id;
            let before = items.get(&ana, number).await.unwrap().messages.len();
            let (sent, again, back) = tokio::join!(send(&desk, id), send(&desk, id), items.take_back(&ana, id));
            assert_eq!((sent, again), (Outcome::Done, Outcome::Done), "round {round}");
            let detail = items.get(&ana, number).await.unwrap();
            assert_eq!(detail.messages.len(), before + usize::from(back.is_err()), "round {round}: {back:?}");
            assert!(detail.held.is_empty());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_see_nothing_of_what_waits() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let number = desk.ticket("Printer jam").by(&marisa).await;
        let items = desk.items();
        let portals = PortalsService::new(desk.db.clone(), links());
        let file = desk.upload(&ana, "manual.txt").await;
        let before = portals.ticket(&marisa, number).await.unwrap();
        let mut message = held(number, "<p>CANARY</p>");
        message.files = vec![file];
        items.write(&ana, message).await.unwrap();
        items.save_draft(&ana, draft(number, MessageKind::Reply, "<p>CANARY</p>", &[])).await.unwrap();
        items.share_draft(&ana, number, MessageKind::Reply, true).await.unwrap();
        assert_eq!(portals.ticket(&marisa, number).await.unwrap(), before);
        let files = FilesService::new(desk.db.clone(), FileStore::local(&desk.folder().join("files")).unwrap());
        assert_eq!(files.download(&marisa, file).await.err(), Some(Error::not_found()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_chooses_how_long_their_replies_wait() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let number = desk.ticket("Printer jam").await;
        let (items, accounts) = (desk.items(), desk.accounts());
        let wait = async |seconds| {
            let patch = ProfilePatch { undo_send: Patch::Set(seconds), ..ProfilePatch::default() };
            accounts.change_profile(&ana, patch).await.map(|me| me.undo_send)
        };
        assert_eq!(wait(30).await, Ok(30));
        let detail = items.write(&ana, held(number, "<p>Later</p>")).await.unwrap();
        assert_eq!(detail.held[0].send_at, desk.db.now().plus(30_000));
        assert_eq!(wait(0).await, Ok(0));
        let detail = items.write(&ana, held(number, "<p>At once</p>")).await.unwrap();
        assert_eq!((detail.held.len(), detail.messages.len()), (1, 1));
        assert_eq!(wait(31).await.unwrap_err().fields[0].field, "undo_send");
        let mut aside = note(number, "<p>x</p>");
        aside.hold = true;
        assert_eq!(items.write(&ana, aside).await.unwrap_err().fields[0].field, "hold", "notes go nowhere");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_are_about_to_send_stops_a_reply() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let waiting = items.write(&bea, held(number, "<p>I am on it</p>")).await.unwrap().held[0].id;
        let mut mine = held(number, "<p>Done</p>");
        mine.seen = Some(MessageId(0));
        let refused = items.write(&ana, mine.clone()).await.unwrap_err();
        assert_eq!((refused.code, refused.key.as_str()), (ErrorCode::Conflict, "error_thread_moved"));
        mine.seen_held = vec![waiting];
        assert_eq!(items.write(&ana, mine).await.unwrap().held.len(), 2, "who has seen it decides");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_cannot_be_sent_says_so_and_waits_for_its_author() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let file = desk.upload(&ana, "manual.txt").await;
        let mut message = held(number, "<p>Attached</p>");
        message.files = vec![file];
        let id = items.write(&ana, message.clone()).await.unwrap().held[0].id;
        assert_eq!(items.write(&ana, message).await.unwrap_err().fields[0].field, "files", "a file goes away once");
        // Longer than any upload that nothing waits for.
        desk.clock.advance(3 * DAY);
        let store = FileStore::local(&desk.folder().join("files")).unwrap();
        assert_eq!(FilesService::new(desk.db.clone(), store).discard_unused().await, Ok(0));
        // Somebody has used it elsewhere after all.
        desk.execute(Sql::new("UPDATE file SET purpose = 'logo' WHERE id = $1", args![file])).await;
        assert_eq!(send(&desk, id).await, Outcome::Done);
        let detail = items.get(&ana, number).await.unwrap();
        assert!(detail.messages.is_empty());
        assert_eq!(detail.held[0].error, "error_file_unknown", "{:?}", detail.held);
        assert_eq!(items.take_back(&ana, id).await.unwrap().html, "<p>Attached</p>");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_draft_is_read_and_taken_over() {
    both_databases(async |desk| {
        let (ana, bea) = (desk.agent("Ana").await, desk.agent("Bea").await);
        let leo = desk.light_agent().await;
        let tom = desk.agent("Tom").in_team("Other").seeing_their_teams_only().await;
        let number = desk.ticket("Printer jam").await;
        let items = desk.items();
        let files = FilesService::new(desk.db.clone(), FileStore::local(&desk.folder().join("files")).unwrap());
        let (hers, own) = (desk.upload(&ana, "hers.txt").await, desk.upload(&bea, "own.txt").await);
        let of = |actor: &domain::actor::Actor| actor.agent().unwrap().id;
        items.save_draft(&ana, draft(number, MessageKind::Reply, "<p>Dear Marisa</p>", &[hers])).await.unwrap();
        items.save_draft(&bea, draft(number, MessageKind::Reply, "<p>Regards</p>", &[own])).await.unwrap();
        let gone = Error::new(ErrorCode::Conflict, "error_draft_gone");
        let take = async |who| items.take_draft(who, number, of(&ana), MessageKind::Reply).await;
        assert!(items.get(&bea, number).await.unwrap().shared_drafts.is_empty());
        assert_eq!(take(&bea).await.unwrap_err(), gone, "it is not shared");
        assert_eq!(files.download(&bea, hers).await.err(), Some(Error::not_found()));

        items.share_draft(&ana, number, MessageKind::Reply, true).await.unwrap();
        items.save_draft(&ana, draft(number, MessageKind::Reply, "<p>Dear Marisa!</p>", &[hers])).await.unwrap();
        let seen = items.get(&bea, number).await.unwrap().shared_drafts;
        assert_eq!((seen.len(), seen[0].author, seen[0].html.as_str()), (1, of(&ana), "<p>Dear Marisa!</p>"));
        assert!(items.get(&ana, number).await.unwrap().shared_drafts.is_empty(), "one's own is in the editor");
        // Its bytes are nowhere in this test: not that, but who may ask for them is the question.
        assert_ne!(files.download(&bea, hers).await.err(), Some(Error::not_found()));
        assert_eq!(files.download(&tom, hers).await.err(), Some(Error::not_found()));
        assert_eq!(take(&tom).await.unwrap_err(), Error::not_found());
        assert_eq!(take(&leo).await.unwrap_err(), Error::forbidden(), "a light agent replies to nobody");
        assert_eq!(take(&ana).await.unwrap_err(), gone, "it is hers already");

        let taken = take(&bea).await.unwrap();
        assert_eq!((taken.author, taken.html.as_str(), taken.shared), (of(&bea), "<p>Dear Marisa!</p>", false));
        assert!(items.drafts(&ana, number).await.unwrap().is_empty());
        let mine = items.drafts(&bea, number).await.unwrap();
        assert_eq!(mine[0].html, "<p>Dear Marisa!</p><p>Regards</p>");
        assert_eq!(mine[0].files.iter().map(|file| file.id).collect::<Vec<_>>(), [hers, own]);
        let mut message = reply(number, "<p>Dear Marisa!</p><p>Regards</p>");
        message.files = vec![hers, own];
        assert_eq!(items.write(&bea, message).await.unwrap().messages[0].files.len(), 2);
        let unshare = items.share_draft(&bea, number, MessageKind::Reply, true).await;
        assert_eq!(unshare.unwrap_err(), gone, "it was sent");
    })
    .await;
}
