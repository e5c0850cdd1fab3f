//! The design system.

mod state;

pub use state::NotFound;
