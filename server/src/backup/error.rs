//! Why there is no backup, or no restore: sentences for operators.

use crate::{db::DbError, files::StoreError};
use std::{io, path::PathBuf};

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file of that name would be lost.
    #[error("{0} is there already, and is not overwritten: name another file")]
    Exists(PathBuf),
    /// The archive cannot be written.
    #[error("{0} cannot be written: {1}")]
    Write(PathBuf, io::Error),
    /// The archive cannot be opened.
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, io::Error),
    /// The archive is not what was written once.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
    /// The archive is newer than this program.
    #[error("the archive is too new: {0}; use that version or a later one")]
    TooNew(String),
    /// There is something where the archive should go.
    #[error("{0}")]
    NotEmpty(String),
    /// The database is not one that can be backed up.
    #[error("{0}")]
    Schema(String),
    /// What the database says.
    #[error("the database says: {0}")]
    Database(#[from] DbError),
    /// What the store of files says.
    #[error("the store of files says: {0}")]
    Store(#[from] StoreError),
}

impl BackupError {
    /// The archive is damaged, because of this.
    pub(super) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged(why.into())
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}
