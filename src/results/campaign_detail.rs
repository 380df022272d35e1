//! One campaign in plain words, for `campaign show`.

use serde::Serialize;

use super::WaitingPeople;
use crate::domain::{ActivatedBy, CampaignStatus, Instant, Mode};

/// A compiled campaign in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CampaignDetail {
    /// The full name, `Program.Campaign`.
    pub(crate) campaign: String,
    /// The program's name.
    pub(crate) program: Option<String>,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// The mode: batch, triggered or executable.
    pub(crate) mode: Mode,
    /// Its present status: scheduled, active, invalid and so on.
    pub(crate) status: CampaignStatus,
    /// Whether events may start it.
    pub(crate) active: bool,
    /// The version of its definition.
    pub(crate) version: u32,
    /// The file it was loaded from.
    pub(crate) file: String,
    /// Any of these starts the flow.
    pub(crate) triggers: Vec<String>,
    /// Who is meant, a line a filter; lines of a group are indented by two blanks under its own line.
    pub(crate) filters: Vec<String>,
    /// What happens, step by step.
    pub(crate) steps: Vec<StepDetail>,
    /// When it runs.
    pub(crate) schedule: Option<String>,
    /// The next three occurrences.
    pub(crate) next_runs: Vec<Instant>,
    /// How often one person may enter.
    pub(crate) qualification: String,
    /// The run is refused above this.
    pub(crate) max_people: Option<u64>,
    /// What else refuses it, in plain words.
    pub(crate) guards: Vec<String>,
    /// `high`, `medium`, `low`; none where events start nothing.
    pub(crate) priority: Option<String>,
    /// Whether it obeys the communication limits.
    pub(crate) obeys_limits: bool,
    /// How many people have ever entered.
    pub(crate) members: u64,
    /// How many people are in a wait.
    pub(crate) waiting: u64,
    /// Where they wait.
    pub(crate) waits: Vec<HeldDetail>,
    /// When it became active and inactive, in the order of commands; empty where it never was active.
    pub(crate) activation: Vec<ActivationRow>,
}

/// One change of a campaign's activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct ActivationRow {
    /// The instant of the command; none where the campaign was active before its history was kept.
    pub(crate) at: Option<Instant>,
    /// Whether events start it from then on.
    pub(crate) active: bool,
    /// The kind of command, where the instant is known.
    pub(crate) by: Option<ActivatedBy>,
}

/// The people at one wait of a flow, in a version of the campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct HeldDetail {
    /// The wait and who is in it.
    #[serde(flatten)]
    pub(crate) waiting: WaitingPeople,
    /// The version that the step belongs to, and whose steps follow.
    pub(crate) version: u32,
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct StepDetail {
    /// Its place, from 1.
    pub(crate) step: u32,
    /// Its `id`, where one is written.
    pub(crate) id: Option<String>,
    /// The step's name, `send_email`.
    pub(crate) name: String,
    /// What it does: of a step with choices, what its default does.
    pub(crate) does: String,
    /// What that is for.
    #[serde(skip)]
    pub(crate) role: ActionRole,
    /// First match wins.
    pub(crate) choices: Vec<ChoiceDetail>,
}

/// One choice of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChoiceDetail {
    /// Its place, from 1.
    pub(crate) choice: u32,
    /// The condition.
    pub(crate) when: String,
    /// What then happens.
    pub(crate) does: String,
    /// What that is for.
    #[serde(skip)]
    pub(crate) role: ActionRole,
}

/// What an action is for, as diagrams show it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum ActionRole {
    /// It changes something.
    #[default]
    Change,
    /// It sends an email.
    Mail,
    /// It holds the person.
    Wait,
    /// It ends this flow for the person.
    Leave,
    /// It does nothing.
    Nothing,
}

/// One way through a step with choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Branch<'a> {
    /// The choice, from 1; 0 is the default.
    pub(crate) choice: u32,
    /// The condition; none of the default.
    pub(crate) when: Option<&'a str>,
    /// What then happens.
    pub(crate) does: &'a str,
    /// What that is for.
    pub(crate) role: ActionRole,
}

impl StepDetail {
    /// Returns the ways through a step with choices, the default last; none where it has no choices.
    pub(crate) fn branches(&self) -> Vec<Branch<'_>> {
        let choices = self.choices.iter().map(|choice| Branch {
            choice: choice.choice,
            when: Some(&choice.when),
            does: &choice.does,
            role: choice.role,
        });
        let default = (!self.choices.is_empty()).then_some(Branch {
            choice: 0,
            when: None,
            does: &self.does,
            role: self.role,
        });
        choices.chain(default).collect()
    }
}
