//! Settings: who wins, and that a wrong one is named together with where it came from.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use server::config::{FilesStore, Given, Metrics, NAMES, SettingError, Settings};
use std::path::PathBuf;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn file(name: &str, text: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("taquilla-config-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("settings.toml");
    std::fs::write(&path, text).unwrap();
    path
}

fn error(given: Given, pairs: &[(&str, &str)]) -> SettingError {
    Settings::load_with(given, variables(pairs)).unwrap_err()
}

#[test]
fn defaults_serve_a_laptop() {
    let settings = Settings::load_with(Given::default(), []).unwrap();
    assert_eq!(settings.addr.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.public_url, "http://127.0.0.1:3000");
    assert_eq!(settings.database_url, "sqlite://data/taquilla.db");
    assert_eq!(settings.files, FilesStore::Folder(PathBuf::from("data/files")));
    assert!(settings.smtp.is_none());
    assert_eq!(settings.metrics, Metrics::Off);
}

#[test]
fn a_flag_beats_a_variable_beats_the_file_beats_the_default() {
    let path = file(
        "precedence",
        "addr = '127.0.0.1:1'\ndata = 'kept'\nlog = 'warn'\nsmtp_host = 'a'\nsmtp_from = 'a@b.cc'\nsmtp_port = 26",
    );
    let given = Given { config: Some(path.clone()), addr: Some("127.0.0.1:3".to_owned()), ..Given::default() };
    let settings = Settings::load_with(given, variables(&[("TAQUILLA_ADDR", "127.0.0.1:2"), ("TAQUILLA_LOG", "debug")])).unwrap();
    assert_eq!(settings.addr.port(), 3);
    assert_eq!(settings.log, "debug");
    assert_eq!(settings.data, path.parent().unwrap().join("kept"), "a path of the file is meant from its folder");
    assert_eq!(settings.smtp.unwrap().port, 26);
}

#[test]
fn every_setting_refuses_nonsense_by_name_and_origin() {
    let wrong = [
        ("addr", "localhost"),
        ("data", ""),
        ("database_url", "mysql://x"),
        ("public_url", "https://a.example/desk"),
        ("files", "cloud"),
        ("log", "loud"),
        ("log_format", "xml"),
        ("metrics", "on"),
        ("trusted_proxies", "10.0.0.0/99"),
        ("smtp_port", "25"),
        ("s3_bucket", "b"),
        ("smtp_from", "nobody"),
    ];
    for (name, value) in wrong {
        let variable = format!("TAQUILLA_{}", name.to_uppercase());
        let found = error(Given::default(), &[(&variable, value)]);
        assert_eq!(found.name, name);
        assert_eq!(found.origin, format!("variable {variable}"));
    }
    let found = error(Given { addr: Some("x".to_owned()), ..Given::default() }, &[]);
    assert_eq!(
        found.to_string(),
        "setting addr: \"x\" is not an address with a port, such as 127.0.0.1:3000 or 0.0.0.0:80 (flag --addr)"
    );
}

#[test]
fn unknown_settings_are_named() {
    assert_eq!(error(Given::default(), &[("TAQUILLA_ADRR", "x")]).name, "TAQUILLA_ADRR");
    let path = file("unknown", "adrr = 1");
    let found = error(Given { config: Some(path.clone()), ..Given::default() }, &[]);
    assert_eq!((found.name.as_str(), found.origin), ("adrr", format!("file {}", path.display())));
}

#[test]
fn a_broken_file_is_named_with_the_line_and_without_its_secrets() {
    let path = file("broken", "addr = '127.0.0.1:1'\nsmtp_password = 'hush' hush");
    let found = error(Given { config: Some(path), ..Given::default() }, &[]);
    assert!(found.why.starts_with("line 2"), "{found}");
    assert!(!found.to_string().contains("hush"), "{found}");
}

#[test]
fn secrets_are_not_repeated() {
    let found = error(Given::default(), &[("TAQUILLA_DATABASE_URL", "mysql://ana:hush@db")]);
    assert!(!found.to_string().contains("hush"), "{found}");
    let found = error(Given::default(), &[("TAQUILLA_METRICS", "too short")]);
    assert!(!found.to_string().contains("too short"), "{found}");
    let token = [("TAQUILLA_METRICS", "0123456789abcdef")];
    let settings = Settings::load_with(Given::default(), variables(&token)).unwrap();
    assert!(!format!("{settings:?}").contains("0123456789abcdef"));
}

#[test]
fn s3_says_what_it_needs() {
    let found = error(Given::default(), &[("TAQUILLA_FILES", "s3"), ("TAQUILLA_S3_BUCKET", "b"), ("TAQUILLA_S3_KEY", "k")]);
    assert_eq!(found.name, "s3_secret");
}

#[test]
fn proxies_are_networks() {
    let settings = Settings::load_with(Given::default(), variables(&[("TAQUILLA_TRUSTED_PROXIES", "10.0.0.0/8, ::1")])).unwrap();
    assert!(settings.trusts("10.9.8.7".parse().unwrap()));
    assert!(settings.trusts("::ffff:10.9.8.7".parse().unwrap()));
    assert!(settings.trusts("::1".parse().unwrap()));
    assert!(!settings.trusts("11.0.0.1".parse().unwrap()));
}

#[test]
fn every_setting_stands_in_the_readme() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let Ok(readme) = std::fs::read_to_string(readme) else { return };
    for name in NAMES {
        assert!(readme.contains(&format!("`{name}`")), "README.md has no row for the setting {name}");
    }
}

/// The binary carries Leptos.toml; the build reads Cargo.toml. What both say must be the same.
#[test]
fn leptos_toml_is_the_block_of_cargo_toml() {
    let table = |text: &str| text.parse::<toml::Table>().unwrap();
    let ours = table(include_str!("../../Leptos.toml"));
    let ours = ours["package"]["metadata"]["leptos"].as_table().unwrap();
    let cargo = table(include_str!("../../Cargo.toml"));
    let theirs = &cargo["workspace"]["metadata"]["leptos"].as_array().unwrap()[0];
    for (key, value) in ours {
        let expected = if key == "output-name" { &theirs["name"] } else { &theirs[key.as_str()] };
        assert_eq!(value, expected, "{key}");
    }
}
