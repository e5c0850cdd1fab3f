//! Reads the translations (`locales/<language>/<area>.toml`) and writes one typed constant per message and one table per
//! language. The build fails if a language misses a message, has one too many, or names other placeholders than English.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

/// The areas whose messages are also found by their name at run time (errors, names of fixed things).
const BY_NAME: [&str; 4] = ["errors", "names", "desk_errors", "desk_names"];
/// The areas that the portal has; its script holds no other.
const PORTAL: [&str; 4] = ["common", "errors", "names", "portal"];
/// The area that no browser gets: its texts become part of what the server answers.
const SERVER: &str = "server";
/// The language that decides what there is.
const LEAD: &str = "en";

/// One message: a text, or the forms of a plural.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    /// A text.
    Text(String),
    /// `one` and `other`.
    Plural(String, String),
}

/// Which browsers get a message. The tables are in this order, so that what the portal gets is the beginning of what the agent
/// application gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Portal,
    Desk,
    Server,
}

impl Reach {
    fn of(area: &str) -> Self {
        if PORTAL.contains(&area) {
            Self::Portal
        } else if area == SERVER {
            Self::Server
        } else {
            Self::Desk
        }
    }
}

/// The messages of one language by key, with the area they stand in.
type Catalog = BTreeMap<String, (String, Message)>;

/// The messages in the order of the tables. A plural takes two places in them.
fn places(catalog: &Catalog) -> Vec<(&str, &str, &Message)> {
    let mut all: Vec<_> = catalog.iter().map(|(key, (area, message))| (key.as_str(), area.as_str(), message)).collect();
    all.sort_by_key(|(key, area, _)| (Reach::of(area), *key));
    all
}
type Outcome<T> = Result<T, String>;

fn main() {
    if let Err(problem) = run() {
        println!("cargo::error=translations: {problem}");
    }
}

fn run() -> Outcome<()> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?).join("locales");
    let out = PathBuf::from(std::env::var("OUT_DIR").map_err(|e| e.to_string())?);
    let mut catalogs = BTreeMap::new();
    for folder in entries(&root)?.into_iter().filter(|path| path.is_dir()) {
        catalogs.insert(name(&folder), read(&folder)?);
    }
    let lead = catalogs.get(LEAD).ok_or("there is no folder for English")?;
    for (language, catalog) in &catalogs {
        compare(lead, language, catalog)?;
    }
    let mut code = constants(lead)?;
    for (language, catalog) in &catalogs {
        table(&mut code, &out, language, catalog)?;
    }
    lookup(&mut code, lead, catalogs.keys());
    std::fs::write(out.join("messages.rs"), code).map_err(|e| e.to_string())
}

/// The files of a folder in a fixed order.
fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        paths.push(entry.map_err(|e| e.to_string())?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The name of a file or folder without its ending.
fn name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads all areas of one language.
fn read(folder: &Path) -> Outcome<Catalog> {
    let mut catalog = Catalog::new();
    for path in entries(folder)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "toml")) {
        let at = path.display();
        println!("cargo::rerun-if-changed={at}");
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{at}: {e}"))?;
        let parsed: toml::Table = toml::from_str(&text).map_err(|e| format!("{at}: {e}"))?;
        for (key, value) in parsed {
            if !key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
                return Err(format!("{at}: key `{key}` must be snake_case"));
            }
            let message = match value {
                toml::Value::String(text) => Message::Text(text),
                toml::Value::Table(mut forms) => match (forms.remove("one"), forms.remove("other"), forms.is_empty()) {
                    (Some(toml::Value::String(one)), Some(toml::Value::String(other)), true) => Message::Plural(one, other),
                    _ => return Err(format!("{at}: `{key}` must have the forms `one` and `other`")),
                },
                _ => return Err(format!("{at}: `{key}` must be a text")),
            };
            if let Some((area, _)) = catalog.insert(key.clone(), (name(&path), message)) {
                return Err(format!("{at}: `{key}` stands in `{area}` already"));
            }
        }
    }
    Ok(catalog)
}

/// The names of the placeholders of a text.
fn placeholders(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((inside, behind)) = after.split_once('}') else { break };
        names.insert(inside.to_owned());
        rest = behind;
    }
    names
}

/// The placeholders of a message; both forms of a plural together, where `n` is always given.
fn needs(message: &Message) -> BTreeSet<String> {
    match message {
        Message::Text(text) => placeholders(text),
        Message::Plural(one, other) => {
            let mut names = placeholders(one);
            names.extend(placeholders(other));
            names.remove("n");
            names
        }
    }
}

/// Holds one language against English.
fn compare(lead: &Catalog, language: &str, catalog: &Catalog) -> Outcome<()> {
    let missing: Vec<_> = lead.keys().filter(|key| !catalog.contains_key(*key)).map(String::as_str).collect();
    let unknown: Vec<_> = catalog.keys().filter(|key| !lead.contains_key(*key)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(format!("{language} misses {}", missing.join(", ")));
    }
    if !unknown.is_empty() {
        return Err(format!("{language} has what English has not: {}", unknown.join(", ")));
    }
    for (key, (_, english)) in lead {
        let Some((_, message)) = catalog.get(key) else { continue };
        if matches!(english, Message::Plural(..)) != matches!(message, Message::Plural(..)) {
            return Err(format!("{language}: `{key}` is a plural in one language and a text in another"));
        }
        if needs(english) != needs(message) {
            return Err(format!("{language}: `{key}` has other placeholders than English"));
        }
    }
    Ok(())
}

