//! How dates, numbers and booleans are written in a list that comes from a screen: `3/2/2026`, `$1,000.50`, `Yes`.
//!
//! Nothing is guessed: a list is read in these forms only where an option names them.

use chrono::format::{Item, StrftimeItems};
use chrono::{Datelike as _, NaiveDate, NaiveDateTime};

use crate::domain::value::parse_float;
use crate::domain::{FieldType, ValueRef, Zone};

/// The forms that options name; none of them by default.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Formats {
    /// How dates are written.
    pub(crate) date: Option<DateFormat>,
    /// How numbers are written.
    pub(crate) number: Option<NumberFormat>,
    /// The words for true and false.
    pub(crate) booleans: Option<BooleanWords>,
}

/// A form of dates, as chrono's strftime writes it: `%m/%d/%Y`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateFormat {
    text: String,
    has_time: bool,
}

impl DateFormat {
    /// Takes a form; it must name year, month and day, and may name a time.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if StrftimeItems::new(text).any(|item| item == Item::Error) {
            return Err("not a form of dates; write one such as `%m/%d/%Y`".to_owned());
        }
        let sample = NaiveDate::from_ymd_opt(2026, 11, 22).and_then(|d| d.and_hms_opt(13, 45, 0));
        let read = sample.and_then(|sample| {
            let written = sample.format(text).to_string();
            let date = NaiveDate::parse_from_str(&written, text).ok();
            let time = NaiveDateTime::parse_from_str(&written, text).ok();
            (date == Some(sample.date()) || time == Some(sample)).then_some(time.is_some())
        });
        match read {
            Some(has_time) => Ok(Self {
                text: text.to_owned(),
                has_time,
            }),
            None => Err("it must name year, month and day, such as `%m/%d/%Y`".to_owned()),
        }
    }

    fn read(&self, text: &str, as_type: FieldType, zone: &Zone) -> Option<ValueRef<'static>> {
        let text = text.trim();
        let at = if self.has_time {
            NaiveDateTime::parse_from_str(text, &self.text).ok()?
        } else {
            NaiveDate::parse_from_str(text, &self.text)
                .ok()?
                .and_hms_opt(0, 0, 0)?
        };
        if !(1900..2200).contains(&at.year()) {
            return None;
        }
        Some(if as_type == FieldType::Date {
            ValueRef::Date(at.date())
        } else if self.has_time {
            ValueRef::Datetime(zone.instant(at))
        } else {
            ValueRef::Datetime(zone.start_of(at.date()))
        })
    }
}

/// A form of numbers, given by how 1000.5 is written: `1,000.5`, `1.000,5`, `$1,000.50`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    before: String,
    after: String,
    thousands: Option<char>,
    decimal: char,
}

impl NumberFormat {
    /// Takes an example of 1000.5.
    pub(crate) fn parse(example: &str) -> Result<Self, String> {
        Self::of(example).ok_or_else(|| {
            "write 1000.5 as the list does: `1,000.5`, `1.000,5`, `$1,000.50`".to_owned()
        })
    }

    fn of(example: &str) -> Option<Self> {
        let example = example.trim();
        let (before, rest) = example.split_at(example.find('1')?);
        let rest = rest.strip_prefix('1')?;
        let (thousands, rest) = if let Some(rest) = rest.strip_prefix("000") {
            (None, rest)
        } else {
            let separator = rest.chars().next()?;
            let rest = rest[separator.len_utf8()..].strip_prefix("000")?;
            (Some(separator), rest)
        };
        let decimal = rest.chars().next()?;
        let rest = rest[decimal.len_utf8()..].strip_prefix('5')?;
        let after = rest.trim_start_matches('0');
        let separates = |c: char| !c.is_alphanumeric() && c != '-' && c != '+';
        let sound = separates(decimal)
            && thousands.is_none_or(separates)
            && thousands != Some(decimal)
            && !before
                .chars()
                .chain(after.chars())
                .any(|c| c.is_ascii_digit());
        sound.then(|| Self {
            before: before.trim().to_owned(),
            after: after.trim().to_owned(),
            thousands,
            decimal,
        })
    }

