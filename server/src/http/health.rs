//! Whether this server lives, and whether it can work.

use super::Site;
use axum::{extract::State, http::StatusCode};

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// The database answers too.
pub(super) async fn ready(State(site): State<Site>) -> (StatusCode, &'static str) {
    match site.desk.accounts.needs_set_up().await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "no database"),
    }
}
