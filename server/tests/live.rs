//! Live updates: who is told of what, from where they left off, once, in order, and only as long as they may know.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    streams::{Server, Stream},
};
use domain::{
    actor::Actor,
    conversation::{MessageKind, NewMessage},
    event::Subject,
    id::{ItemNumber, TeamId},
    item::Change,
    live::News,
    service::{Accounts, Items},
    session::Realm,
};
use server::{
    args,
    db::{Db, NewEvent, Sql},
};
use std::time::Duration;

async fn end(desk: &TestDesk) -> i64 {
    desk.number(Sql::new("SELECT COALESCE(MAX(seq), 0) FROM event", args![])).await
}

/// What a stream told, in short: the numbers of the items with what happened.
fn short(news: &[News]) -> Vec<String> {
    let one = |news: &News| match news {
        News::Item { row, what } => {
            let what: Vec<String> = what.iter().map(|one| format!("{} {}", one.name, one.field).trim().to_owned()).collect();
            format!("{}: {}", row.number, what.join(", "))
        }
        News::Ticket { number } => format!("{number}"),
        News::Gone { number } => format!("{number} gone"),
        other => format!("{other:?}").to_lowercase(),
    };
    news.iter().map(one).collect()
}

async fn change(desk: &TestDesk, by: &Actor, number: ItemNumber, change: Change) {
    let items = desk.items();
    let version = items.get(by, number).await.unwrap().row.version;
    items.change(by, number, version, vec![change]).await.unwrap();
}

