//! Writes an archive, while the desk goes on working.

use super::{
    BackupError, Checked, FORMAT, Taken,
    archive::Writer,
    catalog::{self, Table},
    check,
    connection::Connection,
    format::{Count, FILES, HEAD, Head, MANIFEST, Manifest, Missing, PART, part},
    taken,
};
use crate::{
    args,
    db::{Db, Engine, Read, Sql, migrations},
    files::FileStore,
};
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A file that the rows name.
struct Named {
    id: i64,
    name: String,
    path: String,
    size: i64,
}

/// Writes an archive of the desk to `path`, reads it whole again, and gives it its name only then. Memory: the largest file,
/// some megabytes of rows, and a few hundred bytes for each file.
///
/// A file that the store does not have is no reason to have no backup: it is named in the answer and in the archive.
///
/// # Errors
/// There is a file of that name, it cannot be written, or the database or the store does not answer.
pub async fn write(db: &Db, store: &FileStore, path: &Path) -> Result<Checked, BackupError> {
    if path.exists() {
        return Err(BackupError::Exists(path.to_owned()));
    }
    let unfinished = beside(path);
    let done = write_and_check(db, store, &unfinished).await;
    let named = done.and_then(|checked| {
        // Somebody may have been faster.
        if path.exists() {
            return Err(BackupError::Exists(path.to_owned()));
        }
        std::fs::rename(&unfinished, path).map_err(|error| BackupError::Write(path.to_owned(), error))?;
        Ok(checked)
    });
    if named.is_err() {
        // It may not even have been begun.
        let _ = std::fs::remove_file(&unfinished);
    }
    let checked = named?;
    // The name, too, shall outlive a power cut.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| BackupError::Write(path.to_owned(), error))?;
    Ok(checked)
}

/// The name until it is complete.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part-{}", std::process::id()))
}

async fn write_and_check(db: &Db, store: &FileStore, path: &Path) -> Result<Checked, BackupError> {
    let schema = schema(db).await?;
    let at = db.now().0;
    let mut writer = Writer::create(path, u64::try_from(at / 1000).unwrap_or_default())?;
    let mut snapshot = Connection::snapshot(db).await?;
    let mut tables = catalog::tables(&mut snapshot).await?;
    tables.retain(|table| taken(&table.name) != Taken::Nothing);
    let head = Head {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        engine: if snapshot.engine() == Engine::Sqlite { "sqlite" } else { "postgres" }.to_owned(),
        at,
        tables: tables.iter().map(Table::shape).collect(),
    };
    writer.append(HEAD, &json(&head)?)?;
    let mut files = Vec::new();
    let mut counts = Vec::new();
    for table in &tables {
        counts.push(rows(&mut writer, &mut snapshot, table, &mut files).await?);
    }
    snapshot.rollback().await?;
    let missing = copy(&mut writer, db, store, files).await?;
    let manifest = Manifest { counts, missing, entries: writer.entries().to_vec() };
    writer.append(MANIFEST, &json(&manifest)?)?;
    writer.finish()?;
    let checked = check(path)?;
    if checked.manifest == manifest && checked.head == head {
        Ok(checked)
    } else {
        Err(BackupError::damaged("what was read back is not what was written"))
    }
}

/// The number of the schema, if this program knows it.
async fn schema(db: &Db) -> Result<i64, BackupError> {
    let newest = migrations::newest();
    match db.schema().await? {
        None => Err(BackupError::Schema("there is no desk in this database: it has no tables of Taquilla".to_owned())),
        Some(schema) if schema > newest => Err(BackupError::Schema(format!(
            "the database has schema {schema}, and this program, which knows up to {newest}, would not know what of it to take: \
             use the program that serves it"
        ))),
        Some(schema) => Ok(schema),
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, BackupError> {
    serde_json::to_vec(value).map_err(|error| BackupError::damaged(error.to_string()))
}

/// Writes the rows of a table, and notes the files that they name.
async fn rows(
    writer: &mut Writer,
    snapshot: &mut Connection,
    table: &Table,
    files: &mut Vec<Named>,
) -> Result<Count, BackupError> {
    let only = if let Taken::Where(condition) = taken(&table.name) { Some(condition) } else { None };
    let last_id = snapshot.last_id(table).await?;
    let (mut count, mut parts, mut lines) = (0, 0, Vec::new());
    let names_files = table.name == "file";
    snapshot
        .rows(table, only, |row| {
            count += 1;
            if names_files {
                files.push(named(table, &row));
            }
            serde_json::to_writer(&mut lines, &row).map_err(|error| BackupError::damaged(error.to_string()))?;
            lines.push(b'\n');
            if lines.len() >= PART {
                parts += 1;
                writer.append(&part(&table.name, parts), &lines)?;
                lines.clear();
            }
            Ok(())
        })
        .await?;
    if !lines.is_empty() {
        writer.append(&part(&table.name, parts + 1), &lines)?;
    }
    Ok(Count { table: table.name.clone(), rows: count, last_id })
}

fn named(table: &Table, row: &[Value]) -> Named {
    let value = |name: &str| table.columns.iter().zip(row).find(|(column, _)| column.name == name).map(|(_, value)| value);
    let number = |name| value(name).and_then(Value::as_i64).unwrap_or_default();
    let text = |name| value(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Named { id: number("id"), name: text("name"), path: text("storage_path"), size: number("size") }
}

/// Writes the bytes of the files; answers which could not be had.
async fn copy(writer: &mut Writer, db: &Db, store: &FileStore, files: Vec<Named>) -> Result<Vec<Missing>, BackupError> {
    let mut missing = Vec::new();
    for file in files {
        let size = u64::try_from(file.size).unwrap_or_default();
        let why = match store.find(&file.path).await? {
            Some(bytes) => {
                writer.append(&format!("{FILES}{}", file.path), &bytes)?;
                if bytes.len() as u64 == size {
                    continue;
                }
                format!("it has {} bytes instead of {size}", bytes.len())
            }
            // An upload that nobody used may have been discarded since the rows were read.
            None if discarded(db, file.id).await? => continue,
            None => "the store of files does not have it".to_owned(),
        };
        missing.push(Missing { id: file.id, name: file.name, path: file.path, why });
    }
    Ok(missing)
}

async fn discarded(db: &Db, file: i64) -> Result<bool, BackupError> {
    let found: Option<(i64,)> = db.clone().optional(Sql::new("SELECT id FROM file WHERE id = $1", args![file])).await?;
    Ok(found.is_none())
}
