//! The dashboard: numbers and charts over everything that a list shows. A part of its own, which comes when a dashboard is first
//! shown.

use super::{list::Bulk, store::ListStore};
use leptos::prelude::*;

/// Draws a dashboard of a list.
#[lazy]
pub fn dashboard() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(_list: ListStore, _bulk: Bulk) -> AnyView {
    ().into_any()
}
