//! The one filter language: which items? A value that compiles to SQL and also runs in memory.
//!
//! [`expr`] is the tree, [`field`] the table of fields and what each takes, [`check`] refuses what makes no sense, [`eval`]
//! answers in memory, [`policy`] holds the expressions that the product itself uses: permission and system views. The
//! translation to SQL lives in the server beside the tables.

pub mod check;
pub mod eval;
pub mod expr;
pub mod field;
pub mod policy;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

pub use check::check;
pub use eval::{Facts, Viewer, matches};
pub use expr::{Expr, Op, Quantifier, Value};
pub use field::{Field, FieldType, Relation};
