//! The signed-in agent's own page: name, language, time zone, look; password; sessions.

mod page;

pub use page::ProfileScreen;