async fn write(desk: &TestDesk, by: &Actor, item: ItemNumber, kind: MessageKind) {
    let key = format!("{kind:?}-{item}-{}", end(desk).await);
    let html = "<p>Words.</p>".to_owned();
    let message = NewMessage {
        item,
        kind,
        html,
        files: vec![],
        cc: vec![],
        forward_to: Vec::new(),
        status_id: None,
        seen: None,
        seen_held: Vec::new(),
        hold: false,
        idempotency_key: key,
    };
    desk.items().write(by, message).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_of_what_they_see_and_of_nothing_else() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let ben = desk.agent("Ben").in_team("Billing").seeing_their_teams_only().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let carla = desk.customer("Carla").of("ACME").await;
        let sven = desk.customer("Sven").of("Umbrella").await;
        let number = desk.ticket("Printer jam").by(&marisa).for_team("Support").await;
        let server = Server::start(&desk.db).await;
        let mut streams: Vec<Stream> = [&owner, &ana, &ben, &marisa, &carla, &sven].map(|who| server.open(who, None)).into();
        let mut told = async |expected: [&[&str]; 6]| {
            let end = end(&desk).await;
            // Something that everybody is told of ends the wait for those who are told nothing.
            for (stream, expected) in streams.iter_mut().zip(expected) {
                if expected.is_empty() {
                    tokio::time::sleep(Duration::from_millis(150)).await;
                    while let Ok(text) = stream.sent.try_recv() {
                        assert!(!text.windows(5).any(|part| part == b"data:"), "{text:?}");
                    }
                } else {
                    assert_eq!(short(&stream.until(end).await), expected);
                }
            }
        };

        change(&desk, &owner, number, Change::Title("Printer on fire".to_owned())).await;
        told([&["1: changed title"], &["1: changed title"], &[], &["1"], &["1"], &[]]).await;
        write(&desk, &owner, number, MessageKind::Note).await;
        told([&["1: noted"], &["1: noted"], &[], &[], &[], &[]]).await;
        change(&desk, &owner, number, Change::Tags(vec!["secret".to_owned()])).await;
        told([&["1: changed tags"], &["1: changed tags"], &[], &[], &[], &[]]).await;
        write(&desk, &owner, number, MessageKind::Reply).await;
        told([&["1: replied"], &["1: replied"], &[], &["1"], &["1"], &[]]).await;

        // Who could see it and no longer can is told that it is gone, and nothing of what happens then.
        let teams = desk.team("Billing").await;
        change(&desk, &owner, number, Change::Teams(vec![teams])).await;
        told([&["1: changed teams"], &["1 gone"], &["1: changed teams"], &[], &[], &[]]).await;
        // Which agents follow is the team's business.
        desk.items().follow(&owner, number, true).await.unwrap();
        told([&["1: followed following_agents"], &[], &["1: followed following_agents"], &[], &[], &[]]).await;
        // So is a mail that did not arrive.
        let mail = desk.refuse_mail("marisa@acme.test", "no such mailbox").await;
        told([&["1: delivery_failed"], &[], &["1: delivery_failed"], &[], &[], &[]]).await;
        desk.items().deliver_again(&owner, number, mail).await.unwrap();
        told([&["1: delivery_retried"], &[], &["1: delivery_retried"], &[], &[], &[]]).await;
        change(&desk, &owner, number, Change::Priority(5)).await;
        told([&["1: changed priority"], &[], &["1: changed priority"], &["1"], &["1"], &[]]).await;
        change(&desk, &owner, number, Change::Published(false)).await;
        told([&["1: changed published"], &[], &["1: changed published"], &["1 gone"], &["1 gone"], &[]]).await;
        write(&desk, &owner, number, MessageKind::Reply).await;
        told([&["1: replied"], &[], &["1: replied"], &[], &[], &[]]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_goes_on_where_they_left_off() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let first = desk.ticket("First").await;
        let second = desk.ticket("Second").await;
        let server = Server::start(&desk.db).await;
        change(&desk, &owner, first, Change::Priority(1)).await;
        let left = end(&desk).await;
        change(&desk, &owner, second, Change::Priority(2)).await;
        change(&desk, &owner, first, Change::Priority(3)).await;
        let now = end(&desk).await;
        let mut heard = short(&server.open(&owner, Some(left)).until(now).await);
        heard.sort();
        assert_eq!(heard, ["1: changed priority", "2: changed priority"]);
        assert!(server.open(&owner, Some(now)).until(now).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_comes_from_a_server_that_was_ahead_is_told_nothing_twice() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let first = desk.ticket("First").await;
        let second = desk.ticket("Second").await;
        let behind = Server::begin(&desk.db).await;
        change(&desk, &owner, first, Change::Priority(4)).await;
        let told = end(&desk).await;
        let mut ahead = behind.open(&owner, Some(told));
        change(&desk, &owner, second, Change::Priority(4)).await;
        behind.follow();
        assert_eq!(short(&ahead.until(told + 1).await), ["2: changed priority"]);

        // Nor when what has been told and what has not come in one piece.
        let behind = Server::begin(&desk.db).await;
        let version = desk.items().get(&owner, first).await.unwrap().row.version;
        let both = vec![Change::Title("Last".to_owned()), Change::Priority(5)];
        desk.items().change(&owner, first, version, both).await.unwrap();
        let mut ahead = behind.open(&owner, Some(told + 2));
        behind.follow();
        assert_eq!(short(&ahead.until(told + 3).await), ["1: changed priority"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_loses_nothing_while_its_server_does_not_follow_yet() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let number = desk.ticket("Printer jam").await;
        let left = end(&desk).await;
        change(&desk, &owner, number, Change::Priority(1)).await;
        let server = Server::begin(&desk.db).await;
        let (mut back, mut fresh) = (server.open(&owner, Some(left)), server.open(&owner, None));
        change(&desk, &owner, number, Change::Title("Printer on fire".to_owned())).await;
        server.follow();
        assert_eq!(short(&back.until(left + 1).await), ["1: changed priority"]);
        assert_eq!(short(&back.until(left + 2).await), ["1: changed title"]);
        assert_eq!(short(&fresh.until(left + 2).await), ["1: changed title"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_of_more_than_the_log_holds_loads_everything_again() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let number = desk.ticket("Printer jam").await;
        let server = Server::start(&desk.db).await;
        let end = end(&desk).await;
        // Heard before an archive was brought back.
        let mut stream = server.open(&owner, Some(end + 1_000));
        stream.hears(&News::Reset).await;
        assert_eq!((stream.place, stream.news.as_slice()), (Some(end), [News::Reset].as_slice()));
        stream.news.clear();
        change(&desk, &owner, number, Change::Priority(1)).await;
        assert_eq!(short(&stream.until(end + 1).await), ["1: changed priority"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_away_for_too_long_loads_everything_again() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let number = desk.ticket("Printer jam").await;
        append(&desk.db, 2_100).await;
        let server = Server::start(&desk.db).await;
        let end = end(&desk).await;
        let mut stream = server.open(&owner, Some(1));
        assert_eq!(stream.until(end).await, [News::Reset]);
        change(&desk, &owner, number, Change::Priority(1)).await;
        assert_eq!(short(&stream.until(end + 1).await), ["1: changed priority"]);
    })
    .await;
}

/// Entries that change nothing, about the first item.
async fn append(db: &Db, count: usize) {
    db.write(move |tx| {
        Box::pin(async move {
            for _ in 0..count {
                tx.event(NewEvent::new(domain::actor::Party::System, "", Subject::Item(1), "tried"));
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_see_is_asked_anew() {
    both_databases(async |desk| {
        let owner = desk.owner().await;
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let number = desk.ticket("Printer jam").for_team("Billing").await;
        let server = Server::start(&desk.db).await;
        let mut stream = server.open(&ana, None);
        // Ana comes into the other team.
        let Actor::Agent(mut agent) = ana.clone() else { panic!("an agent") };
        agent.teams.push(TeamId(desk.team("Billing").await.0));
        *stream.rights.lock().unwrap() = Actor::Agent(agent);
        stream.hears(&News::Reset).await;
        let before = end(&desk).await;
        change(&desk, &owner, number, Change::Priority(1)).await;
        assert!(short(&stream.until(before + 1).await).contains(&"1: changed priority".to_owned()));
        // Her session ends.
        *stream.rights.lock().unwrap() = Actor::Anonymous;
        stream.hears(&News::Ended).await;
        assert!(!stream.take().await, "nothing comes after the end");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_does_not_keep_a_session_alive() {
    both_databases(async |desk| {
        let ana = desk.agent("Ana").await;
        let cookie = desk.cookie(&ana, desk.db.now()).await;
        let token = cookie.split_once('=').unwrap().1.to_owned();
        let accounts = desk.accounts();
        desk.clock.advance(domain::session::IDLE - domain::time::HOUR);
        assert!(matches!(accounts.holder(Realm::Agent, &token).await.unwrap(), Actor::Agent(_)));
        tokio::time::sleep(Duration::from_millis(100)).await;
        desk.clock.advance(2 * domain::time::HOUR);
        assert_eq!(accounts.holder(Realm::Agent, &token).await.unwrap(), Actor::Anonymous);
    })
    .await;
}

/// Many write at once, through two servers; every reader sees every number of the log once and in order.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_missed_or_told_twice_however_many_write() {
    const WRITERS: usize = 32;
    const READERS: usize = 8;
    let each: usize = std::env::var("LIVE_EVENTS").ok().and_then(|all| all.parse().ok()).unwrap_or(3_200) / WRITERS;
    both_databases(async |desk| {
        let owner = desk.owner().await;
        desk.ticket("Printer jam").await;
        let begin = end(&desk).await;
        let others = Db::open(&desk.url, desk.clock.clone()).await.unwrap();
        let servers = [Server::start(&desk.db).await, Server::start(&others).await];
        let all = begin + i64::try_from(WRITERS * each).unwrap();
        let readers: Vec<_> = (0..READERS)
            .map(|index| {
                let mut stream = servers.get(index % 2).unwrap().open(&owner, Some(begin));
                tokio::spawn(async move {
                    let mut places = vec![begin];
                    let mut happened = 0;
                    while places.last().is_none_or(|place| *place < all) {
                        stream.take().await;
                        places.extend(stream.place);
                        for news in std::mem::take(&mut stream.news) {
                            match news {
                                News::Item { what, .. } => happened += what.len(),
                                other => panic!("{other:?}"),
                            }
                        }
                    }
                    assert!(places.is_sorted(), "{places:?}");
                    happened
                })
            })
            .collect();
        let writers: Vec<_> = (0..WRITERS)
            .map(|index| {
                let db = if index % 2 == 0 { desk.db.clone() } else { others.clone() };
                tokio::spawn(async move {
                    for _ in 0..each {
                        append(&db, 1).await;
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        for reader in readers {
            assert_eq!(reader.await.unwrap(), WRITERS * each);
        }
        others.close().await;
    })
    .await;
}
