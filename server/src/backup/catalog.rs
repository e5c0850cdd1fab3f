//! The tables of a database as the database itself describes them: so that a table of a new migration is in the next backup
//! without anybody thinking of it.

use super::{
    BackupError,
    connection::Connection,
    format::{Column, Kind, Shape},
};
use crate::{db::Engine, search};
use std::collections::{BTreeMap, BTreeSet};

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The columns of its primary key, in order.
    pub key: Vec<String>,
    /// The column whose values the table gives out itself.
    pub numbered: Option<String>,
    /// The tables that its rows refer to.
    parents: BTreeSet<String>,
}

impl Table {
    /// As archives describe it.
    pub(super) fn shape(&self) -> Shape {
        Shape { name: self.name.clone(), columns: self.columns.clone() }
    }
}

/// All tables of our schema, those that others refer to first.
pub(super) async fn tables(connection: &mut Connection) -> Result<Vec<Table>, BackupError> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let sql = match connection.engine() {
        Engine::Sqlite => SQLITE_COLUMNS,
        Engine::Postgres => POSTGRES_COLUMNS,
    };
    for (name, column, kind, numbered) in connection.all::<(String, String, String, bool)>(sql).await? {
        // Not ours, or made of others: their columns hold kinds that ours do not.
        if name == "_sqlx_migrations" || search::is_derived(&name) {
            continue;
        }
        let table = tables.entry(name.clone()).or_insert_with(|| Table {
            name: name.clone(),
            columns: Vec::new(),
            key: Vec::new(),
            numbered: None,
            parents: BTreeSet::new(),
        });
        let kind = match kind.to_ascii_lowercase().as_str() {
            "integer" | "bigint" => Kind::Int,
            "text" => Kind::Text,
            "boolean" => Kind::Bool,
            other => {
                return Err(BackupError::Schema(format!(
                    "the column {column} of the table {name} is of the unknown kind {other}"
                )));
            }
        };
        if numbered {
            table.numbered = Some(column.clone());
        }
        table.columns.push(Column { name: column, kind });
    }
    let sql = match connection.engine() {
        Engine::Sqlite => SQLITE_KEYS,
        Engine::Postgres => POSTGRES_KEYS,
    };
    for (name, column) in connection.all::<(String, String)>(sql).await? {
        if let Some(table) = tables.get_mut(&name) {
            table.key.push(column);
        }
    }
    let sql = match connection.engine() {
        Engine::Sqlite => SQLITE_PARENTS,
        Engine::Postgres => POSTGRES_PARENTS,
    };
    for (name, parent) in connection.all::<(String, String)>(sql).await? {
        if let Some(table) = tables.get_mut(&name).filter(|_| name != parent) {
            table.parents.insert(parent);
        }
    }
    in_order(tables)
}

/// Parents before their children.
fn in_order(mut tables: BTreeMap<String, Table>) -> Result<Vec<Table>, BackupError> {
    let mut ordered: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let ready: Vec<String> = tables
            .values()
            .filter(|table| !table.parents.iter().any(|parent| tables.contains_key(parent)))
            .map(|table| table.name.clone())
            .collect();
        if ready.is_empty() {
            let names: Vec<&str> = tables.keys().map(String::as_str).collect();
            return Err(BackupError::Schema(format!("the tables {} refer to each other in a circle", names.join(", "))));
        }
        ordered.extend(ready.into_iter().filter_map(|name| tables.remove(&name)));
    }
    Ok(ordered)
}

const SQLITE_COLUMNS: &str = "SELECT t.name, c.name, c.type, \
     c.pk = 1 AND instr(upper(t.sql), 'AUTOINCREMENT') > 0 \
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     ORDER BY t.name, c.cid";
const SQLITE_KEYS: &str = "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND c.pk > 0 ORDER BY t.name, c.pk";
const SQLITE_PARENTS: &str = "SELECT t.name, f.\"table\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f \
     WHERE t.type = 'table'";

const POSTGRES_COLUMNS: &str = "SELECT t.relname::text, c.attname::text, format_type(c.atttypid, NULL)::text, c.attidentity <> '' \
     FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid \
     WHERE t.relkind = 'r' AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
     AND c.attnum > 0 AND NOT c.attisdropped ORDER BY t.relname, c.attnum";
const POSTGRES_KEYS: &str = "SELECT t.relname::text, c.attname::text FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid \
     CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place) \
     JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = k.number \
     WHERE i.indisprimary AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
     ORDER BY t.relname, k.place";
const POSTGRES_PARENTS: &str = "SELECT t.relname::text, p.relname::text FROM pg_constraint f \
     JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid \
     WHERE f.contype = 'f' AND t.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())";
