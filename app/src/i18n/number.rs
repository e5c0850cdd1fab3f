//! Numbers as people of each language write them.

use super::I18n;
use domain::{
    language::Language,
    view::{Measure, Number, Take},
};

/// The nearest whole number.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "what is too large or no number becomes the nearest there is")]
pub fn rounded(value: f64) -> i64 {
    value.round() as i64
}

impl I18n {
    /// A whole number with the separators of the language.
    #[must_use]
    pub fn number(self, n: i64) -> String {
        let (separator, least) = match self.language {
            Language::En => (',', 4),
            Language::Fr => ('\u{202f}', 4),
            Language::De | Language::It => ('.', 4),
            // Spanish and Portuguese leave four digits together.
            Language::Es | Language::Pt => ('.', 5),
        };
        let digits = n.unsigned_abs().to_string();
        let mut text = String::from(if n < 0 { "-" } else { "" });
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && digits.len() >= least && (digits.len() - at).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }
    /// Tenths as a number with one decimal: 34 is 3.4.
    #[must_use]
    pub fn tenths(self, n: i64) -> String {
        let point = if self.language == Language::En { '.' } else { ',' };
        format!("{}{point}{}", self.number(n / 10), (n % 10).abs())
    }
    /// What a measure made: how many stars, how long.
    #[must_use]
    pub fn measured(self, measure: Measure, made: f64) -> String {
        match (measure.of, measure.take) {
            (Number::Priority, Take::Average) => self.tenths(rounded(made * 10.0)),
            (Number::Priority, Take::Sum) => self.number(rounded(made)),
            _ => self.duration(rounded(made)),
        }
    }
    /// A size of a file in the unit that fits.
    #[must_use]
    pub fn bytes(self, size: i64) -> String {
        let point = if self.language == Language::En { '.' } else { ',' };
        let (unit, name) = match size {
            ..1_000 => return format!("{size} B"),
            1_000..1_000_000 => (1_000, "KB"),
            1_000_000..1_000_000_000 => (1_000_000, "MB"),
            _ => (1_000_000_000, "GB"),
        };
        let tenths = size * 10 / unit;
        if tenths >= 100 {
            return format!("{} {name}", self.number(tenths / 10));
        }
        format!("{}{point}{} {name}", tenths / 10, tenths % 10)
    }
}
