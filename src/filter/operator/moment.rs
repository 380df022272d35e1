//! Days and instants, and how they compare: a day with anything by days, two instants exactly.

use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::domain::value::{parse_date, parse_datetime};
use crate::domain::{Instant, Value, Zone};

/// A day, or an instant: the value of a date or datetime field, and what a date operator is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Compared day by day in the workspace's zone.
    Day(NaiveDate),
    /// Compared exactly.
    Instant(Instant),
}

impl Moment {
    /// Reads a value as a day or instant; nothing where it is neither.
    pub(super) fn of(value: &Value, zone: &Zone) -> Option<Self> {
        match value {
            Value::Date(day) => Some(Self::Day(*day)),
            Value::Datetime(at) => Some(Self::Instant(*at)),
            Value::Text(text) => parse_date(text)
                .map(Self::Day)
                .or_else(|| parse_datetime(text, zone).map(Self::Instant)),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Json(_) => None,
        }
    }

    /// Returns its day in a zone.
    pub(crate) fn day(self, zone: &Zone) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Instant(at) => zone.date(at),
        }
    }

    /// Returns its first instant in a zone.
    pub(super) fn beginning(self, zone: &Zone) -> Instant {
        match self {
            Self::Day(day) => zone.start_of(day),
            Self::Instant(at) => at,
        }
    }

    /// Compares two moments: by days where one of them is a day.
    pub(super) fn compare(self, other: Self, zone: &Zone) -> Ordering {
        match (self, other) {
            (Self::Day(a), Self::Day(b)) => a.cmp(&b),
            (Self::Instant(a), Self::Instant(b)) => a.cmp(&b),
            (Self::Instant(a), Self::Day(b)) => compare_day(a, b, zone),
            (Self::Day(a), Self::Instant(b)) => compare_day(b, a, zone).reverse(),
        }
    }
}

/// Compares an instant's day in the zone with a day.
///
/// No zone is a whole day or more from UTC, so the zone's rules are evaluated only within two days.
fn compare_day(at: Instant, day: NaiveDate, zone: &Zone) -> Ordering {
    match at.utc().date().signed_duration_since(day).num_days() {
        ..=-2 => Ordering::Less,
        2.. => Ordering::Greater,
        -1..=1 => zone.date(at).cmp(&day),
    }
}
