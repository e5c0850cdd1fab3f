//! One request, built like a sentence, and its answer.

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, request::Builder},
    response::Response,
};
use futures::StreamExt;
use http_body_util::BodyExt;
use std::{
    future::{Future, IntoFuture},
    net::{Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::atomic::{AtomicU16, Ordering},
};
use tower::ServiceExt;

const BOUNDARY: &str = "----a-line-between-parts";

/// A request in the making.
pub struct Ask {
    router: Router,
    request: Builder,
    body: Vec<u8>,
    from: SocketAddr,
    ends: bool,
}

/// What came back.
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, as text.
    pub text: String,
}

impl Ask {
    /// A request from an address of its own, so that limits of one do not meet another.
    pub fn new(router: Router, method: Method, path: &str) -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(1);
        let from = Ipv6Addr::new(0x2001, 0xdb8, NEXT.fetch_add(1, Ordering::Relaxed), 0, 0, 0, 0, 1);
        let request = Request::builder().method(method).uri(path).header("host", "desk.test");
        Self { router, request, body: Vec::new(), from: SocketAddr::from((from, 1024)), ends: true }
    }
    /// From this network address.
    pub fn from(mut self, address: &str) -> Self {
        self.from = SocketAddr::from((address.parse::<std::net::IpAddr>().unwrap(), 1024));
        self
    }
    /// With a header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Some(headers) = self.request.headers_mut() {
            headers.insert(axum::http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        }
        self
    }
    /// Without a header.
    pub fn without(mut self, name: &str) -> Self {
        self.request.headers_mut().unwrap().remove(name);
        self
    }
    /// By who holds this cookie.
    pub fn by(self, cookie: &str) -> Self {
        if cookie.is_empty() { self } else { self.with("cookie", cookie) }
    }
    /// By a browser without JavaScript that shows this page.
    pub fn without_javascript(self, page: &str) -> Self {
        self.with("accept", "text/html").with("referer", &format!("http://desk.test{page}"))
    }
    /// As JSON.
    pub fn json(mut self, json: &str) -> Self {
        self.body = json.as_bytes().to_vec();
        self.with("content-type", "application/json")
    }
    /// As a form, exactly as it stands.
    pub fn raw_form(mut self, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        self.with("content-type", "application/x-www-form-urlencoded")
    }
    /// As a form of ours: `form[name]=value`.
    pub fn form<'a>(self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let encode = app::api::answer::query_value;
        let pairs: Vec<String> = fields.into_iter().map(|(name, value)| format!("form%5B{name}%5D={}", encode(value))).collect();
        self.raw_form(&pairs.join("&"))
    }
    /// As a form with files: `(field, file name, bytes)`, no file name for a text.
    pub fn multipart<'a>(mut self, parts: impl IntoIterator<Item = (&'a str, &'a str, &'a [u8])>) -> Self {
        for (name, file, bytes) in parts {
            let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            self.body.extend_from_slice(head.as_bytes());
            self.body.extend_from_slice(bytes);
            self.body.extend_from_slice(b"\r\n");
        }
        self.body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"))
    }
    /// With this body.
    pub fn body(mut self, bytes: Vec<u8>) -> Self {
        self.body = bytes;
        self
    }
    /// With a body whose rest never comes.
    pub fn never_ending(mut self) -> Self {
        self.ends = false;
        self
    }
    /// Saying how long the body is, as browsers do.
    pub fn saying_its_length(self) -> Self {
        let length = self.body.len().to_string();
        self.with("content-length", &length)
    }
}

impl Ask {
    /// The answer, whose body is not read yet.
    pub async fn response(self) -> Response {
        // In pieces, as from a socket, so that limits have to hold for streams.
        let pieces: Vec<_> = self.body.chunks(64 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
        let pieces = futures::stream::iter(pieces);
        let rest = futures::stream::pending();
        let body = if self.ends { Body::from_stream(pieces) } else { Body::from_stream(pieces.chain(rest)) };
        let mut request = self.request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.from));
        self.router.oneshot(request).await.unwrap()
    }
}

impl IntoFuture for Ask {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (parts, mut body) = self.response().await.into_parts();
            // A stream has no end: its beginning says enough.
            let endless = parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
            let bytes = if endless {
                body.frame().await.map(|frame| frame.unwrap().into_data().unwrap()).unwrap_or_default()
            } else {
                body.collect().await.unwrap().to_bytes()
            };
            Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
        })
    }
}

impl Answer {
    /// The value of a header; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    /// Where it leads.
    pub fn leads_to(&self) -> &str {
        self.header("location")
    }
    /// The key of the error in it.
    pub fn error(&self) -> String {
        let json: serde_json::Value = serde_json::from_str(&self.text).unwrap_or_default();
        json["key"].as_str().unwrap_or_default().to_owned()
    }
    /// Holds the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text.chars().take(600).collect::<String>());
        self
    }
}
