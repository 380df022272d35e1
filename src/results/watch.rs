//! What `campaign watch` has found after a save.

use serde::Serialize;

/// One look at all files and at the tests that a save may have changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct WatchRow {
    /// The files that were saved, came or went since the last look; none at the first.
    pub(crate) changed: Vec<String>,
    /// How many campaigns the files have.
    pub(crate) campaigns: usize,
    /// Errors in all files.
    pub(crate) errors: usize,
    /// Warnings in all files.
    pub(crate) warnings: usize,
    /// Tests that were run; none while there are errors.
    pub(crate) tests: usize,
    /// Those of them that passed.
    pub(crate) passed: usize,
    /// Those of them that failed.
    pub(crate) failed: usize,
}
