//! Too much in too short a time: what the answer says, and which network address is counted.

use crate::{
    common::on_sqlite,
    site::{PUBLIC_URL, Site, on_a_site},
};
use domain::{actor::Actor, limits};
use server::{args, db::Sql};

/// As if somebody had done this so often in the last hour.
async fn spend(site: &Site, what: &str, who: &Actor, used: i64) {
    let key = format!("{what}:{}:{}", who.party().kind(), who.party().id().unwrap());
    let sql = "INSERT INTO rate_limit (key, window_start, used) VALUES ($1, $2, $3)";
    site.desk.execute(Sql::new(sql, args![key, site.desk.db.now(), used])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_when_to_come_back() {
    on_a_site(async |site| {
        let marisa = site.desk.customer("Marisa").await;
        let cookie = site.sign_in(&marisa).await;
        spend(&site, "request", &marisa, limits::REQUESTS_CUSTOMER).await;
        spend(&site, "upload", &marisa, limits::UPLOADS_CUSTOMER).await;
        let request = r#"{"portal":"support","ticket":{"title":"Paper jam","body":"Again."}}"#;
        let asked = site.post("/_fn/portal/create").by(&cookie).json(request).await.is(429);
        let file = [("file", "a.txt", b"hello".as_slice())];
        let uploaded = site.post("/files/upload").by(&cookie).multipart(file).await.is(429);
        for answer in [asked, uploaded] {
            assert_eq!((answer.header("retry-after"), answer.error().as_str()), ("3600", "error_rate"));
        }
    })
    .await;
}

/// Tries to sign in from behind proxies of these networks; answers the addresses that were counted.
async fn counted(proxies: &str, forwarded: &str) -> Vec<String> {
    let found = std::sync::Mutex::new(Vec::new());
    on_sqlite(async |desk| {
        desk.owner().await;
        let site = Site::behind(desk, PUBLIC_URL, proxies).await;
        let form = [("email", "nobody@desk.test"), ("password", "correct horse")];
        site.post("/_fn/agent/sign_in").with("x-forwarded-for", forwarded).form(form).await.is(422);
        let keys = Sql::new("SELECT key FROM rate_limit WHERE key LIKE 'sign_in_address:%'", args![]);
        let keys: Vec<(String,)> = site.desk.rows(keys).await;
        *found.lock().unwrap() = keys.into_iter().map(|(key,)| key.replace("sign_in_address:", "")).collect();
    })
    .await;
    found.into_inner().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_proxy_that_is_trusted_says_who_is_behind_it() {
    // Requests in these tests come from networks of 2001:db8::/32.
    for nobody in ["", "10.0.0.0/8"] {
        let counted = counted(nobody, "203.0.113.9").await;
        assert!(counted[0].starts_with("2001:db8:"), "{counted:?}");
    }
    assert_eq!(counted("2001:db8::/32", "203.0.113.9").await, ["203.0.113.9"]);
    assert_eq!(counted("2001:db8::/32", "198.51.100.1, 203.0.113.9").await, ["203.0.113.9"], "what strangers put in front");
    assert_eq!(counted("2001:db8::/32, 203.0.113.9", "198.51.100.1, 203.0.113.9").await, ["198.51.100.1"], "two proxies");
}
