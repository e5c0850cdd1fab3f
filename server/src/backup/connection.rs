//! One transaction on either engine, for statements whose tables and columns are known only when they run. All names come from
//! the catalog of the database itself, never from an archive; values are bound.

use super::{
    BackupError,
    catalog::Table,
    format::{Column, Kind},
};
use crate::db::{Db, Engine, Pools, Record, migrations};
use futures::TryStreamExt;
use serde_json::Value;
use sqlx::{
    Arguments, AssertSqlSafe, ColumnIndex, Decode, Postgres, Row, Sqlite, Transaction, Type, error::BoxDynError,
    postgres::PgArguments, sqlite::SqliteArguments,
};
use std::fmt::Write;

/// Values of one statement: both engines take more, but look through long statements slowly.
const VALUES: usize = 1_000;

/// A transaction.
pub(super) enum Connection {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

impl Connection {
    /// Reads everything as it was at one moment, however long it takes and whatever is written meanwhile.
    pub(super) async fn snapshot(db: &Db) -> Result<Self, BackupError> {
        Ok(match &*db.pools {
            // The moment is that of the first statement; the write-ahead log keeps it.
            Pools::Sqlite { read, .. } => Self::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => {
                let tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Self::Postgres(tx).without_timeouts().await?
            }
        })
    }

    /// Writes; nobody sees any of it before [`Connection::commit`].
    pub(super) async fn write(db: &Db) -> Result<Self, BackupError> {
        Ok(match &*db.pools {
            Pools::Sqlite { write, .. } => Self::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Self::Postgres(pool.begin().await?).without_timeouts().await?,
        })
    }

    async fn without_timeouts(mut self) -> Result<Self, BackupError> {
        self.execute("SET LOCAL statement_timeout = 0".to_owned()).await?;
        self.execute("SET LOCAL idle_in_transaction_session_timeout = 0".to_owned()).await?;
        Ok(self)
    }

    pub(super) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The rows of a fixed statement without values.
    pub(super) async fn all<T: Record>(&mut self, sql: &'static str) -> Result<Vec<T>, BackupError> {
        self.query(sql.to_owned()).await
    }

    async fn query<T: Record>(&mut self, sql: String) -> Result<Vec<T>, BackupError> {
        let sql = AssertSqlSafe(sql);
        Ok(match self {
            Self::Sqlite(tx) => sqlx::query_as(sql).fetch_all(&mut **tx).await?,
            Self::Postgres(tx) => sqlx::query_as(sql).fetch_all(&mut **tx).await?,
        })
    }

    async fn execute(&mut self, sql: String) -> Result<(), BackupError> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(tx) => sql.execute(&mut **tx).await.map(|_| ())?,
            Self::Postgres(tx) => sql.execute(&mut **tx).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Brings the schema up to this number, or to the newest.
    pub(super) async fn migrate(&mut self, to: Option<i64>) -> Result<(), BackupError> {
        let migrated = match self {
            Self::Sqlite(tx) => migrations::SQLITE.run_direct(to, &mut **tx, false).await,
            Self::Postgres(tx) => migrations::POSTGRES.run_direct(to, &mut **tx, false).await,
        };
        migrated.map_err(|error| BackupError::Database(error.into()))
    }

