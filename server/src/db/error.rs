//! What can go wrong with the database, and how people are told.

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
    /// Anything else.
    #[error(transparent)]
    Sqlx(sqlx::Error),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NoRow,
            sqlx::Error::Database(database) if database.is_unique_violation() => Self::Unique(database.message().to_owned()),
            _ => Self::Sqlx(error),
        }
    }
}

impl From<DbError> for domain::Error {
    /// People learn that something is missing, taken, busy or broken; the log learns what.
    fn from(error: DbError) -> Self {
        match error {
            DbError::NoRow => Self::not_found(),
            DbError::Unique(detail) => {
                tracing::info!(detail, "refused: not unique");
                Self::new(domain::ErrorCode::Conflict, "error_taken")
            }
            DbError::Sqlx(sqlx::Error::PoolTimedOut) => {
                tracing::error!("no database connection became free in time");
                Self::new(domain::ErrorCode::Unavailable, "error_busy")
            }
            other => {
                tracing::error!(error = %other, "database");
                Self::internal()
            }
        }
    }
}
