//! An S3-compatible store that the test plays over HTTP.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri},
    routing::put,
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// What the store keeps: bytes by bucket and key.
pub type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

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

/// Starts a store; answers where it is and what it keeps. Its key is `access`, its region `eu-test-1`.
pub async fn start() -> (SocketAddr, Objects) {
    let objects = Objects::default();
    let app = Router::new().route("/{*path}", put(keep).get(give).post(forget)).with_state(objects.clone());
    // Files may be large.
    let app = app.layer(axum::extract::DefaultBodyLimit::disable());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (address, objects)
}
