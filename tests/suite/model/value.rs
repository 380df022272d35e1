//! Values of person fields and how texts become them.

use chrono::{NaiveDate, NaiveDateTime};

use super::calendar::{Micros, Zone, rfc3339};

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Text,
    Integer,
    Score,
    Float,
    Currency,
    Date,
    Datetime,
    Boolean,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Score => "score",
            Self::Float => "float",
            Self::Currency => "currency",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Boolean => "boolean",
        }
    }

    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::String | Self::Text)
    }
}

/// A value; empty is `None` around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Val {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Date(NaiveDate),
    At(Micros),
}

/// A value of a date or datetime field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Day(NaiveDate),
    At(Micros),
}

impl Val {
    /// The value as a moment; the generator asks this of dates and datetimes alone.
    pub(crate) fn moment(&self) -> Moment {
        match self {
            Self::Date(day) => Moment::Day(*day),
            Self::At(at) => Moment::At(*at),
            Self::Text(_) | Self::Int(_) | Self::Float(_) | Self::Bool(_) => {
                unreachable!("{self:?} is no moment")
            }
        }
    }

    /// As logs and tokens show it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Int(n) => n.to_string(),
            Self::Float(n) => n.to_string(),
            Self::Bool(b) => b.to_string(),
            Self::Date(day) => day.to_string(),
            Self::At(at) => rfc3339(*at),
        }
    }

    /// Reads a text as a type; nothing where it does not fit.
    ///
    /// The model's files hold plain spellings alone, so this reads no others.
    pub(crate) fn read(text: &str, kind: Kind, zone: Zone) -> Option<Self> {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let clock = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok();
        let stamp = |text: &str| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.fZ")
                .ok()
                .map(|civil| civil.and_utc().timestamp_micros())
        };
        let trimmed = text.trim();
        let instant = || {
            day(trimmed)
                .map(|day| zone.start_of(day))
                .or_else(|| clock(trimmed).map(|civil| zone.instant(civil)))
                .or_else(|| stamp(trimmed))
        };
        match kind {
            Kind::String | Kind::Text => Some(Self::Text(text.to_owned())),
            Kind::Integer => trimmed.parse().ok().map(Self::Int),
            Kind::Score => trimmed.parse::<i32>().ok().map(|n| Self::Int(n.into())),
            Kind::Float | Kind::Currency => trimmed
                .parse()
                .ok()
                .filter(|n: &f64| n.is_finite())
                .map(Self::Float),
            Kind::Boolean => match trimmed.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(Self::Bool(true)),
                "false" | "0" => Some(Self::Bool(false)),
                _ => None,
            },
            Kind::Date => day(trimmed)
                .or_else(|| instant().map(|at| zone.date(at)))
                .map(Self::Date),
            Kind::Datetime => instant().map(Self::At),
        }
    }
}

/// The comparison key of a text: each character upper, then lower.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

pub(crate) fn same(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}
