//! The commands as an operator types them.

use crate::common::TestDesk;
use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs a command on a database and a folder.
pub async fn taquilla(words: &[&str], url: &str, folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taquilla"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAQUILLA_")) {
        command.env_remove(name);
    }
    command.args(words).args(["--log", "error", "--database-url", url]).arg("--data").arg(folder).current_dir(folder);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// The same on a desk's place; it must succeed.
pub async fn good(words: &[&str], desk: &TestDesk) -> String {
    let output = taquilla(words, &desk.url, desk.folder()).await;
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
