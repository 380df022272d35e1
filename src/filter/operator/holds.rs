//! Whether a value passes a test: the single meaning of every operator.
//!
//! Total: every operator answers for every value. Values normally have the type their test was compiled for;
//! one that has not, such as an attribute that came untyped from a file, is read by the test's type, and where
//! that is not possible no positive operator holds for it.

use std::cmp::Ordering;

use crate::domain::value::{parse_float, parse_integer};
use crate::domain::{Text, Value};

use super::moment::{self, Point};
use super::window::{self, Window};
use super::{Argument, EvaluationTime, Operator, Test, text};

impl Test {
    /// Tells whether a value passes; `None` is an empty field. It never fails and is never unknown.
    pub fn holds(&self, value: Option<&Value>, when: &EvaluationTime<'_>) -> bool {
        if let Some((relation, keys)) = self.relation() {
            let positive = match value {
                None => false,
                Some(Value::Text(text)) => relation(text, keys),
                Some(other) => relation(&other.to_text(), keys),
            };
            return positive != self.operator.complement_of().is_some();
        }
        match self.operator {
            Operator::Is => self.is(value, when),
            Operator::IsNot => !self.is(value, when),
            Operator::IsEmpty => value.is_none(),
            Operator::IsNotEmpty => value.is_some(),
            Operator::Between => {
                self.compares(value, 0, when, Ordering::is_ge)
                    && self.compares(value, 1, when, Ordering::is_le)
            }
            Operator::GreaterThan | Operator::After => {
                self.compares(value, 0, when, Ordering::is_gt)
            }
            Operator::AtLeast | Operator::OnOrAfter => {
                self.compares(value, 0, when, Ordering::is_ge)
            }
            Operator::LessThan => self.compares(value, 0, when, Ordering::is_lt),
            Operator::AtMost => self.compares(value, 0, when, Ordering::is_le),
            Operator::Before => value.is_none() || self.compares(value, 0, when, Ordering::is_lt),
            Operator::OnOrBefore => {
                value.is_none() || self.compares(value, 0, when, Ordering::is_le)
            }
            Operator::InPast => self.in_window(value, Window::Past, when),
            Operator::InPastBefore => {
                value.is_none() || self.in_window(value, Window::PastBefore, when)
            }
            Operator::InFuture => self.in_window(value, Window::Future, when),
            Operator::InFutureAfter => self.in_window(value, Window::FutureAfter, when),
            Operator::InTimeFrame => self.in_frame(value, when),
            // Made by hand without texts: no text begins with what is none.
            Operator::StartsWith | Operator::Contains => false,
            Operator::NotStartsWith | Operator::NotContains => true,
        }
    }

    /// Tells whether a text passes, such as a primary attribute or a status, without making a value of it.
    pub fn holds_text(&self, text: Option<&Text>, when: &EvaluationTime<'_>) -> bool {
        if let Some((relation, keys)) = self.relation() {
            let positive = text.is_some_and(|text| relation(text, keys));
            return positive != self.operator.complement_of().is_some();
        }
        let value = text.map(|text| Value::Text(Text::clone(text)));
        self.holds(value.as_ref(), when)
    }

    /// Returns the relation to texts of which a text test, or its complement, asks.
    fn relation(&self) -> Option<(text::TextRelation, &[Box<str>])> {
        let (keys, whole): (_, text::TextRelation) = match &self.argument {
            Argument::Texts(keys) => (keys, text::is),
            Argument::Assets(keys) => (keys, text::is_asset),
            Argument::None
            | Argument::Integers(_)
            | Argument::Floats(_)
            | Argument::Boolean(_)
            | Argument::Moments(_)
            | Argument::Duration(_)
            | Argument::Frame(_) => return None,
        };
        let relation = match self.operator {
            Operator::Is | Operator::IsNot => whole,
            Operator::StartsWith | Operator::NotStartsWith => text::starts_with,
            Operator::Contains | Operator::NotContains => text::contains,
            Operator::IsEmpty
            | Operator::IsNotEmpty
            | Operator::Between
            | Operator::GreaterThan
            | Operator::LessThan
            | Operator::AtLeast
            | Operator::AtMost
            | Operator::After
            | Operator::Before
            | Operator::OnOrAfter
            | Operator::OnOrBefore
            | Operator::InPast
            | Operator::InPastBefore
            | Operator::InFuture
            | Operator::InFutureAfter
            | Operator::InTimeFrame => return None,
        };
        Some((relation, keys))
    }

