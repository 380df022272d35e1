//! One campaign, as the view `v_campaign` has it.

use serde::Serialize;

use crate::domain::{CampaignStatus, Instant, Mode};

/// One row of `campaign list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CampaignRow {
    /// The full name, `Program.Campaign`.
    pub(crate) campaign: String,
    /// The program's name.
    pub(crate) program: Option<String>,
    /// The mode: batch, triggered or executable.
    pub(crate) mode: Mode,
    /// Its present status: scheduled, active, invalid and so on.
    pub(crate) status: CampaignStatus,
    /// Whether events may start it.
    pub(crate) active: bool,
    /// The version of its definition.
    pub(crate) version: u32,
    /// How many people have ever entered.
    pub(crate) members: u64,
    /// How many people are in a wait.
    pub(crate) waiting: u64,
    /// The next scheduled occurrence.
    pub(crate) next_run_at: Option<Instant>,
    /// When the first of the people in a wait wakes.
    pub(crate) first_until: Option<Instant>,
    /// When the last of them does.
    pub(crate) last_until: Option<Instant>,
}
