//! What long work is given by its caller: the flag that stops it, and the display of its progress.

use crate::domain::Instant;

use super::{Stop, UserError};

/// The wish to stop, and the display of how far the work has got.
pub(crate) struct Control<'a> {
    stop: &'a Stop,
    progress: &'a mut dyn FnMut(u64),
    /// Is given how far time has passed.
    passed: Option<&'a dyn Fn(Passed)>,
}

/// How far time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Passed {
    /// The date that has been reached.
    pub(crate) at: Instant,
    /// Where between its beginning and its end the work stands. It lies before `at` while people are still to be taken there.
    pub(crate) bar: Instant,
}

/// A pass that takes people through a stretch of time, as its progress is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    /// How much is counted at its beginning and at its end.
    pub(super) counts: [u64; 2],
    /// Where the bar stands at its beginning and at its end.
    pub(super) bar: [Instant; 2],
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

    /// Gives `passed` how far time has passed, where the work lets it pass.
    pub(crate) fn with_time(self, passed: &'a dyn Fn(Passed)) -> Self {
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

    /// Shows that all up to an instant has happened.
    pub(super) fn passed(&self, at: Instant) {
        self.on_the_way(Passed { at, bar: at });
    }

    /// Shows how far time has passed, in the midst of a stretch.
    pub(super) fn on_the_way(&self, passed: Passed) {
        if let Some(show) = self.passed {
            show(passed);
        }
    }

    /// Shows how far a pass through people has come.
    pub(super) fn in_pass(&mut self, pass: &Pass, done: u64, of: u64) {
        let part = |[from, to]: [i64; 2]| {
            let part =
                (i128::from(to) - i128::from(from)) * i128::from(done) / i128::from(of.max(1));
            from.saturating_add(i64::try_from(part).unwrap_or(0))
        };
        let [from, to] = pass.bar;
        self.on_the_way(Passed {
            at: to,
            bar: Instant::from_micros(part([from.micros(), to.micros()])),
        });
        if pass.counts[0] != pass.counts[1] {
            let counts = pass.counts.map(|count| i64::try_from(count).unwrap_or(0));
            self.reached(u64::try_from(part(counts)).unwrap_or(0));
        }
    }

    /// Shows how much is done.
    pub(super) fn reached(&mut self, count: u64) {
        (self.progress)(count);
    }
}
