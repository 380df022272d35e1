//! A value that borrows its text, for readers and writers that pass values on without a copy.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::value::{parse_date, parse_datetime, parse_float, parse_integer};
use super::{FieldType, Instant, Value, Zone};

/// A value as [`Value`] holds it, with borrowed text; "empty" is `None` around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ValueRef<'a> {
    /// Text of any text type.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A decimal number, never NaN or infinite.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// A day.
    Date(NaiveDate),
    /// An instant.
    Datetime(Instant),
}

impl<'a> ValueRef<'a> {
    /// Reads a cell, token or attribute as a type; local datetimes are of `zone`.
    ///
    /// The error says what was expected, without the value itself, since that may be personal.
    pub(crate) fn parse(
        text: &'a str,
        as_type: FieldType,
        zone: &Zone,
    ) -> Result<Self, &'static str> {
        match as_type {
            FieldType::String
            | FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url => Ok(Self::Text(text)),
            FieldType::Integer | FieldType::Percent => parse_integer(text)
                .map(Self::Integer)
                .ok_or("a whole number of at most 64 bits, such as 42"),
            FieldType::Score => parse_integer(text)
                .filter(|n| i32::try_from(*n).is_ok())
                .map(Self::Integer)
                .ok_or("a whole number of at most 32 bits, such as 42"),
            FieldType::Currency | FieldType::Float => parse_float(text)
                .map(Self::Float)
                .ok_or("a number such as 12.50"),
            FieldType::Boolean => match text.trim() {
                t if t.eq_ignore_ascii_case("true") || t == "1" => Ok(Self::Boolean(true)),
                t if t.eq_ignore_ascii_case("false") || t == "0" => Ok(Self::Boolean(false)),
                _ => Err("true or false"),
            },
            FieldType::Date => parse_date(text)
                .or_else(|| parse_datetime(text, zone).map(|at| zone.date(at)))
                .map(Self::Date)
                .ok_or("a date as YYYY-MM-DD"),
            FieldType::Datetime => parse_datetime(text, zone)
                .map(Self::Datetime)
                .ok_or("a date and time as 2026-11-02T10:00:00Z or 2026-11-02 10:00"),
        }
    }

    /// Reads what an event or a form gives for a type: as [`ValueRef::parse`], and for booleans what a checkbox posts, for
    /// whole numbers `10.0` as well, as many programs write them.
    pub(crate) fn parse_posted(
        text: &'a str,
        as_type: FieldType,
        zone: &Zone,
    ) -> Result<Self, &'static str> {
        let is = |words: [&str; 2]| {
            words
                .iter()
                .any(|word| text.trim().eq_ignore_ascii_case(word))
        };
        if as_type == FieldType::Boolean && is(["yes", "on"]) {
            Ok(Self::Boolean(true))
        } else if as_type == FieldType::Boolean && is(["no", "off"]) {
            Ok(Self::Boolean(false))
        } else if as_type.is_integer() {
            Self::parse(without_zeros(text), as_type, zone)
        } else {
            Self::parse(text, as_type, zone)
        }
    }

    /// Returns the value as text, the way tokens, logs and tables show it: dates as ISO 8601, instants as RFC 3339 UTC.
    pub(crate) fn to_text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(n) => Cow::Owned(n.to_string()),
            Self::Float(n) => Cow::Owned(n.to_string()),
            Self::Boolean(true) => Cow::Borrowed("true"),
            Self::Boolean(false) => Cow::Borrowed("false"),
            Self::Date(date) => Cow::Owned(date.format("%Y-%m-%d").to_string()),
            Self::Datetime(at) => Cow::Owned(at.rfc3339()),
        }
    }

    /// Returns the value with a text of its own.
    pub(crate) fn to_value(self) -> Value {
        match self {
            Self::Text(text) => Value::text(text),
            Self::Integer(n) => Value::Integer(n),
            Self::Float(n) => Value::Float(n),
            Self::Boolean(b) => Value::Boolean(b),
            Self::Date(date) => Value::Date(date),
            Self::Datetime(at) => Value::Datetime(at),
        }
    }
}

/// Returns a number without a fraction that is nothing but zeros.
fn without_zeros(text: &str) -> &str {
    match text.trim().split_once('.') {
        Some((whole, zeros))
            if !zeros.is_empty()
                && zeros.bytes().all(|byte| byte == b'0')
                && whole.ends_with(|last: char| last.is_ascii_digit()) =>
        {
            whole
        }
        Some(_) | None => text,
    }
}

/// Values in results and in the log's JSON: numbers and booleans as such, everything else as text.
impl Serialize for ValueRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(n) => serializer.serialize_i64(*n),
            Self::Float(n) => serializer.serialize_f64(*n),
            Self::Boolean(b) => serializer.serialize_bool(*b),
            Self::Text(_) | Self::Date(_) | Self::Datetime(_) => {
                serializer.serialize_str(&self.to_text())
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(text) => serde_json::from_str::<Box<RawValue>>(text)
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
            Self::Text(_)
            | Self::Integer(_)
            | Self::Float(_)
            | Self::Boolean(_)
            | Self::Date(_)
            | Self::Datetime(_) => self.borrowed().serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_may_be_posted_with_a_fraction_of_zeros() {
        let posted = |text| ValueRef::parse_posted(text, FieldType::Score, &Zone::utc());
        assert_eq!(posted("10.0"), Ok(ValueRef::Integer(10)));
        assert_eq!(posted(" -3.00 "), Ok(ValueRef::Integer(-3)));
        for bad in ["10.5", "10.", ".0", "1.0.0", "x.0"] {
            assert!(posted(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_checkbox_posts_yes_or_on_where_a_list_says_true() {
        let utc = Zone::utc();
        let posted = |text| ValueRef::parse_posted(text, FieldType::Boolean, &utc);
        for (text, truth) in [
            ("yes", true),
            ("On", true),
            (" TRUE ", true),
            ("1", true),
            ("no", false),
            ("off", false),
            ("false", false),
            ("0", false),
        ] {
            assert_eq!(posted(text), Ok(ValueRef::Boolean(truth)), "{text}");
        }
        assert!(posted("ja").is_err());
        assert!(ValueRef::parse("yes", FieldType::Boolean, &utc).is_err());
        assert_eq!(
            ValueRef::parse_posted("yes", FieldType::String, &utc),
            Ok(ValueRef::Text("yes"))
        );
    }
}
