//! How many people went which way through a flow, counted from the log.

use serde::Serialize;

use crate::domain::{Outcome, Reason};

/// The counts of one flow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct FlowCounts {
    /// Entries into this flow; one person may enter several times.
    pub(crate) entries: u64,
    /// Entries that began in an older version with another flow; they are in no other count.
    pub(crate) older_entries: u64,
    /// How many reached the end.
    pub(crate) finished: u64,
    /// The steps, in order.
    pub(crate) steps: Vec<StepTally>,
}

/// The counts of one step. Those who reached it went on, wait there, or left the flow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct StepTally {
    /// Its place, from 1.
    pub(crate) step: u32,
    /// How many reached it.
    pub(crate) reached: u64,
    /// How often it did what it says.
    pub(crate) succeeded: u64,
    /// How often it had nothing to do, or was not allowed to.
    pub(crate) skipped: u64,
    /// How often it could not.
    pub(crate) failed: u64,
    /// Why it was skipped or failed, the most frequent first.
    pub(crate) reasons: Vec<ReasonTally>,
    /// How many wait there.
    pub(crate) waiting: u64,
    /// How many went on to the next step, or to the end.
    pub(crate) went_on: u64,
    /// How many left the flow there: removed, aborted or erased.
    pub(crate) left: u64,
    /// Its choices in order, the default last; none where it has no choices.
    pub(crate) choices: Vec<ChoiceTally>,
}

/// How many took one choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct ChoiceTally {
    /// Its place, from 1; 0 is the default.
    pub(crate) choice: u32,
    /// How many took it.
    pub(crate) reached: u64,
    /// How often it did what it says.
    pub(crate) succeeded: u64,
    /// Why it did not, the most frequent first.
    pub(crate) reasons: Vec<ReasonTally>,
}

/// How often a step was skipped or failed for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct ReasonTally {
    /// Skipped or failed.
    pub(crate) outcome: Outcome,
    /// The reason, as in the log.
    pub(crate) reason: Reason,
    /// How often.
    pub(crate) count: u64,
}
