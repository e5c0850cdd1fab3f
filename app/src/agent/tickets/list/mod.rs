//! The list of tickets: views, table, selection, keyboard.

mod bulk;
pub mod cells;
mod columns;
mod dialogs;
mod drawn;
mod empty;
mod filters;
mod followers;
mod group;
mod grouping;
mod head;
mod header;
mod keys;
mod row;
mod runs;
mod save;
mod screen;
mod selection;
mod table;
mod tags;
mod views;

pub use bulk::Bulk;
pub use cells::EDITABLE;
pub use drawn::go_to;
pub use group::look as group_look;
pub use row::line;
pub use screen::TicketsScreen;
pub use table::{GRID, Rows, TicketTable};
pub use tags::tag_loader;
