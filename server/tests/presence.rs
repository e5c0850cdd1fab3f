//! Presence: who is told which agents have a ticket open and what they write there, how soon, and for how long.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod common;

use common::{
    TestDesk, both_databases,
    letters::links,
    streams::{Server, Stream},
};
use domain::{
    Error, ErrorCode, Result,
    actor::Actor,
    agent::AgentPatch,
    conversation::MessageKind::{self, Note, Reply},
    id::{AgentId, ItemNumber, TeamId},
    item::Change,
    limits,
    live::News,
    patch::Patch,
    presence::{AtItem, COUNTS, Here, Presence},
    service::{Accounts, Admin, Items},
};
use server::{
    args,
    db::{Db, Sql},
    live::Begin,
    mail::Links,
    service::{accounts::tidy, admin::AdminService, items::ItemService},
};
use std::time::Duration;
use tokio::time::Instant;

fn id(actor: &Actor) -> AgentId {
    actor.agent().unwrap().id
}

/// A browser tab of somebody.
struct Tab {
    items: ItemService,
    who: Actor,
    key: String,
}

impl Tab {
    fn of(desk: &TestDesk, who: &Actor) -> Self {
        Self::at(&desk.db, who)
    }
    fn at(db: &Db, who: &Actor) -> Self {
        let items = ItemService::new(db.clone(), Links::new("https://desk.test"));
        let key = server::ambient::random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { items, who: who.clone(), key }
    }
    async fn try_show(&self, number: ItemNumber, writing: Option<MessageKind>) -> Result<()> {
        self.items.present(&self.who, Some(number), self.key.clone(), writing).await
    }
    async fn show(&self, number: ItemNumber, writing: Option<MessageKind>) {
        self.try_show(number, writing).await.unwrap();
    }
    async fn close(&self) {
        self.items.present(&self.who, None, self.key.clone(), None).await.unwrap();
    }
}

/// What is told when these are at one item now.
fn at(number: ItemNumber, here: &[(&Actor, Option<MessageKind>)]) -> News {
    let here = here.iter().map(|(who, writing)| Here { agent: id(who), writing: *writing }).collect();
    News::Presence(Presence { items: vec![AtItem { number, here }] })
}

