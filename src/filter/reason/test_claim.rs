//! A test that a value is known to pass or to fail.

use crate::domain::Value;
use crate::filter::Sense;
use crate::filter::operator::{Criterion, EvaluationTime, Test};

/// A test, and whether the value passes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct TestClaim<'t> {
    pub(super) test: &'t Test,
    pub(super) holds: bool,
}

impl<'t> TestClaim<'t> {
    /// The value passes.
    pub(super) fn passes(test: &'t Test) -> Self {
        Self { test, holds: true }
    }

    /// The value does not.
    pub(super) fn fails(test: &'t Test) -> Self {
        Self { test, holds: false }
    }

    /// Returns what the test asks.
    pub(super) fn criterion(self) -> &'t Criterion {
        &self.test.criterion
    }

    /// Returns whether the value meets what the test asks, apart from the test's sense.
    pub(super) fn meets(self) -> bool {
        (self.test.sense == Sense::Positive) == self.holds
    }

    pub(super) fn of(self, value: Option<&Value>, when: &EvaluationTime<'_>) -> bool {
        self.test.holds(value, when) == self.holds
    }
}
