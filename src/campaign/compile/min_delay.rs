//! How long the waits of a flow hold everyone.

use std::fmt;

use crate::campaign::{Step, Wait};
use crate::domain::Duration;
use crate::domain::duration::Unit;

/// What waits add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct MinDelay {
    /// So many of each of [`Unit::ALL`].
    counts: [u32; Unit::ALL.len()],
    /// There is a wait for a weekday, a time or a date, whose length the calendar says.
    and_more: bool,
}

impl MinDelay {
    /// Adds what a step holds everyone for, whichever of its choices is taken.
    pub(super) fn add(&mut self, step: &Step) {
        let waits: Option<Vec<&Wait>> = step
            .actions()
            .map(|action| action.effects().holds)
            .collect();
        let Some(waits) = waits else {
            return;
        };
        self.and_more |= waits
            .iter()
            .any(|wait| length(wait).is_none_or(|(_, more)| more))
            || waits.iter().any(|wait| length(wait) != length(waits[0]));
        let lengths: Option<Vec<Duration>> = waits
            .iter()
            .map(|wait| length(wait).map(|(length, _)| length))
            .collect();
        let shortest = lengths.and_then(|lengths| {
            lengths
                .into_iter()
                .min_by_key(|length| length.elapsed_micros())
        });
        if let Some(length) = shortest {
            self.join(Self::from(length));
        }
    }

    /// Adds what other waits hold for.
    pub(super) fn join(&mut self, other: Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
        self.and_more |= other.and_more;
    }

    /// Returns whether nobody is held.
    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl From<Duration> for MinDelay {
    fn from(length: Duration) -> Self {
        let mut held = Self::default();
        for (unit, count) in Unit::ALL.into_iter().zip(&mut held.counts) {
            if unit == length.unit {
                *count = length.count;
            }
        }
        held
    }
}

/// Returns the length of a wait that has one, and whether the calendar may add to it.
fn length(wait: &Wait) -> Option<(Duration, bool)> {
    match wait {
        Wait::Duration {
            length,
            weekdays,
            time,
        } => Some((*length, !weekdays.is_empty() || time.is_some())),
        Wait::Date { .. } | Wait::DateToken { .. } => None,
    }
}

impl fmt::Display for MinDelay {
    /// Writes `1 week and 2 days`, `at least 3 days`, or `a wait for a date`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths: Vec<String> = Unit::ALL
            .into_iter()
            .zip(self.counts)
            .rev()
            .filter(|(_, count)| *count > 0)
            .map(|(unit, count)| Duration { count, unit }.to_string())
            .collect();
        match (lengths.is_empty(), self.and_more) {
            (true, _) => f.write_str("a wait for a date"),
            (false, true) => write!(f, "at least {}", lengths.join(" and ")),
            (false, false) => f.write_str(&lengths.join(" and ")),
        }
    }
}
