//! What is not restored: archives that are damaged, cut off or too new, and places that are not empty. Nothing is changed then.

use crate::{
    commands::taquilla,
    common::{TestDesk, both_databases, elsewhere, on_sqlite},
    rows,
};
use domain::service::Files;
use server::{
    args,
    backup::{self, BackupError, FORMAT},
    db::{Engine, Sql},
    files::FileStore,
    service::files::FilesService,
};
use sha2::{Digest, Sha256};
use std::{
    io::Read,
    path::{Path, PathBuf},
};

/// An archive of a small desk.
async fn archive(desk: &TestDesk) -> PathBuf {
    let ana = desk.agent("Ana").await;
    desk.ticket("Printer jam").for_agent(&ana).await;
    let store = FileStore::local(&desk.folder().join("files")).unwrap();
    FilesService::new(desk.db.clone(), store.clone()).upload(&ana, "a.txt", b"hello".to_vec()).await.unwrap();
    let path = desk.folder().join(format!("{:?}.tar.zst", desk.engine()));
    backup::write(&desk.db, &store, &path).await.unwrap();
    path
}

fn refusal(path: &Path, bytes: &[u8]) -> BackupError {
    std::fs::write(path, bytes).unwrap();
    backup::check(path).unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_not_what_was_written_is_refused_with_the_reason() {
    on_sqlite(async |desk| {
        let whole = std::fs::read(archive(&desk).await).unwrap();
        let path = desk.folder().join("damaged.tar.zst");
        // Every byte, turned around.
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            let error = refusal(&path, &damaged);
            assert!(matches!(error, BackupError::Damaged(_)), "byte {at} of {}: {error}", whole.len());
        }
        // Cut off after every byte.
        for length in 0..whole.len() {
            let error = refusal(&path, &whole[..length]);
            assert!(matches!(error, BackupError::Damaged(_)), "{length} of {}: {error}", whole.len());
        }
        assert!(refusal(&path, &whole[..whole.len() - 1]).to_string().contains("its end is missing"));
        let longer = [&whole[..], b"more"].concat();
        assert!(matches!(refusal(&path, &longer), BackupError::Damaged(_)));
        let twice = [&whole[..], &whole[..]].concat();
        assert!(matches!(refusal(&path, &twice), BackupError::Damaged(_)));
        assert!(refusal(&path, b"PK\x03\x04 not ours").to_string().starts_with("the archive is damaged"));
    })
    .await;
}

/// The entries of an archive.
fn entries(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let plain = zstd::decode_all(std::fs::File::open(archive).unwrap()).unwrap();
    let mut entries = Vec::new();
    // Any program that reads tar reads it.
    for entry in tar::Archive::new(&plain[..]).entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        entries.push((entry.path().unwrap().display().to_string(), bytes));
    }
    entries
}

