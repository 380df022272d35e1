//! What a test asks of a value: an operator's comparison with its operand, read by the field's type.
//!
//! Each criterion holds exactly what its comparison needs, so that every one of them means something.

use std::cmp::Ordering;

use crate::domain::value::{parse_float, parse_integer};
use crate::domain::{Duration, Value, Zone};

use super::moment::Moment;
use super::table::Side;
use super::text::TextRelation;
use super::time_frame::TimeFrame;
use super::window::Window;

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Criterion {
    /// There is no value.
    Empty,
    /// The text stands in a relation to one of some comparison keys (see `domain::text::fold`).
    Text(TextRelation, Vec<Box<str>>),
    /// The value is one of these.
    Equal(Vec<Point>),
    /// The value is this truth.
    Truth(bool),
    /// The value lies between two points, both included.
    Between([Point; 2]),
    /// The value lies on one side of a point.
    Side(Side, Point),
    /// The value lies in a window of this length.
    Window(Window, Duration),
    /// The value lies in a named part of the calendar.
    Frame(TimeFrame),
}

impl Criterion {
    /// Returns the points that values are compared with.
    pub(crate) fn points(&self) -> &[Point] {
        match self {
            Self::Equal(points) => points,
            Self::Between(points) => points,
            Self::Side(_, point) => std::slice::from_ref(point),
            Self::Empty | Self::Text(..) | Self::Truth(_) | Self::Window(..) | Self::Frame(_) => {
                &[]
            }
        }
    }
}

/// A number, a day or an instant: what values are compared with by their order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Point {
    /// A number.
    Number(Number),
    /// A day or an instant.
    Moment(Moment),
}

impl Point {
    /// Returns how a value stands to this point; nothing where it cannot be read as one of its kind.
    pub(super) fn order_of(self, value: &Value, zone: &Zone) -> Option<Ordering> {
        match self {
            Self::Number(bound) => Number::of(value).map(|number| number.compare(bound)),
            Self::Moment(bound) => {
                Moment::of(value, zone).map(|moment| moment.compare(bound, zone))
            }
        }
    }

    /// Returns how two points stand to each other; nothing where one is a number and the other a moment.
    pub(super) fn compare(self, other: Self, zone: &Zone) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Some(one.compare(other)),
            (Self::Moment(one), Self::Moment(other)) => {
                Some(one.beginning(zone).cmp(&other.beginning(zone)))
            }
            (Self::Number(_), Self::Moment(_)) | (Self::Moment(_), Self::Number(_)) => None,
        }
    }

    /// Returns whether the point is the number 0, which an empty field equals.
    pub(super) fn is_zero(self) -> bool {
        match self {
            Self::Number(number) => number.compare(Number::Whole(0)).is_eq(),
            Self::Moment(_) => false,
        }
    }
}

/// A number as a value or a bound holds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// Without a fraction.
    Whole(i64),
    /// With one; never NaN.
    Decimal(f64),
}

impl Number {
    /// Reads a value as a number.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(n) => Some(Self::Whole(*n)),
            Value::Float(n) => Some(Self::Decimal(*n)),
            Value::Text(text) => parse_integer(text)
                .map(Self::Whole)
                .or_else(|| parse_float(text).map(Self::Decimal)),
            Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) | Value::Json(_) => None,
        }
    }

    /// Compares two numbers: whole ones exactly.
    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (a, b) => a
                .decimal()
                .partial_cmp(&b.decimal())
                .unwrap_or(Ordering::Equal),
        }
    }

    /// Returns the number with a fraction, the nearest one where it is too large to be exact.
    #[expect(
        clippy::cast_precision_loss,
        reason = "only where one side is a decimal number already, or a sample is sought"
    )]
    pub(crate) fn decimal(self) -> f64 {
        match self {
            Self::Whole(n) => n as f64,
            Self::Decimal(n) => n,
        }
    }
}
