//! The migrations: twins for both engines, with the same numbers.

use super::{Db, DbError, Pools, lent};
use crate::{args, db::Read, db::Sql, search};
use sqlx::migrate::Migrator;

pub(crate) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The number of the newest schema that this program knows.
#[must_use]
pub fn newest() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
}

impl Db {
    /// Brings the schema up to date. Several servers may do this at once.
    ///
    /// # Errors
    /// A migration that fails, or one that is already applied in another form.
    pub async fn migrate(&self) -> Result<(), DbError> {
        let before = self.schema().await?;
        match &*self.pools {
            Pools::Sqlite { write, .. } => SQLITE.run(write).await?,
            Pools::Postgres(pool) => {
                // Large tables take their time, and so may another server that is at it already.
                // The connection is closed afterwards, so the setting goes with it.
                let mut connection = lent::postgres(pool).await?;
                sqlx::raw_sql("SET statement_timeout = 0").execute(connection.get()?).await?;
                POSTGRES.run(connection.get()?).await?;
            }
        }
        if before.is_some_and(|schema| schema < newest()) {
            // Of new indexes the engine knows nothing yet, and takes them for better than they are.
            self.look_again().await;
        }
        search::backfill(self).await
    }

    /// The number of the schema that the database has; `None` if it has none.
    ///
    /// # Errors
    /// A migration that stopped half way, or what the database says.
    pub async fn schema(&self) -> Result<Option<i64>, DbError> {
        let there = match &*self.pools {
            Pools::Sqlite { .. } => "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'",
            Pools::Postgres(_) => "SELECT COUNT(to_regclass('_sqlx_migrations'))",
        };
        let mut db = self.clone();
        let (there,): (i64,) = db.one(Sql::new(there, args![])).await?;
        if there == 0 {
            return Ok(None);
        }
        let half = "SELECT version FROM _sqlx_migrations WHERE success = FALSE ORDER BY version LIMIT 1";
        if let Some((version,)) = db.optional::<(i64,)>(Sql::new(half, args![])).await? {
            return Err(DbError::Migrate(sqlx::migrate::MigrateError::Dirty(version)));
        }
        let (version,): (Option<i64>,) = db.one(Sql::new("SELECT MAX(version) FROM _sqlx_migrations", args![])).await?;
        Ok(version)
    }
}
