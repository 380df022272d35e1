//! What `campaign advance` did, or would do.

use serde::Serialize;

use super::CampaignCounts;
use crate::domain::Instant;

/// What letting the clock pass has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AdvanceSummary {
    /// Waits that ended.
    pub waits: u64,
    /// Scheduled occurrences that ran.
    pub runs: u64,
    /// Entries into campaigns.
    pub entries: u64,
    /// The greatest instant reached; none in a database nothing has happened in.
    pub watermark: Option<Instant>,
    /// Entries cut off by the cascade limit.
    pub cut: u64,
    /// Scheduled occurrences refused because more people qualified than `max_people` allows.
    pub refused: u64,
    /// Each campaign that was evaluated, by name.
    pub campaigns: Vec<CampaignCounts>,
}

/// One thing that is due, as `campaign advance --dry-run` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueRow {
    /// When it is due.
    pub at: Instant,
    /// A wait or a scheduled run.
    pub kind: DueKind,
    /// The campaign's full name.
    pub campaign: String,
    /// Who waits; none for a run.
    pub person_id: Option<i64>,
    /// The address of who waits.
    pub email: Option<String>,
    /// The id of who waits.
    pub id: Option<String>,
    /// The best key of who waits: the email, else the id, else `#17`.
    pub person: Option<String>,
    /// The wait's step, from 1; none for a run.
    pub step: Option<u32>,
}

/// What kind of thing is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// A wait ends.
    Wait,
    /// A scheduled batch campaign runs.
    Run,
}

impl DueKind {
    /// Returns the word people see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Run => "run",
        }
    }
}
