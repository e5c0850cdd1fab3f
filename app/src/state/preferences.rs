//! Choices that the browser keeps: language, theme and time zone. They are cookies, so that the server renders the first page right.
//! Everything here does nothing on the server.

use crate::i18n::{LANGUAGE_COOKIE, THEME_COOKIE, ZONE_COOKIE};
use domain::{agent::Theme, language::Language};
use leptos::prelude::*;

/// A year, in seconds.
const YEAR: u32 = 31_536_000;

fn keep(name: &str, value: &str, seconds: u32) {
    let secure = if window().location().protocol().is_ok_and(|protocol| protocol == "https:") { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Max-Age={seconds}; Path=/; SameSite=Lax{secure}");
    let _ = js_sys::Reflect::set(&document(), &"cookie".into(), &cookie.into());
}

/// Keeps the language and loads the page again in it.
pub fn use_language(language: Language) {
    keep(LANGUAGE_COOKIE, language.tag(), YEAR);
    let _ = window().location().reload();
}

/// Shows the page in a theme, now and on the next visit.
pub fn use_theme(theme: Theme) {
    let name = match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    keep(THEME_COOKIE, name.unwrap_or_default(), if name.is_some() { YEAR } else { 0 });
    let Some(root) = document().document_element() else { return };
    let _ = match name {
        Some(name) => root.set_attribute("data-theme", name),
        None => root.remove_attribute("data-theme"),
    };
}

/// Shows times in a zone (IANA name); an empty one is that of the browser.
pub fn use_zone(zone: &str) {
    let known = if zone.is_empty() { browser_zone() } else { zone.to_owned() };
    keep(ZONE_COOKIE, &known, YEAR);
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-zone", &known);
    }
}

/// The zone of the browser (IANA name), empty if it does not tell.
#[must_use]
pub fn browser_zone() -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into());
    zone.ok().and_then(|zone| zone.as_string()).unwrap_or_default()
}
