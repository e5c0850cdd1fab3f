//! Refuses filters that make no sense.
