//! Tickets: the list, one ticket, a new ticket.
//!
//! `address` says what stands in the address bar, `store` holds the list and `open` the open ticket, `meant` says what is chosen of it, `hear` takes in what
//! others do and `others` shows where they are; `list`, `board`, `detail`, `compose` and `create` show them, `editing` changes them in
//! the cells of the table and `moves` takes them from group to group.

mod address;
mod board;
mod calendar;
pub mod change;
mod choices;
mod compose;
mod create;
mod customer;
mod dashboard;
mod detail;
mod editing;
mod folds;
mod grouped;
mod hear;
mod list;
mod meant;
mod moves;
mod open;
mod others;
mod snooze;
mod store;
mod triage;

pub use create::NewTicketScreen;
pub use detail::TicketScreen;
pub use list::TicketsScreen;
