//! Bytes to rows: encoding, delimiter, header. Any delimiter, any encoding that browsers know; what cannot be decoded is
//! marked and reported, never silently changed.

use domain::{Error, ErrorCode, Result, limits};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::collections::HashSet;

/// Delimiters that are tried.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Most columns of a file.
const COLUMNS: usize = 300;
/// Records that are looked at to find the delimiter.
const SAMPLE: usize = 200;

/// Stands where bytes could not be decoded: a character that no text has, so that a file which itself holds replacement
/// characters comes in as it is.
pub const BROKEN: char = '\u{ffff}';

/// A file, decoded.
pub struct Table {
    text: String,
    /// The encoding as it is called in a map.
    pub encoding: String,
    /// The delimiter, one character.
    pub delimiter: char,
    /// The column names of the first row: none empty, none twice.
    pub headers: Vec<String>,
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Counted from 1 after the header.
    pub number: usize,
    /// The fields as they stand, as many as the row has.
    pub fields: Vec<String>,
}

impl Table {
    /// Decodes a file. Empty `encoding` or `delimiter` lets the file decide.
    ///
    /// # Errors
    /// Invalid or too large: no CSV, nothing in it, an encoding or delimiter that makes no sense.
    pub fn read(bytes: &[u8], encoding: &str, delimiter: &str) -> Result<Self> {
        if bytes.len() as u64 > limits::IMPORT {
            return Err(Error::new(ErrorCode::TooLarge, "error_import_too_large").with("max", limits::IMPORT / 1024 / 1024));
        }
        let (text, encoding) = decode(bytes, encoding.trim())?;
        if text.contains('\0') {
            return Err(Error::invalid("error_import_not_csv"));
        }
        let delimiter = match delimiter {
            "" => find_delimiter(&text),
            "\\t" => b'\t',
            one if one.len() == 1 && !matches!(one, "\"" | "\n" | "\r") && one.is_ascii() => one.as_bytes()[0],
            _ => return Err(Error::field("delimiter", "error_import_delimiter")),
        };
        let mut first = csv::StringRecord::new();
        let some = reader(&text, delimiter).read_record(&mut first).map_err(|_| Error::invalid("error_import_not_csv"))?;
        if !some || first.iter().all(|name| name.trim().is_empty()) {
            return Err(Error::invalid("error_import_empty"));
        }
        if first.len() > COLUMNS {
            return Err(Error::invalid("error_import_not_csv"));
        }
        Ok(Self { headers: headers(&first), text, encoding, delimiter: char::from(delimiter) })
    }

    /// The rows after the header; rows without any text are left out, but counted.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        let delimiter = u8::try_from(self.delimiter).unwrap_or(b',');
        reader(&self.text, delimiter)
            .into_records()
            .skip(1)
            .enumerate()
            .filter_map(|(index, record)| Some((index + 1, record.ok()?)))
            .filter(|(_, record)| record.iter().any(|field| !field.trim().is_empty()))
            .map(|(number, record)| Record { number, fields: record.iter().map(str::to_owned).collect() })
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

fn headers(first: &csv::StringRecord) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut names = Vec::with_capacity(first.len());
    for (index, name) in first.iter().enumerate() {
        let base = match name.trim() {
            "" => format!("#{}", index + 1),
            name => name.chars().take(limits::LINE).collect(),
        };
        let mut name = base.clone();
        let mut copy = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base} ({copy})");
            copy += 1;
        }
        names.push(name);
    }
    names
}

/// The delimiter with which most rows have as many fields as the first, and the first has most.
fn find_delimiter(text: &str) -> u8 {
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let mut records = reader(text, delimiter).into_records().take(SAMPLE).filter_map(std::result::Result::ok);
        let Some(columns) = records.next().map(|first| first.len()).filter(|columns| *columns > 1) else { continue };
        let (mut same, mut all) = (1, 1);
        for record in records.filter(|record| record.iter().any(|field| !field.is_empty())) {
            all += 1;
            same += usize::from(record.len() == columns);
        }
        let score = same * 1000 / all * COLUMNS + columns.min(COLUMNS);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn decode(bytes: &[u8], label: &str) -> Result<(String, String)> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if label.is_empty() => find_encoding(bytes),
        None => Encoding::for_label(label.as_bytes()).ok_or_else(|| Error::field("encoding", "error_import_encoding"))?,
    };
    Ok((decode_as(bytes, encoding), encoding.name().to_lowercase()))
}

