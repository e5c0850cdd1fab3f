//! Whether this server lives, and whether it can work.

use super::Site;
use axum::{extract::State, http::StatusCode};
use std::time::Duration;
use tokio::time::timeout;

/// Longest wait for the database: who asks does not wait long.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// The database answers too.
pub(super) async fn ready(State(site): State<Site>) -> (StatusCode, &'static str) {
    match timeout(PATIENCE, site.desk.accounts.needs_set_up()).await {
        Ok(Ok(_)) => (StatusCode::OK, "ok"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "no database"),
    }
}
