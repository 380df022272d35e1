//! What `campaign run` did, or would do.

use serde::Serialize;

use crate::domain::Reason;

/// The funnel of one batch run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct RunSummary {
    /// The full name of the campaign.
    pub(crate) campaign: String,
    /// The run's number; none in a dry run.
    pub(crate) run_id: Option<i64>,
    /// People the smart list holds for.
    pub(crate) matched: u64,
    /// Of those, kept out by the qualification rule.
    pub(crate) excluded: u64,
    /// Of those, the ones who entered.
    pub(crate) qualified: u64,
    /// People to whom some email was not sent.
    pub(crate) blocked: u64,
    /// People who are now in a wait.
    pub(crate) waiting: u64,
    /// People who reached the end of the flow.
    pub(crate) finished: u64,
    /// The outcome of each step, in order.
    pub(crate) steps: Vec<StepCount>,
    /// Why emails were not sent, by reason.
    pub(crate) blocked_by: Vec<ReasonCount>,
    /// Entries cut off by the cascade limit.
    pub(crate) cut: u64,
}

/// The outcome of one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct StepCount {
    /// Its place, from 1.
    pub(crate) step: u32,
    /// The step's name, `send_email`.
    pub(crate) name: String,
    /// How often it did what it says.
    pub(crate) succeeded: u64,
    /// How often it had nothing to do or was not allowed to.
    pub(crate) skipped: u64,
    /// How often it could not.
    pub(crate) failed: u64,
}

/// How many for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ReasonCount {
    /// The reason.
    pub(crate) reason: Reason,
    /// How many people it applies to.
    pub(crate) count: u64,
}
