//! What a server function tells beside its result: the status, session cookies, where to go next.

use super::{ApiError, ApiResult, context};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use domain::{
    Error, ErrorCode,
    session::{ABSOLUTE, NewSession, Realm},
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Gives the answer the HTTP status of the error. A form that was posted without JavaScript is redirected to its page, so it
/// keeps that status; a page takes over only what says that there is no such page, or that it cannot be shown.
pub(super) fn tell_status(error: &Error) {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else { return };
    let is_call = parts.uri.path().starts_with("/_fn/");
    if is_call && accepts_html(&parts.headers) {
        return;
    }
    let tells_page =
        matches!(error.code, ErrorCode::NotFound | ErrorCode::Forbidden | ErrorCode::Internal | ErrorCode::Unavailable);
    if !is_call && !tells_page {
        return;
    }
    if let Ok(status) = StatusCode::from_u16(error.code.http_status()) {
        response.set_status(status);
    }
    if let Some(value) = retry_after(error) {
        response.insert_header(header::RETRY_AFTER, value);
    }
}

/// The seconds after which to try again, for the header `Retry-After`; none if the error does not say.
#[must_use]
pub fn retry_after(error: &Error) -> Option<HeaderValue> {
    let seconds = error.params.get("seconds").filter(|_| error.code == ErrorCode::TooMany)?;
    HeaderValue::from_str(seconds).ok()
}

/// Whether a browser asks that shows what it gets: a navigation or a plain form.
#[must_use]
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// Sends the browser to a page of our own, with and without JavaScript.
pub fn go_to(path: &str) {
    // A path that cannot stand in a header cannot be one of ours.
    if is_own_path(path) && HeaderValue::from_str(path).is_ok() {
        leptos_axum::redirect(path);
    }
}

/// Sends the browser to a page of our own only if it has posted a plain form; a page that is awake shows the result itself.
pub fn back_to(path: &str) {
    if use_context::<Parts>().is_some_and(|parts| accepts_html(&parts.headers)) {
        go_to(path);
    }
}

/// Where to go after signing in: `next` if it is a page of that surface, else `otherwise`.
#[must_use]
pub fn next_or(next: &str, surface: &str, otherwise: &str) -> String {
    let inside = next == surface || next.strip_prefix(surface).is_some_and(|rest| rest.starts_with(['/', '?']));
    if is_own_path(next) && inside { next.to_owned() } else { otherwise.to_owned() }
}

/// Whether a text is a path on this server and nothing else: no scheme, no host, nothing that a browser would fold into one.
#[must_use]
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && path.split(['/', '?', '#']).all(|part| part != "..")
}

/// Percent-encodes a value for a query string.
#[must_use]
pub fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Gives the browser the cookie of a new session.
///
/// # Errors
/// Internal, outside a request.
pub fn keep_session(session: &NewSession) -> ApiResult<()> {
    set_cookie(session.realm, &session.token, ABSOLUTE / 1000)
}

/// Takes the session cookie away.
///
/// # Errors
/// Internal, outside a request.
pub fn forget_session(realm: Realm) -> ApiResult<()> {
    set_cookie(realm, "", 0)
}

/// Keeps the language that somebody chose in a cookie, for a year.
///
/// # Errors
/// Internal, outside a request.
pub fn keep_language(language: domain::language::Language) -> ApiResult<()> {
    let secure = if context::cookies()?.secure { "; Secure" } else { "" };
    let name = crate::i18n::LANGUAGE_COOKIE;
    append_cookie(&format!("{name}={}; Max-Age=31536000; Path=/; SameSite=Lax{secure}", language.tag()))
}

fn set_cookie(realm: Realm, value: &str, seconds: i64) -> ApiResult<()> {
    let cookies = context::cookies()?;
    append_cookie(&format!("{}={value}; Max-Age={seconds}; {}", cookies.name(realm), cookies.attributes()))
}

fn append_cookie(cookie: &str) -> ApiResult<()> {
    let response = use_context::<ResponseOptions>().ok_or_else(|| ApiError::from(Error::internal()))?;
    let cookie = HeaderValue::from_str(cookie).map_err(|_| ApiError::from(Error::internal()))?;
    response.append_header(header::SET_COOKIE, cookie);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own_are_followed() {
        for path in ["/desk/tickets", "/desk/tickets/7?view=open", "/p/help"] {
            assert!(is_own_path(path), "{path}");
        }
        for path in ["", "desk", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/desk/../p", "/é"] {
            assert!(!is_own_path(path), "{path}");
        }
    }

    #[test]
    fn next_stays_in_its_surface() {
        assert_eq!(next_or("/desk/tickets/7", "/desk", "/desk/tickets"), "/desk/tickets/7");
        assert_eq!(next_or("/p/help", "/desk", "/desk/tickets"), "/desk/tickets");
        assert_eq!(next_or("/desktop", "/desk", "/desk/tickets"), "/desk/tickets");
        assert_eq!(next_or("//evil.example/desk", "/desk", "/desk/tickets"), "/desk/tickets");
    }

    #[test]
    fn values_are_safe_in_a_query() {
        assert_eq!(query_value("ana+b@x.es&c=d é"), "ana%2Bb@x.es%26c%3Dd%20%C3%A9");
    }
}
