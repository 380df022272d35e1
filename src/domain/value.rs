//! What a person field or an activity attribute can hold.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Instant, Text, ValueRef, Zone};

/// The type of a person field or an activity attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FieldType {
    /// Short text.
    String,
    /// Long text.
    Text,
    /// An email address.
    Email,
    /// A telephone number, kept as text.
    Phone,
    /// A link, kept as text.
    Url,
    /// A whole number of 64 bits.
    Integer,
    /// A whole number of 32 bits that `change_score` moves.
    Score,
    /// A whole number.
    Percent,
    /// An amount of money, a decimal number.
    Currency,
    /// A decimal number; it has no `is`.
    Float,
    /// A day.
    Date,
    /// An instant.
    Datetime,
    /// True, false, or nothing.
    Boolean,
}

impl FieldType {
    /// Every type, in the order of the documentation.
    pub(crate) const ALL: [Self; 13] = [
        Self::String,
        Self::Text,
        Self::Email,
        Self::Phone,
        Self::Url,
        Self::Integer,
        Self::Score,
        Self::Percent,
        Self::Currency,
        Self::Float,
        Self::Date,
        Self::Datetime,
        Self::Boolean,
    ];

    /// Returns the name as campaign files write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Text => "text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Integer => "integer",
            Self::Score => "score",
            Self::Percent => "percent",
            Self::Currency => "currency",
            Self::Float => "float",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Boolean => "boolean",
        }
    }

    /// Marketo's other names of types.
    pub(crate) const ALIASES: [(&'static str, Self); 3] = [
        ("link", Self::Url),
        ("textarea", Self::Text),
        ("text_area", Self::Text),
    ];

    /// Finds a type by its name, or by another one that Marketo has for it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let own = Self::ALL.into_iter().find(|known| known.name() == name);
        own.or_else(|| {
            let mut aliases = Self::ALIASES.into_iter();
            aliases
                .find(|(alias, _)| *alias == name)
                .map(|(_, known)| known)
        })
    }

    /// Returns whether values are text.
    pub(crate) fn is_text(self) -> bool {
        matches!(
            self,
            Self::String | Self::Text | Self::Email | Self::Phone | Self::Url
        )
    }

    /// Returns whether values are whole numbers.
    pub(crate) fn is_integer(self) -> bool {
        matches!(self, Self::Integer | Self::Score | Self::Percent)
    }
}

/// A value; "empty" is `None` around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Text of any text type.
    Text(Text),
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
    /// An array or object of JSON, as [`Value::json`] writes it; attributes of events alone have such values.
    Json(Text),
}

impl Value {
    /// Makes a text value.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(Text::from(text))
    }

    /// Makes a value of an array or object of JSON, in the one form in which it is kept; nothing where the text is neither.
    pub(crate) fn json(text: &str) -> Option<Self> {
        let read: serde_json::Value = serde_json::from_str(text).ok()?;
        let nested = read.is_array() || read.is_object();
        nested.then(|| Self::Json(Text::from(read.to_string())))
    }

    /// Reads a cell, token or attribute as a type, as [`ValueRef::parse`] does.
    pub(crate) fn parse(text: &str, as_type: FieldType, zone: &Zone) -> Result<Self, &'static str> {
        ValueRef::parse(text, as_type, zone).map(ValueRef::to_value)
    }

    /// Reads what an event or a form gives for a type, as [`ValueRef::parse_posted`] does.
    pub(crate) fn parse_posted(
        text: &str,
        as_type: FieldType,
        zone: &Zone,
    ) -> Result<Self, &'static str> {
        ValueRef::parse_posted(text, as_type, zone).map(ValueRef::to_value)
    }

    /// Returns the value with its text borrowed.
    pub(crate) fn borrowed(&self) -> ValueRef<'_> {
        match self {
            Self::Text(text) | Self::Json(text) => ValueRef::Text(text),
            Self::Integer(n) => ValueRef::Integer(*n),
            Self::Float(n) => ValueRef::Float(*n),
            Self::Boolean(b) => ValueRef::Boolean(*b),
            Self::Date(date) => ValueRef::Date(*date),
            Self::Datetime(at) => ValueRef::Datetime(*at),
        }
    }

    /// Returns the value as text, as [`ValueRef::to_text`] does; a text is shared, not copied.
    pub(crate) fn to_text(&self) -> Text {
        match self {
            Self::Text(text) | Self::Json(text) => Text::clone(text),
            Self::Integer(_)
            | Self::Float(_)
            | Self::Boolean(_)
            | Self::Date(_)
            | Self::Datetime(_) => Text::from(self.borrowed().to_text()),
        }
    }
}

/// Reads a whole number; surrounding blanks are not part of it.
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| trimmed.parse().ok())
        .flatten()
}

/// Reads a decimal number: digits, one point, an optional exponent; never `nan` or `inf`.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let trimmed = text.trim();
    let plausible = trimmed.bytes().any(|b| b.is_ascii_digit())
        && trimmed
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    plausible
        .then(|| trimmed.parse().ok())
        .flatten()
        .filter(|n: &f64| n.is_finite())
        .map(|n| if n == 0.0 { 0.0 } else { n })
}

