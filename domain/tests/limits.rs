//! `docs/limits.md` shows the limits of `domain/src/limits.rs`: same names, same numbers, same words.

/// One row of the table for each constant of the source.
fn rows() -> Vec<String> {
    let source = include_str!("../src/limits.rs");
    let mut comment = String::new();
    let mut rows = Vec::new();
    for line in source.lines() {
        if let Some(text) = line.strip_prefix("/// ") {
            comment = if comment.is_empty() { text.to_owned() } else { format!("{comment} {text}") };
        } else if let Some((name, value)) = line.strip_prefix("pub const ").and_then(|constant| constant.split_once(" = ")) {
            let name = name.split(':').next().unwrap_or(name);
            rows.push(format!("| `{name}` | {} | {comment} |", number(value.trim_end_matches(';'))));
            comment.clear();
        }
    }
    rows
}

/// The product of numbers, as people write it: `25 * 1024 * 1024` is 25 MiB. What is no number is shown as it stands.
fn number(expression: &str) -> String {
    let factors: Result<Vec<u64>, _> = expression.split('*').map(|factor| factor.trim().replace('_', "").parse()).collect();
    match factors.map(|factors| factors.into_iter().product::<u64>()) {
        Ok(value) if value >= 1 << 20 && value % (1 << 20) == 0 => format!("{} MiB", value >> 20),
        Ok(value) if value >= 1 << 10 && value % (1 << 10) == 0 => format!("{} KiB", value >> 10),
        Ok(value) => value.to_string(),
        Err(_) => expression.to_owned(),
    }
}

#[test]
fn the_table_in_the_documents_is_the_code() {
    // The second table says which test meets which limit.
    let (first, _) = include_str!("../../docs/limits.md").split_once("## Which test").expect("two tables");
    let shown: Vec<&str> = first.lines().filter(|line| line.starts_with("| `")).collect();
    let expected = rows();
    assert!(expected.len() > 20, "the constants are found");
    assert_eq!(shown, expected, "docs/limits.md should hold:\n{}", expected.join("\n"));
}
