//! A cell of the table, and where it stands.

use crate::agent::tickets::{
    list::{EDITABLE, GRID},
    store::ListStore,
};
use crate::ui::{by_id, closest, find_all};
use domain::id::ItemNumber;
use web_sys::{Element, Event, HtmlElement};

/// What is a cell that can be changed.
const CELLS: &str = "[data-cell]";

/// A cell that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The ticket.
    pub number: ItemNumber,
    /// The column.
    pub key: &'static str,
    /// The line that it was last seen in.
    pub at: usize,
}

impl Cell {
    /// The cell in which something happened.
    pub fn of(list: ListStore, event: &Event) -> Option<(Self, HtmlElement)> {
        let element = closest(event, CELLS)?;
        let key = element.get_attribute("data-cell")?;
        let key = EDITABLE.into_iter().find(|known| *known == key)?;
        let at = line_of(&element)?;
        Some((Self { number: list.ticket_at(at)?, key, at }, element))
    }

    /// What is drawn of it, if it is.
    pub fn element(self) -> Option<HtmlElement> {
        find_all(&by_id(&format!("{GRID}-row-{}", self.at))?, &format!("[data-cell={}]", self.key)).into_iter().next()
    }

    /// The cells that can be changed in the same line, in their order.
    pub fn line(at: usize) -> Vec<&'static str> {
        let Some(row) = by_id(&format!("{GRID}-row-{at}")) else { return Vec::new() };
        let key = |cell: HtmlElement| {
            let key = cell.get_attribute("data-cell")?;
            EDITABLE.into_iter().find(|known| *known == key && cell.offset_width() > 0)
        };
        find_all(&row, CELLS).into_iter().filter_map(key).collect()
    }
}

/// The line of the table that an element stands in.
pub fn line_of(element: &Element) -> Option<usize> {
    let row = element.closest("[role=row]").ok()??;
    row.id().strip_prefix(GRID)?.strip_prefix("-row-")?.parse().ok()
}

/// Takes the marks off cells whose changes were on their way.
pub fn settled() {
    let Some(grid) = by_id(GRID) else { return };
    for cell in find_all(&grid, "[data-cell].pending") {
        let _ = cell.class_list().remove_1("pending");
    }
}
