//! As a spreadsheet. Texts are cells of text, so none of them is a formula. The rows wait on disk until the file is put together.

use super::{Cell, Pages, Table};
use domain::{Error, Result};
use rust_xlsxwriter::{Workbook, XlsxError};
use tokio::sync::mpsc;

/// Rows on their way to the thread that writes.
type Rows = Vec<Vec<Cell>>;

/// The file of a whole list.
///
/// # Errors
/// What reading the list says; internal, if it cannot be written.
pub async fn file(table: &Table, pages: &mut Pages) -> Result<Vec<u8>> {
    let (rows, written) = mpsc::channel::<Rows>(2);
    let file = tokio::task::spawn_blocking(move || write(written));
    let mut next = vec![table.heads()];
    // A writer that has given up tells why below.
    while rows.send(next).await.is_ok() {
        match pages.next().await? {
            Some(page) => next = page.iter().map(|row| table.cells(row)).collect(),
            None => break,
        }
    }
    drop(rows);
    file.await.map_err(|_| Error::internal())?.map_err(|error| {
        tracing::error!(%error, "export");
        Error::internal()
    })
}

fn write(mut rows: mpsc::Receiver<Rows>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    let mut at = 0;
    while let Some(some) = rows.blocking_recv() {
        for row in some {
            for (cell, column) in row.into_iter().zip(0..) {
                match cell {
                    Cell::Text(text) if text.is_empty() => {}
                    Cell::Text(text) => {
                        sheet.write_string(at, column, text)?;
                    }
                    // Numbers of tickets are far below what it keeps exactly, which is 2^53.
                    #[expect(clippy::cast_precision_loss, reason = "spreadsheets know no other numbers")]
                    Cell::Number(number) => {
                        sheet.write_number(at, column, number as f64)?;
                    }
                }
            }
            at += 1;
        }
    }
    book.save_to_buffer()
}
