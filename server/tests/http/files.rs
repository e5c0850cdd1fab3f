//! Files over HTTP: how large, by whom, and with what rights they come back.

use crate::site::on_a_site;

const MEGABYTE: usize = 1024 * 1024;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

fn field(json: &str, name: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    json[name].to_string().trim_matches('"').to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_comes_back_with_no_rights() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        for (name, bytes, kind, disposition) in [
            ("a b.png", PNG, "image/png", "inline"),
            ("page.html", b"<script>alert(1)</script>".as_slice(), "", "attachment"),
            ("image.svg", b"<svg onload='alert(1)'/>".as_slice(), "", "attachment"),
        ] {
            let answer = site.post("/files/upload").by(&cookie).multipart([("file", name, bytes)]).await.is(200);
            let id = field(&answer.text, "id");
            let file = site.get(&format!("/files/{id}/whatever")).by(&cookie).await.is(200);
            assert!(file.header("content-disposition").starts_with(&format!("{disposition};")), "{name}");
            assert!(file.header("content-security-policy").contains("sandbox"), "{name}");
            assert!(file.header("cache-control").contains("private"), "{name}");
            assert_eq!(file.header("x-content-type-options"), "nosniff", "{name}");
            assert!(!file.header("content-type").contains("html") && !file.header("content-type").contains("svg"), "{name}");
            if !kind.is_empty() {
                assert_eq!(file.header("content-type"), kind);
            }
            let again = site.get(&format!("/files/{id}/x")).by(&cookie).with("if-none-match", file.header("etag")).await;
            again.is(304);
            site.get(&format!("/files/{id}/x")).await.is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_refused_with_the_limit() {
    on_a_site(async |site| {
        let marisa = site.desk.customer("Marisa").await;
        let (agent, customer) = (site.sign_in(&site.desk.agent("Ana").await).await, site.sign_in(&marisa).await);
        let large = vec![b'a'; 30 * MEGABYTE];
        let upload = || site.post("/files/upload").by(&agent).multipart([("file", "a.txt", large.as_slice())]);
        for answer in [upload().await, upload().saying_its_length().await] {
            let answer = answer.is(413);
            assert_eq!((answer.error().as_str(), answer.text.contains("\"25\"")), ("error_file_too_large", true));
        }
        let slug = site.services.portals.default_portal().await.unwrap().slug;
        let texts = [("portal", "", slug.as_bytes()), ("title", "", b"A".as_slice()), ("body", "", b"B".as_slice())];
        let form = site.post("/_fn/portal/create_form").by(&customer);
        let answer = form.multipart(texts.into_iter().chain([("files", "a.txt", large.as_slice())])).await.is(413);
        assert_eq!(answer.error(), "error_file_too_large");
        let sql = server::db::Sql::new("SELECT COUNT(*) FROM item", server::args![]);
        assert_eq!(site.desk.number(sql).await, 0, "nothing was made");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_just_within_the_limit_is_kept() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let bytes = vec![b'a'; 25 * MEGABYTE];
        let answer = site.post("/files/upload").by(&cookie).multipart([("file", "a.txt", bytes.as_slice())]).await.is(200);
        assert_eq!(field(&answer.text, "size"), (25 * MEGABYTE).to_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_one_file_in_its_field() {
    on_a_site(async |site| {
        let cookie = site.sign_in(&site.desk.agent("Ana").await).await;
        let upload = || site.post("/files/upload").by(&cookie);
        upload().multipart([("other", "a.txt", b"x".as_slice())]).await.is(422);
        upload().multipart([("file", "a.txt", b"x".as_slice()), ("file", "b.txt", b"x".as_slice())]).await.is(422);
        upload().multipart([("file", "", b"x".as_slice())]).await.is(422);
        upload().multipart([]).await.is(422);
        upload().json("{}").await.is(422);
        upload().with("content-type", "multipart/form-data").body(b"x".to_vec()).await.is(422);
        site.post("/files/upload").multipart([("file", "a.txt", b"x".as_slice())]).await.is(401);
        site.post("/files/upload?for=nobody").by(&cookie).multipart([("file", "a.txt", b"x".as_slice())]).await.is(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_both_says_for_which_surface_a_file_is() {
    on_a_site(async |site| {
        let marisa = site.desk.customer("Marisa").await;
        let (agent, customer) = (site.sign_in(&site.desk.agent("Ana").await).await, site.sign_in(&marisa).await);
        let both = format!("{agent}; {customer}");
        let answer = site.post("/files/upload?for=portal").by(&both).multipart([("file", "a.txt", b"x".as_slice())]).await;
        let path = format!("/files/{}/a.txt", field(&answer.is(200).text, "id"));
        site.get(&path).by(&customer).await.is(200);
        site.get(&path).by(&agent).await.is(404);
        site.get(&path).by(&both).await.is(200);
    })
    .await;
}
