//! What a writing command brings when it opens the database.

use std::time::Duration;

use crate::domain::Instant;

/// A writing command: what it is called, and how long it waits for another one.
#[derive(Debug, Clone)]
pub struct Access {
    /// The command without arguments: `campaign run`.
    pub command: String,
    /// When it began.
    pub now: Instant,
    /// How long it waits for another writing command.
    pub wait: Duration,
}
