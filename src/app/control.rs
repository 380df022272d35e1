//! What long work is given by its caller: the flag that stops it, and the display of its progress.

use crate::domain::Instant;

use super::{Stop, UserError};

/// The wish to stop, and the display of how far the work has got.
pub(crate) struct Control<'a> {
    stop: &'a Stop,
    progress: &'a mut dyn FnMut(u64),
    /// Is given the instants up to which all has happened.
    passed: Option<&'a dyn Fn(Instant)>,
}

impl<'a> Control<'a> {
    /// Watches a stop flag, and gives the count of what is done to `progress`.
    pub(crate) fn new(stop: &'a Stop, progress: &'a mut dyn FnMut(u64)) -> Self {
        Self {
            stop,
            progress,
            passed: None,
        }
    }

    /// Gives the instants up to which all has happened to `passed`, where the work lets time pass.
    pub(crate) fn with_time(self, passed: &'a dyn Fn(Instant)) -> Self {
        Self {
            passed: Some(passed),
            ..self
        }
    }

    /// Returns the stop flag.
    pub(super) fn stop(&self) -> &'a Stop {
        self.stop
    }

    /// Fails when stopping was asked for; called where everything so far is committed.
    pub(super) fn check(&self) -> Result<(), UserError> {
        self.stop.check()
    }

    /// Fails when stopping was asked for in the midst of a stretch of time, which ends undone.
    pub(super) fn check_in_stretch(&self) -> Result<(), UserError> {
        self.stop.check_in_stretch()
    }

    /// Shows how far time has passed.
    pub(super) fn passed(&self, at: Instant) {
        if let Some(passed) = self.passed {
            passed(at);
        }
    }

    /// Shows how much is done.
    pub(super) fn reached(&mut self, count: u64) {
        (self.progress)(count);
    }
}
