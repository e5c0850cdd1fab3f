//! A connection on loan from a pool. It goes back only when it is known to be well; otherwise it is closed, and the pool opens
//! another. So nothing that was broken off, and no transaction that did not end, is ever handed to the next one.

use super::DbError;
use crate::asker::Asker;
use domain::limits;
use sqlx::{Database, PgPool, Postgres, pool::PoolConnection};
use std::{future::Future, time::Duration};
use tokio::time::timeout;

/// Longest wait for the answer of PostgreSQL to one statement. It gives up a statement itself a little earlier, so who keeps
/// silent for so long is gone, or cannot be reached.
const ANSWER: Duration = Duration::from_secs(limits::STATEMENT_SECONDS + 1);

/// A connection on loan.
pub(super) struct Lent<DB: Database>(Option<PoolConnection<DB>>);

impl<DB: Database> Lent<DB> {
    pub(super) fn new(connection: PoolConnection<DB>) -> Self {
        Self(Some(connection))
    }
    /// The connection.
    ///
    /// # Errors
    /// It has been given back: a mistake of ours.
    pub(super) fn get(&mut self) -> Result<&mut DB::Connection, DbError> {
        self.0.as_deref_mut().ok_or(DbError::Sqlx(sqlx::Error::PoolClosed))
    }
    /// Gives it back.
    pub(super) fn give_back(mut self) {
        drop(self.0.take());
    }
    /// Gives it back after a statement, unless that has shown that it leads nowhere any more.
    pub(super) fn back_after<T>(self, outcome: &Result<T, DbError>) {
        if !matches!(outcome, Err(DbError::Gone(_))) {
            self.give_back();
        }
    }
}

impl<DB: Database> Drop for Lent<DB> {
    /// Nobody knows in what state it is.
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

/// A connection, once it is the turn of who has asked.
///
/// # Errors
/// None can be had; who has asked does not wait any more.
pub(super) async fn wanted<T>(asker: Option<&Asker>, connection: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
    match asker {
        Some(asker) => asker.turn(connection).await.unwrap_or(Err(DbError::Unwanted)),
        None => connection.await,
    }
}

/// A connection to PostgreSQL.
///
/// # Errors
/// None can be had in time.
pub(super) async fn postgres(pool: &PgPool) -> Result<Lent<Postgres>, DbError> {
    match pool.acquire().await {
        Ok(connection) => Ok(Lent::new(connection)),
        // A statement ends sooner than this; so what is missing is the server.
        Err(sqlx::Error::PoolTimedOut) => Err(DbError::Gone("no connection in time".to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// What PostgreSQL answers.
///
/// # Errors
/// What it refuses; that it keeps silent.
pub(super) async fn answered<T>(asked: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
    timeout(ANSWER, asked).await.unwrap_or_else(|_| Err(DbError::Gone("no answer in time".to_owned())))
}
