//! What somebody typed into a form that was refused. It is kept for a moment, so that it comes back into its fields in a
//! browser without JavaScript.

use crate::time::MINUTE;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long, in milliseconds, it is kept.
pub const KEPT: i64 = 30 * MINUTE;

/// The texts of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedForm {
    /// Path of the function that the form calls.
    pub form: String,
    /// Texts by the names of their fields. Never passwords, codes or files.
    pub texts: BTreeMap<String, String>,
    /// Whether files were chosen: they have to be chosen again.
    pub files: bool,
}

impl TypedForm {
    /// What was typed into a field; empty if nothing was.
    #[must_use]
    pub fn text(&self, field: &str) -> String {
        self.text_or(field, "")
    }
    /// What was typed into a field, or what stands there otherwise.
    #[must_use]
    pub fn text_or(&self, field: &str, otherwise: &str) -> String {
        self.texts.get(field).map_or(otherwise, String::as_str).to_owned()
    }
    /// Bytes of all texts.
    #[must_use]
    pub fn size(&self) -> usize {
        self.texts.values().map(String::len).sum()
    }
}
