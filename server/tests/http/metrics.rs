//! The figures for Prometheus: who may read them, what they tell, and that they tell of nobody.

use crate::{
    common::on_sqlite,
    site::{PUBLIC_URL, Site, on_a_site},
};
use server::{args, db::Sql, meter::MailResult};
use std::collections::BTreeMap;

const TOKEN: &str = "a-token-of-prometheus";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_the_figures_unless_a_setting_says_who() {
    on_a_site(async |site| {
        site.get("/metrics").from("127.0.0.1").await.is(404);
        site.get("/metrics").with("authorization", &format!("Bearer {TOKEN}")).await.is(404);
        let local = Site::with(site.desk.clone(), PUBLIC_URL, &[("TAQUILLA_METRICS", "loopback")]).await;
        local.get("/metrics").from("127.0.0.1").await.is(200);
        local.get("/metrics").from("::1").await.is(200);
        local.get("/metrics").from("192.0.2.7").await.is(404);
        for header in ["x-forwarded-for", "forwarded", "via", "x-real-ip"] {
            local.get("/metrics").from("127.0.0.1").with(header, "127.0.0.1").await.is(404);
        }
        let remote = Site::with(site.desk.clone(), PUBLIC_URL, &[("TAQUILLA_METRICS", TOKEN)]).await;
        remote.get("/metrics").from("192.0.2.7").with("authorization", &format!("Bearer {TOKEN}")).await.is(200);
        for wrong in ["Bearer other", "Bearer ", "Basic x", TOKEN] {
            remote.get("/metrics").from("127.0.0.1").with("authorization", wrong).await.is(401);
        }
        remote.get("/metrics").from("127.0.0.1").await.is(401);
    })
    .await;
}

/// The values, by name and labels; every line is one that Prometheus reads.
fn values(text: &str) -> BTreeMap<String, f64> {
    let mut values = BTreeMap::new();
    let mut begun = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            begun = rest.split(' ').next().unwrap().to_owned();
            assert!(["gauge", "counter", "histogram"].contains(&rest.split(' ').nth(1).unwrap()), "{line}");
        } else if !line.starts_with("# HELP ") {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(name.starts_with(&begun), "{line} stands under {begun}");
            assert!(values.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{line} stands there twice");
        }
    }
    values
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_tell_what_happens_and_of_nobody() {
    on_sqlite(async |desk| {
        let marisa = desk.customer("Marisa").await;
        let ana = desk.agent("Ana").await;
        desk.ticket("Printer jam").by(&marisa).await;
        let site = Site::with(desk, PUBLIC_URL, &[("TAQUILLA_METRICS", "loopback")]).await;
        let cookie = site.sign_in(&ana).await;
        site.get("/desk/tickets/1?secret=marisa").by(&cookie).await.is(200);
        site.post("/_fn/agent/me").by(&cookie).json("{}").await.is(200);
        site.post("/_fn/agent/nobody-marisa").by(&cookie).json("{}").await.is(404);
        site.get("/nothing/marisa").await.is(404);
        let stream = site.get("/live/desk").by(&cookie).response().await;
        let now = site.desk.db.now();
        let sql = "INSERT INTO job (kind, subject_id, priority, run_at, created_at) VALUES ('mail', 1, 1, $1, $1)";
        site.desk.execute(Sql::new(sql, args![now])).await;
        let sql = "INSERT INTO job (kind, subject_id, priority, run_at, every, created_at) VALUES ('tidy', 0, 2, $1, 1, 1)";
        site.desk.execute(Sql::new(sql, args![now])).await;
        site.desk.clock.advance(90_500);
        site.meter.mail(MailResult::Later);
        let text = site.get("/metrics").from("127.0.0.1").await.is(200).text;
        let values = values(&text);
        let count = |route: &str, method: &str, class: &str| {
            let labels = format!("{{route=\"{route}\",method=\"{method}\",status=\"{class}\"}}");
            values.get(&format!("taquilla_http_request_duration_seconds_count{labels}")).copied()
        };
        assert_eq!(count("/desk/tickets/{number}", "GET", "2xx"), Some(1.0), "{text}");
        assert_eq!(count("/_fn/agent/me", "POST", "2xx"), Some(1.0));
        assert_eq!(count("(none)", "POST", "4xx"), Some(1.0));
        assert_eq!(count("(file)", "GET", "4xx"), Some(1.0));
        let last =
            "taquilla_http_request_duration_seconds_bucket{route=\"/_fn/agent/me\",method=\"POST\",status=\"2xx\",le=\"+Inf\"}";
        assert_eq!(values[last], 1.0);
        assert_eq!(values["taquilla_live_streams"], 1.0);
        assert_eq!(values["taquilla_jobs{kind=\"mail\",state=\"waiting\"}"], 1.0);
        assert_eq!(values["taquilla_jobs{kind=\"import\",state=\"failed\"}"], 0.0);
        assert!(!values.keys().any(|name| name.contains("tidy")), "{text}");
        assert_eq!(values["taquilla_jobs_oldest_seconds"], 90.5);
        assert_eq!(values["taquilla_outgoing_held"], 0.0);
        assert_eq!(values["taquilla_mail_results_total{result=\"later\"}"], 1.0);
        assert_eq!(values["taquilla_database_up"], 1.0);
        assert!(values["taquilla_log_position"] >= 1.0 && values["process_resident_memory_bytes"] > 1e6);
        assert!(
            values.contains_key(&format!("taquilla_build_info{{version=\"{}\",engine=\"sqlite\"}}", env!("CARGO_PKG_VERSION")))
        );
        assert!(!text.to_lowercase().contains("marisa") && !text.contains("printer"), "{text}");
        drop(stream);
        // Without the database the figures of the process are still there.
        site.desk.db.close().await;
        let text = site.get("/metrics").from("127.0.0.1").await.is(200).text;
        assert_eq!(self::values(&text)["taquilla_database_up"], 0.0);
    })
    .await;
}
