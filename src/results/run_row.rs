//! One batch run, for `campaign runs`.

use serde::Serialize;

use crate::domain::{GuardName, Instant};

/// One row of `campaign runs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct RunRow {
    /// The run's number.
    pub(crate) run_id: i64,
    /// The full name of the campaign.
    pub(crate) campaign: String,
    /// The version that ran.
    pub(crate) version: u32,
    /// The instant it was run at.
    pub(crate) at: Instant,
    /// Whether it has ended, and how.
    pub(crate) state: RunStatus,
    /// People the smart list held for.
    pub(crate) matched: u64,
    /// Of those, kept out by the qualification rule.
    pub(crate) excluded: u64,
    /// Of those, the ones who entered.
    pub(crate) qualified: u64,
    /// People to whom some email was not sent.
    pub(crate) blocked: u64,
    /// People still in a wait of it.
    pub(crate) waiting: u64,
    /// Guards that were broken, and allowed to be.
    pub(crate) allowed: Vec<GuardName>,
}

/// Where a batch run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RunStatus {
    /// Everyone has entered, and nobody waits.
    Finished,
    /// It was interrupted; the same command continues it.
    Unfinished,
    /// Everyone has entered, and some people are in a wait of it.
    Waiting,
    /// It was ended by `campaign abort`.
    Aborted,
    /// A guard refused it, so nobody entered.
    Refused,
}

impl RunStatus {
    /// Returns the word people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Unfinished => "unfinished",
            Self::Waiting => "waiting",
            Self::Aborted => "aborted",
            Self::Refused => "refused",
        }
    }
}
