//! Reads an archive from its beginning to its end and believes nothing: neither that it is complete, nor that it says what was
//! written, nor that this program understands it.

use super::{
    BackupError, Checked, FORMAT, Missing,
    archive::Reader,
    format::{AnyHead, Count, Entry, FILES, HEAD, Head, Kind, MANIFEST, Manifest, Shape, table_of},
};
use crate::db::migrations;
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// Reads all of it.
///
/// # Errors
/// Damaged or too new, with the reason.
pub fn check(path: &Path) -> Result<Checked, BackupError> {
    let mut reader = Reader::open(path)?;
    let Some((first, bytes)) = reader.next()? else {
        return Err(BackupError::damaged("there is nothing in it"));
    };
    let head = head(&first, &bytes)?;
    let mut entries = vec![first];
    let mut counts: BTreeMap<&str, u64> = head.tables.iter().map(|shape| (shape.name.as_str(), 0)).collect();
    let mut manifest: Option<Manifest> = None;
    while let Some((entry, bytes)) = reader.next()? {
        if manifest.is_some() {
            return Err(BackupError::damaged(format!("{} stands behind its manifest", entry.path)));
        }
        if entry.path == MANIFEST {
            manifest = Some(serde_json::from_slice(&bytes).map_err(|error| unreadable(MANIFEST, &error))?);
            continue;
        }
        if table_of(&entry.path).is_some() {
            let (shape, rows) = rows(&head, &entry.path, &bytes)?;
            *counts.entry(&shape.name).or_default() += rows.len() as u64;
        } else if !entry.path.starts_with(FILES) {
            return Err(BackupError::damaged(format!("nobody knows what its entry {} is", entry.path)));
        }
        entries.push(entry);
    }
    let manifest = manifest.ok_or_else(|| BackupError::damaged("it has no manifest"))?;
    compare(&entries, &manifest.entries)?;
    for Count { table, rows, .. } in &manifest.counts {
        let found = counts.get(table.as_str()).copied().unwrap_or_default();
        if found != *rows {
            return Err(BackupError::damaged(format!("the table {table} has {found} rows instead of {rows}")));
        }
    }
    if manifest.counts.len() != head.tables.len() {
        return Err(BackupError::damaged("its manifest tells of other tables than its beginning"));
    }
    let files = entries.iter().filter(|entry| entry.path.starts_with(FILES));
    Ok(Checked {
        schema: head.schema,
        version: head.version.clone(),
        at: head.at,
        rows: counts.values().sum(),
        files: files.clone().count() as u64,
        bytes: files.map(|entry| entry.size).sum(),
        missing: manifest.missing.clone(),
        head,
        manifest,
    })
}

fn unreadable(entry: &str, error: &serde_json::Error) -> BackupError {
    BackupError::damaged(format!("its entry {entry} makes no sense ({error})"))
}

/// The first entry, if this program understands what follows it.
fn head(entry: &Entry, bytes: &[u8]) -> Result<Head, BackupError> {
    if entry.path != HEAD {
        return Err(BackupError::damaged("it is no archive of Taquilla"));
    }
    let any: AnyHead = serde_json::from_slice(bytes).map_err(|error| unreadable(HEAD, &error))?;
    let ours = env!("CARGO_PKG_VERSION");
    if any.format > FORMAT {
        let (format, version) = (any.format, any.version);
        let why =
            format!("version {version} wrote it in format {format}, and this is version {ours}, which knows up to {FORMAT}");
        return Err(BackupError::TooNew(why));
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| unreadable(HEAD, &error))?;
    let newest = migrations::newest();
    if head.schema > newest {
        let (schema, version) = (head.schema, head.version);
        let why =
            format!("version {version} wrote it with schema {schema}, and this is version {ours}, which knows up to {newest}");
        return Err(BackupError::TooNew(why));
    }
    Ok(head)
}

/// The rows of an entry, each with the values that the columns of its table hold.
pub(super) fn rows<'h>(head: &'h Head, path: &str, bytes: &[u8]) -> Result<(&'h Shape, Vec<Vec<Value>>), BackupError> {
    let shape = head.tables.iter().find(|shape| Some(shape.name.as_str()) == table_of(path));
    let shape = shape.ok_or_else(|| BackupError::damaged(format!("its beginning does not know the table of {path}")))?;
    let mut rows = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let row: Vec<Value> = serde_json::from_slice(line).map_err(|error| unreadable(path, &error))?;
        let fits = |(column, value): (&super::format::Column, &Value)| {
            value.is_null()
                || match column.kind {
                    Kind::Int => value.is_i64(),
                    Kind::Text => value.is_string(),
                    Kind::Bool => value.is_boolean(),
                }
        };
        if row.len() != shape.columns.len() || !shape.columns.iter().zip(&row).all(fits) {
            return Err(BackupError::damaged(format!("a row in {path} does not have the columns of its table")));
        }
        rows.push(row);
    }
    Ok((shape, rows))
}

/// Holds that an entry is what the manifest says.
pub(super) fn same(found: &Entry, told: Option<&Entry>) -> Result<(), BackupError> {
    match told {
        Some(told) if told == found => Ok(()),
        Some(told) if told.path == found.path => {
            Err(BackupError::damaged(format!("{} is not what was written (its SHA-256 is another)", found.path)))
        }
        _ => Err(BackupError::damaged(format!("its manifest does not know {}", found.path))),
    }
}

fn compare(found: &[Entry], told: &[Entry]) -> Result<(), BackupError> {
    for (index, entry) in found.iter().enumerate() {
        same(entry, told.get(index))?;
    }
    match told.get(found.len()) {
        Some(entry) => Err(BackupError::damaged(format!("{} is not in it", entry.path))),
        None => Ok(()),
    }
}

impl Missing {
    /// In a line, for operators.
    #[must_use]
    pub fn line(&self) -> String {
        format!("file {} (“{}”, {}): {}", self.id, self.name, self.path, self.why)
    }
}
