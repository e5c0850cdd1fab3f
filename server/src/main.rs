//! The `taquilla` command.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to its terminal")]

use clap::{Parser, Subcommand};
use domain::{
    agent::{NewAgent, Role, TicketAccess},
    import::{ImportMap, ImportProblem},
    language::Language,
};
use server::{
    ambient::{self, WallClock},
    config::{Given, Settings},
    db::Db,
    desk::assemble,
    import::{preview::preview, report},
    service::accounts::{Passwords, create_with_password},
    texts,
};
use std::{
    io::{IsTerminal, Read},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

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
    /// Bring the schema up to date and serve the desk
    Serve,
    /// Bring the schema of the database up to date, nothing else
    Migrate,
    /// Agents, for first set-up and lock-outs
    #[command(subcommand)]
    Agent(AgentCommand),
    /// Bring in data from other systems
    #[command(subcommand)]
    Import(ImportCommand),
}

#[derive(Subcommand)]
enum AgentCommand {
    /// Make an agent; the password is read from standard input, or made and printed
    Create {
        /// E-mail address, for signing in
        #[arg(long)]
        email: String,
        /// Full name
        #[arg(long)]
        name: String,
        /// owner, administrator, agent or light
        #[arg(long, default_value = "owner", value_parser = role)]
        role: Role,
    },
}

#[derive(Subcommand)]
enum ImportCommand {
    /// Tickets from a CSV file
    Tickets {
        /// The CSV file
        file: PathBuf,
        /// What each column is, as TOML (see docs/import.md)
        #[arg(long)]
        map: PathBuf,
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_key(text).ok_or_else(|| "use owner, administrator, agent or light".to_owned())
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
        Command::Serve => {
            let db = open(&settings).await?;
            let url = settings.public_url.clone();
            server::serve::serve(db, &settings, None, move |set_up| {
                println!("Taquilla serves on {url}");
                if let Some(link) = set_up {
                    println!("Nobody owns this workspace yet. Set it up (with demo data, if you like) at\n  {link}");
                }
            })
            .await?;
        }
        Command::Agent(AgentCommand::Create { email, name, role }) => {
            let db = open(&settings).await?;
            create_agent(&db, NewAgent { name, email, role, access: TicketAccess::All, teams: Vec::new() }).await?;
            db.close().await;
        }
        Command::Import(ImportCommand::Tickets { file, map, dry_run }) => {
            let db = open(&settings).await?;
            import_tickets(&db, &settings, file, map, dry_run).await?;
            db.close().await;
        }
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

/// Makes an agent. A password is read from standard input unless that is a terminal; without one it is made and printed.
async fn create_agent(db: &Db, agent: NewAgent) -> Result<(), Anyhow> {
    let mut given = String::new();
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        stdin.lock().take(1024).read_to_string(&mut given)?;
    }
    let given = given.trim_end_matches(['\r', '\n']);
    let made = given.is_empty().then(ambient::password);
    let email = agent.email.clone();
    create_with_password(db, &Passwords::new()?, agent, made.as_deref().unwrap_or(given)).await.map_err(explain)?;
    match made {
        Some(password) => println!("{email} can sign in with the password {password}"),
        None => println!("{email} can sign in with the password that was given"),
    }
    Ok(())
}

/// Imports tickets from the command line, with the same plan, preview and run as the application.
async fn import_tickets(db: &Db, settings: &Settings, file: PathBuf, map: PathBuf, dry_run: bool) -> Result<(), Anyhow> {
    let text = std::fs::read_to_string(&map).map_err(|error| format!("{}: {error}", map.display()))?;
    let map: ImportMap = toml::from_str(&text).map_err(|error| format!("{}: {error}", map.display()))?;
    let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let assembly = assemble(db, settings, None)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kept = assembly.imports.keep(domain::actor::Party::System, &name, bytes).await.map_err(explain)?;
    println!("{name}: {} rows, {}, separated by {:?}", kept.rows, kept.encoding, kept.delimiter);
    let (table, mut plan) = assembly.imports.plan(kept.file, &map).await.map_err(explain)?;
    if dry_run {
        let tell = |problem: &ImportProblem| println!("row {}: {}", problem.row, report::sentence(problem, Language::En));
        let preview = preview(&mut db.clone(), &table, &mut plan, tell).await.map_err(explain)?;
        println!(
            "{} would come in, {} are there already, {} would be refused; {} new customers, {} new organizations",
            preview.will_import, preview.existing, preview.refused, preview.new_customers, preview.new_organizations
        );
        return Ok(());
    }
    let run = assembly.imports.lay_down(domain::actor::Party::System, kept.file, map).await.map_err(explain)?;
    let rows = kept.rows;
    assembly.import_worker.finish(run, move |done| eprint!("\r{done} of {rows} rows")).await.map_err(explain)?;
    eprintln!();
    let ended = assembly.imports.state(run).await.map_err(explain)?;
    println!("{} imported, {} were there already, {} refused", ended.imported, ended.existing, ended.refused);
    for problem in ended.problems {
        println!("row {}: {}", problem.row, report::sentence(&problem, Language::En));
    }
    Ok(())
}

/// The sentence of an error of the desk, in English.
fn explain(error: domain::Error) -> String {
    texts::sentence(Language::En, &error)
}
