//! What `campaign load` did with each campaign.

use serde::Serialize;

use crate::domain::{Instant, Mode};

/// One row of `campaign load`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignLoadRow {
    /// The full name, `Program.Campaign`.
    pub campaign: String,
    /// The file, as people wrote the path.
    pub file: String,
    /// Its outcome.
    pub change: CampaignChange,
    /// The version that now counts.
    pub version: u32,
    /// What it is.
    pub mode: Mode,
    /// How many people are in a wait of it.
    pub waiting: u64,
    /// Who waited where when the load began, and what happens to them.
    pub waits: Vec<LoadedWait>,
}

/// The people at one wait of a campaign that is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoadedWait {
    /// The wait's step, from 1, in the version in which they waited.
    pub step: u32,
    /// That step's `id`, where one is written.
    pub id: Option<String>,
    /// The wait in plain words.
    pub wait: String,
    /// How many people.
    pub people: u64,
    /// When the first of them wakes.
    pub first_until: Instant,
    /// When the last of them does.
    pub last_until: Instant,
    /// What happens to them.
    pub then: WaitFate,
    /// The version whose steps follow; none for those who are dropped.
    pub version: Option<u32>,
    /// The step of that version that follows, from 1; none at its end.
    pub next_step: Option<u32>,
}

/// What happens to people in a wait when their campaign is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitFate {
    /// They go on with the steps of the newest version.
    GoesOn,
    /// They finish an older version.
    Finishes,
    /// Their wait ended with the load.
    Dropped,
}

/// What a load did with one campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignChange {
    /// It is new.
    Added,
    /// Its meaning changed: a new version.
    Changed,
    /// Its meaning is that of the stored version.
    Unchanged,
    /// Its file is gone from under the given paths; it stays as it is.
    Missing,
    /// Its file is gone, and it was deactivated and unscheduled.
    Pruned,
}

impl CampaignChange {
    /// Returns the word people see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Missing => "missing",
            Self::Pruned => "pruned",
        }
    }
}