    /// Hands on the rows of a table, one by one, as lists of values in the order of its columns.
    pub(super) async fn rows(
        &mut self,
        table: &Table,
        only: Option<&'static str>,
        mut each: impl FnMut(Vec<Value>) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let columns = &table.columns;
        let mut sql = format!("SELECT {} FROM {}", list(columns.iter().map(|column| &*column.name)), quoted(&table.name));
        if let Some(only) = only {
            let _ = write!(sql, " WHERE {only}");
        }
        if !table.key.is_empty() {
            let _ = write!(sql, " ORDER BY {}", list(table.key.iter().map(|name| &**name)));
        }
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Sqlite(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    each(values(&row, columns)?)?;
                }
            }
            Self::Postgres(tx) => {
                let mut rows = sqlx::query(sql).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    each(values(&row, columns)?)?;
                }
            }
        }
        Ok(())
    }

    /// Inserts rows, whose values are in the order of these columns.
    pub(super) async fn insert(&mut self, table: &Table, columns: &[Column], rows: &[Vec<Value>]) -> Result<(), BackupError> {
        for rows in rows.chunks((VALUES / columns.len().max(1)).max(1)) {
            let mut sql =
                format!("INSERT INTO {} ({}) VALUES ", quoted(&table.name), list(columns.iter().map(|column| &*column.name)));
            let mut number = 0;
            for (index, row) in rows.iter().enumerate() {
                sql.push_str(if index == 0 { "(" } else { ", (" });
                for place in 0..row.len() {
                    number += 1;
                    // SQLite looks up named placeholders one after the other; a bare one it counts itself.
                    let comma = if place == 0 { "" } else { ", " };
                    let _ = match self {
                        Self::Sqlite(_) => write!(sql, "{comma}?"),
                        Self::Postgres(_) => write!(sql, "{comma}${number}"),
                    };
                }
                sql.push(')');
            }
            let cells = || rows.iter().flat_map(|row| columns.iter().zip(row));
            let sql = AssertSqlSafe(sql);
            match self {
                Self::Sqlite(tx) => {
                    let mut args = SqliteArguments::default();
                    bound(cells(), |cell| match cell {
                        Cell::Int(value) => args.add(value),
                        Cell::Text(value) => args.add(value),
                        Cell::Bool(value) => args.add(value),
                    })?;
                    sqlx::query_with(sql, args).execute(&mut **tx).await?;
                }
                Self::Postgres(tx) => {
                    let mut args = PgArguments::default();
                    bound(cells(), |cell| match cell {
                        Cell::Int(value) => args.add(value),
                        Cell::Text(value) => args.add(value),
                        Cell::Bool(value) => args.add(value),
                    })?;
                    sqlx::query_with(sql, args).execute(&mut **tx).await?;
                }
            }
        }
        Ok(())
    }

    /// Deletes all rows of a table.
    pub(super) async fn empty(&mut self, table: &Table) -> Result<(), BackupError> {
        self.execute(format!("DELETE FROM {}", quoted(&table.name))).await
    }

    /// How many rows a table has.
    pub(super) async fn count(&mut self, table: &Table) -> Result<u64, BackupError> {
        let found: Vec<(i64,)> = self.query(format!("SELECT COUNT(*) FROM {}", quoted(&table.name))).await?;
        Ok(found.first().map_or(0, |(count,)| count.unsigned_abs()))
    }

    /// The highest id that a table has ever given out; `None` where it gives out none, or has not yet.
    pub(super) async fn last_id(&mut self, table: &Table) -> Result<Option<i64>, BackupError> {
        let Some(column) = &table.numbered else { return Ok(None) };
        let sql = match self.engine() {
            Engine::Sqlite => format!("SELECT MAX(seq) FROM sqlite_sequence WHERE name = {}", text(&table.name)),
            Engine::Postgres => format!("SELECT pg_sequence_last_value({}::regclass)", sequence(table, column)),
        };
        let found: Vec<(Option<i64>,)> = self.query(sql).await?;
        Ok(found.first().and_then(|(id,)| *id))
    }

    /// Has a table give out ids above this one; from the first on without one.
    pub(super) async fn go_on_after(&mut self, table: &Table, last: Option<i64>) -> Result<(), BackupError> {
        let Some(column) = &table.numbered else { return Ok(()) };
        match self.engine() {
            Engine::Sqlite => {
                let name = text(&table.name);
                self.execute(format!("DELETE FROM sqlite_sequence WHERE name = {name}")).await?;
                let Some(last) = last else { return Ok(()) };
                self.execute(format!("INSERT INTO sqlite_sequence (name, seq) VALUES ({name}, {last})")).await
            }
            Engine::Postgres => {
                let (value, called) = last.map_or((1, false), |last| (last, true));
                self.execute(format!("SELECT setval({}::regclass, {value}, {called})", sequence(table, column))).await
            }
        }
    }

    /// Notes that the words of all items are still to be found: no archive holds them.
    pub(super) async fn find_words_again(&mut self) -> Result<(), BackupError> {
        self.execute(crate::search::again().to_owned()).await
    }

    /// Holds mails and whatever else would go out: the desk from which this one was restored may still be alive, and has sent them.
    pub(super) async fn hold_outgoing(&mut self) -> Result<(), BackupError> {
        self.execute("UPDATE workspace SET outgoing_held = TRUE".to_owned()).await
    }

    pub(super) async fn commit(self) -> Result<(), BackupError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    pub(super) async fn rollback(self) -> Result<(), BackupError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

/// A name as a text of SQL.
fn text(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

fn sequence(table: &Table, column: &str) -> String {
    format!("pg_get_serial_sequence({}, {})", text(&quoted(&table.name)), text(column))
}

/// The values of a row, as JSON.
fn values<'r, R>(row: &'r R, columns: &[Column]) -> Result<Vec<Value>, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
{
    let value = |(place, column): (usize, &Column)| {
        Ok(match column.kind {
            Kind::Int => row.try_get::<Option<i64>, _>(place)?.into(),
            Kind::Text => row.try_get::<Option<String>, _>(place)?.into(),
            Kind::Bool => row.try_get::<Option<bool>, _>(place)?.into(),
        })
    };
    columns.iter().enumerate().map(value).collect()
}

enum Cell<'v> {
    Int(Option<i64>),
    Text(Option<&'v str>),
    Bool(Option<bool>),
}

fn bound<'v>(
    cells: impl Iterator<Item = (&'v Column, &'v Value)>,
    mut add: impl FnMut(Cell<'v>) -> Result<(), BoxDynError>,
) -> Result<(), BackupError> {
    for (column, value) in cells {
        let cell = match column.kind {
            Kind::Int => Cell::Int(value.as_i64()),
            Kind::Text => Cell::Text(value.as_str()),
            Kind::Bool => Cell::Bool(value.as_bool()),
        };
        add(cell).map_err(|error| BackupError::Database(sqlx::Error::Encode(error).into()))?;
    }
    Ok(())
}