    /// Returns a number as a program writes it: `$1,000.50` as `1000.50`. Signs around it, such as `$`, may be absent.
    fn plain(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let without = |text: &'_ str| -> String {
            let text = text.strip_prefix(self.before.as_str()).unwrap_or(text);
            text.trim().to_owned()
        };
        let mut rest = without(text);
        let negative = rest.starts_with('-');
        if negative {
            rest = without(rest[1..].trim_start());
        }
        if let Some(number) = rest.strip_suffix(self.after.as_str()) {
            rest = number.trim().to_owned();
        }
        let (whole, fraction) = match rest.split_once(self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (rest.as_str(), None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if fraction.is_some_and(|fraction| !digits(fraction)) {
            return None;
        }
        let whole = match self.thousands {
            Some(separator) if whole.contains(separator) => {
                let groups: Vec<&str> = whole.split(separator).collect();
                let sound = groups.iter().enumerate().all(|(index, group)| {
                    digits(group) && (group.len() == 3 || (index == 0 && group.len() < 3))
                });
                sound.then(|| groups.concat())?
            }
            Some(_) | None => digits(whole).then(|| whole.to_owned())?,
        };
        let sign = if negative { "-" } else { "" };
        Some(match fraction {
            Some(fraction) => format!("{sign}{whole}.{fraction}"),
            None => format!("{sign}{whole}"),
        })
    }

    fn read(&self, text: &str, as_type: FieldType, zone: &Zone) -> Option<ValueRef<'static>> {
        let mut plain = self.plain(text)?;
        if as_type.is_integer()
            && let Some((whole, fraction)) = plain.split_once('.')
            && fraction.bytes().all(|b| b == b'0')
        {
            plain = whole.to_owned();
        }
        match ValueRef::parse(&plain, as_type, zone) {
            Ok(ValueRef::Integer(n)) => Some(ValueRef::Integer(n)),
            Ok(ValueRef::Float(n)) => Some(ValueRef::Float(n)),
            Ok(
                ValueRef::Text(_)
                | ValueRef::Boolean(_)
                | ValueRef::Date(_)
                | ValueRef::Datetime(_),
            )
            | Err(_) => None,
        }
    }

    /// Returns whether a cell is written in this form, and not merely readable as a number: `007` is text.
    fn is_written_so(&self, text: &str) -> bool {
        self.plain(text).is_some_and(|plain| {
            let digits = plain.trim_start_matches('-');
            let led = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
            !led && parse_float(&plain).is_some()
        })
    }
}

/// The words for true and false: `Yes/No`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BooleanWords {
    yes: String,
    no: String,
}

impl BooleanWords {
    /// Takes two words around a slash, that for true first.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('/') {
            Some((yes, no))
                if !yes.trim().is_empty()
                    && !no.trim().is_empty()
                    && !no.contains('/')
                    && yes.trim().to_lowercase() != no.trim().to_lowercase() =>
            {
                Ok(Self {
                    yes: yes.trim().to_lowercase(),
                    no: no.trim().to_lowercase(),
                })
            }
            Some(_) | None => Err("write the words for true and false: `Yes/No`".to_owned()),
        }
    }

    fn read(&self, text: &str) -> Option<bool> {
        let text = text.trim().to_lowercase();
        if text == self.yes {
            Some(true)
        } else if text == self.no {
            Some(false)
        } else {
            None
        }
    }
}