/// Everything that a stream has told about presence so far, and not been looked at yet.
fn told(stream: &mut Stream) -> Vec<AtItem> {
    let news = std::mem::take(&mut stream.news).into_iter();
    news.filter_map(|news| if let News::Presence(presence) = news { Some(presence.items) } else { None }).flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn others_are_told_who_is_there_and_who_writes() {
    both_databases(async |desk| {
        let (olga, ana, ben) = (desk.owner().await, desk.agent("Ana").await, desk.agent("Ben").await);
        let number = desk.ticket("Printer jam").await;
        let server = Server::start(&desk.db).await;
        let (mut olgas, mut anas) = (server.open(&olga, None), server.open(&ana, None));
        let (first, second) = (Tab::of(&desk, &ana), Tab::of(&desk, &ana));
        first.show(number, None).await;
        olgas.hears(&at(number, &[(&ana, None)])).await;
        first.show(number, Some(Note)).await;
        olgas.hears(&at(number, &[(&ana, Some(Note))])).await;
        // In whichever tab.
        second.show(number, Some(Reply)).await;
        olgas.hears(&at(number, &[(&ana, Some(Reply))])).await;
        second.show(number, None).await;
        olgas.hears(&at(number, &[(&ana, Some(Note))])).await;
        first.close().await;
        olgas.news.clear();
        Tab::of(&desk, &ben).show(number, None).await;
        olgas.hears(&at(number, &[(&ana, None), (&ben, None)])).await;
        // Of herself Ana is told nothing, whatever her other tabs do.
        anas.hears(&at(number, &[(&ben, None)])).await;
        assert_eq!(anas.news, [at(number, &[(&ben, None)])]);
        second.close().await;
        olgas.hears(&at(number, &[(&ben, None)])).await;

        // Another ticket in the same tab: the first one is left.
        let other = desk.ticket("Toner").await;
        olgas.news.clear();
        first.show(number, None).await;
        olgas.hears(&at(number, &[(&ana, None), (&ben, None)])).await;
        olgas.news.clear();
        first.show(other, None).await;
        let mut all = Vec::new();
        while all.len() < 2 {
            assert!(olgas.take().await);
            all.extend(told(&mut olgas));
        }
        assert!(all.contains(&AtItem { number, here: vec![Here { agent: id(&ben), writing: None }] }), "{all:?}");
        assert!(all.contains(&AtItem { number: other, here: vec![Here { agent: id(&ana), writing: None }] }), "{all:?}");
        // Who comes later is told how it stands, in one piece, before anything happens.
        let mut late = server.open(&olga, None);
        while late.news.is_empty() {
            assert!(late.take().await);
        }
        let mut all = told(&mut late);
        all.sort_by_key(|at| at.number);
        let numbers: Vec<_> =
            all.iter().map(|at| (at.number, at.here.iter().map(|here| here.agent).collect::<Vec<_>>())).collect();
        assert_eq!(numbers, [(number, vec![id(&ben)]), (other, vec![id(&ana)])]);
        // The log knows nothing of it.
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM event WHERE actor_kind = 'agent'", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_its_stream_a_tab_is_gone_that_does_not_say_so() {
    both_databases(async |desk| {
        let (olga, ana) = (desk.owner().await, desk.agent("Ana").await);
        let number = desk.ticket("Printer jam").await;
        let server = Server::start(&desk.db).await;
        let mut olgas = server.open(&olga, None);
        let tab = Tab::of(&desk, &ana);
        let begin = || server.open_tab(&ana, Begin { after: None, tab: Some(tab.key.clone()) });
        let stream = begin();
        tab.show(number, None).await;
        olgas.hears(&at(number, &[(&ana, None)])).await;
        // The tab of another agent that says the same key changes nothing, nor does a stream that has no tab.
        drop(server.open_tab(&olga, Begin { after: None, tab: Some(tab.key.clone()) }));
        drop(server.open(&ana, None));
        // A line that was lost, and the next one of the same tab: it is there all the time.
        let next = begin();
        drop(stream);
        olgas.news.clear();
        Tab::of(&desk, &desk.agent("Ben").await).show(number, Some(Note)).await;
        let both = loop {
            assert!(olgas.take().await);
            if let Some(at) = told(&mut olgas).pop() {
                break at.here;
            }
        };
        assert_eq!(both.iter().map(|here| here.agent).collect::<Vec<_>>()[0], id(&ana));
        // The tab is closed, and its page has not been given the time to say so.
        drop(next);
        let alone = loop {
            assert!(olgas.take().await);
            if let Some(at) = told(&mut olgas).pop() {
                break at.here;
            }
        };
        assert!(alone.iter().all(|here| here.agent != id(&ana)), "{alone:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_the_item_is_told_nothing_of_it() {
    both_databases(async |desk| {
        let olga = desk.owner().await;
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let ben = desk.agent("Ben").in_team("Billing").seeing_their_teams_only().await;
        let marisa = desk.customer("Marisa").of("ACME").await;
        let theirs = desk.ticket("Printer jam").by(&marisa).for_team("Support").await;
        let bens = desk.ticket("Invoice").by(&marisa).for_team("Billing").await;
        let server = Server::start(&desk.db).await;
        let mut anas = server.open(&ana, None);
        let mut streams = [server.open(&ben, None), server.open(&marisa, None)];
        let olgas = Tab::of(&desk, &olga);
        olgas.show(theirs, Some(Reply)).await;
        anas.hears(&at(theirs, &[(&olga, Some(Reply))])).await;
        // What is told is how it stands now, so whatever Ben had been told of the other ticket would come before this or with it.
        let second = Tab::of(&desk, &olga);
        second.show(bens, None).await;
        let [bens_stream, marisas] = &mut streams;
        bens_stream.hears(&at(bens, &[(&olga, None)])).await;
        assert_eq!(bens_stream.news, [at(bens, &[(&olga, None)])]);

        // The ticket changes hands: who sees it no longer is told that nobody is there, who sees it now that Olga is.
        let items = desk.items();
        let hand_to = async |number: ItemNumber, team: TeamId| {
            let version = items.get(&olga, number).await.unwrap().row.version;
            items.change(&olga, number, version, vec![Change::Teams(vec![team])]).await.unwrap();
        };
        anas.news.clear();
        hand_to(theirs, desk.team("Billing").await).await;
        bens_stream.hears(&at(theirs, &[(&olga, Some(Reply))])).await;
        anas.hears(&at(theirs, &[])).await;

        // A customer is told of the ticket, and not a word of who reads or writes.
        let mut heard = 0;
        items.change(&olga, bens, items.get(&olga, bens).await.unwrap().row.version, vec![Change::Priority(4)]).await.unwrap();
        while heard == 0 {
            assert!(marisas.take().await);
            for news in std::mem::take(&mut marisas.news) {
                assert!(matches!(news, News::Ticket { .. }), "{news:?}");
                heard += usize::from(news == News::Ticket { number: bens });
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_that_says_nothing_more_runs_out() {
    both_databases(async |desk| {
        let (olga, ana, ben) = (desk.owner().await, desk.agent("Ana").await, desk.agent("Ben").await);
        let number = desk.ticket("Printer jam").await;
        let server = Server::start(&desk.db).await;
        let mut stream = server.open(&olga, None);
        let (anas, bens) = (Tab::of(&desk, &ana), Tab::of(&desk, &ben));
        anas.show(number, Some(Reply)).await;
        bens.show(number, None).await;
        stream.hears(&at(number, &[(&ana, Some(Reply)), (&ben, None)])).await;
        desk.clock.advance(COUNTS - 1_000);
        // Said again, which is nothing new to anybody.
        bens.show(number, None).await;
        stream.news.clear();
        desk.clock.advance(2_000);
        stream.hears(&at(number, &[(&ben, None)])).await;
        assert_eq!(stream.news, [at(number, &[(&ben, None)])]);
        anas.show(number, None).await;
        stream.hears(&at(number, &[(&ana, None), (&ben, None)])).await;
        // What has run out is also cleared away.
        desk.clock.advance(COUNTS);
        stream.hears(&at(number, &[])).await;
        tidy(&desk.db).await.unwrap();
        assert_eq!(desk.number(Sql::new("SELECT COUNT(*) FROM presence", args![])).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_told_through_every_server_and_soon() {
    both_databases(async |desk| {
        let (olga, ana) = (desk.owner().await, desk.agent("Ana").await);
        let number = desk.ticket("Printer jam").await;
        let others = Db::open(&desk.url, desk.clock.clone()).await.unwrap();
        let servers = [Server::start(&desk.db).await, Server::start(&others).await];
        let mut here = servers[0].open(&olga, None);
        let mut there = servers[1].open(&olga, None);
        let mut delays: [Vec<Duration>; 2] = Default::default();
        let tab = Tab::of(&desk, &ana);
        for turn in 0..6 {
            let writing = (turn % 2 == 0).then_some(Reply);
            let began = Instant::now();
            tab.show(number, writing).await;
            here.hears(&at(number, &[(&ana, writing)])).await;
            delays[0].push(began.elapsed());
            there.hears(&at(number, &[(&ana, writing)])).await;
            delays[1].push(began.elapsed());
            here.news.clear();
            there.news.clear();
        }
        eprintln!("{:?}: on the same server {:?}, on another {:?}", desk.engine(), delays[0], delays[1]);
        delays.iter_mut().for_each(|all| all.sort());
        // The middle one, because the machine that tests may be busy with something else.
        assert!(delays[0][3] < Duration::from_millis(300), "{delays:?}");
        assert!(delays[1][3] < Duration::from_millis(1_500), "{delays:?}");
        // A tab goes on at another server, as behind a balancer.
        let moved = Tab { key: tab.key.clone(), ..Tab::at(&others, &ana) };
        moved.close().await;
        here.hears(&at(number, &[])).await;
        others.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_locked_out_or_signs_out_is_there_no_longer() {
    both_databases(async |desk| {
        let (olga, ana, ben) = (desk.owner().await, desk.agent("Ana").await, desk.agent("Ben").await);
        let number = desk.ticket("Printer jam").await;
        let server = Server::start(&desk.db).await;
        let mut stream = server.open(&olga, None);
        Tab::of(&desk, &ana).show(number, None).await;
        Tab::of(&desk, &ben).show(number, None).await;
        stream.hears(&at(number, &[(&ana, None), (&ben, None)])).await;
        let admin = AdminService::new(desk.db.clone(), links(), false);
        let disabled = AgentPatch { disabled: Patch::Set(true), ..Default::default() };
        admin.change_agent(&olga, id(&ana), disabled).await.unwrap();
        stream.hears(&at(number, &[(&ben, None)])).await;
        desk.accounts().sign_out(&ben).await.unwrap();
        stream.hears(&at(number, &[])).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_other_rights_one_is_told_anew() {
    both_databases(async |desk| {
        let olga = desk.owner().await;
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let (support, billing) =
            (desk.ticket("Printer jam").for_team("Support").await, desk.ticket("Invoice").for_team("Billing").await);
        let server = Server::start(&desk.db).await;
        let mut stream = server.open(&ana, None);
        Tab::of(&desk, &olga).show(support, None).await;
        Tab::of(&desk, &olga).show(billing, Some(Note)).await;
        stream.hears(&at(support, &[(&olga, None)])).await;
        stream.news.clear();
        let Actor::Agent(mut agent) = ana.clone() else { panic!("an agent") };
        agent.teams = vec![desk.team("Billing").await];
        *stream.rights.lock().unwrap() = Actor::Agent(agent);
        stream.hears(&at(billing, &[(&olga, Some(Note))])).await;
        // She begins from nothing, and what she may no longer see is not named.
        assert_eq!(stream.news, [News::Reset, at(billing, &[(&olga, Some(Note))])]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_says_it_of_what_one_may_see_and_do() {
    both_databases(async |desk| {
        let leo = desk.light_agent().await;
        let ana = desk.agent("Ana").in_team("Support").seeing_their_teams_only().await;
        let marisa = desk.customer("Marisa").await;
        let number = desk.ticket("Printer jam").by(&marisa).for_team("Support").await;
        let hidden = desk.ticket("Invoice").for_team("Billing").await;
        let rows = || desk.number(Sql::new("SELECT COUNT(*) FROM presence", args![]));
        let code = |refused: Result<()>| refused.map_err(|error: Error| error.code).unwrap_err();
        assert_eq!(code(Tab::of(&desk, &marisa).try_show(number, None).await), ErrorCode::Forbidden);
        assert_eq!(code(Tab::of(&desk, &Actor::Anonymous).try_show(number, None).await), ErrorCode::Unauthenticated);
        assert_eq!(code(Tab::of(&desk, &leo).try_show(number, Some(Reply)).await), ErrorCode::Forbidden);
        Tab::of(&desk, &leo).show(number, Some(Note)).await;
        for key in ["", "short", "0123456789abcdef'--", &"a".repeat(65)] {
            let tab = Tab { key: key.to_owned(), ..Tab::of(&desk, &ana) };
            assert_eq!(code(tab.try_show(number, None).await), ErrorCode::Invalid, "{key}");
        }
        let tab = Tab::of(&desk, &ana);
        tab.show(number, None).await;
        assert_eq!(rows().await, 2);
        // What one may not see is not there, and the tab is nowhere.
        assert_eq!(code(tab.try_show(hidden, None).await), ErrorCode::NotFound);
        assert_eq!(code(tab.try_show(ItemNumber(999), None).await), ErrorCode::NotFound);
        assert_eq!(rows().await, 1);
        // The key of a tab is a key of its agent only.
        let stolen = Tab { key: tab.key.clone(), ..Tab::of(&desk, &leo) };
        tab.show(number, None).await;
        stolen.close().await;
        assert_eq!(rows().await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_tabs_of_an_agent_count_and_so_often() {
    both_databases(async |desk| {
        let (ana, ben) = (desk.agent("Ana").await, desk.agent("Ben").await);
        let number = desk.ticket("Printer jam").await;
        let first = Tab::of(&desk, &ana);
        first.show(number, None).await;
        for _ in 1..limits::TABS_AGENT {
            Tab::of(&desk, &ana).show(number, None).await;
        }
        let refused = Tab::of(&desk, &ana).try_show(number, None).await.unwrap_err();
        assert_eq!((refused.code, refused.key.as_str()), (ErrorCode::TooMany, "error_too_many_streams"));
        first.show(number, Some(Reply)).await;
        Tab::of(&desk, &ben).show(number, None).await;
        first.close().await;
        Tab::of(&desk, &ana).show(number, None).await;
        // Those that have run out make room.
        desk.clock.advance(COUNTS);
        Tab::of(&desk, &ana).show(number, None).await;
        let sql = "SELECT COUNT(*) FROM presence WHERE agent_id = $1";
        assert_eq!(desk.number(Sql::new(sql, args![id(&ana)])).await, 1);

        let sql = "UPDATE rate_limit SET used = $1 WHERE key = $2";
        desk.execute(Sql::new(sql, args![limits::PRESENCE_AGENT, format!("presence:agent:{}", id(&ana))])).await;
        let refused = Tab::of(&desk, &ana).try_show(number, None).await.unwrap_err();
        assert_eq!((refused.code, refused.key.as_str()), (ErrorCode::TooMany, "error_rate"));
        Tab::of(&desk, &ben).show(number, None).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_gets_the_end_and_no_backlog() {
    both_databases(async |desk| {
        let (olga, ana) = (desk.owner().await, desk.agent("Ana").await);
        let (number, last) = (desk.ticket("Printer jam").await, desk.ticket("Toner").await);
        let server = Server::start(&desk.db).await;
        let (mut slow, mut quick) = (server.open(&olga, None), server.open(&olga, None));
        let tab = Tab::of(&desk, &ana);
        for turn in 0..30 {
            let writing = (turn % 2 == 0).then_some(Note);
            tab.show(number, writing).await;
            quick.hears(&at(number, &[(&ana, writing)])).await;
            quick.news.clear();
        }
        tab.close().await;
        Tab::of(&desk, &ana).show(last, None).await;
        while !told(&mut quick).iter().any(|at| at.number == last) {
            assert!(quick.take().await);
        }
        // The slow one finds what fitted into its channel, and then how it stands.
        let mut all: Vec<AtItem> = Vec::new();
        while !all.iter().any(|at| at.number == last) {
            assert!(slow.take().await);
            all.extend(told(&mut slow));
        }
        assert!(all.len() < 16, "{} pieces", all.len());
        let end = all.iter().rfind(|at| at.number == number).unwrap();
        assert!(end.here.is_empty(), "{all:?}");
    })
    .await;
}
