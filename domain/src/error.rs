//! The one error. It says what happened as a message key with parameters, so that every surface can tell it in the
//! language of the person; logs get the detail separately, at the place where it arose.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What kind of failure it is; decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request makes no sense or breaks a rule; see the field errors. 422
    Invalid,
    /// Nobody is signed in. 401
    Unauthenticated,
    /// Signed in, but may not do this. Never used where it would tell that something exists. 403
    Forbidden,
    /// Does not exist, or may not be seen: the two look alike. 404
    NotFound,
    /// Somebody else changed the same thing in the meantime. 409
    Conflict,
    /// Larger than a limit. 413
    TooLarge,
    /// Too many tries; `params["seconds"]` says how long to wait. 429
    TooMany,
    /// Something that is needed does not answer; trying again later may help. 503
    Unavailable,
    /// Our fault. 500
    Internal,
}

impl ErrorCode {
    /// The HTTP status that tells this.
    #[must_use]
    pub fn http_status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the request.
    pub field: String,
    /// Message key (`error_…`).
    pub key: String,
    /// Values for the placeholders of the message.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}

/// A field that two people changed at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldConflict {
    /// The field's stable key (see [`crate::item::Change::key`]).
    pub field: String,
    /// What it holds now, as JSON.
    pub theirs: String,
    /// What was asked for, as JSON.
    pub yours: String,
}

/// A failure that can be told to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// The kind.
    pub code: ErrorCode,
    /// Message key (`error_…`) of the sentence to show.
    pub key: String,
    /// Values for the placeholders of the message.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// What is wrong with which field, for [`ErrorCode::Invalid`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// What changed meanwhile, for [`ErrorCode::Conflict`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<FieldConflict>,
}

/// A result with the one error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `code` with the message `key`.
    #[must_use]
    pub fn new(code: ErrorCode, key: &str) -> Self {
        Self { code, key: key.to_owned(), params: BTreeMap::new(), fields: Vec::new(), conflicts: Vec::new() }
    }
    /// Does not exist, or may not be seen.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound, "error_not_found")
    }
    /// May not do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(ErrorCode::Forbidden, "error_forbidden")
    }
    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "error_unauthenticated")
    }
    /// Our fault.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(ErrorCode::Internal, "error_internal")
    }
    /// A rule was broken; `key` says which.
    #[must_use]
    pub fn invalid(key: &str) -> Self {
        Self::new(ErrorCode::Invalid, key)
    }
    /// One field is wrong.
    #[must_use]
    pub fn field(field: &str, key: &str) -> Self {
        let mut error = Self::invalid("error_check_fields");
        error.fields.push(FieldError { field: field.to_owned(), key: key.to_owned(), params: BTreeMap::new() });
        error
    }
    /// Adds a value for a placeholder of the message (of the last field error, if there is one).
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        let params = match self.fields.last_mut() {
            Some(field) => &mut field.params,
            None => &mut self.params,
        };
        params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.key)?;
        for (name, value) in &self.params {
            write!(f, " {name}={value}")?;
        }
        for field in &self.fields {
            write!(f, " [{}: {}]", field.field, field.key)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Collects what is wrong with the fields of a request, so that a person sees all of it at once.
#[derive(Debug, Default)]
pub struct Check {
    fields: Vec<FieldError>,
}

impl Check {
    /// Nothing wrong so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Notes that `field` is wrong unless `ok`.
    pub fn that(&mut self, ok: bool, field: &str, key: &str) -> &mut Self {
        if !ok {
            self.fields.push(FieldError { field: field.to_owned(), key: key.to_owned(), params: BTreeMap::new() });
        }
        self
    }
    /// Notes that the text of `field` is longer than `max` characters.
    pub fn at_most(&mut self, text: &str, max: usize, field: &str) -> &mut Self {
        if text.chars().count() > max {
            let params = BTreeMap::from([("max".to_owned(), max.to_string())]);
            self.fields.push(FieldError { field: field.to_owned(), key: "error_too_long".to_owned(), params });
        }
        self
    }
    /// Notes that the text of `field` is empty (white space does not count).
    pub fn not_empty(&mut self, text: &str, field: &str) -> &mut Self {
        self.that(!text.trim().is_empty(), field, "error_required")
    }
    /// All that was noted, as one error.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] with the field errors, if there are any.
    pub fn done(&mut self) -> Result<()> {
        if self.fields.is_empty() {
            return Ok(());
        }
        let mut error = Error::invalid("error_check_fields");
        error.fields = std::mem::take(&mut self.fields);
        Err(error)
    }
}
