//! What the languages promise.

use super::*;
use domain::filter::{Expr, FIELDS, Field, FieldType, Info, Op, Quantifier, Relation, Value, check};
use std::path::Path;

#[test]
fn every_error_of_the_product_has_a_sentence() {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("source folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("source file");
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
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["src", "../domain/src", "../server/src"] {
        walk(&root.join(folder), &mut found);
    }
    let mut missing: Vec<_> = found.into_iter().filter(|key| place_of(key).is_none()).collect();
    missing.sort();
    missing.dedup();
    assert!(missing.is_empty(), "no text in locales/*/errors.toml for: {}", missing.join(", "));
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
        let body = script(script_path(language)).expect("script");
        assert!(body.starts_with("window.__taquilla_messages="));
    }
    assert!(script("/i18n/xx.js").is_none());
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
        assert!(place_of(&format!("{kind}_{key}")).is_some(), "locales/*/names.toml: {kind}_{key}");
    }
}
