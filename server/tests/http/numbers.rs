//! The number of a request: ours, unless a trusted proxy has given one.

use crate::{
    common::on_sqlite,
    site::{PUBLIC_URL, Site},
};

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_proxy_numbers_requests() {
    on_sqlite(async |desk| {
        let site = Site::behind(desk, PUBLIC_URL, "10.0.0.0/8").await;
        let numbered = async |from: &str, id: &str| {
            let answer = site.get("/healthz").from(from).with("x-request-id", id).await.is(200);
            answer.header("x-request-id").to_owned()
        };
        assert_eq!(numbered("10.1.2.3", "req-4711.a_b").await, "req-4711.a_b");
        let ours = numbered("192.0.2.7", "req-4711").await;
        assert!(ours.len() == 16 && ours.bytes().all(|byte| byte.is_ascii_hexdigit()), "{ours}");
        assert_ne!(numbered("192.0.2.7", "req-4711").await, ours);
        for odd in ["", "a b", "a\tb", "a;b", "\u{e9}", &"x".repeat(65)] {
            assert_ne!(numbered("10.1.2.3", odd).await, odd);
        }
    })
    .await;
}
