//! How large a body may be. The limit holds for streams and multipart too; what is left of a body that nobody wants is read
//! and thrown away for a while, because a browser that is cut off while it sends never shows the answer.

use super::refusal::Refusal;
use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use domain::{Error, ErrorCode, limits};
use http_body_util::{BodyExt, Limited};
use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// What the frame of a multipart body may add.
const FRAME: usize = 64 * 1024;
/// Most bytes that are read only to be thrown away.
const DRAIN: usize = 64 * 1024 * 1024;
/// Longest time for that.
const DRAIN_TIME: Duration = Duration::from_secs(20);

/// Most bytes of a body sent to this path.
fn most(path: &str) -> usize {
    let bytes = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    match path {
        "/files/upload" => bytes(limits::FILE) + FRAME,
        "/files/import" => bytes(limits::IMPORT) + FRAME,
        _ if app::api::multipart_paths().contains(&path) => limits::FILES * (bytes(limits::FILE) + FRAME) + limits::BODY,
        _ => limits::BODY,
    }
}

/// Whether large bodies are expected at this path.
pub(super) fn is_upload(path: &str) -> bool {
    most(path) > limits::BODY
}

/// Refuses a body that says that it is too large, and ends one that becomes it.
pub(super) async fn hold(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let most = most(&path);
    let says = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let refusal = Refusal::of(request.headers());
    let (parts, body) = request.into_parts();
    let body = Drained { body: Some(body), done: false };
    if says.is_some_and(|length| length > most as u64) {
        drop(body);
        return refusal.tell(too_large(&path));
    }
    next.run(Request::from_parts(parts, Body::new(Limited::new(body, most)))).await
}

/// What is said of a body that is too large for this path.
pub(super) fn too_large(path: &str) -> Error {
    let most = match path {
        "/files/upload" => limits::FILE,
        "/files/import" => limits::IMPORT,
        _ => return Error::new(ErrorCode::TooLarge, "error_too_large"),
    };
    Error::new(ErrorCode::TooLarge, "error_file_too_large").with("megabytes", most / (1024 * 1024))
}

/// A body whose rest is read and thrown away when it is dropped.
struct Drained {
    body: Option<Body>,
    done: bool,
}

impl HttpBody for Drained {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let Some(body) = self.body.as_mut() else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_frame(context);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.done = true;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        if self.done || body.is_end_stream() {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(tokio::time::timeout(DRAIN_TIME, async move {
            let mut body = Limited::new(body, DRAIN);
            while let Some(Ok(_)) = body.frame().await {}
        }));
    }
}
