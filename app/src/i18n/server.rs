//! The server's side: which language and time zone a request is in, and the scripts with the texts.

use super::{LANGUAGE_COOKIE, TABLES, ZONE_COOKIE, table};
use domain::language::Language;
use leptos::prelude::use_context;

/// The value of a cookie of the request that is being answered.
#[must_use]
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<axum::http::request::Parts>()?;
    cookie_in(&parts.headers, name).map(str::to_owned)
}

fn cookie_in<'a>(headers: &'a axum::http::HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all("cookie").into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The language and time zone of the person who asks. The server puts it into the context of a request when the session
/// tells it; otherwise cookies and headers decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locale {
    /// Language.
    pub language: Language,
    /// IANA name of the time zone; empty if unknown.
    pub time_zone: String,
}

/// The locale of the request that is being answered: that of the session, else the cookie, else the browser's header.
#[must_use]
pub fn resolve_locale() -> Locale {
    if let Some(locale) = use_context::<Locale>() {
        return locale;
    }
    let Some(parts) = use_context::<axum::http::request::Parts>() else {
        return Locale { language: Language::default(), time_zone: String::new() };
    };
    Locale::from_headers(&parts.headers)
}

impl Locale {
    /// What cookies and `Accept-Language` say.
    #[must_use]
    pub fn from_headers(headers: &axum::http::HeaderMap) -> Self {
        let accept = headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let language = cookie_in(headers, LANGUAGE_COOKIE).and_then(Language::from_tag);
        Self {
            language: language.unwrap_or_else(|| Language::from_accept(accept)),
            time_zone: cookie_in(headers, ZONE_COOKIE).unwrap_or_default().replace("%2F", "/"),
        }
    }
}

/// The body of the script at this path (`/i18n/<language>-<hash>.js`), if there is one. It may be cached for ever: the
/// hash changes with the texts. Content type `text/javascript`.
#[must_use]
pub fn script(path: &str) -> Option<&'static str> {
    TABLES.iter().flat_map(|table| [&table.portal, &table.desk]).find(|script| script.path == path).map(|script| script.body)
}

/// The path of the script with the texts of a language that a page of the portal, or else of the agent application, needs.
#[must_use]
pub fn script_path(language: Language, portal: bool) -> &'static str {
    let table = table(language);
    if portal { table.portal.path } else { table.desk.path }
}
