//! What `campaign advance` did, or would do.

use serde::Serialize;

use super::CampaignCounts;
use crate::domain::Instant;

/// What letting the clock pass has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct AdvanceSummary {
    /// Waits that ended.
    pub(crate) waits: u64,
    /// Scheduled occurrences that ran.
    pub(crate) runs: u64,
    /// Entries into campaigns.
    pub(crate) entries: u64,
    /// The greatest instant reached; none in a database nothing has happened in.
    pub(crate) watermark: Option<Instant>,
    /// Entries cut off by the cascade limit.
    pub(crate) cut: u64,
    /// Scheduled occurrences that a guard refused.
    pub(crate) refused: u64,
    /// Each campaign that was evaluated, by name.
    pub(crate) campaigns: Vec<CampaignCounts>,
}

/// One thing that is due, as `campaign advance --dry-run` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DueRow {
    /// When it is due.
    pub(crate) at: Instant,
    /// A wait or a scheduled run.
    pub(crate) kind: DueKind,
    /// The campaign's full name.
    pub(crate) campaign: String,
    /// Who waits; none for a run.
    pub(crate) person_id: Option<i64>,
    /// The address of who waits.
    pub(crate) email: Option<String>,
    /// The id of who waits.
    pub(crate) id: Option<String>,
    /// The best key of who waits: the email, else the id, else `#17`.
    pub(crate) person: Option<String>,
    /// The wait's step, from 1; none for a run.
    pub(crate) step: Option<u32>,
}

/// What kind of thing is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DueKind {
    /// A wait ends.
    Wait,
    /// A scheduled batch campaign runs.
    Run,
}

impl DueKind {
    /// Returns the word people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Run => "run",
        }
    }
}
