//! Checked campaigns and the workspace they share: what was written, understood.
//!
//! Everything here is resolved: names are ids, texts are templates, operators know their types. Only
//! `compile` makes these types from `source`, and tests may build them by hand.

mod action;
pub(crate) mod case;
pub(crate) mod compile;
pub(crate) mod coverage;
mod flow;
pub(crate) mod guard;
pub(crate) mod recurrence;
pub(crate) mod references;
mod step_kind;
mod workspace;

use crate::domain::{ActivityTypeId, CampaignId, Duration, Mode, ProgramId, Text};
use crate::filter::{Constraint, Filter, Numbered};

pub(crate) use action::{
    Action, AlertTo, Changed, EndedFlow, NewValue, ScoreChange, StartedCampaign,
};
pub(crate) use flow::{Choice, DayOffset, Step, Wait};
pub(crate) use guard::Guards;
pub(crate) use recurrence::{MonthDay, Occurrence, Repeat, Schedule};
pub(crate) use step_kind::{ModeRefusal, Need, Parameter, ParameterKind, StepKind};
pub(crate) use workspace::{
    ACQUISITION_DATE, ACQUISITION_PROGRAM, ACQUISITION_PROGRAM_NAME, CascadeLimit,
    CommunicationLimits, Email, Program, Status, Webhook, Workspace,
};

/// One campaign, checked.
#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    /// Its place in the workspace.
    pub(crate) id: CampaignId,
    /// `Program.Campaign`, or the bare name outside programs.
    pub(crate) full_name: Text,
    /// The bare name.
    pub(crate) name: String,
    /// The program that it belongs to.
    pub(crate) program: Option<ProgramId>,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// The file it was read from, as people wrote the path.
    pub(crate) file: String,
    /// Its version in the database; 0 outside one.
    pub(crate) version: u32,
    /// The mode: batch, triggered or executable.
    pub(crate) mode: Mode,
    /// Any of them starts the flow.
    pub(crate) triggers: Vec<Trigger>,
    /// Who is meant; for a trigger campaign, who may enter at the instant of the event.
    pub(crate) filter: Filter,
    /// The same by the numbers of its parts.
    pub(crate) numbered: Numbered,
    /// The steps that these people go through.
    pub(crate) flow: Vec<Step>,
    /// When it runs, for a batch.
    pub(crate) schedule: Option<Schedule>,
    /// How often one person may enter.
    pub(crate) qualification: Qualification,
    /// What refuses a run, those of the workspace included; nothing where it is no batch.
    pub(crate) guards: Guards,
    /// Obey the communication limits.
    pub(crate) obeys_limits: bool,
    /// Order among campaigns that react to one activity.
    pub(crate) priority: Priority,
    /// `active:` as written.
    pub(crate) active: Option<bool>,
    /// This campaign's id in Marketo's own exports.
    pub(crate) marketo_id: Option<i64>,
    /// Its tests; none of what the database holds.
    pub(crate) tests: Vec<case::Case>,
}

impl Campaign {
    /// Returns the place of a wait, whose step is counted from 0, among the flow's waits, from 1.
    pub(crate) fn wait_ordinal(&self, step: usize) -> u32 {
        let waits = self.flow[..=step]
            .iter()
            .filter(|step| step.kind == StepKind::Wait);
        u32::try_from(waits.count()).unwrap_or(u32::MAX)
    }

    /// Finds the step, from 0, of the wait that a person was held by in another version: by its `id`, else by its
    /// place among the waits, from 1.
    pub(crate) fn wait_step(&self, id: Option<&str>, ordinal: u32) -> Option<usize> {
        let mut waits = (0..self.flow.len()).filter(|step| self.flow[*step].kind == StepKind::Wait);
        match id {
            Some(id) => waits.find(|step| self.flow[*step].id.as_deref() == Some(id)),
            None => waits.nth(ordinal.checked_sub(1)? as usize),
        }
    }
}

/// How often one person may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Qualification {
    /// Once, ever.
    #[default]
    OnlyOnce,
    /// Whenever they match.
    EveryTime,
    /// When so much time has elapsed since they last entered.
    OnceEvery(Duration),
}

/// Order among campaigns that react to one activity; high goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    /// Sends an email or alert.
    High,
    /// Everything else.
    Medium,
    /// Only changes data or scores, waits, or calls webhooks.
    Low,
}

/// One trigger: an activity type and what its attributes must be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trigger {
    /// The type.
    pub(crate) activity: ActivityTypeId,
    /// All must hold.
    pub(crate) constraints: Vec<Constraint>,
    /// What was written, in one line.
    pub(crate) written: String,
}
