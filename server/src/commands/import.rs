//! `taquilla import …`: the same import as under Tools → Import.

use super::{Failure, coloured, open, told};
use domain::{
    actor::Party,
    import::{ImportMap, ImportProblem},
    language::Language,
};
use server::{
    config::Settings,
    desk,
    import::{preview, report, run::Worker},
    jobs::LEASE,
    service::imports::ImportsService,
};
use std::path::{Path, PathBuf};

/// What to bring in.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Bring tickets in from a CSV file. Without --map the columns and values are guessed
    Tickets {
        /// The file
        file: PathBuf,
        /// What the columns and values mean; docs/import.md shows one
        #[arg(long)]
        map: Option<PathBuf>,
        /// Tell what would happen and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Write the refused rows with the reasons to this file
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// Problems that are printed.
const PRINTED: usize = 50;

/// Does it.
pub async fn run(settings: &Settings, command: Command) -> Result<(), Failure> {
    let Command::Tickets { file, map, dry_run, report } = command;
    let map = map.map(|path| read_map(&path)).transpose()?;
    let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let db = open(settings).await?;
    let store = desk::store(settings)?;
    let worker = Worker::new(db.clone(), store.clone());
    let imports = ImportsService::new(db.clone(), store);
    if dry_run {
        let (table, mut plan) = imports.plan_bytes(bytes, map).await.map_err(told)?;
        let mut printed = 0;
        let told_problems = |problem: &ImportProblem| {
            if printed < PRINTED {
                tell(problem);
            }
            printed += 1;
        };
        let preview = preview::preview(&mut db.clone(), &table, &mut plan, told_problems).await.map_err(told)?;
        if preview.problem_count > PRINTED {
            println!("… and {} more problems.", preview.problem_count - PRINTED);
        }
        println!(
            "Of {} rows {} would come in, {} are there already, {} would be refused. {} new customers, {} new organizations. Nothing was changed.",
            preview.rows,
            preview.will_import,
            preview.existing,
            preview.refused,
            preview.new_customers,
            preview.new_organizations
        );
        db.close().await;
        return Ok(());
    }
    let kept = imports.keep(Party::System, &name, bytes).await.map_err(told)?;
    // A server takes it only if this process dies before it has.
    let at = Some(db.now().plus(LEASE));
    let run = imports.lay_down(Party::System, kept.file, map.unwrap_or(kept.map), at).await.map_err(told)?;
    let live = coloured();
    worker
        .finish(run, |done| {
            if live {
                eprint!("\r{done} of {} rows", kept.rows);
            }
        })
        .await
        .map_err(told)?;
    if live {
        eprintln!();
    }
    let state = imports.state(run).await.map_err(told)?;
    state.problems.iter().for_each(tell);
    println!(
        "Of {} rows {} came in, {} were there already, {} were refused.",
        state.rows, state.imported, state.existing, state.refused
    );
    if let Some(path) = report {
        let text = imports.report_in(run, Language::En).await.map_err(told)?;
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("The refused rows are in {}.", path.display());
    }
    db.close().await;
    Ok(())
}

fn read_map(path: &Path) -> Result<ImportMap, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn tell(problem: &ImportProblem) {
    let result = if problem.refused { "refused" } else { "without this value" };
    println!("row {}: {} ({result}) {}", problem.row, report::sentence(problem, Language::En), shown(&problem.value));
}

fn shown(value: &str) -> String {
    if value.is_empty() { String::new() } else { format!("“{}”", value.chars().take(60).collect::<String>()) }
}
