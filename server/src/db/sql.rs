//! SQL text with its values. Values are always bound, never written into the text.

use super::{DbError, Engine, Record};
use sqlx::{Arguments, AssertSqlSafe, Executor, Postgres, Sqlite, postgres::PgArguments, sqlite::SqliteArguments};

/// A bound value. The type is known also when it is NULL, as PostgreSQL wants it.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// BIGINT
    Int(Option<i64>),
    /// TEXT
    Text(Option<String>),
    /// DOUBLE PRECISION
    Float(Option<f64>),
    /// BOOLEAN
    Bool(Option<bool>),
    /// A list of BIGINT: an array for PostgreSQL, a JSON array for SQLite. See [`Sql::push_in_ids`].
    Ints(Vec<i64>),
}

/// PostgreSQL keeps no NUL character; so that both engines keep the same, neither does.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

macro_rules! arg_from {
    ($($from:ty => |$value:ident| $arg:expr),* $(,)?) => {$(
        impl From<$from> for Arg {
            fn from($value: $from) -> Self {
                $arg
            }
        }
    )*};
}
arg_from! {
    i64 => |value| Self::Int(Some(value)),
    Option<i64> => |value| Self::Int(value),
    f64 => |value| Self::Float(Some(value)),
    u8 => |value| Self::Int(Some(i64::from(value))),
    bool => |value| Self::Bool(Some(value)),
    Option<bool> => |value| Self::Bool(value),
    String => |value| Self::Text(Some(without_nul(value))),
    &str => |value| Self::Text(Some(without_nul(value.to_owned()))),
    &String => |value| Self::Text(Some(without_nul(value.clone()))),
    Option<String> => |value| Self::Text(value.map(without_nul)),
    domain::time::Timestamp => |value| Self::Int(Some(value.0)),
    Option<domain::time::Timestamp> => |value| Self::Int(value.map(|at| at.0)),
}
macro_rules! arg_from_ids {
    ($($id:ident),*) => {$(
        impl From<domain::id::$id> for Arg {
            fn from(id: domain::id::$id) -> Self {
                Self::Int(Some(id.0))
            }
        }
        impl From<Option<domain::id::$id>> for Arg {
            fn from(id: Option<domain::id::$id>) -> Self {
                Self::Int(id.map(|id| id.0))
            }
        }
    )*};
}
arg_from_ids!(
    AgentId,
    CustomerId,
    OrganizationId,
    TeamId,
    TypeId,
    StatusId,
    ItemId,
    ItemNumber,
    MessageId,
    FileId,
    PortalId,
    SessionId,
    MailId,
    HeldId,
    ImportId,
    JobId,
    ViewId,
    BulkId,
    EventSeq
);

/// Makes the values of a statement: `args![id, name, None::<i64>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Arg::from($value)),*] };
}

/// A statement: text in the subset that both engines share, and its values for `$1`, `$2`, ….
#[derive(Debug, Clone, Default)]
pub struct Sql {
    text: String,
    args: Vec<Arg>,
}

