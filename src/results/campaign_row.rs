//! One campaign, as the view `v_campaign` has it.

use serde::Serialize;

use crate::domain::{CampaignStatus, Instant, Mode};

/// One row of `campaign list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignRow {
    /// The full name, `Program.Campaign`.
    pub campaign: String,
    /// The program's name.
    pub program: Option<String>,
    /// What it is.
    pub mode: Mode,
    /// Where it stands.
    pub status: CampaignStatus,
    /// Whether events may start it.
    pub active: bool,
    /// The version of its definition.
    pub version: u32,
    /// How many people have ever entered.
    pub members: u64,
    /// How many people are in a wait.
    pub waiting: u64,
    /// The next scheduled occurrence.
    pub next_run_at: Option<Instant>,
    /// When the first of the people in a wait wakes.
    pub first_until: Option<Instant>,
    /// When the last of them does.
    pub last_until: Option<Instant>,
}
