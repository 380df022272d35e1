//! What `campaign load` did with each campaign.

use serde::Serialize;

/// One row of `campaign load`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignLoadRow {
    /// The full name, `Program.Campaign`.
    pub campaign: String,
    /// The file, as people wrote the path.
    pub file: String,
    /// What became of it.
    pub change: Change,
    /// The version that now counts.
    pub version: u32,
    /// `batch`, `triggered`, `executable`.
    pub mode: String,
    /// How many people are in a wait of it.
    pub waiting: u64,
}

/// What a load did with one campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
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

impl Change {
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
