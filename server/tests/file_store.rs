//! The stores of files: a folder, and an S3-compatible store that this test plays over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use common::s3;
use server::files::{FileStore, S3};

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
    let (address, objects) = s3::start().await;
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
