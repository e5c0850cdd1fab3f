//! Whether there is room, and whether this user may write where the desk keeps things.

use super::Finding;
use crate::{
    config::{FilesStore, Settings},
    desk,
    files::FileStore,
};
use std::path::Path;

const DISK: &str = "disk";
const FILES: &str = "files";
/// Bytes of room below which somebody should look, and below which it will soon not work.
const LITTLE: u64 = 2 << 30;
const TOO_LITTLE: u64 = 200 << 20;

pub(super) async fn findings(settings: &Settings) -> Vec<Finding> {
    if !settings.data.is_dir() {
        return vec![Finding::warning(
            DISK,
            format!("the folder {} (setting data) is not there yet", settings.data.display()),
            "start the server, which makes it, or look at the setting",
        )];
    }
    let mut found = vec![writable(&settings.data)];
    found.extend(room(&settings.data));
    if let FilesStore::Folder(folder) = &settings.files {
        if !folder.is_dir() {
            found.push(Finding::good(FILES, format!("{} will be made with the first file", folder.display())));
            return found;
        }
        if !folder.starts_with(&settings.data) {
            found.extend(room(folder));
        }
    }
    found.push(match desk::store(settings) {
        Ok(store) => store_works(&store).await,
        Err(error) => Finding::problem(FILES, error.to_string(), "look at the settings files, files_dir and s3_…"),
    });
    found
}

fn writable(folder: &Path) -> Finding {
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let wrote = std::fs::write(&probe, b"x").and_then(|()| std::fs::remove_file(&probe));
    match wrote {
        Ok(()) => Finding::good(DISK, format!("{} can be written to", folder.display())),
        Err(error) => {
            let what = format!("{} cannot be written to: {error}", folder.display());
            Finding::problem(DISK, what, "give it to the user that runs the server, or name another with the setting data")
        }
    }
}

#[cfg(unix)]
fn room(folder: &Path) -> Option<Finding> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let what = format!("{} MiB are free for {}", free >> 20, folder.display());
    let advice = "make room, or move the setting data to a larger disk: without room nothing can be saved";
    Some(match free {
        ..TOO_LITTLE => Finding::problem(DISK, what, advice),
        ..LITTLE => Finding::warning(DISK, what, advice),
        _ => Finding::good(DISK, what),
    })
}

#[cfg(not(unix))]
fn room(_: &Path) -> Option<Finding> {
    None
}

/// A file is kept, read and forgotten.
async fn store_works(store: &FileStore) -> Finding {
    let probe = b"taquilla doctor".to_vec();
    let tried = async {
        let path = store.put(probe.clone()).await?;
        let read = store.get(&path).await;
        store.delete(&path).await?;
        read
    };
    match tried.await {
        Ok(read) if read == probe => Finding::good(FILES, "the store of files keeps, gives and forgets a file"),
        Ok(_) => Finding::problem(FILES, "the store of files gives other bytes than it was given", "use another store"),
        Err(error) => {
            let what = format!("the store of files does not work: {error}");
            Finding::problem(FILES, what, "look at the settings files, files_dir and s3_…, and at the rights of the key")
        }
    }
}
