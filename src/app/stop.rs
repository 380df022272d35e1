//! The stop flag: a signal sets it, and drivers check it between chunks of work.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{ErrorKind, UserError};

/// A flag that long work looks at between chunks; every copy is the same flag.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicUsize>);

impl Stop {
    /// Returns the number behind the flag: 0, or that of the signal that raised it.
    pub(crate) fn raw(&self) -> &Arc<AtomicUsize> {
        &self.0
    }

    /// Returns the signal that asked to stop.
    pub(crate) fn signal(&self) -> Option<usize> {
        Some(self.0.load(Ordering::Relaxed)).filter(|signal| *signal != 0)
    }

    /// Fails when stopping was asked for; called where everything so far is committed.
    pub(crate) fn check(&self) -> Result<(), UserError> {
        match self.signal() {
            None => Ok(()),
            Some(_) => Err(UserError::new(
                ErrorKind::Interrupted,
                "interrupted; what was committed stays",
            )
            .help("run the same command again: it continues from there")),
        }
    }

    /// Fails in the same way in the midst of a stretch of time, which ends undone.
    pub(crate) fn check_in_stretch(&self) -> Result<(), UserError> {
        match self.signal() {
            None => Ok(()),
            Some(_) => Err(UserError::new(
                ErrorKind::Interrupted,
                "interrupted; the present stretch of time was undone, what was committed before it stays",
            )
            .help("run the same command again: it goes on from there")),
        }
    }
}
