//! Import of tickets from CSV, shared by the pages and the command line.
//!
//! [`read`] turns bytes into rows, [`guess`] proposes what the columns mean, [`plan`] holds a map against the file and the
//! workspace, [`row`] turns one row into a ticket and its problems without touching the database, [`preview`] tells what an
//! import would do, [`write`] brings a batch in, [`run`] drives a whole run and goes on after a restart, [`report`] lists
//! what was refused and why.

pub mod facts;
pub mod guess;
pub mod plan;
pub mod preview;
pub mod read;
pub mod report;
pub mod row;
pub mod run;
pub mod time;
pub mod words;
pub mod write;
