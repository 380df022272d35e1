//! What a writing command brings to the database: who it is, and how long it waits.

use std::time::Duration;

use crate::domain::Instant;

/// What a writing command brings: who it is, and how long it waits for another.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    /// The command without arguments: `campaign run`.
    pub(crate) command: String,
    /// When it began.
    pub(crate) now: Instant,
    /// How long it waits for another writing command.
    pub(crate) wait: Duration,
}
