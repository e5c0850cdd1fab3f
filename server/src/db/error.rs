//! What can go wrong with the database, and how people are told.

use super::Engine;
use domain::ErrorCode;

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A row that must be there is not.
    #[error("no such row")]
    NoRow,
    /// Two rows would have the same unique value.
    #[error("not unique: {0}")]
    Unique(String),
    /// A row in the database makes no sense.
    #[error("the row makes no sense: {0}")]
    Corrupt(String),
    /// The URL is for an engine that we do not know.
    #[error("unknown database \"{0}\": use sqlite://… or postgres://…")]
    UnknownScheme(String),
    /// The schema could not be brought up to date.
    #[error("migration failed: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The words of what was there before could not be found.
    #[error("the words of the tickets could not be found: {0}")]
    Words(String),
    /// The server cannot be reached, or keeps silent. What was asked for may have been done.
    #[error("the database does not answer: {0}")]
    Gone(String),
    /// There was too much to do, or somebody else held on to it for too long.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// Who asked for it has gone before anything was changed, and it was left alone.
    #[error("nobody waits for it any more")]
    Unwanted,
    /// There is no space for what was to be written.
    #[error("no space left: {0}")]
    Full(String),
    /// Anything else.
    #[error(transparent)]
    Sqlx(sqlx::Error),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NoRow,
            sqlx::Error::PoolTimedOut => Self::Busy("no connection became free in time".to_owned()),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => Self::Gone(error.to_string()),
            sqlx::Error::Database(database) if database.is_unique_violation() => Self::Unique(database.message().to_owned()),
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some(code) if says_full(engine(database.as_ref()), code) => Self::Full(error.to_string()),
                Some(code) if says_gone(engine(database.as_ref()), code) => Self::Gone(error.to_string()),
                Some(code) if says_busy(engine(database.as_ref()), code) => Self::Busy(error.to_string()),
                _ => Self::Sqlx(error),
            },
            _ => Self::Sqlx(error),
        }
    }
}

fn engine(error: &dyn sqlx::error::DatabaseError) -> Engine {
    if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() { Engine::Postgres } else { Engine::Sqlite }
}

/// Codes of the engines for a disk without space. SQLite calls it so only if the system says just that: a write that ends at a
/// quota or a limit is `SQLITE_IOERR_WRITE` or, in its index of the log, `SQLITE_IOERR_SHMSIZE`.
fn says_full(engine: Engine, code: &str) -> bool {
    match engine {
        Engine::Sqlite => matches!(code, "13" | "778" | "4874"),
        Engine::Postgres => matches!(code, "53100"),
    }
}

/// Codes of PostgreSQL for a server that stops, starts, or has no room for another connection (its manual, appendix A).
fn says_gone(engine: Engine, code: &str) -> bool {
    engine == Engine::Postgres && (code.starts_with("08") || code.starts_with("57P") || matches!(code, "53300" | "25P03"))
}

/// Codes for a statement that took too long, and for locks that were not to be had; after them nothing has been done.
fn says_busy(engine: Engine, code: &str) -> bool {
    match engine {
        Engine::Sqlite => code == "5",
        Engine::Postgres => matches!(code, "57014" | "55P03" | "40P01"),
    }
}

impl From<DbError> for domain::Error {
    /// People learn that something is missing, taken, busy, away or broken; the log learns what.
    fn from(error: DbError) -> Self {
        match error {
            DbError::NoRow => Self::not_found(),
            DbError::Unique(detail) => {
                tracing::info!(detail, "refused: not unique");
                Self::new(ErrorCode::Conflict, "error_taken")
            }
            busy @ DbError::Busy(_) => {
                tracing::error!(error = %busy, "database");
                Self::new(ErrorCode::Unavailable, "error_busy")
            }
            DbError::Unwanted => {
                tracing::debug!("what nobody waits for any more was left alone");
                // Nobody hears it; but it must not be taken for one that may have been made.
                Self::new(ErrorCode::Conflict, "error_busy")
            }
            gone @ DbError::Gone(_) => {
                tracing::error!(error = %gone, "database");
                Self::new(ErrorCode::Unavailable, "error_database")
            }
            full @ DbError::Full(_) => {
                tracing::error!(error = %full, "database");
                Self::new(ErrorCode::Unavailable, "error_no_space")
            }
            other => {
                tracing::error!(error = %other, "database");
                Self::internal()
            }
        }
    }
}
