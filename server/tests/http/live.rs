//! The streams of live updates as a browser gets them.

use crate::site::on_a_site;
use axum::body::Body;
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::{sync::watch, time::timeout};

/// The next piece of a stream; none when it is over.
async fn next(body: &mut Body) -> Option<String> {
    let frame = timeout(Duration::from_secs(20), body.frame()).await.expect("nothing came")?;
    Some(String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_on_the_way_may_hold_a_stream_back() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let answer = site.get("/live/desk").by(&cookie).with("accept-encoding", "gzip, br").await.is(200);
        assert_eq!(answer.header("content-type"), "text/event-stream");
        assert_eq!(answer.header("cache-control"), "no-store, no-transform");
        assert_eq!(answer.header("x-accel-buffering"), "no");
        assert_eq!(answer.header("content-encoding"), "");
        site.get("/live/desk?after=soon").by(&cookie).await.is(400);
        site.get("/live/desk?from=1").by(&cookie).await.is(400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_session_and_with_the_server() {
    on_a_site(async |site| {
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(site.live.clone().run(stopped));
        let ana = site.desk.agent("Ana").await;
        let (first, second) = (site.sign_in(&ana).await, site.sign_in(&ana).await);
        let mut ended = site.get("/live/desk").by(&first).response().await.into_body();
        let mut kept = site.get("/live/desk").by(&second).response().await.into_body();
        assert!(next(&mut ended).await.unwrap().starts_with("retry: "));
        assert!(next(&mut kept).await.unwrap().starts_with("retry: "));
        site.post("/_fn/agent/sign_out_everywhere").by(&second).json("{}").await.is(200);
        loop {
            let text = next(&mut ended).await.unwrap();
            if text.contains("\"ended\"") {
                break;
            }
        }
        assert_eq!(next(&mut ended).await, None);
        // The other session goes on, until the server does not.
        site.live.end_streams();
        while next(&mut kept).await.is_some_and(|text| !text.contains("\"ended\"")) {}
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_only_so_many_streams() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let mut open = Vec::new();
        for _ in 0..domain::limits::STREAMS {
            open.push(site.get("/live/desk").by(&cookie).response().await);
        }
        let refused = site.get("/live/desk").by(&cookie).with("accept", "application/json").await.is(429);
        assert_eq!(refused.error(), "error_too_many_streams");
        // Another session is not concerned, and a stream that is closed makes room.
        let bea = site.sign_in(&site.desk.agent("Bea").await).await;
        site.get("/live/desk").by(&bea).await.is(200);
        open.pop();
        for _ in 0..200 {
            let answer = site.get("/live/desk").by(&cookie).response().await;
            if answer.status() == 200 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("a closed stream kept its place");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_from_where_to_follow() {
    on_a_site(async |site| {
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(site.live.clone().run(stopped));
        let owner = site.desk.owner().await;
        let cookie = site.sign_in(&owner).await;
        let log = loop {
            let page = site.get("/desk/tickets").by(&cookie).await.is(200).text;
            if let Some((_, rest)) = page.split_once("data-log=\"") {
                break rest.split_once('"').unwrap().0.to_owned();
            }
        };
        let answer = site.get(&format!("/live/desk?after={log}")).by(&cookie).await.is(200);
        assert_eq!(answer.text, format!("retry: 1500\nid: {log}\n\n"));
        // A browser that comes back knows better than the address.
        let answer = site.get("/live/desk?after=999999").with("last-event-id", &log).by(&cookie).await.is(200);
        assert_eq!(answer.text, format!("retry: 1500\nid: {log}\n\n"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_told_who_is_there_and_customers_are_not() {
    on_a_site(async |site| {
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(site.live.clone().run(stopped));
        let (ana, marisa) = (site.desk.agent("Ana").await, site.desk.customer("Marisa").await);
        let number = site.desk.ticket("Printer jam").by(&marisa).await;
        let olga = site.sign_in(&site.desk.owner().await).await;
        let (ana, marisa) = (site.sign_in(&ana).await, site.sign_in(&marisa).await);
        let mut agents = site.get("/live/desk").by(&olga).response().await.into_body();
        let mut customers = site.get("/live/portal").by(&marisa).response().await.into_body();
        let present = |rest: &str| {
            let json = format!("{{\"tab\":\"0123456789abcdef\",{rest}}}");
            site.post("/_fn/items/present").by(&ana).body(json.into_bytes()).with("content-type", "text/plain;charset=UTF-8")
        };
        // As it is said, and as a page says it that goes away.
        present(&format!("\"number\":{number},\"writing\":\"reply\"")).await.is(200);
        while !next(&mut agents).await.unwrap().contains("\"kind\":\"presence\"") {}
        present("\"number\":null,\"writing\":null").await.is(200);
        while !next(&mut agents).await.unwrap().contains("\"here\":[]") {}
        present(&format!("\"number\":{number},\"writing\":null,\"agent\":1")).await.is(422);

        let message = format!("{{\"message\":{{\"item\":{number},\"kind\":\"reply\",\"html\":\"<p>Hello</p>\"}}}}");
        site.post("/_fn/items/write").by(&ana).json(&message).await.is(200);
        let mut all = String::new();
        while !all.contains("\"ticket\"") {
            all += &next(&mut customers).await.unwrap();
        }
        assert!(["presence", "here", "writing", "agent"].iter().all(|word| !all.contains(word)), "{all}");
    })
    .await;
}
