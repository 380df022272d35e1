//! What `campaign run` did, or would do.

use serde::Serialize;

use crate::domain::Reason;

/// The funnel of one batch run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RunSummary {
    /// The full name of the campaign.
    pub campaign: String,
    /// The run's number; none in a dry run.
    pub run_id: Option<i64>,
    /// People the smart list holds for.
    pub matched: u64,
    /// Of those, kept out by the qualification rule.
    pub excluded: u64,
    /// Of those, the ones who entered.
    pub qualified: u64,
    /// People to whom some email was not sent.
    pub blocked: u64,
    /// People who are now in a wait.
    pub waiting: u64,
    /// People who reached the end of the flow.
    pub finished: u64,
    /// The outcome of each step, in order.
    pub steps: Vec<StepCount>,
    /// Why emails were not sent, by reason.
    pub blocked_by: Vec<ReasonCount>,
    /// Entries cut off by the cascade limit.
    pub cut: u64,
}

/// The outcome of one step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StepCount {
    /// Its place, from 1.
    pub step: u32,
    /// The step's name, `send_email`.
    pub name: String,
    /// How often it did what it says.
    pub succeeded: u64,
    /// How often it had nothing to do or was not allowed to.
    pub skipped: u64,
    /// How often it could not.
    pub failed: u64,
}

/// How many for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonCount {
    /// The reason.
    pub reason: Reason,
    /// How many.
    pub count: u64,
}
