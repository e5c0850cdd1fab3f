//! Views: ways of looking at the list of items.
//!
//! [`SystemView`] are those that every workspace has, [`saved`] those that people make, [`layout`] is how they are drawn, [`list`] what is asked
//! of the server for a page of rows, [`group`] for the groups that they stand in; [`days`] and [`cards`] are what calendar and dashboard show, [`most`] how much the columns
//! of a board are meant to hold.

pub mod cards;
pub mod days;
pub mod group;
mod key;
pub mod layout;
mod list;
pub mod most;
mod rights;
pub mod saved;
mod system;

pub use cards::{Card, CardKind};
pub use days::{CalendarBy, CalendarDay, CalendarQuery, Dated};
pub use group::{Group, GroupBy, GroupSort, Groups, GroupsQuery, Measure, Number, Take};
pub use key::{NoView, ViewKey};
pub use layout::{Column, Density, Layout};
pub use list::{ItemQuery, Sort, SortField, ViewCount};
pub use most::ColumnLimit;
pub use saved::{NewView, Settings, View, ViewScope};
pub use system::SystemView;
