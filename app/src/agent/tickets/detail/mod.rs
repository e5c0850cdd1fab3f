//! One ticket: head, conversation, details, activity.

mod activity;
mod clash;
mod conversation;
mod description;
mod fields;
mod followers;
mod head;
mod message;
mod panel;
mod properties;
mod requester;
mod screen;
mod undelivered;
mod waiting;

pub use fields::customer_loader;
pub use screen::TicketScreen;
