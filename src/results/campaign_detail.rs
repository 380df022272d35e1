//! One campaign in plain words, for `campaign show`.

use serde::Serialize;

use crate::domain::{ActivatedBy, CampaignStatus, Instant, Mode};

/// A compiled campaign told in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignDetail {
    /// The full name, `Program.Campaign`.
    pub campaign: String,
    /// The program's name.
    pub program: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it is.
    pub mode: Mode,
    /// Where it stands.
    pub status: CampaignStatus,
    /// Whether events may start it.
    pub active: bool,
    /// The version of its definition.
    pub version: u32,
    /// The file it was loaded from.
    pub file: String,
    /// Any of these starts the flow.
    pub triggers: Vec<String>,
    /// Who is meant, a line a filter; lines of a group are indented by two blanks under its own line.
    pub filters: Vec<String>,
    /// What happens, step by step.
    pub steps: Vec<StepDetail>,
    /// When it runs.
    pub schedule: Option<String>,
    /// The next three occurrences.
    pub next_runs: Vec<Instant>,
    /// How often one person may enter.
    pub qualification: String,
    /// The run is refused above this.
    pub max_people: Option<u64>,
    /// `high`, `medium`, `low`; none where events start nothing.
    pub priority: Option<String>,
    /// Whether it obeys the communication limits.
    pub obeys_limits: bool,
    /// How many people have ever entered.
    pub members: u64,
    /// How many people are in a wait.
    pub waiting: u64,
    /// Where they wait.
    pub waits: Vec<HeldDetail>,
    /// When it became active and inactive, in the order of commands; empty where it never was active.
    pub activation: Vec<ActivationRow>,
}

/// One change of a campaign's activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ActivationRow {
    /// The instant of the command; none where the campaign was active before its history was kept.
    pub at: Option<Instant>,
    /// Whether events start it from then on.
    pub active: bool,
    /// The kind of command, where the instant is known.
    pub by: Option<ActivatedBy>,
}

/// The people at one wait of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldDetail {
    /// The wait's step, from 1.
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
    /// The version that the step belongs to, and whose steps follow.
    pub version: u32,
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepDetail {
    /// Its place, from 1.
    pub step: u32,
    /// Its `id`, where one is written.
    pub id: Option<String>,
    /// The step's name, `send_email`.
    pub name: String,
    /// What it does: of a step with choices, what its default does.
    pub does: String,
    /// First match wins.
    pub choices: Vec<ChoiceDetail>,
}

/// One choice of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChoiceDetail {
    /// Its place, from 1.
    pub choice: u32,
    /// The condition.
    pub when: String,
    /// What then happens.
    pub does: String,
}
