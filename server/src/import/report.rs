//! The rows that were refused, as a CSV file to put right and bring in again: the columns of the file as they stood, and
//! before them why.

use super::read::{BROKEN, Table};
use crate::texts;
use domain::{Error, Result, import::ImportProblem, language::Language};
use std::collections::BTreeMap;

/// Makes the report. The problems are those of one run, by row.
///
/// # Errors
/// Internal, if the CSV cannot be written.
pub fn report(table: &Table, problems: &[ImportProblem], language: Language) -> Result<String> {
    let mut by_row: BTreeMap<usize, Vec<&ImportProblem>> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.refused) {
        by_row.entry(problem.row).or_default().push(problem);
    }
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let head = ["import_row", "import_problem"].into_iter().map(str::to_owned);
    write(&mut out, head.chain(table.headers.iter().cloned()))?;
    for record in table.records() {
        let Some(problems) = by_row.get(&record.number) else { continue };
        let why: Vec<String> = problems.iter().map(|problem| sentence(problem, language)).collect();
        let mut fields = record.fields;
        // A row of another length would not be read again.
        fields.resize(table.headers.len().max(fields.len()), String::new());
        write(&mut out, [record.number.to_string(), why.join(" ")].into_iter().chain(fields).map(|field| harmless(&field)))?;
    }
    let bytes = out.into_inner().map_err(|_| Error::internal())?;
    String::from_utf8(bytes).map_err(|_| Error::internal())
}

/// A problem in a sentence.
#[must_use]
pub fn sentence(problem: &ImportProblem, language: Language) -> String {
    let text = texts::error(language, &problem.key, &BTreeMap::new());
    if problem.column.is_empty() { text } else { format!("{}: {text}", problem.column) }
}

/// A field that a spreadsheet would take for a formula is set in text. A number with a sign is none.
fn harmless(field: &str) -> String {
    let mut chars = field.chars();
    let formula = match chars.next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !chars.next().is_some_and(|c| c.is_ascii_digit() || c == ' '),
        _ => false,
    };
    if formula { format!("'{field}") } else { field.replace(BROKEN, "\u{fffd}") }
}

fn write(out: &mut csv::Writer<Vec<u8>>, fields: impl Iterator<Item = String>) -> Result<()> {
    out.write_record(fields.map(String::into_bytes)).map_err(|error| {
        tracing::error!(%error, "report of an import");
        Error::internal()
    })
}
