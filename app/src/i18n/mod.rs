//! The languages. The texts stand in `locales/<language>/<area>.toml`; the build turns each into a typed constant of [`keys`].
//! The server holds all languages; the browser gets the table of its one language as a script (see [`script`]), so that no
//! text is in the WebAssembly. A page has one language for its life: changing it reloads the page. The portal gets only what it
//! shows (the areas `common`, `errors`, `names`, `portal`), and nobody the area `server`; the agent application gets the rest
//! too, `desk_errors` and `desk_names` among it.
//!
//! ```ignore
//! let i18n = use_i18n();
//! t!(i18n, tickets_title)                             // &'static str
//! t!(i18n, tickets_opened_by, name = customer.name)   // String; wrong or missing names do not compile
//! plural!(i18n, tickets_count, total)                 // String; {n} is the number
//! i18n.error(&error)                                  // String: the sentence of a domain::Error
//! ```

mod number;
#[cfg(feature = "ssr")]
mod server;
mod time;

pub use number::rounded;
#[cfg(feature = "ssr")]
pub use server::{Locale, cookie, resolve_locale, script, script_path};
pub use time::{Moment, MomentStyle, Ticker, clock_of, format_moment, provide_ticker};

use domain::{
    Error,
    language::Language,
    types::{Status, TicketType},
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Cookie with the language that somebody chose without being signed in (or before signing in).
pub const LANGUAGE_COOKIE: &str = "taquilla_language";
/// Cookie with the time zone that the browser told.
pub const ZONE_COOKIE: &str = "taquilla_zone";
/// Cookie with the theme (`light` or `dark`); none follows the system.
pub const THEME_COOKIE: &str = "taquilla_theme";

/// A message without placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Msg(u16);

/// A message with placeholders; use it with [`t!`](crate::t).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    place: u16,
    names: &'static [&'static str],
}

/// A message that depends on a number; use it with [`plural!`](crate::plural).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plural {
    place: u16,
    names: &'static [&'static str],
}

impl Template {
    /// The names of the placeholders (for the check at compile time).
    #[must_use]
    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }
}

impl Plural {
    /// The names of the placeholders besides `n` (for the check at compile time).
    #[must_use]
    pub const fn names(&self) -> &'static [&'static str] {
        self.names
    }
}

/// The texts of one language on the server.
#[cfg(feature = "ssr")]
struct Table {
    texts: &'static [&'static str],
    portal: Script,
    desk: Script,
}

/// The texts of one language for one kind of browser.
#[cfg(feature = "ssr")]
struct Script {
    path: &'static str,
    body: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// The language of the page, from the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct I18n {
    language: Language,
}

/// The language of this page.
#[must_use]
pub fn use_i18n() -> I18n {
    use_context::<I18n>().unwrap_or_else(|| I18n::new(page_language()))
}

/// Puts the language of the page into the context; called once by the application.
pub fn provide_i18n() -> I18n {
    let i18n = I18n::new(page_language());
    provide_context(i18n);
    i18n
}

#[cfg(feature = "ssr")]
fn page_language() -> Language {
    resolve_locale().language
}

#[cfg(not(feature = "ssr"))]
fn page_language() -> Language {
    let lang = document().document_element().and_then(|root| root.get_attribute("lang"));
    lang.and_then(|tag| Language::from_tag(&tag)).unwrap_or_default()
}

