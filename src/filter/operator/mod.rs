//! Every operator and its single meaning.
//!
//! `table` has a row for each operator. `argument` and `value` read what was written into a [`Test`], whose
//! [`Criterion`] is the comparison with its operand; `holds` answers, with `text`, `moment` and `window` for the
//! families that need more than an order. The truth table `tests/operators.csv` shows each rule.

mod advice;
pub mod argument;
mod criterion;
mod family;
mod holds;
mod moment;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time_frame;
mod value;
mod window;

use super::Sense;
use crate::domain::{Instant, Zone};

pub use criterion::{Criterion, Number, Point};
pub use family::Family;
pub use moment::Moment;
pub use table::{Comparison, Operand, Operator, Side};
pub use text::TextRelation;
pub use time_frame::TimeFrame;
pub use window::Window;

/// What an operator with its operand asks of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Whether the criterion must hold, or must not.
    pub sense: Sense,
    /// What is asked.
    pub criterion: Criterion,
}

impl Test {
    /// Makes the test that a criterion holds.
    pub const fn that(criterion: Criterion) -> Self {
        Self {
            sense: Sense::Positive,
            criterion,
        }
    }
}

/// The first day of a calendar week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeekStart {
    /// The default.
    #[default]
    Sunday,
    /// ISO's.
    Monday,
}

/// The instant at which something is evaluated, and the calendar that goes with it.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationTime<'a> {
    /// Now.
    pub now: Instant,
    /// The workspace's zone.
    pub zone: &'a Zone,
    /// The workspace's first day of the week.
    pub week_start: WeekStart,
}
