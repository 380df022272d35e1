//! One batch run, for `campaign runs`.

use serde::Serialize;

use crate::domain::Instant;

/// One row of `campaign runs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunRow {
    /// The run's number.
    pub run_id: i64,
    /// The full name of the campaign.
    pub campaign: String,
    /// The version that ran.
    pub version: u32,
    /// The instant it was run at.
    pub at: Instant,
    /// `finished`, `unfinished`, `waiting`, `aborted`, `refused`.
    pub state: String,
    /// People the smart list held for.
    pub matched: u64,
    /// Of those, kept out by the qualification rule.
    pub excluded: u64,
    /// Of those, the ones who entered.
    pub qualified: u64,
    /// People to whom some email was not sent.
    pub blocked: u64,
    /// People still in a wait of it.
    pub waiting: u64,
}