impl I18n {
    /// The texts of this language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        Self { language }
    }
    /// The language itself.
    #[must_use]
    pub fn language(self) -> Language {
        self.language
    }
    /// A text without placeholders.
    #[must_use]
    pub fn t(self, msg: Msg) -> &'static str {
        self.text(msg.0)
    }
    /// A text with its placeholders filled in. Use [`t!`](crate::t), which checks the names.
    #[must_use]
    pub fn fill(self, template: Template, values: &[(&str, &str)]) -> String {
        fill(self.text(template.place), values)
    }
    /// The form for `n`, where `{n}` is the number as people of this language write it.
    #[must_use]
    pub fn plural(self, plural: Plural, n: i64) -> String {
        self.plural_with(plural, n, &[])
    }
    /// The form for `n` with further placeholders. Use [`plural!`](crate::plural), which checks the names.
    #[must_use]
    pub fn plural_with(self, plural: Plural, n: i64, values: &[(&str, &str)]) -> String {
        let one = match self.language {
            Language::Fr | Language::Pt => n == 0 || n == 1,
            _ => n == 1,
        };
        let number = self.number(n);
        let mut all = vec![("n", number.as_str())];
        all.extend_from_slice(values);
        fill(self.text(if one { plural.place } else { plural.place + 1 }), &all)
    }
    /// The text of a key that is only known at run time (the areas `errors`, `names` and those of the desk).
    #[must_use]
    pub fn key(self, key: &str, params: &BTreeMap<String, String>) -> Option<String> {
        let values: Vec<(&str, &str)> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Some(fill(self.text(place_of(key)?), &values))
    }
    /// The label of something that has a fixed name: `name("role", "owner")` is the text of `role_owner`, the name itself if
    /// there is none.
    #[must_use]
    pub fn name(self, kind: &str, name: &str) -> String {
        self.key(&format!("{kind}_{name}"), &BTreeMap::new()).unwrap_or_else(|| name.to_owned())
    }
    /// The label of a status: translated if it is a seeded one, else as people named it.
    #[must_use]
    pub fn status(self, status: &Status) -> String {
        self.seeded("status", &status.key, &status.name)
    }
    /// The label of a ticket type: translated if it is a seeded one, else as people named it.
    #[must_use]
    pub fn ticket_type(self, kind: &TicketType) -> String {
        self.seeded("type", &kind.key, &kind.name)
    }
    /// The label of something seeded (`kind` is `status` or `type`); `key` is empty for what people named themselves.
    #[must_use]
    pub fn seeded(self, kind: &str, key: &str, name: &str) -> String {
        if key.is_empty() {
            return name.to_owned();
        }
        self.key(&format!("{kind}_{key}"), &BTreeMap::new()).unwrap_or_else(|| name.to_owned())
    }
    /// The sentence that tells an error.
    #[must_use]
    pub fn error(self, error: &Error) -> String {
        if error.key.starts_with("error_filter_") || error.key.starts_with("error_query_") {
            return self.sentence(&error.key, &self.filter_names(error));
        }
        self.sentence(&error.key, &error.params)
    }
    /// The sentence that tells an error where its fields are not shown one by one: the first wrong field's own, if there is one.
    #[must_use]
    pub fn error_at_once(self, error: &Error) -> String {
        error.fields.first().map_or_else(|| self.error(error), |wrong| self.sentence(&wrong.key, &wrong.params))
    }
    /// The parameters of an error of a filter as people read them: the field, the operator, what would be right.
    fn filter_names(self, error: &Error) -> BTreeMap<String, String> {
        let field = error.params.get("field").map(String::as_str).unwrap_or_default();
        let kind_of_allowed = match error.key.as_str() {
            "error_filter_operator" => "operator",
            "error_filter_place" => "field",
            _ => field,
        };
        let named = |(name, value): (&String, &String)| {
            let shown = match name.as_str() {
                kind @ ("field" | "operator") => self.name(kind, value),
                "allowed" => value.split(", ").map(|each| self.name(kind_of_allowed, each)).collect::<Vec<_>>().join(", "),
                _ => value.clone(),
            };
            (name.clone(), shown)
        };
        error.params.iter().map(named).collect()
    }
    /// The sentence that tells what is wrong with a field, if something is.
    #[must_use]
    pub fn field_error(self, error: &Error, field: &str) -> Option<String> {
        error.fields.iter().find(|wrong| wrong.field == field).map(|wrong| self.sentence(&wrong.key, &wrong.params))
    }
    fn sentence(self, key: &str, params: &BTreeMap<String, String>) -> String {
        self.key(key, params).unwrap_or_else(|| self.t(keys::error_internal).to_owned())
    }
    #[cfg(feature = "ssr")]
    fn text(self, place: u16) -> &'static str {
        table(self.language).texts.get(usize::from(place)).copied().unwrap_or_default()
    }
    #[cfg(not(feature = "ssr"))]
    fn text(self, place: u16) -> &'static str {
        browser().texts.get(usize::from(place)).map_or("", String::as_str)
    }
}

