//! `taquilla restore FILE`

use super::Failure;
use server::{ambient::WallClock, backup, config::Settings, db::Db, desk};
use std::{path::PathBuf, sync::Arc};

/// Where from.
#[derive(clap::Args)]
pub struct Options {
    /// An archive that `taquilla backup` wrote
    file: PathBuf,
}

/// Brings the archive back and says what comes next.
pub async fn run(settings: &Settings, Options { file }: Options) -> Result<(), Failure> {
    // Before anything is made: an archive that is of no use leaves nothing behind.
    let archive = backup::check(&file)?;
    std::fs::create_dir_all(&settings.data).map_err(|error| format!("setting data: {}: {error}", settings.data.display()))?;
    let db = Db::open(&settings.database_url, Arc::new(WallClock))
        .await
        .map_err(|error| format!("setting database_url: the database cannot be opened: {error}"))?;
    let restored = backup::restore(&db, &desk::store(settings)?, &file, &archive).await;
    db.close().await;
    restored.map_err(|error| format!("{error}. Nothing was restored."))?;
    println!("{} rows and {} files are back. Everybody has to sign in again.", archive.rows, archive.files);
    println!("Outgoing mail is held until an administrator releases it under Administration → System health.");
    for missing in &archive.missing {
        eprintln!("taquilla: was missing when the backup was written: {}", missing.line());
    }
    Ok(())
}
