//! The stores of files: a folder, and an S3-compatible store that this test plays over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri},
    routing::put,
};
use server::files::{FileStore, S3};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// Whether a request is signed by the key of the settings.
fn signed(headers: &HeaderMap) -> bool {
    let value = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.starts_with("AWS4-HMAC-SHA256 Credential=access/") && value.contains("/eu-test-1/s3/")
}

async fn keep(
    State(objects): State<Objects>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap) {
    if !signed(&headers) {
        return (StatusCode::FORBIDDEN, HeaderMap::new());
    }
    objects.lock().unwrap().insert(path, body);
    (StatusCode::OK, HeaderMap::from_iter([("etag".parse().unwrap(), "\"1\"".parse().unwrap())]))
}

async fn give(State(objects): State<Objects>, Path(path): Path<String>, uri: Uri) -> Result<(HeaderMap, Bytes), StatusCode> {
    if uri.query().is_some_and(|query| query.contains("list-type=2")) {
        return Ok((HeaderMap::new(), list(&objects, &path).into()));
    }
    let bytes = objects.lock().unwrap().get(&path).cloned().ok_or(StatusCode::NOT_FOUND)?;
    let headers = [("etag", "\"1\""), ("last-modified", "Sat, 21 Nov 2026 10:00:00 GMT")];
    Ok((headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).into_iter().collect(), bytes))
}

/// What a bucket has.
fn list(objects: &Objects, bucket: &str) -> String {
    let objects = objects.lock().unwrap();
    let keys = objects.keys().filter_map(|path| path.strip_prefix(&format!("{}/", bucket.trim_end_matches('/'))));
    let contents: String = keys
        .map(|key| {
            format!(
                "<Contents><Key>{key}</Key><LastModified>2026-11-21T10:00:00.000Z</LastModified><ETag>\"1\"</ETag><Size>3</Size></Contents>"
            )
        })
        .collect();
    format!("<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>")
}

/// Deletion of several objects in one request: the way that stores agree on.
async fn forget(State(objects): State<Objects>, Path(bucket): Path<String>, body: String) -> String {
    let mut deleted = String::new();
    for key in body.split("<Key>").skip(1).filter_map(|rest| rest.split('<').next()) {
        objects.lock().unwrap().remove(&format!("{bucket}/{key}"));
        deleted.push_str(&format!("<Deleted><Key>{key}</Key></Deleted>"));
    }
    format!("<DeleteResult>{deleted}</DeleteResult>")
}

async fn round_trip(store: &FileStore) {
    assert_eq!(store.any().await.unwrap(), None);
    let one = store.put(b"one".to_vec()).await.unwrap();
    let two = store.put(b"two".to_vec()).await.unwrap();
    assert_ne!(one, two);
    assert_eq!(store.get(&one).await.unwrap(), b"one");
    assert_eq!(store.get(&two).await.unwrap(), b"two");
    store.delete(&one).await.unwrap();
    store.delete(&one).await.unwrap();
    assert_eq!(store.any().await.unwrap(), Some(two.clone()));
    assert_eq!(store.find(&one).await.unwrap(), None);
    store.put_at(&one, b"back".to_vec()).await.unwrap();
    assert_eq!(store.find(&one).await.unwrap().unwrap(), b"back");
    store.delete(&one).await.unwrap();
    let missing = domain::Error::from(store.get(&one).await.unwrap_err());
    assert_eq!(missing, domain::Error::not_found());
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let folder = std::env::temp_dir().join(format!("taquilla-files-{}", server::ambient::token()));
    let store = FileStore::local(&folder.join("new/folder")).unwrap();
    round_trip(&store).await;
    assert!(store.get("../../etc/passwd").await.is_err(), "no path leads out of the folder");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(FileStore::local(std::path::Path::new("/dev/null/files")).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_s3_store_keeps_files() {
    let objects = Objects::default();
    let app = Router::new().route("/{*path}", put(keep).get(give).post(forget)).with_state(objects.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let settings = |access_key: &str| S3 {
        bucket: "desk".to_owned(),
        region: "eu-test-1".to_owned(),
        endpoint: Some(format!("http://{address}")),
        access_key: access_key.to_owned(),
        secret_key: "secret".to_owned(),
    };
    round_trip(&FileStore::s3(&settings("access")).unwrap()).await;
    let kept: Vec<String> = objects.lock().unwrap().keys().cloned().collect();
    assert!(kept.len() == 1 && kept[0].starts_with("desk/"), "{kept:?}");
    let refused = FileStore::s3(&settings("other")).unwrap().put(b"x".to_vec()).await.unwrap_err();
    assert_eq!(domain::Error::from(refused).key, "error_file_store");
}
