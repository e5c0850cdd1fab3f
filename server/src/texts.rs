//! The sentences of errors for places that are no pages: the command line and the reports of an import. They stand with the
//! texts of the pages, so that nothing is translated twice.

use domain::language::Language;
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

const FILES: [(Language, &str); 6] = [
    (Language::En, include_str!("../../app/locales/en/errors.toml")),
    (Language::Fr, include_str!("../../app/locales/fr/errors.toml")),
    (Language::De, include_str!("../../app/locales/de/errors.toml")),
    (Language::Es, include_str!("../../app/locales/es/errors.toml")),
    (Language::It, include_str!("../../app/locales/it/errors.toml")),
    (Language::Pt, include_str!("../../app/locales/pt/errors.toml")),
];

static TEXTS: LazyLock<HashMap<(Language, String), String>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (language, text) in FILES {
        let table: toml::Table = text.parse().unwrap_or_default();
        for (key, value) in table {
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
