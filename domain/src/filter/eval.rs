//! Answers a filter in memory.
