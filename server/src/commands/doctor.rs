//! `taquilla doctor`

use super::Failure;
use server::{
    ambient::WallClock,
    config::{SettingError, Settings},
    doctor::{self, Finding, Level},
};
use std::{process::ExitCode, sync::Arc};

/// How to tell.
#[derive(clap::Args)]
pub struct Options {
    /// Tell it as JSON
    #[arg(long)]
    json: bool,
}

/// Looks at everything and tells; fails if there is a problem.
pub async fn run(settings: &Settings, options: Options) -> Result<ExitCode, Failure> {
    tell(&doctor::examine(settings, Arc::new(WallClock)).await, &options)
}

/// Tells that there is nothing to look at, because a setting is wrong.
pub fn without_settings(error: &SettingError, options: Options) -> Result<ExitCode, Failure> {
    let advice = "mend it; the README has the table of settings".to_owned();
    tell(&[Finding { area: "settings", level: Level::Problem, what: error.to_string(), advice }], &options)
}

fn tell(findings: &[Finding], options: &Options) -> Result<ExitCode, Failure> {
    if options.json {
        println!("{}", serde_json::to_string_pretty(findings)?);
    } else {
        for finding in findings {
            let level = match finding.level {
                Level::Good => "good   ",
                Level::Warning => "warning",
                Level::Problem => "PROBLEM",
            };
            println!("{level}  {:<8}  {}", finding.area, finding.what);
            if !finding.advice.is_empty() {
                println!("{:<19}→ {}", "", finding.advice);
            }
        }
    }
    let problem = findings.iter().any(|finding| finding.level == Level::Problem);
    Ok(if problem { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
