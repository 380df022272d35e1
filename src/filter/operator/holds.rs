//! Whether a value passes a test: the single meaning of every operator.
//!
//! Total: every criterion answers for every value. Values normally have the type that their test was compiled for;
//! one of another type, such as an attribute that came untyped from a file, is read by the test's type, and where
//! that is not possible the criterion does not hold for it.

use std::cmp::Ordering;

use crate::domain::{Text, Value};

use super::criterion::{Criterion, Point};
use super::moment::Moment;
use super::table::Side;
use super::window::Window;
use super::{EvaluationTime, Test, window};

impl Test {
    /// Returns whether a value passes; `None` is an empty field. It never fails and is never unknown.
    pub(crate) fn holds(&self, value: Option<&Value>, when: &EvaluationTime<'_>) -> bool {
        self.sense.of(match value {
            None => self.criterion.holds_for_none(),
            Some(value) => self.criterion.holds(value, when),
        })
    }

    /// Returns whether a text passes, such as a primary attribute or a status, without making a value of it.
    pub(crate) fn holds_text(&self, text: Option<&Text>, when: &EvaluationTime<'_>) -> bool {
        if let Criterion::Text(relation, keys) = &self.criterion {
            return self
                .sense
                .of(text.is_some_and(|text| relation.holds(text, keys)));
        }
        let value = text.map(|text| Value::Text(Text::clone(text)));
        self.holds(value.as_ref(), when)
    }
}

impl Criterion {
    /// Returns whether an empty field meets the criterion: it equals 0, and comes before every moment.
    fn holds_for_none(&self) -> bool {
        match self {
            Self::Empty
            | Self::Window(Window::PastBefore, _)
            | Self::Side(Side::Below | Side::AtMost, Point::Moment(_)) => true,
            Self::Equal(points) => points.iter().any(|point| point.is_zero()),
            Self::Side(Side::Below | Side::AtMost, Point::Number(_))
            | Self::Side(Side::Above | Side::AtLeast, _)
            | Self::Window(Window::Past | Window::Future | Window::FutureAfter, _)
            | Self::Text(..)
            | Self::Truth(_)
            | Self::Between(_)
            | Self::Frame(_) => false,
        }
    }

    fn holds(&self, value: &Value, when: &EvaluationTime<'_>) -> bool {
        let order = |point: &Point| point.order_of(value, when.zone);
        match self {
            Self::Empty => false,
            Self::Text(relation, keys) => {
                if let Value::Text(text) = value {
                    return relation.holds(text, keys);
                }
                relation.holds(&value.to_text(), keys)
            }
            Self::Equal(points) => points
                .iter()
                .any(|point| order(point) == Some(Ordering::Equal)),
            Self::Truth(wanted) => truth(value) == Some(*wanted),
            Self::Between([first, last]) => {
                order(first).is_some_and(Ordering::is_ge)
                    && order(last).is_some_and(Ordering::is_le)
            }
            Self::Side(side, point) => order(point).is_some_and(|order| side.has(order)),
            Self::Window(window, length) => match Moment::of(value, when.zone) {
                None => false,
                Some(Moment::Day(day)) => window.has_day(*length, day, when),
                Some(Moment::Instant(at)) => window.has_instant(*length, at, when),
            },
            Self::Frame(frame) => Moment::of(value, when.zone).is_some_and(|moment| {
                let (first, last) = window::days(*frame, when);
                (first..=last).contains(&moment.day(when.zone))
            }),
        }
    }
}

impl Side {
    /// Returns whether a value that stands so to the bound lies on this side of it.
    fn has(self, order: Ordering) -> bool {
        match self {
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
        }
    }
}

/// Reads a value as true or false.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(b) => Some(*b),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        Value::Integer(n @ (0 | 1)) => Some(*n == 1),
        Value::Text(_)
        | Value::Json(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Date(_)
        | Value::Datetime(_) => None,
    }
}
