//! The `taquilla` command.
// The types of the pages are deep; nothing of it runs.
#![recursion_limit = "512"]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]

mod commands;

use clap::{Parser, Subcommand};
use commands::{Failure, agent, backup, demo, doctor, import, restore};
use server::config::{Given, Settings};
use std::process::ExitCode;

/// A page is made of thousands of small pieces on several threads; the allocator of the system takes a fifth of the time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Bring the schema up to date and serve
    #[cfg(feature = "site")]
    Serve,
    /// Bring the schema of the database up to date, nothing else
    Migrate,
    /// Fill an empty database with a believable company and print sign-in data
    Demo(demo::Options),
    /// Make agents
    #[command(subcommand)]
    Agent(agent::Command),
    /// Bring in data from elsewhere
    #[command(subcommand)]
    Import(import::Command),
    /// Write the database and all files to one archive; the server may go on working
    Backup(backup::Options),
    /// Bring an archive back, into an empty database and an empty store of files
    Restore(restore::Options),
    /// Look at settings, database, disk, clock, mail and queue; fails if something is wrong
    Doctor(doctor::Options),
    /// Ask the server at --addr whether it is well; fails if it is not
    Healthcheck,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("taquilla: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<ExitCode, Failure> {
    let settings = match Settings::load(cli.given) {
        Ok(settings) => settings,
        Err(error) => {
            return match cli.command {
                Command::Doctor(options) => doctor::without_settings(&error, options),
                _ => Err(error.into()),
            };
        }
    };
    commands::log::begin(&settings)?;
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "the provider of cryptography was chosen twice")?;
    // Server-side rendering and the database driver want to overlap, also on small machines.
    let threads = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(run(cli.command, settings))
}

async fn run(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    match command {
        #[cfg(feature = "site")]
        Command::Serve => commands::serve::run(&settings).await?,
        Command::Migrate => {
            commands::open(&settings).await?.close().await;
            println!("The database is up to date.");
        }
        Command::Demo(options) => demo::run(&settings, options).await?,
        Command::Agent(command) => agent::run(&settings, command).await?,
        Command::Import(command) => import::run(&settings, command).await?,
        Command::Backup(options) => return backup::run(&settings, options).await,
        Command::Restore(options) => restore::run(&settings, options).await?,
        Command::Doctor(options) => return doctor::run(&settings, options).await,
        Command::Healthcheck => commands::health::run(&settings).await?,
    }
    Ok(ExitCode::SUCCESS)
}
