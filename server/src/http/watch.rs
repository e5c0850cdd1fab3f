//! Around every request: a number, a line in the log, a limit of time, and an answer even if the code behind it panics.
//! The log carries methods, routes, statuses and times; never a query, a body, a cookie or the token in a link.

use super::{limits, refusal::Refusal};
use crate::ambient;
use axum::{
    extract::{MatchedPath, Request},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use domain::{Error, ErrorCode};
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tracing::Instrument;

/// Longest time for an answer.
const TIME: Duration = Duration::from_secs(30);
/// Longest time for an answer to an upload over a slow line.
const UPLOAD_TIME: Duration = Duration::from_secs(15 * 60);

/// Runs the request in a task of its own: when the connection breaks off, or the time is up, what it does goes on to its end.
pub(super) async fn over(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id();
    let method = request.method().clone();
    let route = route(&request);
    let refusal = Refusal::of(request.headers());
    let time = if limits::is_upload(request.uri().path()) { UPLOAD_TIME } else { TIME };

    let span = tracing::info_span!("request", %id);
    let mut response = match timeout(time, tokio::spawn(next.run(request).instrument(span))).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            tracing::error!(%id, %method, route, %error, "a request ended abnormally");
            refusal.tell(Error::internal())
        }
        Err(_) => {
            tracing::warn!(%id, %method, route, "a request took too long");
            refusal.tell(Error::new(ErrorCode::Unavailable, "error_unavailable"))
        }
    };
    let status = response.status().as_u16();
    let ms = started.elapsed().as_millis();
    tracing::info!(%id, %method, route, status, ms, "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// The route as it is declared, because addresses may hold tokens; server functions by name, they hold none.
fn route(request: &Request) -> String {
    let path = request.uri().path();
    if path.starts_with("/_fn/") {
        return path.to_owned();
    }
    request.extensions().get::<MatchedPath>().map_or_else(|| "(file)".to_owned(), |matched| matched.as_str().to_owned())
}

fn request_id() -> String {
    let bytes: [u8; 8] = ambient::random_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