/// Reads a day as `YYYY-MM-DD`, from 1900 to 2199.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let trimmed = text.trim();
    let bytes = trimmed.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| {
            if i == 4 || i == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
    if !shaped {
        return None;
    }
    let number = |range: std::ops::Range<usize>| trimmed[range].parse::<u32>().ok();
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(number(0..4)?).ok()?,
        number(5..7)?,
        number(8..10)?,
    )?;
    (1900..2200).contains(&date.year()).then_some(date)
}

/// Reads a civil date and time: `2026-11-02 10:00`, `2026-11-02T10:00:30.5`, no zone.
pub(crate) fn parse_civil(text: &str) -> Option<NaiveDateTime> {
    let trimmed = text.trim();
    let date = parse_date(trimmed.get(..10)?)?;
    let rest = trimmed[10..].strip_prefix(['T', 't', ' '])?;
    Some(date.and_time(parse_time(rest)?))
}

/// Reads a time of day: `09:00`, `09:00:30`, `09:00:30.250`; digits past microseconds are cut.
pub(crate) fn parse_time(text: &str) -> Option<chrono::NaiveTime> {
    let (clock, fraction) = text
        .split_once('.')
        .map_or((text, None), |(clock, fraction)| (clock, Some(fraction)));
    let mut parts = clock.split(':');
    let mut two = || {
        parts
            .next()
            .filter(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|p| p.parse::<u32>().ok())
    };
    let (hour, minute) = (two()?, two()?);
    let second = if clock.len() > 5 { two()? } else { 0 };
    if parts.next().is_some() || (fraction.is_some() && clock.len() != 8) {
        return None;
    }
    let micros = match fraction {
        None => 0,
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{digits:0<6}").get(..6)?.parse::<u32>().ok()?
        }
        Some(_) => return None,
    };
    chrono::NaiveTime::from_hms_micro_opt(hour, minute, second, micros)
}

/// Reads an instant: RFC 3339 with `Z` or an offset of at most 14 hours (`+02:00`, `+0200`), or civil time of `zone`.
///
/// A bare date is its first instant. Instants lie from 1900 to 2199; files of events are held to 1970 to 2100 by their reader.
pub(crate) fn parse_datetime(text: &str, zone: &Zone) -> Option<Instant> {
    let trimmed = text.trim();
    if let Some(date) = parse_date(trimmed) {
        return Some(zone.start_of(date));
    }
    if let Some(utc) = trimmed.strip_suffix(['Z', 'z']) {
        return parse_civil(utc).map(Instant::from_utc);
    }
    let tail = trimmed.get(10..)?;
    if let Some(sign_at) = tail.rfind(['+', '-']) {
        let (clock, offset) = trimmed.split_at(10 + sign_at);
        let seconds = parse_offset(offset)?;
        return parse_civil(clock)
            .map(|civil| Instant::from_utc(civil).plus_micros(-seconds * super::instant::SECOND));
    }
    parse_civil(trimmed).map(|civil| zone.instant(civil))
}

fn parse_offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let plain: String = digits.chars().filter(|c| *c != ':').collect();
    let shaped = (digits.len() == 5 && digits.as_bytes()[2] == b':') || digits.len() == 4;
    if !shaped || plain.len() != 4 || !plain.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = plain[..2].parse().ok()?;
    let minutes: i64 = plain[2..].parse().ok()?;
    (minutes < 60 && hours * 60 + minutes <= 14 * 60)
        .then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, as_type: FieldType) -> Option<String> {
        Value::parse(text, as_type, &Zone::utc())
            .ok()
            .map(|v| v.to_text().to_string())
    }

    #[test]
    fn numbers_are_read_exactly_or_not_at_all() {
        assert_eq!(read("007", FieldType::Integer).as_deref(), Some("7"));
        assert_eq!(read("4.9", FieldType::Integer), None);
        assert_eq!(read("9223372036854775808", FieldType::Integer), None);
        assert_eq!(read("3000000000", FieldType::Score), None);
        assert_eq!(read("nan", FieldType::Float), None);
        assert_eq!(read("-0.0", FieldType::Float).as_deref(), Some("0"));
    }

    #[test]
    fn instants_are_read_with_offset_or_in_the_zone() {
        let york = Zone::named("America/New_York").unwrap();
        let read = |text: &str| parse_datetime(text, &york).map(Instant::rfc3339);
        assert_eq!(
            read("2026-11-02T10:00:00Z").as_deref(),
            Some("2026-11-02T10:00:00Z")
        );
        assert_eq!(
            read("2026-11-02T10:00:00+0200").as_deref(),
            Some("2026-11-02T08:00:00Z")
        );
        assert_eq!(
            read("2026-11-02 10:00").as_deref(),
            Some("2026-11-02T15:00:00Z")
        );
        assert_eq!(
            read("2026-11-02T10:00:00.1234567Z").as_deref(),
            Some("2026-11-02T10:00:00.123456Z")
        );
        assert_eq!(read("2026-11-02T10:00:00+15:00"), None);
        assert_eq!(read("2026-02-30"), None);
        assert_eq!(read("11/02/2026"), None);
    }
}