/// One constant per message.
fn constants(lead: &Catalog) -> Outcome<String> {
    let mut code = String::from(
        "/// The messages.\n#[allow(non_upper_case_globals, missing_docs)]\npub mod keys {\n    use super::{Msg, Plural, Template};\n",
    );
    let mut place: u16 = 0;
    for (key, _, message) in places(lead) {
        let names = needs(message).iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        let value = match message {
            Message::Text(_) if names.is_empty() => format!("Msg = Msg({place})"),
            Message::Text(_) => format!("Template = Template {{ place: {place}, names: &[{names}] }}"),
            Message::Plural(..) => format!("Plural = Plural {{ place: {place}, names: &[{names}] }}"),
        };
        writeln!(code, "    pub const {key}: {value};").map_err(|e| e.to_string())?;
        place += if matches!(message, Message::Plural(..)) { 2 } else { 1 };
    }
    code.push_str("}\n");
    Ok(code)
}

/// The table of one language: a constant for the server, a script for each kind of browser.
fn table(code: &mut String, out: &Path, language: &str, catalog: &Catalog) -> Outcome<()> {
    let texts: Vec<_> = places(catalog)
        .into_iter()
        .flat_map(|(_, _, message)| match message {
            Message::Text(text) => vec![text.as_str()],
            Message::Plural(one, other) => vec![one.as_str(), other.as_str()],
        })
        .collect();
    let upper = language.to_uppercase();
    let rust = texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ");
    let (portal, desk) = (script(out, language, catalog, Reach::Portal)?, script(out, language, catalog, Reach::Desk)?);
    writeln!(
        code,
        "#[cfg(feature = \"ssr\")]\nstatic {upper}: Table = Table {{ texts: &[{rust}], portal: {portal}, desk: {desk} }};"
    )
    .map_err(|e| e.to_string())
}

/// Writes the script with all that reaches a kind of browser; gives back the constant that holds it.
fn script(out: &Path, language: &str, catalog: &Catalog, reach: Reach) -> Outcome<String> {
    let mut texts = Vec::new();
    let mut names = Vec::new();
    for (key, area, message) in places(catalog).into_iter().filter(|(_, area, _)| Reach::of(area) <= reach) {
        if BY_NAME.contains(&area) {
            names.push(format!("{}:{}", json(key), texts.len()));
        }
        match message {
            Message::Text(text) => texts.push(json(text)),
            Message::Plural(one, other) => texts.extend([json(one), json(other)]),
        }
    }
    let script = format!("window.__taquilla_messages={{texts:[{}],names:{{{}}}}};\n", texts.join(","), names.join(","));
    // The hasher is the standard library's, whose result is stable for one toolchain: enough for the name of a file.
    let mut hasher = DefaultHasher::new();
    script.hash(&mut hasher);
    let file = out.join(format!("{language}-{reach:?}.js").to_lowercase());
    std::fs::write(&file, &script).map_err(|e| e.to_string())?;
    let (hash, file) = (hasher.finish(), file.display().to_string());
    Ok(format!("Script {{ path: \"/i18n/{language}-{hash:016x}.js\", body: include_str!({file:?}) }}"))
}

/// From a language and from a name of the run-time areas to the tables.
fn lookup<'a>(code: &mut String, lead: &Catalog, languages: impl Iterator<Item = &'a String> + Clone) {
    let arms: String =
        languages.clone().map(|language| format!("        {language:?} => &{},\n", language.to_uppercase())).collect();
    let all: String = languages.map(|language| format!("&{}, ", language.to_uppercase())).collect();
    let mut place = 0;
    let mut named = Vec::new();
    for (key, area, message) in places(lead) {
        if BY_NAME.contains(&area) {
            named.push((key, place));
        }
        place += if matches!(message, Message::Plural(..)) { 2 } else { 1 };
    }
    // They are found by halving.
    named.sort_unstable();
    let names: String = named.into_iter().map(|(key, place)| format!("({key:?}, {place}), ")).collect();
    code.push_str(&format!(
        "#[cfg(feature = \"ssr\")]\nfn table(language: domain::language::Language) -> &'static Table {{\n    match language.tag() {{\n{arms}        _ => &EN,\n    }}\n}}\n\
         #[cfg(feature = \"ssr\")]\nstatic TABLES: &[&Table] = &[{all}];\n\
         #[cfg(feature = \"ssr\")]\nstatic NAMES: &[(&str, u16)] = &[{names}];\n"
    ));
}

/// A JSON string that can also stand in a script.
fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() || matches!(c, '<' | '>' | '\u{2028}' | '\u{2029}') => {
                quoted.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
