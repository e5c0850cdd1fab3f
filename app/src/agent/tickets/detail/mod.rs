//! One ticket: head, conversation, details, activity.

mod activity;
mod clash;
mod conversation;
mod description;
mod fields;
mod followers;
mod head;
mod link_dialog;
mod merge_dialog;
mod message;
mod more;
mod panel;
mod pick;
mod properties;
mod requester;
mod screen;
mod split_dialog;
mod standing;
mod undelivered;
mod waiting;

pub use fields::customer_loader;
pub use screen::TicketScreen;
