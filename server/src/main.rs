//! The `taquilla` command.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]

use clap::{Parser, Subcommand};
use server::{
    ambient::WallClock,
    config::{Given, Settings},
    db::Db,
};
use std::{process::ExitCode, sync::Arc};

/// A help desk of your own.
#[derive(Parser)]
#[command(name = "taquilla", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    given: Given,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the schema of the database up to date, nothing else
    Migrate,
}

type Anyhow = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("taquilla: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<(), Anyhow> {
    let settings = Settings::load(cli.given)?;
    let filter: tracing_subscriber::EnvFilter = settings.log.parse()?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(std::thread::available_parallelism().map_or(4, |n| n.get().max(4)))
        .enable_all()
        .build()?;
    runtime.block_on(run(cli.command, settings))
}

async fn run(command: Command, settings: Settings) -> Result<(), Anyhow> {
    match command {
        Command::Migrate => {
            let db = open(&settings).await?;
            println!("The database is up to date.");
            db.close().await;
        }
    }
    Ok(())
}

async fn open(settings: &Settings) -> Result<Db, Anyhow> {
    std::fs::create_dir_all(&settings.data).map_err(|error| format!("setting data: {}: {error}", settings.data.display()))?;
    let db = Db::open(&settings.database_url, Arc::new(WallClock)).await?;
    db.migrate().await?;
    Ok(db)
}
