//! The system clock, read here and nowhere else.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::Instant;

/// Returns the instant that the system clock shows.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub(crate) fn now() -> Instant {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
