//! Pages of the simple lists (customers, organizations, mail): by a text or number and the id, never by an offset.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Error, Result, limits,
    page::{Cursor, Page, PageQuery},
};
use serde::{Serialize, de::DeserializeOwned};

/// How many rows a query asks for.
pub(super) fn limit(query: &PageQuery) -> i64 {
    match query.limit {
        0 => 50,
        some => i64::from(some.min(limits::PAGE)),
    }
}

/// The search text of a query, folded as the keys are.
pub(super) fn search(text: &str) -> Result<String> {
    domain::error::Check::new().at_most(text, limits::SEARCH, "search").done()?;
    Ok(crate::keys::fold(text))
}

/// Where a query's page begins, behind the row with this key.
pub(super) fn after<K: DeserializeOwned>(query: &PageQuery) -> Result<Option<K>> {
    let Some(Cursor(text)) = &query.after else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::invalid("error_bad_request"))?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_| Error::invalid("error_bad_request"))
}

/// A page of rows of which one more than `limit` was asked for; `key` makes the key of a row.
pub(super) fn page<R, K: Serialize>(mut rows: Vec<R>, limit: i64, key: impl Fn(&R) -> K) -> Page<R> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(last) if more => serde_json::to_vec(&key(last)).ok().map(|bytes| Cursor(URL_SAFE_NO_PAD.encode(bytes))),
        _ => None,
    };
    Page { rows, next }
}

/// A page with its rows turned into what people get.
pub(super) fn map<R, T>(page: Page<R>, row: impl FnMut(R) -> T) -> Page<T> {
    Page { rows: page.rows.into_iter().map(row).collect(), next: page.next }
}
