//! The implementations of the domain's services over SQL, one file (or folder) a noun.

pub mod events;
pub mod files;
pub mod idempotency;
pub mod imports;
pub mod items;
pub mod person_keys;
pub mod portals;
