//! A stream of live updates as a browser reads it.

use crate::common::wire::Request;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// Longest wait for something that has to come. A server says every 15 seconds that it is there.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open stream, and what it has told.
pub struct Stream {
    from: BufReader<TcpStream>,
    /// What has come and is no whole event yet.
    rest: String,
    /// The last id that came.
    pub last: Option<i64>,
    /// What was told, in order.
    pub news: Vec<Value>,
}

impl Stream {
    /// Opens a stream, from where one left off. Answers the status of a refusal, 0 for none at all.
    pub async fn open(address: SocketAddr, path: &str, cookie: &str, last: Option<i64>) -> Result<Self, u16> {
        let request = match last {
            Some(last) => Request::get(&format!("{path}?after={last}"), cookie),
            None => Request::get(path, cookie),
        };
        let stream = TcpStream::connect(address).await.map_err(|_| 0u16)?;
        let mut from = BufReader::new(stream);
        from.write_all(&request.0).await.map_err(|_| 0u16)?;
        let mut status = None;
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            match timeout(PATIENCE, from.read_line(&mut line)).await.expect("the server keeps silent") {
                Ok(read) if read > 0 => status = status.or_else(|| line.split_whitespace().nth(1)?.parse().ok()),
                _ => return Err(0),
            }
        }
        if status == Some(200) {
            Ok(Self { from, rest: String::new(), last, news: Vec::new() })
        } else {
            Err(status.unwrap_or(0))
        }
    }

    /// Takes the next piece. Answers `false` when the stream is over.
    pub async fn take(&mut self) -> bool {
        let Some(piece) = timeout(PATIENCE, self.chunk()).await.expect("the stream keeps silent") else { return false };
        self.rest.push_str(&piece);
        while let Some((event, rest)) = self.rest.split_once("\n\n") {
            for line in event.lines() {
                match line.split_once(": ").unwrap() {
                    ("data", r#"{"kind":"beat"}"#) => {}
                    ("data", data) => self.news.push(serde_json::from_str(data).unwrap()),
                    ("id", place) => self.last = Some(place.parse().unwrap()),
                    (name, _) => assert_eq!(name, "retry"),
                }
            }
            self.rest = rest.to_owned();
        }
        true
    }

    /// A piece of the body: nothing at its end, and when the connection breaks.
    async fn chunk(&mut self) -> Option<String> {
        let mut line = String::new();
        self.from.read_line(&mut line).await.ok()?;
        let length = usize::from_str_radix(line.trim_end(), 16).ok().filter(|length| *length > 0)?;
        let mut bytes = vec![0; length + 2];
        self.from.read_exact(&mut bytes).await.ok()?;
        bytes.truncate(length);
        String::from_utf8(bytes).ok()
    }

    /// Where the stream is: the first thing that it says.
    pub async fn place(&mut self) -> i64 {
        while self.last.is_none() {
            assert!(self.take().await, "the stream is over");
        }
        self.last.unwrap()
    }

    /// Waits until the stream has told everything up to this number of the log.
    pub async fn reaches(&mut self, end: i64) {
        while self.last.is_none_or(|last| last < end) {
            assert!(self.take().await, "the stream is over at {:?}, before {end}", self.last);
        }
    }

    /// Waits for the end of the stream.
    pub async fn ends(&mut self) {
        while self.take().await {}
    }
}
