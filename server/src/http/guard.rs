//! Requests that another site makes a browser send are refused: whatever changes something must come from our own pages.

use super::{Site, refusal::Refusal};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::Response,
};
use domain::Error;

/// Lets reading through, and changing only if the browser says that one of our pages asks.
pub(super) async fn own_requests_only(State(site): State<Site>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_own(request.headers(), &site.settings.public_url) {
        return next.run(request).await;
    }
    Refusal::of(request.headers()).tell(Error::new(domain::ErrorCode::Forbidden, "error_foreign_site"))
}

fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let same_host = match (origin.split_once("://"), text(header::HOST)) {
        (Some((_, host)), Some(asked)) => host.eq_ignore_ascii_case(asked),
        _ => false,
    };
    same_host || origin.eq_ignore_ascii_case(public_url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_own(&headers, "https://desk.example.org")
    }

    #[test]
    fn our_own_pages_are_recognised() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "none")]));
        assert!(own(&[("origin", "https://desk.example.org")]));
        assert!(own(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
    }

    #[test]
    fn other_sites_are_refused() {
        assert!(!own(&[]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://desk.example.org")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("origin", "https://evil.example"), ("host", "desk.example.org")]));
        assert!(!own(&[("origin", "null"), ("host", "null")]));
        assert!(!own(&[("origin", "https://desk.example.org.evil.example")]));
    }
}