fn decode_as(mut bytes: &[u8], encoding: &'static Encoding) -> String {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::new();
    loop {
        text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len()).min(1 << 20) + 16);
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return text,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => text.push(BROKEN),
        }
    }
}

/// UTF-8 if it can be; UTF-16 if every other byte is zero; UTF-8 with some broken places if most of it is; otherwise what
/// Windows writes in western Europe.
fn find_encoding(bytes: &[u8]) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    if head.len() >= 4 && zeros(0) + zeros(1) > head.len() / 4 {
        return if zeros(1) > zeros(0) { UTF_16LE } else { UTF_16BE };
    }
    let (mut good, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken == 0 || good > broken * 10 { UTF_8 } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(table: &Table) -> Vec<Vec<String>> {
        table.records().map(|record| record.fields).collect()
    }

    #[test]
    fn quotes_line_breaks_and_delimiters_inside_fields_stay() {
        let table = Table::read(b"a,b\r\n\"one\r\ntwo, three\",\"say \"\"yes\"\"\"\r\n", "", "").unwrap();
        assert_eq!(fields(&table), [["one\r\ntwo, three", "say \"yes\""]]);
    }

    #[test]
    fn the_delimiter_is_found() {
        for (text, delimiter) in [
            ("a;b\n1,5;2\n", ';'),
            ("a\tb\n1,2;3\t4\n", '\t'),
            ("a|b\n1|2\n", '|'),
            ("a,b\n\"x;y;z\",2\n", ','),
            ("single\nvalue\n", ','),
        ] {
            assert_eq!(Table::read(text.as_bytes(), "", "").unwrap().delimiter, delimiter, "{text}");
        }
        assert_eq!(fields(&Table::read(b"a:b\n1:2\n", "", ":").unwrap()), [["1", "2"]]);
        assert_eq!(Table::read(b"a", "", "ab").err().unwrap().fields[0].field, "delimiter");
    }

    #[test]
    fn the_encoding_is_found() {
        let utf16: Vec<u8> = "n\u{e4}me;x\n\u{20ac};1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_bom = [&[0xff, 0xfe][..], &utf16].concat();
        for (bytes, encoding) in [
            ("n\u{e4}me;x\n\u{20ac};1\n".as_bytes().to_vec(), "utf-8"),
            ("\u{feff}n\u{e4}me;x\n\u{20ac};1\n".as_bytes().to_vec(), "utf-8"),
            (b"n\xe4me;x\n\x80;1\n".to_vec(), "windows-1252"),
            (utf16, "utf-16le"),
            (with_bom, "utf-16le"),
        ] {
            let table = Table::read(&bytes, "", "").unwrap();
            assert_eq!((table.encoding.as_str(), table.headers[0].as_str()), (encoding, "n\u{e4}me"));
            assert_eq!(fields(&table), [["\u{20ac}", "1"]]);
        }
        assert_eq!(Table::read(b"n\xe4me\n1\n", "iso-8859-2", "").unwrap().encoding, "iso-8859-2");
        assert_eq!(Table::read(b"a", "klingon", "").err().unwrap().fields[0].field, "encoding");
    }

    #[test]
    fn bytes_that_cannot_be_decoded_are_told_from_replacement_characters() {
        let table = Table::read("a\n\u{fffd}\n".as_bytes(), "", "").unwrap();
        assert_eq!(fields(&table), [["\u{fffd}"]]);
        let table = Table::read(b"a\nx\xffy\n", "utf-8", "").unwrap();
        assert_eq!(fields(&table), [[format!("x{BROKEN}y")]]);
    }

    #[test]
    fn headers_are_named_and_unique() {
        assert_eq!(Table::read(b"a,,a\n", "", "").unwrap().headers, ["a", "#2", "a (2)"]);
    }

    #[test]
    fn what_is_no_csv_is_refused() {
        assert_eq!(Table::read(b"", "", "").err().unwrap().key, "error_import_empty");
        assert_eq!(Table::read(b"PK\x03\x04\0\0\0x\n", "", "").err().unwrap().key, "error_import_not_csv");
    }
}
