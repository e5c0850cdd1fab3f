//! Tickets: the list, one ticket, a new ticket.
//!
//! `address` says what stands in the address bar, `store` holds the list and `open` the open ticket, `hear` takes in what
//! others do and `others` shows where they are; `list`, `board`, `detail`, `compose` and `create` show them.

mod address;
mod board;
mod calendar;
pub mod change;
mod compose;
mod create;
mod customer;
mod dashboard;
mod detail;
mod grouped;
mod hear;
mod list;
mod open;
mod others;
mod snooze;
mod store;

pub use create::NewTicketScreen;
pub use detail::TicketScreen;
pub use list::TicketsScreen;
