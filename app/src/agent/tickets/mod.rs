//! Tickets: the list, one ticket, a new ticket.

mod create;
mod detail;
mod list;

pub use create::NewTicketScreen;
pub use detail::TicketScreen;
pub use list::TicketsScreen;
