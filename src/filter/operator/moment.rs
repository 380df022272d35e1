//! Days and instants, and how they compare: a day with anything by days, two instants exactly.

use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::domain::value::{parse_date, parse_datetime};
use crate::domain::{Instant, Value, Zone};

use super::Moment;

/// A value as a point in time.
#[derive(Debug, Clone, Copy)]
pub(super) enum Point {
    /// The value of a date field.
    Day(NaiveDate),
    /// The value of a datetime field.
    Instant(Instant),
}

/// Returns a value as a point in time; nothing where it is none.
pub(super) fn point(value: &Value, zone: &Zone) -> Option<Point> {
    match value {
        Value::Date(day) => Some(Point::Day(*day)),
        Value::Datetime(at) => Some(Point::Instant(*at)),
        Value::Text(text) => parse_date(text)
            .map(Point::Day)
            .or_else(|| parse_datetime(text, zone).map(Point::Instant)),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => None,
    }
}

/// Returns the day of a point in a zone.
pub(super) fn day(point: Point, zone: &Zone) -> NaiveDate {
    match point {
        Point::Day(day) => day,
        Point::Instant(at) => zone.date(at),
    }
}

/// Compares a value's point with what was written.
pub(super) fn compare(point: Point, with: Moment, zone: &Zone) -> Ordering {
    match (point, with) {
        (Point::Day(a), Moment::Day(b)) => a.cmp(&b),
        (Point::Instant(a), Moment::Instant(b)) => a.cmp(&b),
        (Point::Instant(a), Moment::Day(b)) => compare_day(a, b, zone),
        (Point::Day(a), Moment::Instant(b)) => compare_day(b, a, zone).reverse(),
    }
}

/// Compares an instant's day in the zone with a day.
///
/// No zone is a whole day or more from UTC, so the zone's rules are asked only within two days.
fn compare_day(at: Instant, day: NaiveDate, zone: &Zone) -> Ordering {
    match at.utc().date().signed_duration_since(day).num_days() {
        ..=-2 => Ordering::Less,
        2.. => Ordering::Greater,
        -1..=1 => zone.date(at).cmp(&day),
    }
}
