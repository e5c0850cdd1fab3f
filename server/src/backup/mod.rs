//! Backup and restore: the whole desk in one file, and the file back into a new desk.
//!
//! An archive is a tar file, compressed with zstd: `taquilla.json` (what it is and which columns its tables have), the rows of each
//! table as lines of JSON in the order of the foreign keys, the bytes of every file that the rows name, and `manifest.json` (how
//! many, and the SHA-256 of every entry). Rows are the same for both engines, so that what one wrote the other reads.
//! What of the desk is not in it stands in [`taken`], and why in `docs/decisions/0016-backup.md`.

mod archive;
mod catalog;
mod check;
mod connection;
mod error;
mod format;
mod restore;
mod write;

pub use check::check;
pub use error::BackupError;
pub use format::{Checked, FORMAT, Missing};
pub use restore::restore;
pub use write::write;

use crate::search;

/// What of a table is in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// All rows.
    All,
    /// The rows of which this holds.
    Where(&'static str),
    /// Nothing.
    Nothing,
}

/// What of a table is in an archive. Whatever lets somebody in, or counts what was tried in the last hour, stays behind: who
/// finds an archive must not be able to sign in with it, and after a restore everybody begins anew.
#[must_use]
pub fn taken(table: &str) -> Taken {
    match table {
        // The schema itself says which migrations it has.
        "_sqlx_migrations" | "session" | "code" | "set_up_token" | "rate_limit" | "typed_form" => Taken::Nothing,
        // Who has which ticket open just now.
        "presence" => Taken::Nothing,
        // Made of the others.
        derived if search::is_derived(derived) => Taken::Nothing,
        // The others hold codes and links that work no more. What was sent holds none: it was wiped.
        "mail" => Taken::Where("secret = FALSE OR state = 'sent'"),
        // Nor is there anything to do about them.
        "job" => {
            Taken::Where("kind <> 'mail' OR subject_id NOT IN (SELECT id FROM mail WHERE secret = TRUE AND state <> 'sent')")
        }
        _ => Taken::All,
    }
}
