//! The commands as an operator types them.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("taquilla-commands-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
    fn run(&self, words: &[&str], input: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taquilla"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAQUILLA_")) {
            command.env_remove(name);
        }
        let mut child = command
            .args(words)
            .current_dir(&self.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
    fn good(&self, words: &[&str], input: &str) -> String {
        let output = self.run(words, input);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
    fn bad(&self, words: &[&str]) -> String {
        let output = self.run(words, "");
        assert!(!output.status.success(), "{words:?} should fail");
        String::from_utf8(output.stderr).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn docs(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(path).display().to_string()
}

#[test]
fn demo_fills_an_empty_database_once() {
    let folder = Folder::new("demo");
    folder.good(&["migrate"], "");
    let printed = folder.good(&["demo", "--items", "40", "--seed", "3"], "");
    assert!(printed.contains("Made 40 tickets, 8 agents, 60 customers, 15 organizations."), "{printed}");
    let passwords = printed
        .split_whitespace()
        .filter(|word| word.len() == 16 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
    assert_eq!(passwords.count(), 3, "{printed}");
    assert!(folder.bad(&["demo"]).contains("empty workspace only"));
}

#[test]
fn agents_are_made_with_a_given_or_a_printed_password() {
    let folder = Folder::new("agent");
    let made =
        folder.good(&["agent", "create", "--email", "ana@desk.test", "--name", "Ana", "--role", "owner"], "a long pass phrase\n");
    assert!(!made.contains("phrase"), "{made}");
    let made = folder.good(&["agent", "create", "--email", "bea@desk.test", "--name", "Bea"], "");
    assert!(made.lines().last().unwrap().starts_with("bea@desk.test  "), "{made}");
    let taken = folder.bad(&["agent", "create", "--email", "ana@desk.test", "--name", "Ana"]);
    assert!(taken.contains("email"), "{taken}");
    assert!(folder.bad(&["agent", "create", "--email", "x", "--name", "X", "--role", "boss"]).contains("light"));
}

#[test]
fn import_tells_before_it_does() {
    let folder = Folder::new("import");
    let row = "7,Ana,ana@example.com,30,Female,GoPro Hero,2021-03-22,Technical issue,Setup,\"One\n\nTwo\",Closed,Done,Critical,Email,2023-06-01 11:00:00,2023-06-01 12:00:00,3.0";
    let head = "Ticket ID,Customer Name,Customer Email,Customer Age,Customer Gender,Product Purchased,Date of Purchase,Ticket Type,Ticket Subject,\
                Ticket Description,Ticket Status,Resolution,Ticket Priority,Ticket Channel,First Response Time,Time to Resolution,\
                Customer Satisfaction Rating";
    let bad = row.replacen("7,", "8,", 1).replace("ana@example.com", "nobody");
    folder.file("tickets.csv", &format!("{head}\n{row}\n{bad}\n"));
    let map = docs("examples/support-tickets.map.toml");
    let words = ["import", "tickets", "tickets.csv", "--map", &map];
    let told = folder.good(&[&words[..], &["--dry-run"]].concat(), "");
    assert!(told.contains("Of 2 rows 1 would come in, 0 are there already, 1 would be refused. 1 new customers"), "{told}");
    assert!(told.contains("row 2: Customer Email: This is not an e-mail address. (refused)"), "{told}");
    let done = folder.good(&[&words[..], &["--report", "refused.csv"]].concat(), "");
    assert!(done.contains("Of 2 rows 1 came in, 0 were there already, 1 were refused."), "{done}");
    assert!(std::fs::read_to_string(folder.0.join("refused.csv")).unwrap().contains("nobody"));
    let again = folder.good(&words, "");
    assert!(again.contains("0 came in, 1 were there already"), "{again}");
    folder.file("broken.toml", "colums = {}");
    assert!(folder.bad(&["import", "tickets", "tickets.csv", "--map", "broken.toml"]).contains("colums"));
}

#[test]
fn a_wrong_setting_ends_every_command_by_name() {
    let folder = Folder::new("settings");
    folder.file("taquilla.toml", "smtp_prot = 25\n");
    let error = folder.bad(&["migrate"]);
    assert!(error.contains("setting smtp_prot: is unknown") && error.contains("taquilla.toml"), "{error}");
    folder.file("taquilla.toml", "");
    assert!(folder.bad(&["migrate", "--database-url", "mysql://x"]).contains("setting database_url"));
    assert!(folder.bad(&["healthcheck", "--addr", "127.0.0.1:9"]).contains("does not answer"));
}

#[test]
fn the_doctor_tells_programs_too_and_its_exit_code_says_whether_something_is_wrong() {
    let folder = Folder::new("doctor");
    folder.good(&["migrate"], "");
    assert!(folder.good(&["doctor"], "").contains("good     database"), "for people");
    let told: serde_json::Value = serde_json::from_str(&folder.good(&["doctor", "--json"], "")).unwrap();
    assert!(told.as_array().unwrap().iter().any(|finding| finding["area"] == "database" && finding["level"] == "good"), "{told}");
    let output = folder.run(&["doctor", "--json", "--public-url", "http://help.example.com"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("in the clear"));
    let output = folder.run(&["doctor", "--json", "--log", "loud"], "");
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(told[0]["what"].as_str().unwrap().starts_with("setting log"), "{told}");
}

#[test]
fn the_log_can_be_read_by_programs() {
    let folder = Folder::new("log");
    folder.good(&["migrate"], "");
    let output = folder.run(&["migrate", "--log", "debug", "--log-format", "json"], "");
    assert!(output.status.success());
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.lines().count() > 0);
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
    }
}
