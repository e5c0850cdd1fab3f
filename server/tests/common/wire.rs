//! Requests as the bytes that go over a socket, so that a test can break off in the middle of one, and their answers.

use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Longest wait for an answer. No server of ours may take as long.
const PATIENCE: Duration = Duration::from_secs(60);
/// What lies between the parts of a multipart body.
const BOUNDARY: &str = "between-the-parts";

/// A request, whole.
#[derive(Debug, Clone)]
pub struct Request(pub Vec<u8>);

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, as they came.
    pub head: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The cookie that it sets, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.trim())
        });
        set?.split(';').next().map(ToOwned::to_owned)
    }
    /// The key of the sentence with which something is refused; empty if it is not.
    pub fn refusal(&self) -> String {
        self.json()["key"].as_str().unwrap_or_default().to_owned()
    }
}

impl Request {
    fn new(method: &str, path: &str, cookie: &str, more: &str, body: &[u8]) -> Self {
        let mut bytes = format!(
            "{method} {path} HTTP/1.1\r\nHost: desk.test\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n\
             {more}Content-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        Self(bytes)
    }
    /// Sends JSON.
    pub fn json(path: &str, cookie: &str, json: &Value) -> Self {
        let more = "Content-Type: application/json\r\nAccept: application/json\r\n";
        Self::new("POST", path, cookie, more, json.to_string().as_bytes())
    }
    /// Sends a form of ours. Of what has to be encoded, its values may hold spaces and `@`.
    pub fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("form%5B{name}%5D={}", value.replace(' ', "+").replace('@', "%40")))
            .collect();
        let more = "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n";
        Self::new("POST", path, "", more, pairs.join("&").as_bytes())
    }
    /// Uploads a file.
    pub fn upload(cookie: &str, name: &str, bytes: &[u8]) -> Self {
        let mut body =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let more = format!("Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nAccept: application/json\r\n");
        Self::new("POST", "/files/upload", cookie, &more, &body)
    }
    /// Asks for something, as a program does.
    pub fn get(path: &str, cookie: &str) -> Self {
        Self::new("GET", path, cookie, "Accept: application/json\r\n", b"")
    }
    /// Asks for a page, as a browser does.
    pub fn page(path: &str, cookie: &str) -> Self {
        Self::new("GET", path, cookie, "Accept: text/html\r\nAccept-Language: en\r\nSec-Fetch-Dest: document\r\n", b"")
    }

    /// Sends it. Answers nothing if there was no answer, or not all of it.
    ///
    /// # Panics
    /// When the server keeps silent for too long.
    pub async fn send(&self, address: SocketAddr) -> Option<Answer> {
        let answer = async {
            let mut stream = TcpStream::connect(address).await.ok()?;
            stream.write_all(&self.0).await.ok()?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.ok()?;
            whole(&answer)
        };
        timeout(PATIENCE, answer).await.expect("the server keeps silent")
    }
}

fn whole(answer: &[u8]) -> Option<Answer> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).ok()?;
    let rest = &answer[end + 4..];
    let status = head.split_whitespace().nth(1)?.parse().ok()?;
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let body = match length {
        Some(length) => (rest.len() == length).then(|| rest.to_vec())?,
        None if lower.contains("transfer-encoding: chunked") => unchunked(rest)?,
        None => rest.to_vec(),
    };
    Some(Answer { status, head, body })
}

/// The body that came in chunks; nothing if the last one is missing.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|bytes| bytes == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        rest = &rest[line + 2..];
        body.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length + 2..)?;
    }
}