    /// Equal to any of the values that are no texts.
    fn is(&self, value: Option<&Value>, when: &EvaluationTime<'_>) -> bool {
        match &self.argument {
            Argument::Integers(numbers) => match value {
                None => numbers.contains(&0),
                Some(value) => numbers
                    .iter()
                    .any(|n| number(value).is_some_and(|v| v.compare(Number::Whole(*n)).is_eq())),
            },
            Argument::Floats(numbers) => match value {
                None => numbers.contains(&0.0),
                Some(value) => numbers
                    .iter()
                    .any(|n| number(value).is_some_and(|v| v.compare(Number::Decimal(*n)).is_eq())),
            },
            Argument::Boolean(wanted) => value.and_then(truth) == Some(*wanted),
            Argument::Moments(moments) => value
                .and_then(|v| moment::point(v, when.zone))
                .is_some_and(|point| {
                    moments
                        .iter()
                        .any(|m| moment::compare(point, *m, when.zone).is_eq())
                }),
            Argument::None
            | Argument::Texts(_)
            | Argument::Assets(_)
            | Argument::Duration(_)
            | Argument::Frame(_) => false,
        }
    }

    /// The value stands in the wanted order to the argument's n-th number or moment.
    fn compares(
        &self,
        value: Option<&Value>,
        nth: usize,
        when: &EvaluationTime<'_>,
        wanted: fn(Ordering) -> bool,
    ) -> bool {
        let Some(value) = value else { return false };
        let order = match &self.argument {
            Argument::Integers(bounds) => bounds
                .get(nth)
                .and_then(|bound| Some(number(value)?.compare(Number::Whole(*bound)))),
            Argument::Floats(bounds) => bounds
                .get(nth)
                .and_then(|bound| Some(number(value)?.compare(Number::Decimal(*bound)))),
            Argument::Moments(bounds) => bounds.get(nth).and_then(|bound| {
                let point = moment::point(value, when.zone)?;
                Some(moment::compare(point, *bound, when.zone))
            }),
            Argument::None
            | Argument::Texts(_)
            | Argument::Assets(_)
            | Argument::Boolean(_)
            | Argument::Duration(_)
            | Argument::Frame(_) => None,
        };
        order.is_some_and(wanted)
    }

    fn in_window(&self, value: Option<&Value>, window: Window, when: &EvaluationTime<'_>) -> bool {
        let Argument::Duration(length) = self.argument else {
            return false;
        };
        match value.and_then(|v| moment::point(v, when.zone)) {
            None => false,
            Some(Point::Day(day)) => window.has_day(length, day, when),
            Some(Point::Instant(at)) => window.has_instant(length, at, when),
        }
    }

    fn in_frame(&self, value: Option<&Value>, when: &EvaluationTime<'_>) -> bool {
        let Argument::Frame(frame) = self.argument else {
            return false;
        };
        value
            .and_then(|v| moment::point(v, when.zone))
            .is_some_and(|point| {
                let (first, last) = window::days(frame, when);
                let day = moment::day(point, when.zone);
                first <= day && day <= last
            })
    }
}

/// A number as a value or a bound holds it.
#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Decimal(f64),
}

impl Number {
    /// Whole numbers are compared exactly; no number is NaN.
    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (a, b) => a
                .decimal()
                .partial_cmp(&b.decimal())
                .unwrap_or(Ordering::Equal),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "only where one side is a decimal number already"
    )]
    fn decimal(self) -> f64 {
        match self {
            Self::Whole(n) => n as f64,
            Self::Decimal(n) => n,
        }
    }
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Integer(n) => Some(Number::Whole(*n)),
        Value::Float(n) => Some(Number::Decimal(*n)),
        Value::Text(text) => parse_integer(text)
            .map(Number::Whole)
            .or_else(|| parse_float(text).map(Number::Decimal)),
        Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(b) => Some(*b),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        Value::Integer(n @ (0 | 1)) => Some(*n == 1),
        Value::Text(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::Date(_)
        | Value::Datetime(_) => None,
    }
}
