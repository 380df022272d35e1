//! Every operator and its single meaning.
//!
//! `table` has a row for each operator. `argument` and `value` read what was written into a [`Test`], whose
//! [`Criterion`] is the comparison with its operand; `holds` answers, with `text`, `moment` and `window` for the
//! families that need more than an order. The truth table `tests/operators.csv` shows each rule.

mod advice;
pub(crate) mod argument;
mod criterion;
mod family;
mod holds;
mod moment;
pub(crate) mod operand;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time_frame;
mod value;
mod window;

use super::Sense;
use crate::domain::{Instant, Zone};

pub(crate) use criterion::{Criterion, Number, Point};
pub(crate) use family::Family;
pub(crate) use moment::Moment;
pub(crate) use table::{Comparison, Operand, Operator, Side};
pub(crate) use text::TextRelation;
pub(crate) use time_frame::TimeFrame;
pub(crate) use window::{Window, days as frame_days};

/// What an operator with its operand asks of a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Test {
    /// Whether the criterion must hold, or must not.
    pub(crate) sense: Sense,
    /// What is asked.
    pub(crate) criterion: Criterion,
}

impl Test {
    /// Makes the test that a criterion holds.
    pub(crate) const fn that(criterion: Criterion) -> Self {
        Self {
            sense: Sense::Positive,
            criterion,
        }
    }
}

/// The first day of a calendar week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum WeekStart {
    /// The default.
    #[default]
    Sunday,
    /// ISO's.
    Monday,
}

/// The instant at which something is evaluated, and the calendar that goes with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EvaluationTime<'a> {
    /// Now.
    pub(crate) now: Instant,
    /// The workspace's zone.
    pub(crate) zone: &'a Zone,
    /// The workspace's first day of the week.
    pub(crate) week_start: WeekStart,
}
