//! Filters as people type them: `status:todo (priority>=4 | updated<-7d) -tag:spam assignee:@me "printer jam"`.
//!
//! Space is *and*, `|` is *or*, `-` or `not` is *not*, parentheses group. [`print()`] writes with the stable keys, and [`parse()`]
//! makes the same filter of it again; it also reads the names that people see on screen ([`Names`]). What is not understood is told
//! with its place, the rest is kept, and in its place stands a broken condition, so that no filter gets wider by a slip.
//! The grammar is in `docs/filters.md`.

mod complete;
mod names;
mod parse;
mod print;
mod scan;
#[cfg(test)]
mod tests;
mod time;

pub use complete::{Completion, Suggestion, complete};
pub use names::{Keys, Names};
pub use parse::{Parsed, Problem, parse};
pub use print::print;