impl Formats {
    /// Reads a cell in a form that an option names; nothing where none does, or the cell is not written so.
    pub(super) fn read(
        &self,
        text: &str,
        as_type: FieldType,
        zone: &Zone,
    ) -> Option<ValueRef<'static>> {
        match as_type {
            FieldType::Date | FieldType::Datetime => self.date.as_ref()?.read(text, as_type, zone),
            FieldType::Boolean => self.booleans.as_ref()?.read(text).map(ValueRef::Boolean),
            FieldType::Integer
            | FieldType::Score
            | FieldType::Percent
            | FieldType::Currency
            | FieldType::Float => self.number.as_ref()?.read(text, as_type, zone),
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => None,
        }
    }

    /// Returns whether a cell that no option explains may still be read as files of programs write it.
    ///
    /// Not so where that would give the cell another meaning: a number with a point where the point separates thousands,
    /// and a date that begins with its year where the form does so too.
    pub(super) fn allows_plain(&self, as_type: FieldType) -> bool {
        match as_type {
            FieldType::Date | FieldType::Datetime => self
                .date
                .as_ref()
                .is_none_or(|format| !format.text.starts_with("%Y-")),
            FieldType::Integer
            | FieldType::Score
            | FieldType::Percent
            | FieldType::Currency
            | FieldType::Float => self.number.is_none(),
            FieldType::Boolean
            | FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => true,
        }
    }

    /// Returns whether a cell of a new column is written in the form that an option names for a type.
    pub(super) fn is_written_as(&self, text: &str, as_type: FieldType, zone: &Zone) -> bool {
        match as_type {
            FieldType::Integer | FieldType::Float => {
                let Some(number) = &self.number else {
                    return false;
                };
                number.is_written_so(text) && self.read(text, as_type, zone).is_some()
            }
            FieldType::Date | FieldType::Datetime => {
                let has_time = self.date.as_ref().is_some_and(|format| format.has_time);
                has_time == (as_type == FieldType::Datetime)
                    && self.read(text, as_type, zone).is_some()
            }
            FieldType::Boolean => self.read(text, as_type, zone).is_some(),
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url
            | FieldType::Score
            | FieldType::Percent
            | FieldType::Currency => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(example: &str, text: &str) -> Option<String> {
        NumberFormat::parse(example).unwrap().plain(text)
    }

    #[test]
    fn an_example_of_1000_5_says_how_numbers_are_written() {
        for (example, text, plain) in [
            ("1,000.5", "1,234,567.25", Some("1234567.25")),
            ("1,000.5", "250", Some("250")),
            ("1,000.5", "12,50", None),
            ("1.000,5", "1.234,50", Some("1234.50")),
            ("1.000,5", "12.5", None),
            ("$1,000.50", "$250", Some("250")),
            ("$1,000.50", "-$1,000.00", Some("-1000.00")),
            ("$1,000.50", "1,000", Some("1000")),
            ("1 000,5 €", "12 000,75 €", Some("12000.75")),
            ("1000,5", "3,25", Some("3.25")),
            ("1000,5", "3.25", None),
        ] {
            assert_eq!(number(example, text).as_deref(), plain, "{example}: {text}");
        }
        for bad in ["", "1000", "1,000,5", "5.1", "1a000.5"] {
            assert!(NumberFormat::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_form_of_dates_names_a_whole_day() {
        let read = |format: &str, text: &str| {
            let value = DateFormat::parse(format).unwrap();
            let value = value.read(text, FieldType::Date, &Zone::utc());
            value.map(|value| value.to_text().into_owned())
        };
        assert_eq!(read("%m/%d/%Y", "3/2/2026").as_deref(), Some("2026-03-02"));
        assert_eq!(read("%d.%m.%Y", "3.2.2026").as_deref(), Some("2026-02-03"));
        assert_eq!(read("%m/%d/%Y", "13/2/2026"), None);
        assert_eq!(
            read("%m/%d/%Y %H:%M", "3/2/2026 09:30").as_deref(),
            Some("2026-03-02")
        );
        for bad in ["%q", "%m/%d", "today", "%H:%M"] {
            assert!(DateFormat::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn two_words_stand_for_true_and_false() {
        let words = BooleanWords::parse("Yes/No").unwrap();
        assert_eq!(words.read(" YES "), Some(true));
        assert_eq!(words.read("no"), Some(false));
        assert_eq!(words.read("true"), None);
        for bad in ["", "Yes", "/No", "a/b/c", "Yes/yes"] {
            assert!(BooleanWords::parse(bad).is_err(), "{bad}");
        }
    }
}