impl Sql {
    /// A statement written in full, with values for its placeholders in order.
    #[must_use]
    pub fn new(text: &'static str, args: Vec<Arg>) -> Self {
        Self { text: text.to_owned(), args }
    }
    /// A statement to be put together with [`Sql::push`] and [`Sql::bind`].
    #[must_use]
    pub fn build(text: &'static str) -> Self {
        Self { text: text.to_owned(), args: Vec::new() }
    }
    /// The same statement, of which the engine tells how it would go about it instead of doing it.
    #[must_use]
    pub fn explained(mut self, engine: Engine) -> Self {
        let explain = match engine {
            Engine::Sqlite => "EXPLAIN QUERY PLAN ",
            Engine::Postgres => "EXPLAIN ",
        };
        self.text.insert_str(0, explain);
        self
    }
    /// Appends text. Only text of the program can be appended; values go through [`Sql::bind`].
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }
    /// Appends a placeholder for a value.
    pub fn bind(&mut self, value: impl Into<Arg>) -> &mut Self {
        self.args.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.args.len().to_string());
        self
    }
    /// Appends placeholders with commas between, for `IN (…)`. An empty list appends NULL, which nothing equals.
    pub fn bind_all<A: Into<Arg>>(&mut self, values: impl IntoIterator<Item = A>) -> &mut Self {
        let mut first = true;
        for value in values {
            if !first {
                self.push(", ");
            }
            first = false;
            self.bind(value);
        }
        if first {
            self.push("NULL");
        }
        self
    }
    /// Appends ` IN (…)` over any number of ids as one value, so that the statement's text does not depend on how many.
    pub fn push_in_ids(&mut self, engine: Engine, ids: impl IntoIterator<Item = i64>) -> &mut Self {
        let ids = Arg::Ints(ids.into_iter().collect());
        match engine {
            Engine::Sqlite => self.push(" IN (SELECT value FROM json_each(").bind(ids).push("))"),
            Engine::Postgres => self.push(" = ANY(").bind(ids).push(")"),
        }
    }
    /// Appends a table of any number of ids as one value, to stand behind FROM; its column is `value`.
    pub fn push_ids_table(&mut self, engine: Engine, ids: impl IntoIterator<Item = i64>) -> &mut Self {
        let ids = Arg::Ints(ids.into_iter().collect());
        match engine {
            Engine::Sqlite => self.push("json_each(").bind(ids).push(") AS ids"),
            Engine::Postgres => self.push("unnest(").bind(ids).push(") AS ids (value)"),
        }
    }
    /// The text, for logs and plans.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn sqlite(self) -> Result<(AssertSqlSafe<String>, SqliteArguments), DbError> {
        let mut args = SqliteArguments::default();
        for arg in self.args {
            match arg {
                Arg::Int(value) => args.add(value),
                Arg::Text(value) => args.add(value),
                Arg::Bool(value) => args.add(value),
                Arg::Float(value) => args.add(value),
                Arg::Ints(values) => args.add(serde_json::Value::from(values).to_string()),
            }
            .map_err(|error| DbError::Sqlx(sqlx::Error::Encode(error)))?;
        }
        Ok((AssertSqlSafe(self.text), args))
    }
    fn postgres(self) -> Result<(AssertSqlSafe<String>, PgArguments), DbError> {
        let mut args = PgArguments::default();
        for arg in self.args {
            match arg {
                Arg::Int(value) => args.add(value),
                Arg::Text(value) => args.add(value),
                Arg::Bool(value) => args.add(value),
                Arg::Float(value) => args.add(value),
                Arg::Ints(values) => args.add(values),
            }
            .map_err(|error| DbError::Sqlx(sqlx::Error::Encode(error)))?;
        }
        Ok((AssertSqlSafe(self.text), args))
    }

    pub(super) async fn all_sqlite<'e, T: Record>(self, on: impl Executor<'e, Database = Sqlite>) -> Result<Vec<T>, DbError> {
        let (text, args) = self.sqlite()?;
        Ok(sqlx::query_as_with(text, args).fetch_all(on).await?)
    }
    pub(super) async fn all_postgres<'e, T: Record>(self, on: impl Executor<'e, Database = Postgres>) -> Result<Vec<T>, DbError> {
        let (text, args) = self.postgres()?;
        Ok(sqlx::query_as_with(text, args).fetch_all(on).await?)
    }
    pub(super) async fn optional_sqlite<'e, T: Record>(
        self,
        on: impl Executor<'e, Database = Sqlite>,
    ) -> Result<Option<T>, DbError> {
        let (text, args) = self.sqlite()?;
        Ok(sqlx::query_as_with(text, args).fetch_optional(on).await?)
    }
    pub(super) async fn optional_postgres<'e, T: Record>(
        self,
        on: impl Executor<'e, Database = Postgres>,
    ) -> Result<Option<T>, DbError> {
        let (text, args) = self.postgres()?;
        Ok(sqlx::query_as_with(text, args).fetch_optional(on).await?)
    }
    pub(super) async fn execute_sqlite<'e>(self, on: impl Executor<'e, Database = Sqlite>) -> Result<u64, DbError> {
        let (text, args) = self.sqlite()?;
        Ok(sqlx::query_with(text, args).execute(on).await?.rows_affected())
    }
    pub(super) async fn execute_postgres<'e>(self, on: impl Executor<'e, Database = Postgres>) -> Result<u64, DbError> {
        let (text, args) = self.postgres()?;
        Ok(sqlx::query_with(text, args).execute(on).await?.rows_affected())
    }
}
