//! Rules for views that the compiler does not know.
#![allow(clippy::expect_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The tags of components in a text: name and attributes, up to the `>` that ends the tag.
fn components(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices('<') {
        let rest = &text[start + 1..];
        if !rest.starts_with(|first: char| first.is_ascii_uppercase()) {
            continue;
        }
        let (mut depth, mut quoted, mut before) = (0_i32, false, ' ');
        let end = rest.char_indices().find_map(|(at, c)| {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '>' if depth == 0 && !matches!(before, '=' | '-') => return Some(at),
                ';' if depth <= 0 => return Some(0),
                _ => {}
            }
            before = c;
            None
        });
        if let Some(end) = end.filter(|end| *end > 0) {
            found.push(&rest[..end]);
        }
    }
    found
}

/// Whether a tag has a listener of its own, not one inside an attribute.
fn listens(tag: &str) -> bool {
    let mut depth = 0_i32;
    tag.char_indices().any(|(at, c)| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        depth == 0 && c.is_whitespace() && tag[at..].trim_start().starts_with("on:")
    })
}

/// See docs/decisions/0006-no-listeners-on-components.md.
#[test]
fn nobody_listens_on_a_component() {
    assert!(listens("Button look=Look::Plain on:click=move |_| go()"));
    assert!(!listens("Show when=open fallback=|| { view! { <p on:click=go></p> } }"));
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    assert!(files.len() > 50);
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source");
        wrong.extend(components(&text).into_iter().filter(|tag| listens(tag)).map(|tag| format!("{}: <{tag}>", file.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
