//! As comma-separated values (RFC 4180), in UTF-8 with the mark that spreadsheets know it by.

use super::{Cell, Table};
use domain::{Error, Result, item::ItemRow};

/// The mark and what the columns are called.
///
/// # Errors
/// Internal, if it cannot be written.
pub fn begin(table: &Table) -> Result<Vec<u8>> {
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend(lines(std::iter::once(table.heads()))?);
    Ok(bytes)
}

/// Some rows.
///
/// # Errors
/// Internal, if they cannot be written.
pub fn rows(table: &Table, rows: &[ItemRow]) -> Result<Vec<u8>> {
    lines(rows.iter().map(|row| table.cells(row)))
}

fn lines<C: IntoIterator<Item = Cell>>(rows: impl Iterator<Item = C>) -> Result<Vec<u8>> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        out.write_record(row.into_iter().map(|cell| field(cell).into_bytes())).map_err(|error| {
            tracing::error!(%error, "export");
            Error::internal()
        })?;
    }
    out.into_inner().map_err(|_| Error::internal())
}

/// What spreadsheets take for the beginning of a formula; the wide ones where people type those.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// A text that a spreadsheet would take for a formula becomes text by an apostrophe. Where numbers are written with a comma, spreadsheets
/// begin a cell at each semicolon instead, and the same holds for what stands behind it.
fn field(cell: Cell) -> String {
    let text = match cell {
        Cell::Number(number) => return number.to_string(),
        Cell::Text(text) => text,
    };
    if !text.contains(FORMULA) && !text.starts_with(['\t', '\r', '\n']) {
        return text;
    }
    let (mut safe, mut begins) = (String::with_capacity(text.len() + 1), true);
    if text.starts_with(['\t', '\r', '\n']) {
        safe.push('\'');
    }
    for letter in text.chars() {
        if begins && FORMULA.contains(&letter) {
            safe.push('\'');
        }
        begins = matches!(letter, ';' | '\t' | '\r' | '\n') || (begins && (letter == '"' || letter.is_whitespace()));
        safe.push(letter);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let text = |text: &str| field(Cell::Text(text.to_owned()));
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\u{ff1d}1"] {
            assert_eq!(text(formula), format!("'{formula}"));
        }
        for (told, safe) in [
            (" =1", " '=1"),
            ("\t=1", "'\t'=1"),
            ("a;=1", "a;'=1"),
            ("a; \"=1", "a; \"'=1"),
            ("a;; @x;b-c", "a;; '@x;b-c"),
            ("a\n-1", "a\n'-1"),
        ] {
            assert_eq!(text(told), safe);
        }
        for harmless in ["a=1", "'x", "", "a;b", "one-two", "5 + 5", "a@b.test"] {
            assert_eq!(text(harmless), harmless);
        }
        assert_eq!(field(Cell::Number(-1)), "-1");
        let written = lines([[Cell::Text("a, \"b\"\n=c".to_owned()), Cell::Number(1)]].into_iter()).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), "\"a, \"\"b\"\"\n'=c\",1\r\n");
    }
}
