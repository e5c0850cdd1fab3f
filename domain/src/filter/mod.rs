//! The one filter language: which items? A value that compiles to SQL and also runs in memory.
//!
//! [`expr`] is the tree, [`field`] the table of fields and what each takes, [`check`] refuses what makes no sense, [`eval`]
//! answers in memory, [`words`] is what full-text search knows as words, [`views`] puts the filters of views in their place,
//! [`edit`] changes them piece by piece, [`text`] reads and writes filters as people type them, [`wording`] is a filter in both forms, [`policy`] holds the expressions that the product itself uses:
//! permission and system views. The translation to SQL lives in the server beside the tables.

pub mod check;
pub mod edit;
pub mod eval;
pub mod expr;
pub mod field;
pub mod policy;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
pub mod text;
pub mod views;
pub mod wording;
pub mod words;

pub use check::{broken, check, sound};
pub use edit::Joined;
pub use eval::{Facts, FileFacts, MessageFacts, Thread, Viewer, knows, matches};
pub use expr::{Expr, Op, Quantifier, Value};
pub use field::{FIELDS, Field, FieldType, Info, Relation, Thing};
pub use views::{Views, check_views, resolve};
pub use wording::{Named, Understood, Wording};
