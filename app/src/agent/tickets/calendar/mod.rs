//! The calendar: the items of a list by one of their dates, in months, weeks and days. A part of its own, which comes when a
//! calendar is first shown.

use super::{list::Bulk, store::ListStore};
use leptos::prelude::*;

/// Draws a calendar of a list; what is done with its tickets is done like everything that is done from the list.
#[lazy]
pub fn calendar() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(_list: ListStore, _bulk: Bulk) -> AnyView {
    ().into_any()
}
