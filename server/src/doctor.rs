//! `taquilla doctor`: looks at everything that a desk needs, changes nothing, and says of each thing in a sentence how it is and,
//! where something is wrong, what to do.

mod database;
mod disk;
mod mail;
mod settings;

use crate::{config::Settings, db::Db};
use domain::time::Clock;
use serde::Serialize;
use std::sync::Arc;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Good,
    /// It works, but somebody should look at it.
    Warning,
    /// It does not work, or will soon not.
    Problem,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Of what: `settings`, `database`, `disk`, `files`, `mail`, `queue`.
    pub area: &'static str,
    /// How it is.
    pub level: Level,
    /// What is so.
    pub what: String,
    /// What to do about it; empty where there is nothing to do.
    pub advice: String,
}

impl Finding {
    /// All is well.
    pub(crate) fn good(area: &'static str, what: impl Into<String>) -> Self {
        Self { area, level: Level::Good, what: what.into(), advice: String::new() }
    }
    /// Somebody should look at it.
    pub(crate) fn warning(area: &'static str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { area, level: Level::Warning, what: what.into(), advice: advice.into() }
    }
    /// It does not work.
    pub(crate) fn problem(area: &'static str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { area, level: Level::Problem, what: what.into(), advice: advice.into() }
    }
}

/// Looks at everything.
pub async fn examine(settings: &Settings, clock: Arc<dyn Clock>) -> Vec<Finding> {
    let mut findings = settings::findings(settings);
    findings.extend(disk::findings(settings).await);
    match database::open(settings, clock).await {
        Ok(db) => {
            findings.extend(of_database(&db).await);
            db.close().await;
        }
        Err(finding) => findings.push(finding),
    }
    findings.push(mail::finding(settings).await);
    findings
}

async fn of_database(db: &Db) -> Vec<Finding> {
    let (mut findings, current) = database::findings(db).await;
    // An older schema may not have what the queue is asked for.
    if current {
        findings.extend(database::queue(db).await);
    }
    findings
}
