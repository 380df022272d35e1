//! What `campaign load` did with each campaign.

use serde::Serialize;

use super::WaitingPeople;
use crate::domain::Mode;

/// One row of `campaign load`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CampaignLoadRow {
    /// The full name, `Program.Campaign`.
    pub(crate) campaign: String,
    /// The file, as people wrote the path.
    pub(crate) file: String,
    /// What the load did with it.
    pub(crate) change: CampaignChange,
    /// The version that now counts.
    pub(crate) version: u32,
    /// The mode: batch, triggered or executable.
    pub(crate) mode: Mode,
    /// How many people are in a wait of it.
    pub(crate) waiting: u64,
    /// Who waited where when the load began, and what happens to them.
    pub(crate) waits: Vec<LoadedWait>,
}

/// The people at one wait of a campaign that is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct LoadedWait {
    /// The wait, in the version in which they waited, and who was in it.
    #[serde(flatten)]
    pub(crate) waiting: WaitingPeople,
    /// Whether they continue, finish the older version or are dropped.
    pub(crate) then: WaitFate,
    /// The version whose steps follow; none for those who are dropped.
    pub(crate) version: Option<u32>,
    /// The step of that version that follows, from 1; none at its end.
    pub(crate) next_step: Option<u32>,
}

/// What happens to people in a wait when their campaign is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WaitFate {
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
pub(crate) enum CampaignChange {
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
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Missing => "missing",
            Self::Pruned => "pruned",
        }
    }
}
