//! Tools → Import: a CSV file becomes tickets. Choose the file, say what each column is, look at what would happen, run.

mod mapping;
mod preview;
mod progress;
mod wizard;

pub use wizard::ImportScreen;
