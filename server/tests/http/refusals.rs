//! What the site does not take, from whom it comes or how large it is; and what every answer carries.

use crate::site::{Site, on_a_site};

const NOTHING: &str = "{}";

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_sends_is_refused() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let me = || site.post("/_fn/agent/me").by(&cookie).json(NOTHING);
        me().await.is(200);
        me().without("sec-fetch-site").with("origin", "http://desk.test").await.is(200);
        for strange in ["cross-site", "same-site"] {
            let answer = me().with("sec-fetch-site", strange).await.is(403);
            assert_eq!(answer.error(), "error_foreign_site");
        }
        me().without("sec-fetch-site").await.is(403);
        me().without("sec-fetch-site").with("origin", "https://evil.example").await.is(403);
        me().without("sec-fetch-site").with("origin", "null").await.is(403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_changes_by_a_link() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        site.get("/_fn/agent/sign_out").by(&cookie).await.is(405);
        site.post("/_fn/agent/me").by(&cookie).json(NOTHING).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_of_one_surface_opens_nothing_of_the_other() {
    on_a_site(async |site| {
        site.desk.owner().await;
        let agent = site.sign_in(&site.desk.agent("Ana").await).await;
        let customer = site.sign_in(&site.desk.customer("Marisa").await).await;
        let under = |name: &str, cookie: &str| format!("{name}={}", cookie.split_once('=').unwrap().1);
        for cookie in [&customer, &under("taquilla_agent", &customer)] {
            site.post("/_fn/agent/me").by(cookie).json(NOTHING).await.is(401);
            assert!(site.get("/desk/tickets").by(cookie).await.is(303).leads_to().starts_with("/desk/sign-in"));
        }
        for cookie in [&agent, &under("taquilla_customer", &agent)] {
            site.post("/_fn/portal/sessions").by(cookie).json(NOTHING).await.is(401);
        }
        site.post("/_fn/agent/me").by("taquilla_agent=nonsense").json(NOTHING).await.is(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_refused_at_any_depth() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let list = |json: &'static str| site.post("/_fn/items/list").by(&cookie).json(json);
        list(r#"{"query":{"view":"open"}}"#).await.is(200);
        for json in [
            r#"{"query":{"view":"open"},"role":"owner"}"#,
            r#"{"query":{"view":"open","role":"owner"}}"#,
            r#"{"query":{"view":"open","sort":{"by":"title","descending":true,"then":1}}}"#,
            r#"{"query":{"view":"nothing"}}"#,
            r#"{"query":{"view":7}}"#,
            r#"{"query":{"view":"open"}} and more"#,
            "not json",
            "",
        ] {
            let answer = list(json).await.is(422);
            assert_eq!(answer.error(), "error_bad_request", "{json}");
        }
        let sign_in = "form[email]=a%40b.test&form[password]=0123456789";
        for more in ["&form[role]=owner", "&role=owner", "&form[email]=c%40d.test"] {
            site.post("/_fn/agent/sign_in").raw_form(&format!("{sign_in}{more}")).await.is(422);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_have_limits() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let large = |path: &'static str, bytes: usize| {
            site.post(path).by(&cookie).with("content-type", "application/json").body(vec![b' '; bytes])
        };
        let answer = large("/_fn/items/list", 1024 * 1024 + 1).saying_its_length().await.is(413);
        assert_eq!(answer.error(), "error_too_large");
        // A stream does not say how long it will be.
        assert_eq!(large("/_fn/items/list", 1024 * 1024 + 1).await.is(413).error(), "error_too_large");
        let form = site.post("/_fn/agent/sign_in").raw_form(&format!("form[email]={}", "a".repeat(1024 * 1024)));
        form.await.is(413);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_what_protects_people() {
    on_a_site(async |site| {
        site.desk.owner().await;
        let page = site.get("/desk/sign-in").await.is(200);
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned();
        for part in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "wasm-unsafe-eval"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("'unsafe-eval'") && !policy.contains("script-src 'unsafe-inline'"), "{policy}");
        // Each inline script carries the nonce of its page, and the next page has another.
        for script in page.text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&nonce) || tag.contains("src="), "<script{tag}>");
        }
        assert!(!site.get("/desk/sign-in").await.text.contains(&nonce));
        for path in ["/desk/sign-in", "/nothing", "/healthz", "/favicon.svg", "/files/7/a.txt", "/"] {
            let answer = site.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
        }
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("strict-transport-security"), "", "not without https");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_https_browsers_stay_there_and_cookies_are_bound_to_the_host() {
    on_a_site(async |site| {
        let secure = Site::at(site.desk.clone(), "https://desk.test").await;
        let answer = secure.get("/desk/sign-in").await;
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
        let cookie = secure.sign_in(&secure.desk.agent("Ana").await).await;
        secure.post("/_fn/agent/me").by(&cookie).json(NOTHING).await.is(401);
        secure.post("/_fn/agent/me").by(&format!("__Host-{cookie}")).json(NOTHING).await.is(200);
        let out = secure.post("/_fn/agent/sign_out").by(&format!("__Host-{cookie}")).raw_form("").await.is(200);
        let gone = out.header("set-cookie");
        assert!(gone.starts_with("__Host-taquilla_agent=;"), "{gone}");
        for part in ["Max-Age=0", "Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
            assert!(gone.contains(part), "{gone}");
        }
        secure.post("/_fn/agent/me").by(&format!("__Host-{cookie}")).json(NOTHING).await.is(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_done_in_time_is_told_so() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let began = std::time::Duration::from_secs(domain::limits::REQUEST_SECONDS);
        let asked = site.post("/_fn/agent/me").by(&cookie).with("content-type", "application/json").never_ending();
        let answer = tokio::time::timeout(began * 2, asked.response()).await.expect("an answer");
        assert_eq!(answer.status(), 503);
        assert!(!answer.headers()["x-request-id"].is_empty());
    })
    .await;
}
