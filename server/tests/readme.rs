//! The README's table of settings has exactly the settings that there are.

#[test]
fn the_readme_lists_every_setting() {
    let readme = include_str!("../../README.md");
    let table = readme.split("## Settings").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let listed: Vec<&str> = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(listed, server::config::NAMES);
}
