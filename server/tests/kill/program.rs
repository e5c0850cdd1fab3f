//! The program as an operator starts it, and how one talks to it.

use crate::common::TestDesk;
use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, ChildStdout, Command, Stdio},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// `taquilla serve` on a free port. It dies with this value.
pub struct Program {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    /// Held open, because the program may print more.
    _out: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it on a desk's database and folder, and waits until it listens.
    pub fn start(desk: &TestDesk) -> Self {
        let site = desk.folder().join("site");
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        std::fs::write(site.join("hash.txt"), "js: a\nwasm: a\ncss: a\n").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_taquilla"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAQUILLA_")) {
            command.env_remove(name);
        }
        let mut child = command
            .args(["serve", "--addr", "127.0.0.1:0", "--log", "error", "--database-url", &desk.url])
            .arg("--data")
            .arg(desk.folder())
            .arg("--site")
            .arg(&site)
            .current_dir(desk.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.rsplit("listening on ").next().and_then(|rest| rest.trim().trim_end_matches(").").parse().ok());
        let Some(address) = address else { panic!("the program does not say where it listens: {line:?}") };
        Self { address, child, _out: out }
    }

    /// Kills it: SIGKILL, which no program hears.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Sends JSON. Answers status and JSON, or nothing if there was no answer, or not all of it.
pub async fn post(address: SocketAddr, path: &str, cookie: &str, json: &Value) -> Option<(u16, Value)> {
    let body = json.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\
         Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    if length != Some(body.len()) {
        return None;
    }
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}
