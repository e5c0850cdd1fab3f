//! The files of held mails: `<id>.eml` in one folder. A file lies there as long as its mail waits to be sent, and no longer:
//! it goes when the mail is sent or given up, and what another server sent meanwhile is swept.

use crate::db::{Db, Read, Sql};
use domain::Result;
use std::{
    collections::HashSet,
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
};
use tokio::io::AsyncWriteExt;

/// How many mails are asked for at once.
const ASKED: usize = 500;

fn file_of(folder: &Path, id: i64) -> PathBuf {
    folder.join(format!("{id}.eml"))
}

/// Writes a held mail in one step: a file that is there is whole. Only the owner of the process may read it.
pub(super) async fn write(folder: &Path, id: i64, bytes: Vec<u8>) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let part = folder.join(format!(".{id}.part"));
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&part).await?;
    file.write_all(&bytes).await?;
    // Only this says whether the bytes could be written: what comes after it would not.
    file.flush().await?;
    file.sync_all().await?;
    tokio::fs::rename(&part, file_of(folder, id)).await
}

/// Removes the file of a mail, if it has one.
pub(super) async fn remove(folder: &Path, id: i64) {
    unless_gone(tokio::fs::remove_file(file_of(folder, id)).await, id);
}

/// Removes the files of mails that no longer wait; answers how many. Other files in the folder stay.
///
/// # Errors
/// What the database says. What cannot be removed is tried again the next time.
pub(super) async fn sweep(db: &Db, folder: &Path) -> Result<usize> {
    let files = files(folder).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the folder of held mails cannot be read");
        Vec::new()
    });
    let mut removed = 0;
    for some in files.chunks(ASKED) {
        let mut sql = Sql::build("SELECT id FROM mail WHERE state IN ('held', 'pending') AND id IN (");
        sql.bind_all(some.iter().map(|(id, _)| *id)).push(")");
        let waiting: Vec<(i64,)> = db.clone().all(sql).await?;
        let waiting: HashSet<i64> = waiting.into_iter().map(|(id,)| id).collect();
        for (id, path) in some.iter().filter(|(id, _)| !waiting.contains(id)) {
            removed += usize::from(unless_gone(tokio::fs::remove_file(path).await, *id));
        }
    }
    Ok(removed)
}

/// Every file of ours in the folder, also half-written ones.
async fn files(folder: &Path) -> std::io::Result<Vec<(i64, PathBuf)>> {
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        // Nothing was ever held.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        if let Some(id) = entry.file_name().to_str().and_then(id_of) {
            files.push((id, entry.path()));
        }
    }
    Ok(files)
}

fn id_of(name: &str) -> Option<i64> {
    let half = name.strip_prefix('.').and_then(|name| name.strip_suffix(".part"));
    half.or_else(|| name.strip_suffix(".eml"))?.parse().ok()
}

/// Whether a file was removed; says so in the log if it could not be.
fn unless_gone(removed: Result<(), Error>, id: i64) -> bool {
    match removed {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => {
            tracing::warn!(mail = id, %error, "the file of a mail that was held cannot be removed");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_files_are_known() {
        assert_eq!(id_of("7.eml"), Some(7));
        assert_eq!(id_of(".7.part"), Some(7));
        for other in ["notes.txt", "a.eml", ".eml", "7.part", ".7.eml", "7.eml.bak"] {
            assert_eq!(id_of(other), None, "{other}");
        }
    }
}
