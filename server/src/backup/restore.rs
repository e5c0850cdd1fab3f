//! Brings an archive back, into a database and a store of files that are empty.

use super::{
    BackupError, Checked, Taken,
    archive::Reader,
    catalog::{self, Table},
    check::{rows, same},
    connection::Connection,
    format::{Column, FILES, MANIFEST, Shape, table_of},
    taken,
};
use crate::{db::Db, files::FileStore, search};
use std::path::Path;

/// Brings back the archive at `path`, which was checked before. The rows come into the schema that they were taken from, which is
/// then brought up to date, and what would go out to people is held until somebody says so; all that is one transaction. Files that were written before something failed are removed again.
///
/// # Errors
/// There is something in the database or the store already; one of them does not answer; or the archive is another by now.
pub async fn restore(db: &Db, store: &FileStore, path: &Path, checked: &Checked) -> Result<(), BackupError> {
    let mut connection = Connection::write(db).await?;
    let mut put = Vec::new();
    let done = async {
        empty(&mut connection, store).await?;
        bring_back(&mut connection, store, path, checked, &mut put).await
    }
    .await;
    let committed = match done {
        Ok(()) => connection.commit().await,
        Err(error) => connection.rollback().await.and(Err(error)),
    };
    if let Err(error) = committed {
        for path in put {
            if let Err(left) = store.delete(&path).await {
                tracing::warn!(path, %left, "a file of the restore that failed stays in the store");
            }
        }
        return Err(error);
    }
    // If it is cut off, the next start goes on with it.
    search::backfill(db).await?;
    db.look_again().await;
    Ok(())
}

/// Nothing is ever overwritten: where there is something, somebody may still need it.
async fn empty(connection: &mut Connection, store: &FileStore) -> Result<(), BackupError> {
    let there = catalog::tables(connection).await?;
    if !there.is_empty() {
        let names: Vec<&str> = there.iter().take(3).map(|table| table.name.as_str()).collect();
        return Err(BackupError::NotEmpty(format!(
            "the database is not empty: it has tables already ({}, …); name a new one with the setting database_url",
            names.join(", ")
        )));
    }
    if let Some(first) = store.any().await? {
        return Err(BackupError::NotEmpty(format!(
            "the store of files is not empty: it has {first}; name a new folder with the setting files_dir, or a new bucket"
        )));
    }
    Ok(())
}

async fn bring_back(
    connection: &mut Connection,
    store: &FileStore,
    path: &Path,
    checked: &Checked,
    put: &mut Vec<String>,
) -> Result<(), BackupError> {
    connection.migrate(Some(checked.schema)).await?;
    let tables = catalog::tables(connection).await?;
    // What the migrations put in is in the archive as well, as it became.
    for table in tables.iter().rev() {
        connection.empty(table).await?;
    }
    fit(&checked.head.tables, &tables)?;
    let mut reader = Reader::open(path)?;
    let mut told = checked.manifest.entries.iter();
    while let Some((entry, bytes)) = reader.next()? {
        if entry.path == MANIFEST {
            break;
        }
        // It may have changed since it was read the first time.
        same(&entry, told.next())?;
        if table_of(&entry.path).is_some() {
            let (shape, rows) = rows(&checked.head, &entry.path, &bytes)?;
            connection.insert(table_of_shape(&tables, shape)?, &shape.columns, &rows).await?;
        } else if let Some(path) = entry.path.strip_prefix(FILES) {
            put.push(path.to_owned());
            store.put_at(path, bytes).await?;
        }
    }
    for count in &checked.manifest.counts {
        let table = tables.iter().find(|table| table.name == count.table);
        let table = table.ok_or_else(|| BackupError::damaged(format!("nobody knows the table {}", count.table)))?;
        if connection.count(table).await? != count.rows {
            return Err(BackupError::damaged(format!("not all rows of {} came back", count.table)));
        }
        connection.go_on_after(table, count.last_id).await?;
    }
    connection.migrate(None).await?;
    connection.find_words_again().await?;
    connection.hold_outgoing().await
}

/// Holds that the archive tells of exactly the tables and columns that its schema has.
fn fit(shapes: &[Shape], tables: &[Table]) -> Result<(), BackupError> {
    let sorted = |columns: &[Column]| {
        let mut columns = columns.to_vec();
        columns.sort();
        columns
    };
    for shape in shapes {
        if sorted(&table_of_shape(tables, shape)?.columns) != sorted(&shape.columns) {
            return Err(BackupError::damaged(format!("the table {} does not have the columns of its schema", shape.name)));
        }
    }
    let expected = tables.iter().filter(|table| taken(&table.name) != Taken::Nothing);
    match expected.clone().find(|table| !shapes.iter().any(|shape| shape.name == table.name)) {
        Some(table) => Err(BackupError::damaged(format!("the table {} is not in it", table.name))),
        None => Ok(()),
    }
}

fn table_of_shape<'t>(tables: &'t [Table], shape: &Shape) -> Result<&'t Table, BackupError> {
    let table = tables.iter().find(|table| table.name == shape.name);
    table.ok_or_else(|| BackupError::damaged(format!("its schema has no table {}", shape.name)))
}
