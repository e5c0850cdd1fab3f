//! The list of tickets: views, table, selection, keyboard.

mod bulk;
mod empty;
mod head;
mod keys;
mod row;
mod screen;
mod selection;
mod table;
mod tags;
mod views;

pub use screen::TicketsScreen;
pub use table::GRID;
pub use tags::tag_loader;
