//! `taquilla backup FILE`

use super::{Failure, open_existing};
use server::{backup, config::Settings, desk};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// The exit code of a backup that was written although files are missing.
const INCOMPLETE: u8 = 2;

/// Where to.
#[derive(clap::Args)]
pub struct Options {
    /// The file to write; it must not be there yet
    file: PathBuf,
}

/// Writes the archive and says what is in it.
pub async fn run(settings: &Settings, Options { file }: Options) -> Result<ExitCode, Failure> {
    let db = open_existing(settings).await?;
    let written = backup::write(&db, &desk::store(settings)?, &file).await;
    db.close().await;
    let written = written?;
    tell(&file, &written);
    if written.missing.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    for missing in &written.missing {
        eprintln!("taquilla: not in the backup: {}", missing.line());
    }
    eprintln!("taquilla: {} files are missing in the store; everything else is in the backup.", written.missing.len());
    Ok(ExitCode::from(INCOMPLETE))
}

fn tell(file: &Path, written: &backup::Checked) {
    println!(
        "{}: {} rows and {} files ({} bytes), schema {}; read again and found right.",
        file.display(),
        written.rows,
        written.files,
        written.bytes,
        written.schema
    );
}
