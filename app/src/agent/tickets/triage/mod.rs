//! The list of two lines: who asks for what, how the last public message begins, and what is done most with a ticket at its end. A part
//! of its own, which comes when such a list is first shown.

mod excerpts;
mod quick;
mod row;

use super::{
    list::{Bulk, Rows, TicketTable},
    store::ListStore,
};
use excerpts::Excerpts;
use leptos::prelude::*;
use quick::Quick;

/// Height of a row in pixels; the styles say the same.
const ROW: f64 = 64.0;

/// Draws a list in rows of two lines; what is done with its tickets is done like everything that is done from the list.
#[lazy]
pub fn triage() -> fn(ListStore, Bulk) -> AnyView {
    whole
}

fn whole(list: ListStore, bulk: Bulk) -> AnyView {
    provide_context(Excerpts::new());
    let quick = Quick::new(list, bulk);
    provide_context(quick);
    view! {
        <TicketTable list rows=Rows { height: ROW, draw: row::row } />
        {quick::snooze_dialog(quick)}
    }
    .into_any()
}
