//! Every row of every table as text, read without the code under test.

use crate::common::TestDesk;
use server::{
    args,
    db::{Engine, Sql},
};
use std::collections::BTreeMap;

/// Between two columns of a row.
pub const BETWEEN: &str = " ␟ ";

/// A text that is put together, as a statement. Tests live shortly.
pub fn sql(text: String) -> Sql {
    Sql::new(Box::leak(text.into_boxed_str()), args![])
}

/// The tables, each with its columns and their kinds.
pub async fn tables(desk: &TestDesk) -> BTreeMap<String, Vec<(String, String)>> {
    let text = match desk.engine() {
        Engine::Sqlite => {
            "SELECT t.name, c.name, lower(c.type) FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4', '_sqlx_migrations') \
             AND t.name NOT LIKE 'item\\_words%' ESCAPE '\\' ORDER BY 1, 2"
        }
        Engine::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name NOT IN ('_sqlx_migrations', 'item_words') ORDER BY 1, 2"
        }
    };
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (table, column, kind) in desk.rows::<(String, String, String)>(Sql::new(text, args![])).await {
        tables.entry(table).or_default().push((column, kind));
    }
    tables
}

/// All rows of the tables, sorted; the same text for the same row on both engines.
pub async fn all(desk: &TestDesk) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for (table, columns) in tables(desk).await {
        let texts: Vec<String> = columns
            .iter()
            .map(|(column, kind)| match kind.as_str() {
                "boolean" => format!("COALESCE('{column}=' || CASE WHEN \"{column}\" THEN 'yes' ELSE 'no' END, '{column}:')"),
                _ => format!("COALESCE('{column}=' || CAST(\"{column}\" AS TEXT), '{column}:')"),
            })
            .collect();
        let rows: Vec<(String,)> =
            desk.rows(sql(format!("SELECT {} FROM \"{table}\"", texts.join(&format!(" || '{BETWEEN}' || "))))).await;
        let mut rows: Vec<String> = rows.into_iter().map(|(row,)| row).collect();
        rows.sort();
        all.insert(table, rows);
    }
    all
}

/// What of it an archive holds.
fn taken(all: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let mut taken = all.clone();
    for nothing in ["session", "code", "set_up_token", "rate_limit", "typed_form", "presence"] {
        taken.get_mut(nothing).expect("a table").clear();
    }
    let mails = taken.get_mut("mail").expect("a table");
    mails.retain(|row| row.contains("secret=no") || row.contains("state=sent"));
    taken.get_mut("job").expect("a table").retain(|row| !row.contains("last_error=of a code"));
    taken
}

/// What of it is there after a restore: the same, and whatever would go out is held.
pub fn restored(all: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let mut restored = taken(all);
    for row in restored.get_mut("workspace").expect("a table") {
        *row = row.replace("outgoing_held=no", "outgoing_held=yes");
        assert!(row.contains("outgoing_held=yes"));
    }
    restored
}

/// Holds that both have the same rows in every table.
pub fn same(found: &BTreeMap<String, Vec<String>>, expected: &BTreeMap<String, Vec<String>>) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (table, rows) in expected {
        assert_eq!(&found[table], rows, "the rows of {table}");
    }
}
