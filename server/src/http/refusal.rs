//! Answers that say no outside of pages and server functions: as JSON for programs, as a small page in the person's language
//! for browsers. The page needs nothing else, so it also stands when everything is broken.

use app::{
    api::{
        ApiError,
        answer::{accepts_html, retry_after},
    },
    i18n::{I18n, Locale},
};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Json, Response},
};
use domain::Error;

/// What has to be known of a request to refuse it.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    wants_page: bool,
    i18n: I18n,
}

impl Refusal {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self { wants_page: accepts_html(headers), i18n: I18n::new(Locale::from_headers(headers).language) }
    }

    /// The answer that tells the error.
    pub(super) fn tell(&self, error: Error) -> Response {
        let status = StatusCode::from_u16(error.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = retry_after(&error);
        let mut response = if self.wants_page {
            Html(self.page(status, &error)).into_response()
        } else {
            // `from` would also note the status for a page that is being rendered; there is none.
            Json(ApiError(error)).into_response()
        };
        *response.status_mut() = status;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }

    fn page(&self, status: StatusCode, error: &Error) -> String {
        let language = self.i18n.language().tag();
        let sentence = escape(&self.i18n.error(error));
        let code = status.as_u16();
        format!(
            "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{code} · Taquilla</title></head>\
             <body><main><h1>{code}</h1><p>{sentence}</p><p><a href=\"/\">Taquilla</a></p></main></body></html>"
        )
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