/// An archive of other entries, whose checksums of the file are right.
fn forged(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, bytes) in entries {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, path, &bytes[..]).unwrap();
    }
    let mut bytes = zstd::encode_all(&tar.into_inner().unwrap()[..], 1).unwrap();
    let digest = Sha256::digest(&bytes);
    bytes.extend([0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0]);
    bytes.extend(digest);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_contradicts_itself_or_comes_from_the_future_is_refused() {
    on_sqlite(async |desk| {
        let entries = entries(&archive(&desk).await);
        let path = desk.folder().join("forged.tar.zst");
        let changed = |wanted: &str, change: &dyn Fn(&str) -> String| {
            let mut entries = entries.clone();
            let entry = entries.iter_mut().find(|(path, _)| path.starts_with(wanted)).expect("an entry");
            entry.1 = change(std::str::from_utf8(&entry.1).unwrap()).into_bytes();
            refusal(&path, &forged(&entries)).to_string()
        };
        assert!(changed("rows/agent/", &|text| text.replace("Ana", "Eve")).contains("its SHA-256 is another"));
        assert!(changed("rows/agent/", &|text| text.replace("[1,", "[")).contains("does not have the columns"));
        assert!(changed("rows/agent/", &|_| "nonsense\n".to_owned()).contains("makes no sense"));
        assert!(changed("files/", &|_| "hullo".to_owned()).contains("its SHA-256 is another"));
        let newer = changed("taquilla.json", &|text| {
            text.replace(&format!("\"format\":{FORMAT}"), &format!("\"format\":{},\"news\":1", FORMAT + 1))
        });
        assert!(newer.contains("too new") && newer.contains("or a later one"), "{newer}");
        let newest = server::db::migrations::newest();
        let newer = changed("taquilla.json", &|text| text.replace(&format!("\"schema\":{newest}"), "\"schema\":999"));
        assert!(newer.contains("too new") && newer.contains("schema 999"), "{newer}");
        let mut without = entries.clone();
        let lost = without.iter().position(|(path, _)| path.starts_with("files/")).unwrap();
        without.remove(lost);
        assert!(refusal(&path, &forged(&without)).to_string().contains("is not in it"));
        without.pop();
        assert!(refusal(&path, &forged(&without)).to_string().contains("it has no manifest"));
        assert!(refusal(&path, &forged(&entries[1..])).to_string().contains("no archive of Taquilla"));
        assert!(backup::check(&desk.folder().join("nothing")).unwrap_err().to_string().contains("cannot be read"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_not_empty_stays_as_it_is() {
    both_databases(async |desk| {
        let archive = archive(&desk).await;
        let checked = backup::check(&archive).unwrap();
        let before = rows::all(&desk).await;
        // The very desk.
        let output = taquilla(&["restore", archive.to_str().unwrap()], &desk.url, desk.folder()).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains("the database is not empty"), "{said}");
        rows::same(&rows::all(&desk).await, &before);
        elsewhere(desk.engine(), async |place| {
            // An empty database beside a folder with files.
            let there = place.desk(&desk).await;
            let store = FileStore::local(&place.folder.join("files")).unwrap();
            let other = store.put(b"somebody's".to_vec()).await.unwrap();
            let error = backup::restore(&there.db, &store, &archive, &checked).await.unwrap_err();
            assert!(error.to_string().contains("the store of files is not empty"), "{error}");
            assert_eq!(store.get(&other).await.unwrap(), b"somebody's");
            assert!(rows::tables(&there).await.is_empty(), "not even a schema was left");
            // An archive that becomes another between the look and the restore: nothing of it stays.
            store.delete(&other).await.unwrap();
            let altered = place.folder.join("altered.tar.zst");
            let mut entries = entries(&archive);
            for (path, bytes) in &mut entries {
                if path.starts_with("files/") {
                    *bytes = b"other".to_vec();
                }
            }
            std::fs::write(&altered, forged(&entries)).unwrap();
            let error = backup::restore(&there.db, &store, &altered, &checked).await.unwrap_err();
            assert!(matches!(error, BackupError::Damaged(_)), "{error}");
            assert!(rows::tables(&there).await.is_empty());
            assert_eq!(store.any().await.unwrap(), None);
            // The place is as good as new.
            backup::restore(&there.db, &store, &archive, &checked).await.unwrap();
            there.db.close().await;
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_overwrites_nothing_and_makes_no_desk() {
    both_databases(async |desk| {
        let archive = archive(&desk).await;
        let bytes = std::fs::read(&archive).unwrap();
        let output = taquilla(&["backup", archive.to_str().unwrap()], &desk.url, desk.folder()).await;
        assert!(String::from_utf8(output.stderr).unwrap().contains("is not overwritten"));
        assert_eq!(std::fs::read(&archive).unwrap(), bytes);
        elsewhere(desk.engine(), async |place| {
            let file = place.folder.join("none.tar.zst");
            let output = taquilla(&["backup", file.to_str().unwrap()], &place.url, &place.folder).await;
            let said = String::from_utf8(output.stderr).unwrap();
            let reason = if desk.engine() == Engine::Sqlite { "cannot be opened" } else { "there is no desk" };
            assert!(!output.status.success() && said.contains(reason), "{said}");
            assert!(!file.exists() && !place.folder.join("elsewhere.db").exists());
        })
        .await;
        // A schema of a later version: this program would not know what lets somebody in.
        let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) SELECT 999, 'later', success, \
                   checksum, 1 FROM _sqlx_migrations WHERE version = 1";
        desk.execute(Sql::new(sql, args![])).await;
        let store = FileStore::local(&desk.folder().join("files")).unwrap();
        let error = backup::write(&desk.db, &store, &desk.folder().join(format!("later {:?}", desk.engine()))).await.unwrap_err();
        assert!(error.to_string().contains("schema 999"), "{error}");
    })
    .await;
}