#[cfg(feature = "ssr")]
fn place_of(key: &str) -> Option<u16> {
    NAMES.binary_search_by_key(&key, |(name, _)| name).ok().and_then(|at| NAMES.get(at)).map(|(_, place)| *place)
}

#[cfg(not(feature = "ssr"))]
fn place_of(key: &str) -> Option<u16> {
    browser().names.get(key).copied()
}

/// What the script of the language left in the page.
#[cfg(not(feature = "ssr"))]
struct Browser {
    texts: Vec<String>,
    names: BTreeMap<String, u16>,
}

#[cfg(not(feature = "ssr"))]
fn browser() -> &'static Browser {
    static TABLE: std::sync::OnceLock<Browser> = std::sync::OnceLock::new();
    TABLE.get_or_init(|| {
        let read = |object: &wasm_bindgen::JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).unwrap_or_default();
        let found = read(&js_sys::global(), "__taquilla_messages");
        let texts = js_sys::Array::from(&read(&found, "texts")).iter().map(|text| text.as_string().unwrap_or_default()).collect();
        let mut names = BTreeMap::new();
        let object = read(&found, "names");
        if let Some(object) = wasm_bindgen::JsCast::dyn_ref::<js_sys::Object>(&object) {
            for name in js_sys::Object::keys(object).iter() {
                // The place of a message is far below 65,536 (the build counts in `u16`), so nothing is cut off.
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                let place = read(object, &name.as_string().unwrap_or_default()).as_f64().unwrap_or_default() as u16;
                names.insert(name.as_string().unwrap_or_default(), place);
            }
        }
        Browser { texts, names }
    })
}

/// Replaces `{name}` by the value of `name`; unknown names stay, so that a mistake is seen.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => {
                filled.push('{');
                filled.push_str(name);
                filled.push('}');
            }
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// Whether exactly the placeholders `needed` are `given`; used by the macros at compile time.
#[must_use]
pub const fn names_fit(needed: &[&str], given: &[&str]) -> bool {
    if needed.len() != given.len() {
        return false;
    }
    let mut n = 0;
    while n < needed.len() {
        let mut found = false;
        let mut g = 0;
        while g < given.len() {
            found = found || same(needed[n].as_bytes(), given[g].as_bytes());
            g += 1;
        }
        if !found {
            return false;
        }
        n += 1;
    }
    true
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// A text in the language of the page: `t!(i18n, key)` is a `&'static str`, `t!(i18n, key, name = value)` a `String`.
#[macro_export]
macro_rules! t {
    ($i18n:expr, $key:ident) => {
        $i18n.t($crate::i18n::keys::$key)
    };
    ($i18n:expr, $key:ident, $($name:ident = $value:expr),+ $(,)?) => {{
        const { assert!($crate::i18n::names_fit($crate::i18n::keys::$key.names(), &[$(stringify!($name)),+]), "placeholders do not fit") };
        $i18n.fill($crate::i18n::keys::$key, &[$((stringify!($name), &::std::string::ToString::to_string(&$value))),+])
    }};
}

/// A text that depends on a number: `plural!(i18n, key, n)` or `plural!(i18n, key, n, name = value)`; a `String`.
#[macro_export]
macro_rules! plural {
    ($i18n:expr, $key:ident, $n:expr $(, $name:ident = $value:expr)* $(,)?) => {{
        const { assert!($crate::i18n::names_fit($crate::i18n::keys::$key.names(), &[$(stringify!($name)),*]), "placeholders do not fit") };
        $i18n.plural_with($crate::i18n::keys::$key, $n, &[$((stringify!($name), &::std::string::ToString::to_string(&$value))),*])
    }};
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
