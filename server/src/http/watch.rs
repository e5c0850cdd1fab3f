//! Around every request: a number, a line in the log, a limit of time, a count, and an answer even if the code behind it panics.
//! The log carries methods, routes, statuses and times; never a query, a body, a cookie or the token in a link.

use super::{Site, limits, refusal::Refusal};
use crate::{ambient, asker::Asker};
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::Response,
};
use domain::{
    Error, ErrorCode,
    limits::{REQUEST_SECONDS, UPLOAD_SECONDS},
};
use std::{net::SocketAddr, time::Duration};
use tokio::time::{Instant, timeout};
use tracing::Instrument;

/// The header that carries the number of a request.
const REQUEST_ID: &str = "x-request-id";
/// Longest number that a proxy may give, in characters.
const LONGEST_ID: usize = 64;

/// Runs the request in a task of its own: when the connection breaks off, or the time is up, what it changes goes on to its end; what it
/// has not begun to change by then it leaves alone.
pub(super) async fn over(State(site): State<Site>, request: Request, next: Next) -> Response {
    let id = given_id(&site, &request).unwrap_or_else(request_id);
    // Of the highest level, so that it is in every line of the request, whatever is logged.
    let span = tracing::error_span!("request", %id);
    let mut response = watched(&site, request, next).instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn watched(site: &Site, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = route(&request);
    let refusal = Refusal::of(request.headers());
    let time = longest(request.uri().path());
    let (_waits, asker) = Asker::new();
    let work = tokio::spawn(asker.served(next.run(request)).in_current_span());
    let response = match timeout(time, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            tracing::error!(%method, route, %error, "a request ended abnormally");
            refusal.tell(Error::internal())
        }
        Err(_) => {
            tracing::warn!(%method, route, "a request took too long");
            refusal.tell(Error::new(ErrorCode::Unavailable, "error_unavailable"))
        }
    };
    let status = response.status().as_u16();
    let took = started.elapsed();
    tracing::info!(%method, route, status, ms = took.as_millis(), "answered");
    site.meter.request(&route, &method, status, took);
    response
}

/// Longest time for an answer at this path.
fn longest(path: &str) -> Duration {
    Duration::from_secs(if limits::is_upload(path) { UPLOAD_SECONDS } else { REQUEST_SECONDS })
}

/// The route as it is declared, because addresses may hold tokens; server functions by name, they hold none.
fn route(request: &Request) -> String {
    let path = request.uri().path();
    if path.starts_with("/_fn/") {
        return path.to_owned();
    }
    request.extensions().get::<MatchedPath>().map_or_else(|| "(file)".to_owned(), |matched| matched.as_str().to_owned())
}

/// The number that a proxy in front has given to the request, so that its log and ours can be held beside each other. Whoever else
/// sends one is not believed.
fn given_id(site: &Site, request: &Request) -> Option<String> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let sound =
        (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    (sound && site.settings.trusts(peer.ip().to_canonical())).then(|| id.to_owned())
}

fn request_id() -> String {
    let bytes: [u8; 8] = ambient::random_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_may_take_longer() {
        for path in ["/files/upload", "/files/import"] {
            assert_eq!(longest(path), Duration::from_secs(UPLOAD_SECONDS), "{path}");
        }
        for path in ["/", "/_fn/items/list", "/files/7/a.txt", "/live/desk"] {
            assert_eq!(longest(path), Duration::from_secs(REQUEST_SECONDS), "{path}");
        }
    }
}
