//! The commands, one a file. They parse, call the library, and print.

pub mod agent;
pub mod backup;
pub mod demo;
pub mod doctor;
pub mod health;
pub mod import;
pub mod log;
pub mod restore;
#[cfg(feature = "site")]
pub mod serve;

use domain::language::Language;
use server::{ambient::WallClock, config::Settings, db::Db, texts};
use std::{io::IsTerminal, sync::Arc};

/// What ends a command.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Opens the database and brings its schema up to date.
pub async fn open(settings: &Settings) -> Result<Db, Failure> {
    std::fs::create_dir_all(&settings.data).map_err(|error| format!("setting data: {}: {error}", settings.data.display()))?;
    let db = Db::open(&settings.database_url, Arc::new(WallClock))
        .await
        .map_err(|error| format!("setting database_url: the database cannot be opened: {error}"))?;
    db.migrate().await?;
    Ok(db)
}

/// Opens the database for a look; neither makes one nor changes its schema.
pub async fn open_existing(settings: &Settings) -> Result<Db, Failure> {
    let opened = Db::open_existing(&settings.database_url, Arc::new(WallClock)).await;
    Ok(opened.map_err(|error| format!("setting database_url: the database cannot be opened: {error}"))?)
}

/// An error of the desk in a sentence.
pub fn told(error: domain::Error) -> Failure {
    texts::sentence(Language::En, &error).into()
}

/// Whether the terminal wants colours.
pub fn coloured() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && std::io::stderr().is_terminal()
}
