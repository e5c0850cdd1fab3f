//! Uploads and downloads: who gets which file, and what a file may be.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{TestDesk, both_databases};
use domain::{
    Error, ErrorCode,
    actor::{Actor, Party},
    conversation::MessageKind,
    id::{FileId, ItemId, ItemNumber, MessageId},
    limits,
    service::Files,
    time::DAY,
};
use server::{
    args,
    db::Sql,
    files::FileStore,
    service::files::{FilesService, Taker, of_item, take},
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

fn service(desk: &TestDesk) -> FilesService {
    FilesService::new(desk.db.clone(), FileStore::local(&desk.folder().join("files")).unwrap())
}

async fn item(desk: &TestDesk, number: ItemNumber) -> ItemId {
    ItemId(desk.number(Sql::new("SELECT id FROM item WHERE number = $1", args![number])).await)
}

async fn message(desk: &TestDesk, item: ItemId, kind: MessageKind) -> MessageId {
    let sql = "INSERT INTO message (item_id, kind, author_kind, author_name, html, channel, created_at) \
               VALUES ($1, $2, 'system', '', '', 'agent', 0) RETURNING id";
    let insert = Sql::new(sql, args![item, kind.key()]);
    MessageId(desk.write(|tx| Box::pin(async move { Ok(server::db::Read::one::<(i64,)>(tx, insert).await?.0) })).await)
}

async fn taken(desk: &TestDesk, uploader: Party, file: FileId, taker: Taker) -> Result<(), Error> {
    desk.db.write(move |tx| Box::pin(async move { take(tx, uploader, &[file], taker).await })).await
}

async fn gets(files: &FilesService, actor: &Actor, file: FileId) -> bool {
    match files.download(actor, file).await {
        Ok(download) => {
            assert_eq!(download.bytes, PNG);
            true
        }
        Err(error) => {
            assert_eq!(error, Error::not_found());
            false
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nothing_took_is_its_uploaders() {
    both_databases(async |desk| {
        let files = service(&desk);
        let (owner, ana) = (desk.owner().await, desk.agent("Ana").await);
        let (marisa, pablo) = (desk.customer("Marisa").of("ACME").await, desk.customer("Pablo").of("ACME").await);
        let of_marisa = files.upload(&marisa, "../../a\u{202e}b.png", PNG.to_vec()).await.unwrap();
        assert_eq!((of_marisa.name.as_str(), of_marisa.content_type.as_str(), of_marisa.size), ("ab.png", "image/png", 12));
        assert!(gets(&files, &marisa, of_marisa.id).await);
        for other in [&owner, &ana, &pablo, &Actor::Anonymous, &Actor::System] {
            assert!(!gets(&files, other, of_marisa.id).await, "{other:?}");
        }
        // Agent 1 and customer 1 have the same id but are not the same person.
        let of_owner = files.upload(&owner, "b.png", PNG.to_vec()).await.unwrap();
        assert!(gets(&files, &owner, of_owner.id).await && !gets(&files, &marisa, of_owner.id).await);
        assert!(!gets(&files, &owner, FileId(999)).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_seen_by_who_sees_what_took_it() {
    both_databases(async |desk| {
        let files = service(&desk);
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let other_agent = desk.agent("Otto").in_team("Sales").seeing_their_teams_only().await;
        let light = desk.light_agent().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let colleague = desk.customer("Carla").of("ACME").await;
        let stranger = desk.customer("Sven").of("Umbrella").await;
        let number = desk.ticket("Printer jam").by(&marisa).for_team("Support").await;
        let item = item(&desk, number).await;
        let reply = message(&desk, item, MessageKind::Reply).await;
        let note = message(&desk, item, MessageKind::Note).await;
        let takers = [(Taker::Description(item), true), (Taker::Message(item, reply), true), (Taker::Message(item, note), false)];
        for (taker, public) in takers {
            let file = files.upload(&ana, "x.png", PNG.to_vec()).await.unwrap().id;
            taken(&desk, ana.party(), file, taker).await.unwrap();
            for (actor, sees) in [
                (&ana, true),
                (&light, true),
                (&other_agent, false),
                (&marisa, public),
                (&colleague, public),
                (&stranger, false),
                (&Actor::Anonymous, false),
            ] {
                assert_eq!(gets(&files, actor, file).await, sees, "{taker:?} {actor:?}");
            }
        }
        let mut db = desk.db.clone();
        let of_messages: Vec<_> = of_item(&mut db, item).await.unwrap().into_iter().map(|file| file.0).collect();
        assert_eq!(of_messages, [None, Some(reply), Some(note)]);
        desk.execute(Sql::new("UPDATE item SET published = FALSE", args![])).await;
        assert!(!gets(&files, &marisa, FileId(1)).await && gets(&files, &ana, FileId(1)).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logo_is_everybodys() {
    both_databases(async |desk| {
        let files = service(&desk);
        let owner = desk.owner().await;
        let file = files.upload(&owner, "logo.png", PNG.to_vec()).await.unwrap().id;
        taken(&desk, owner.party(), file, Taker::Logo).await.unwrap();
        assert!(gets(&files, &Actor::Anonymous, file).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_ones_own_unused_uploads_can_be_taken() {
    both_databases(async |desk| {
        let files = service(&desk);
        let (ana, marisa) = (desk.agent("Ana").await, desk.customer("Marisa").await);
        let item = item(&desk, desk.ticket("Printer jam").by(&marisa).await).await;
        let file = files.upload(&ana, "x.png", PNG.to_vec()).await.unwrap().id;
        let refused = taken(&desk, marisa.party(), file, Taker::Description(item)).await.unwrap_err();
        assert_eq!((refused.code, refused.fields[0].key.as_str()), (ErrorCode::Invalid, "error_file_unknown"));
        assert!(!gets(&files, &marisa, file).await, "nothing was changed");
        taken(&desk, ana.party(), file, Taker::Description(item)).await.unwrap();
        assert!(taken(&desk, ana.party(), file, Taker::Logo).await.is_err(), "a taken file cannot be made public");
        assert!(taken(&desk, ana.party(), FileId(999), Taker::Logo).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_uploads_are_refused_and_leave_nothing() {
    both_databases(async |desk| {
        let files = service(&desk);
        let (owner, marisa) = (desk.owner().await, desk.customer("Marisa").await);
        let too_large = vec![0; usize::try_from(limits::FILE).unwrap() + 1];
        let error = files.upload(&marisa, "x", too_large).await.unwrap_err();
        assert_eq!((error.code, error.params["megabytes"].as_str()), (ErrorCode::TooLarge, "25"));
        assert_eq!(files.upload(&marisa, "x", Vec::new()).await.unwrap_err().code, ErrorCode::Invalid);
        for actor in [Actor::Anonymous, Actor::System] {
            assert_eq!(files.upload(&actor, "x", PNG.to_vec()).await.unwrap_err().code, ErrorCode::Unauthenticated);
        }
        let page = files.upload(&marisa, "page.html", b"<!doctype html><script>alert(1)</script>".to_vec()).await.unwrap();
        assert_eq!(page.content_type, "application/octet-stream");
        for _ in 1..100 {
            files.upload(&marisa, "x", PNG.to_vec()).await.unwrap();
        }
        assert_eq!(files.upload(&marisa, "x", PNG.to_vec()).await.unwrap_err().code, ErrorCode::TooMany);
        assert!(files.upload(&owner, "x", PNG.to_vec()).await.is_ok(), "each has their own share");
        assert_eq!(stored(&desk), 101, "the store holds no file that was refused");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_nothing_took_are_discarded_after_a_day() {
    both_databases(async |desk| {
        let files = service(&desk);
        let owner = desk.owner().await;
        let logo = files.upload(&owner, "logo.png", PNG.to_vec()).await.unwrap().id;
        taken(&desk, owner.party(), logo, Taker::Logo).await.unwrap();
        let old = files.upload(&owner, "old.png", PNG.to_vec()).await.unwrap().id;
        desk.clock.advance(DAY + 1);
        let new = files.upload(&owner, "new.png", PNG.to_vec()).await.unwrap().id;
        assert_eq!(files.discard_unused().await.unwrap(), 1);
        assert!(!gets(&files, &owner, old).await);
        assert!(gets(&files, &owner, logo).await && gets(&files, &owner, new).await);
        assert_eq!(stored(&desk), 2);
    })
    .await;
}

/// How many files lie in the store; empties it for the other database.
fn stored(desk: &TestDesk) -> usize {
    let folder = desk.folder().join("files");
    // Beside them lies the mark of the folder.
    let inner = std::fs::read_dir(&folder).unwrap().map(|inner| inner.unwrap().path()).filter(|path| path.is_dir());
    let count = inner.map(|inner| std::fs::read_dir(inner).unwrap().count()).sum();
    std::fs::remove_dir_all(folder).unwrap();
    count
}
