//! What the languages promise.

use super::*;
use domain::filter::{Expr, FIELDS, Field, FieldType, Info, Op, Quantifier, Relation, Value, check};
use std::path::Path;

#[test]
fn every_error_of_the_product_has_a_sentence() {
    let mut found = Vec::new();
    for (_, text) in sources(&["src", "../domain/src", "../server/src"]) {
        let pieces: Vec<_> = text.split("\"error_").collect();
        for pair in pieces.windows(2) {
            let [before, piece] = pair else { continue };
            // The beginning of several keys is not a key.
            if before.ends_with("starts_with(") {
                continue;
            }
            let name = piece.split('"').next().unwrap_or_default();
            if !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                found.push(format!("error_{name}"));
            }
        }
    }
    let mut missing: Vec<_> = found.into_iter().filter(|key| place_of(key).is_none()).collect();
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "no text in locales/*/errors.toml or desk_errors.toml for: {}", missing.join(", "));
}

#[test]
fn placeholders_are_filled_and_unknown_ones_stay() {
    assert_eq!(fill("{a} and {b} and {c}", &[("a", "1"), ("b", "{a}")]), "1 and {a} and {c}");
    assert_eq!(fill("open { brace", &[]), "open { brace");
}

#[test]
fn numbers_read_as_in_the_language() {
    let number = |language, n| I18n::new(language).number(n);
    assert_eq!(number(Language::En, 1_234_567), "1,234,567");
    assert_eq!(number(Language::De, -1_234), "-1.234");
    assert_eq!(number(Language::Es, 1_234), "1234");
    assert_eq!(number(Language::Es, 12_345), "12.345");
    assert_eq!(number(Language::En, 0), "0");
    assert_eq!(I18n::new(Language::De).bytes(1_540_000), "1,5 MB");
}

#[test]
fn every_script_is_served_at_its_own_path() {
    for language in Language::ALL {
        let [portal, desk] = [true, false].map(|portal| script(script_path(language, portal)).expect("script"));
        // What both have is at the same places: the portal's texts are the beginning of the desk's.
        let texts = |script: &'static str| {
            script.strip_prefix("window.__taquilla_messages={texts:[").expect("texts").split("],names").next()
        };
        let (portal, desk) = (texts(portal).expect("portal"), texts(desk).expect("desk"));
        assert!(desk.starts_with(portal) && desk.len() > 2 * portal.len());
    }
    assert!(script("/i18n/xx.js").is_none());
}

/// The source files below these folders, as text.
fn sources(folders: &[&str]) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<_> = folders.iter().map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{e}")).flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{e}"));
                found.push((path, text));
            }
        }
    }
    found
}

/// The keys of the messages of an area.
fn keys_of(area: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/en").join(area).with_extension("toml");
    let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{e}"));
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.split('.').next().unwrap_or_default().trim().to_owned());
    text.lines().filter_map(key).collect()
}

#[test]
fn the_portal_gets_all_the_texts_that_it_shows() {
    let has: Vec<_> = ["common", "errors", "names", "portal"].into_iter().flat_map(keys_of).collect();
    let mut missing = Vec::new();
    for (path, text) in sources(&["src/portal", "src/ui"]) {
        let uses = text.split("t!(i18n,").skip(1).chain(text.split("plural!(i18n,").skip(1)).chain(text.split("keys::").skip(1));
        for after in uses {
            let word = after.trim_start();
            let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(word.len());
            let key = &word[..end];
            if !key.is_empty() && !has.iter().any(|known| known == key) {
                missing.push(format!("{key} in {}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "not in the portal's script: {}", missing.join(", "));
}

#[test]
fn an_error_of_a_filter_names_condition_field_and_operator() {
    let error = |field, op, value| check(&Expr::All(vec![Expr::Any(vec![]), Expr::compare(field, op, value)])).unwrap_err();
    let operator = error(Field::Published, Op::Contains, Value::Bool(true));
    assert_eq!(
        I18n::new(Language::En).error(&operator),
        "Condition 2, “Published” “contains”: this field is not compared so. Possible are: is, is not."
    );
    let key = error(Field::Category, Op::IsNot, Value::Text("closed".into()));
    assert_eq!(
        I18n::new(Language::De).error(&key),
        "Bedingung 2, „Kategorie“ „ist nicht“: Hier wird eines davon gebraucht: Zu tun, Wartend, Erledigt."
    );
}

#[test]
fn every_part_of_a_filter_has_a_name() {
    let fields = FIELDS.iter().map(|info| info.key).chain(Relation::ALL.map(Relation::key)).chain(["text", "view"]);
    let operators = FIELDS.iter().flat_map(Info::operators).map(Op::key).chain(["search"]);
    let quantifiers = [Quantifier::Some, Quantifier::Every, Quantifier::None].map(Quantifier::key);
    let values = FIELDS.iter().flat_map(|info| match info.kind {
        FieldType::Key(keys) => keys.iter().map(|key| (info.key, *key)).collect(),
        _ => Vec::new(),
    });
    let all = fields.map(|key| ("field", key)).chain(operators.chain(quantifiers).map(|key| ("operator", key))).chain(values);
    for (kind, key) in all {
        assert!(place_of(&format!("{kind}_{key}")).is_some(), "locales/*/desk_names.toml: {kind}_{key}");
    }
}
