//! A field of a partial update.

use serde::{Deserialize, Serialize};

/// `Keep` leaves a field as it is, `Set` gives it a new value (which may be "none").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Patch<T> {
    /// Leave it.
    #[default]
    Keep,
    /// The new value.
    Set(T),
}

impl<T> Patch<T> {
    /// The new value, if there is one.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }
}
