//! What operators are told holds: every setting, command, figure and file that the documents and the examples name is there, and
//! the unit is one that systemd takes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

use server::config::{Given, NAMES, Settings};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

const OPERATIONS: &str = include_str!("../../docs/operations.md");
const UNIT: &str = include_str!("../../deploy/taquilla.service");
const DOCKERFILE: &str = include_str!("../../deploy/Dockerfile");
const COMPOSE: &str = include_str!("../../deploy/compose.yaml");
const CADDY: &str = include_str!("../../deploy/Caddyfile");
const README: &str = include_str!("../../README.md");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The words that begin with this, as far as a name goes.
fn words<'t>(text: &'t str, start: &'t str) -> impl Iterator<Item = String> + 't {
    text.match_indices(start)
        .map(move |(at, _)| text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>())
}

#[test]
fn every_variable_is_a_setting() {
    let mut found = BTreeSet::new();
    for text in [OPERATIONS, UNIT, DOCKERFILE, COMPOSE, CADDY] {
        found.extend(words(text, "TAQUILLA_"));
    }
    assert!(found.len() > 8, "{found:?}");
    for variable in found {
        let name = variable.trim_start_matches("TAQUILLA_").to_lowercase();
        assert!(NAMES.contains(&name.as_str()), "{variable} is no setting");
    }
    // And what the examples set is taken.
    let pairs = |text: &str, between: char| -> Vec<(String, String)> {
        let lines = text.lines().filter_map(|line| line.trim().split_once(between));
        let pairs = lines.filter_map(|(name, value)| {
            let name = name.rsplit(['=', ' ']).next()?;
            let value = value.trim().trim_end_matches(" \\");
            name.starts_with("TAQUILLA_").then(|| (name.to_owned(), value.to_owned()))
        });
        pairs.collect()
    };
    let unit = UNIT.replace("Environment=", "");
    for (text, between) in [(unit.as_str(), '='), (&DOCKERFILE.replace("ENV ", ""), '='), (COMPOSE, ':')] {
        let mut pairs = pairs(&text.replace("${HOST:?}", "help.example.com").replace("${POSTGRES_PASSWORD:?}", "x"), between);
        pairs.retain(|(name, _)| name != "TAQUILLA_SMTP_PASSWORD");
        assert!(pairs.len() >= 2, "{pairs:?}");
        Settings::load_with(Given::default(), pairs).unwrap();
    }
}

/// The lines of the code blocks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").skip(1).step_by(2).flat_map(str::lines)
}

#[test]
fn every_setting_and_command_in_the_text_is_there() {
    for line in code(OPERATIONS).filter(|line| line.contains(" = \"")) {
        let name = line.split(' ').next().unwrap();
        assert!(NAMES.contains(&name), "{line}");
    }
    let mut commands = BTreeSet::new();
    for text in [OPERATIONS, UNIT, README] {
        for (at, start) in text.match_indices("taquilla ") {
            // In code only: after a backquote, a line break, or a path.
            let before = text[..at].chars().next_back().unwrap_or('\n');
            if ['`', '\n', '/'].contains(&before) {
                let rest = &text[at + start.len()..];
                commands.insert(rest.chars().take_while(char::is_ascii_lowercase).collect::<String>());
            }
        }
    }
    commands.remove("");
    for known in ["backup", "restore", "doctor", "serve", "migrate"] {
        assert!(commands.contains(known), "{commands:?}");
    }
    for command in commands {
        let help = Command::new(env!("CARGO_BIN_EXE_taquilla")).args(["help", &command]).output().unwrap();
        assert!(help.status.success(), "taquilla {command} is no command");
    }
}

#[test]
fn every_figure_is_told() {
    let source = include_str!("../src/http/metrics.rs");
    let shown: BTreeSet<String> = words(OPERATIONS, "taquilla_").chain(words(OPERATIONS, "process_")).collect();
    let told: BTreeSet<String> =
        words(source, "taquilla_").chain(words(source, "process_")).filter(|name| !name.ends_with('_')).collect();
    assert_eq!(shown, told, "docs/operations.md and what /metrics tells");
}

#[test]
fn every_file_is_there() {
    for (folder, text) in [("docs", OPERATIONS), ("", README)] {
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let path = root().join(folder).join(target);
            assert!(target.is_empty() || target.contains("://") || path.exists(), "{folder}: {target} is not there");
        }
    }
    for line in COMPOSE.lines().filter_map(|line| line.trim().strip_prefix("- ./")) {
        let path = root().join("deploy").join(line.split(':').next().unwrap());
        assert!(path.exists(), "{} is not there", path.display());
    }
    assert!(COMPOSE.contains("build: .") && root().join("deploy/Dockerfile").exists());
}

#[test]
fn systemd_takes_the_unit() {
    let sections: Vec<&str> = UNIT.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(sections, ["[Unit]", "[Service]", "[Install]"]);
    for line in UNIT.lines().filter(|line| !line.is_empty() && !line.starts_with(['[', '#'])) {
        let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
        assert!(name.chars().all(char::is_alphanumeric) && (!value.is_empty() || name == "CapabilityBoundingSet"), "{line}");
    }
    // Requests under way get their time before systemd kills.
    let patience = UNIT.lines().find_map(|line| line.strip_prefix("TimeoutStopSec=")).unwrap();
    assert!(patience.parse::<u64>().unwrap() > domain::limits::STOP_SECONDS);
    // With the program that this machine has in its place, and where systemd is there to ask.
    let folder = std::env::temp_dir().join(format!("taquilla-unit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("taquilla.service");
    let program = env!("CARGO_BIN_EXE_taquilla");
    std::fs::write(&path, UNIT.replace("/usr/local/bin/taquilla", program)).unwrap();
    let asked = Command::new("systemd-analyze").arg("verify").arg("--man=no").arg(&path).output();
    if let Ok(answer) = asked {
        let said = String::from_utf8_lossy(&answer.stderr);
        let ours: Vec<&str> = said.lines().filter(|line| line.contains("taquilla.service")).collect();
        assert!(ours.is_empty(), "{ours:#?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
