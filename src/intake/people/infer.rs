//! The type of a new column: the narrowest that every one of its cells fits.
//!
//! Whole numbers only as a machine would write them, so that `007` and `+5` stay the text they are; dates and times only
//! in ISO 8601; booleans only `true` and `false`. Anything else is text: nothing is lost by it, and a workspace may
//! declare another type later.

use super::cell::is_null;
use super::formats::Formats;
use crate::domain::value::{parse_date, parse_datetime, parse_integer};
use crate::domain::{FieldType, Zone};

/// The types that all cells of a column so far fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    any: bool,
    fits: [bool; 5],
}

/// The types that are tried, in the order of [`Candidate::fits`].
const TRIED: [FieldType; 5] = [
    FieldType::Integer,
    FieldType::Float,
    FieldType::Boolean,
    FieldType::Date,
    FieldType::Datetime,
];

impl Default for Candidate {
    fn default() -> Self {
        Self {
            any: false,
            fits: [true; 5],
        }
    }
}

impl Candidate {
    /// Takes one more cell into account.
    pub(super) fn see(&mut self, text: &str, formats: &Formats, zone: &Zone) {
        if text.is_empty() || is_null(text) {
            return;
        }
        self.any = true;
        for (fits, tried) in self.fits.iter_mut().zip(TRIED) {
            *fits = *fits && is_written_as(text, tried, formats, zone);
        }
    }

    /// Returns the type that fits all cells, if there was any.
    pub(super) fn found(self) -> Option<FieldType> {
        self.any.then(|| self.field_type())
    }

    /// Returns the type that fits all cells; text where there were none.
    pub(super) fn field_type(self) -> FieldType {
        let first = TRIED.into_iter().zip(self.fits).find(|(_, fits)| *fits);
        match first {
            Some((field_type, _)) if self.any => field_type,
            Some(_) | None => FieldType::String,
        }
    }
}

/// Returns whether a cell is written as a type is, and not merely readable as one.
fn is_written_as(text: &str, tried: FieldType, formats: &Formats, zone: &Zone) -> bool {
    if formats.is_written_as(text, tried, zone) {
        return true;
    }
    if !formats.allows_plain(tried) {
        return false;
    }
    match tried {
        FieldType::Integer => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            digits.bytes().all(|b| b.is_ascii_digit())
                && (!digits.starts_with('0') || text == "0")
                && parse_integer(text).is_some()
        }
        FieldType::Boolean => {
            text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
        }
        FieldType::Date => text.len() == 10 && parse_date(text).is_some(),
        FieldType::Datetime => {
            text.len() > 10 && text.trim() == text && parse_datetime(text, zone).is_some()
        }
        FieldType::String
        | FieldType::Text
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url => true,
        FieldType::Score | FieldType::Percent | FieldType::Currency | FieldType::Float => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inferred(cells: &[&str]) -> FieldType {
        let mut candidate = Candidate::default();
        for cell in cells {
            candidate.see(cell, &Formats::default(), &Zone::utc());
        }
        candidate.field_type()
    }

    #[test]
    fn a_type_is_inferred_only_if_every_cell_is_written_as_it() {
        assert_eq!(inferred(&["1", "", "-20", "NULL", "0"]), FieldType::Integer);
        assert_eq!(inferred(&["1", "007"]), FieldType::String);
        assert_eq!(inferred(&["+5"]), FieldType::String);
        assert_eq!(inferred(&["-0"]), FieldType::String);
        assert_eq!(inferred(&[" 5"]), FieldType::String);
        assert_eq!(inferred(&["9223372036854775808"]), FieldType::String);
        assert_eq!(inferred(&["true", "FALSE"]), FieldType::Boolean);
        assert_eq!(inferred(&["true", "yes"]), FieldType::String);
        assert_eq!(inferred(&["2026-01-31"]), FieldType::Date);
        assert_eq!(inferred(&["2026-02-30"]), FieldType::String);
        assert_eq!(inferred(&["31/01/2026"]), FieldType::String);
        assert_eq!(
            inferred(&["2026-01-31T10:00:00Z", "2026-01-31 10:00"]),
            FieldType::Datetime
        );
        assert_eq!(
            inferred(&["2026-01-31", "2026-01-31 10:00"]),
            FieldType::String,
            "a day is not an instant"
        );
        assert_eq!(inferred(&["", "null"]), FieldType::String);
    }
}
