//! The sentences of errors and the names of fields and values for places that are no pages: the command line, the reports of an
//! import, filters that people type. They stand with the texts of the pages, so that nothing is translated twice.

use domain::language::Language;
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// The areas of a language whose texts are found by name.
macro_rules! areas {
    ($($language:ident $folder:literal),+) => {
        [$((Language::$language, [
            include_str!(concat!("../../app/locales/", $folder, "/errors.toml")),
            include_str!(concat!("../../app/locales/", $folder, "/names.toml")),
            include_str!(concat!("../../app/locales/", $folder, "/desk_errors.toml")),
            include_str!(concat!("../../app/locales/", $folder, "/desk_names.toml")),
        ])),+]
    };
}

const FILES: [(Language, [&str; 4]); 6] = areas!(En "en", Fr "fr", De "de", Es "es", It "it", Pt "pt");

static TEXTS: LazyLock<HashMap<(Language, String), String>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (language, texts) in FILES {
        let tables = texts.iter().map(|text| text.parse::<toml::Table>().unwrap_or_default());
        for (key, value) in tables.flatten() {
            if let toml::Value::String(value) = value {
                all.insert((language, key), value);
            }
        }
    }
    all
});

/// The sentence for the key of an error; the key itself if there is none.
#[must_use]
pub fn error(language: Language, key: &str, params: &BTreeMap<String, String>) -> String {
    let Some(text) = TEXTS.get(&(language, key.to_owned())) else { return key.to_owned() };
    params.iter().fold(text.clone(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// What a field, a value or something seeded is called; `None` if it has no name.
#[must_use]
pub fn name(language: Language, key: &str) -> Option<String> {
    TEXTS.get(&(language, key.to_owned())).cloned()
}

/// What something seeded is called (`kind` is `status` or `type`): translated, unless people have named it (`key` is empty then).
#[must_use]
pub fn seeded(language: Language, kind: &str, key: &str, own: &str) -> String {
    let translated = if key.is_empty() { None } else { name(language, &format!("{kind}_{key}")) };
    translated.unwrap_or_else(|| own.to_owned())
}

/// An error with all that it says about fields.
#[must_use]
pub fn sentence(language: Language, failure: &domain::Error) -> String {
    let mut text = error(language, &failure.key, &failure.params);
    for field in &failure.fields {
        text.push_str(&format!(" {}: {}", field.field, error(language, &field.key, &field.params)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_sentence_of_the_import() {
        let english = TEXTS.keys().filter(|(language, _)| *language == Language::En).map(|(_, key)| key);
        let mut seen = 0;
        for key in english.filter(|key| key.starts_with("error_import")) {
            seen += 1;
            for language in Language::ALL {
                assert_ne!(error(language, key, &BTreeMap::new()), *key, "{language:?}");
            }
        }
        assert!(seen > 20);
        let params = BTreeMap::from([("max".to_owned(), "5".to_owned())]);
        assert_eq!(error(Language::En, "error_too_long", &params), "At most 5 characters.");
    }
}
